import type { Rate, SeriesStatistics } from '../../src/core/sweep/statistics';
import { SERIES, type Series } from '../../src/core/sweep/table';
import type { Reference } from '../../src/protocol/sweepPage';

/** The drawing's measures, CSS pixels. */
export const CHART = { left: 44, right: 74, top: 8, bottom: 22 } as const;
/** A page that is narrow or low leaves room for the grid. */
const PLOT = { whole: 160, small: 104, belowWidth: 760, belowHeight: 520 } as const;

export function plotFor({ width, height }: { width: number; height: number }): number {
  return width < PLOT.belowWidth || height < PLOT.belowHeight ? PLOT.small : PLOT.whole;
}

/** A line of regressions under the plot. */
export const FALL_LINE = 14;
/** Between labels on the axis, and between those at the lines' ends. */
const LABEL_ROOM = 92;
/** Between the plot's edges and the outermost columns: half of a label. */
const INSET = 40;
/** Of a letter on the axis, about. */
const LETTER = 6.4;
const END_ROOM = 15;
/** Narrower steps than this carry a band for one series in place of a whisker for each. */
const WHISKER_ROOM = 40;
/** Wider steps than these carry a regression's series, and its probability too. */
const FALL_ROOM = { series: 64, whole: 116 } as const;

/** Steps wider than this only draw points apart. */
const WIDEST_STEP = 240;

/** What a drawing of so many columns takes at most. */
export function widest(columns: number): number {
  return CHART.left + CHART.right + 2 * INSET + Math.max(1, columns - 1) * WIDEST_STEP;
}

export interface Line {
  series: Series;
  rates: readonly (Rate | null)[];
}

export function linesOf(series: Record<Series, SeriesStatistics>, reference: Reference): Line[] {
  const key = reference === 'baseline' ? 'againstBaseline' : 'againstPrevious';
  return SERIES.map((id) => ({ series: id, rates: series[id][key] }));
}

export interface Scale {
  x(column: number): number;
  y(share: number): number;
  /** Shares with a line across. */
  ticks: number[];
  /** Columns whose names have room, and how many letters have. */
  labels: number[];
  letters: number;
  whiskers: boolean;
  /** How much of a regression there is room to say at its place. */
  falls: 'mark' | 'series' | 'whole';
  /** Where the plot ends, and the whole drawing, with so many lines of regressions between. */
  bottom: number;
  height: number;
}

export function scaleOf(
  lines: readonly Line[],
  columns: number,
  width: number,
  plot: number,
  fallLines = 0,
): Scale {
  const shares = lines.flatMap(({ rates }) =>
    rates.flatMap((rate) => (rate ? [rate.value, ...(rate.interval ?? [])] : [])),
  );
  // In quarters around one half, so that a small change does not look like a large one.
  const low = Math.min(0.25, Math.floor(Math.min(...shares, 0.5) * 4) / 4);
  const high = Math.max(0.75, Math.ceil(Math.max(...shares, 0.5) * 4) / 4);
  const inner = width - CHART.left - CHART.right - 2 * INSET;
  const step = columns > 1 ? inner / (columns - 1) : 0;
  const every = Math.max(1, Math.ceil(LABEL_ROOM / Math.max(step, 0.001)));
  const bottom = CHART.top + plot;
  const ticks = [];
  for (let share = low; share <= high + 1e-9; share += 0.25) ticks.push(share);
  return {
    x: (column) => CHART.left + INSET + column * step,
    y: (share) => CHART.top + ((high - share) / (high - low)) * plot,
    ticks,
    labels: labelled(columns, every),
    letters: Math.floor((Math.max(LABEL_ROOM, columns > 1 ? every * step : width) - 8) / LETTER),
    whiskers: columns === 1 || step >= WHISKER_ROOM,
    falls: step >= FALL_ROOM.whole || columns === 1 ? 'whole' : step >= FALL_ROOM.series ? 'series' : 'mark',
    bottom,
    height: bottom + fallLines * FALL_LINE + CHART.bottom,
  };
}

/** Every so many columns, and the last: it is the one that is asked about. */
function labelled(columns: number, every: number): number[] {
  const labels = Array.from({ length: columns }, (_, i) => i).filter((i) => i % every === 0);
  const last = columns - 1;
  if (labels.at(-1) === last) return labels;
  return [...labels.filter((i) => last - i >= every), last];
}

/** Runs of neighbouring columns with a rate: a hole breaks the line. */
export function runs(rates: readonly (Rate | null)[]): { column: number; rate: Rate }[][] {
  const all: { column: number; rate: Rate }[][] = [];
  let run: { column: number; rate: Rate }[] = [];
  rates.forEach((rate, column) => {
    if (rate) run.push({ column, rate });
    else if (run.length > 0) {
      all.push(run);
      run = [];
    }
  });
  if (run.length > 0) all.push(run);
  return all;
}

/** Heights of the labels at the ends, in the order given, pushed apart where they would overlap; none below `bottom`. */
export function spread(heights: readonly number[], bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = [...heights];
  for (let i = 1; i < order.length; i++)
    placed[order[i]!] = Math.max(placed[order[i]!]!, placed[order[i - 1]!]! + END_ROOM);
  const over = order.length === 0 ? 0 : Math.max(0, placed[order.at(-1)!]! - bottom);
  return placed.map((y) => y - over);
}
