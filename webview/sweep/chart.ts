import type { Rate, SeriesStatistics } from '../../src/core/sweep/statistics';
import { SERIES, type Series } from '../../src/core/sweep/table';
import type { Reference } from './state';

/** The drawing's measures, CSS pixels. */
export const CHART = { height: 210, left: 44, right: 70, top: 10, bottom: 26 } as const;
/** Between labels on the axis, and between those at the lines' ends. */
const LABEL_ROOM = 84;
const END_ROOM = 15;
/** Narrower steps than this carry a band for one series in place of a whisker for each. */
const WHISKER_ROOM = 40;

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
  /** Columns whose names have room. */
  labels: number[];
  whiskers: boolean;
}

export function scaleOf(lines: readonly Line[], columns: number, width: number): Scale {
  const shares = lines.flatMap(({ rates }) =>
    rates.flatMap((rate) => (rate ? [rate.value, ...(rate.interval ?? [])] : [])),
  );
  // In quarters around one half, so that a small change does not look like a large one.
  const low = Math.min(0.25, Math.floor(Math.min(...shares, 0.5) * 4) / 4);
  const high = Math.max(0.75, Math.ceil(Math.max(...shares, 0.5) * 4) / 4);
  const inner = { width: width - CHART.left - CHART.right, height: CHART.height - CHART.top - CHART.bottom };
  const step = columns > 1 ? inner.width / (columns - 1) : 0;
  const every = Math.max(1, Math.ceil(LABEL_ROOM / Math.max(step, 0.001)));
  const ticks = [];
  for (let share = low; share <= high + 1e-9; share += 0.25) ticks.push(share);
  return {
    x: (column) => CHART.left + column * step,
    y: (share) => CHART.top + ((high - share) / (high - low)) * inner.height,
    ticks,
    labels: Array.from({ length: columns }, (_, i) => i).filter((i) => i % every === 0),
    whiskers: columns === 1 || step >= WHISKER_ROOM,
  };
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

/** Heights of the labels at the ends, in the order given, pushed apart where they would overlap. */
export function spread(heights: readonly number[]): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = [...heights];
  for (let i = 1; i < order.length; i++)
    placed[order[i]!] = Math.max(placed[order[i]!]!, placed[order[i - 1]!]! + END_ROOM);
  const bottom = CHART.height - CHART.bottom;
  const over = order.length === 0 ? 0 : Math.max(0, placed[order.at(-1)!]! - bottom);
  return placed.map((y) => y - over);
}
