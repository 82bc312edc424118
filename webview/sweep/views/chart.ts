import { nothing, svg, type SVGTemplateResult } from 'lit';
import { percentText } from '../../../src/core/sweep/rateText';
import type { Rate, Regression } from '../../../src/core/sweep/statistics';
import { SERIES, type Series } from '../../../src/core/sweep/table';
import { CHART, FALL_LINE, runs, scaleOf, spread, type Line, type Scale } from '../chart';
import { probability, seriesName } from '../words';

export interface ChartInput {
  lines: readonly Line[];
  labels: readonly string[];
  regressions: readonly Regression[];
  /** Drawn strongest. */
  chosen: Series;
  /** A line leads from each to the next: they follow each other in time. */
  ordered: boolean;
  /** Where the baseline stands at one half by definition. */
  baseline: number | undefined;
  width: number;
  /** Height of the plot. */
  plot: number;
  pick(regression: Regression): void;
}

/** Win rates over checkpoints. Each series has its own dash, its own shape and its name at the end. */
export function chart(input: ChartInput): SVGTemplateResult {
  const { lines, labels, width, chosen } = input;
  const scale = scaleOf(lines, labels.length, width, input.plot, fallLines(input));
  const last = [...lines].sort((a, b) => Number(a.series === chosen) - Number(b.series === chosen));
  return svg`<svg class="chart" width=${width} height=${scale.height} viewBox="0 0 ${width} ${scale.height}" aria-hidden="true" focusable="false">
    ${axes(input, scale)}
    ${last.map((line) => lineOf(line, scale, line.series === chosen, input.ordered))}
    ${baselinePoint(input, scale)}
    ${names(lines, scale, chosen, width)}
    ${input.regressions.map((regression) => fall(regression, input, scale))}
  </svg>`;
}

function axes(
  { labels, width }: ChartInput,
  { x, y, ticks, labels: named, letters, height }: Scale,
): SVGTemplateResult {
  const right = width - CHART.right;
  return svg`${ticks.map(
    (
      share,
    ) => svg`<line class=${share === 0.5 ? 'half' : 'tick'} x1=${CHART.left} x2=${right} y1=${y(share)} y2=${y(share)}></line>
      <text class="axis" x=${CHART.left - 8} y=${y(share) + 4} text-anchor="end">${percentText(share)}</text>`,
  )}
  ${named.map(
    (column) =>
      svg`<text class="axis" x=${x(column)} y=${height - 6} text-anchor="middle">${short(labels[column]!, letters)}</text>`,
  )}`;
}

function short(label: string, letters: number): string {
  if (label.length <= letters) return label;
  // Names of one family differ at their ends.
  const end = Math.ceil((letters - 1) * 0.6);
  return `${label.slice(0, letters - 1 - end)}…${label.slice(-end)}`;
}

/** Regressions stand under each other where a column has several, each mark once where there is no room for words. */
function fallLines({ regressions, lines, labels, width, plot }: ChartInput): number {
  if (regressions.length === 0) return 0;
  if (scaleOf(lines, labels.length, width, plot).falls === 'mark') return 1;
  const counts = regressions.map(({ column }) => regressions.filter((r) => r.column === column).length);
  return Math.max(...counts);
}

function lineOf({ series, rates }: Line, scale: Scale, chosen: boolean, ordered: boolean): SVGTemplateResult {
  const { x, y, whiskers } = scale;
  const off = SERIES.indexOf(series) - (SERIES.length - 1) / 2;
  // Unconnected points would hide each other.
  const [dx, shift] = ordered ? [off * 4, 0] : [off * 12, off * 12];
  return svg`<g class="series series-${series} ${chosen ? 'chosen' : ''}">
    ${whiskers ? nothing : chosen ? runs(rates).map((run) => band(run, scale)) : nothing}
    ${(ordered ? runs(rates) : []).map(
      (run) =>
        svg`<path class="curve" d=${run.map(({ column, rate }, i) => `${i ? 'L' : 'M'}${x(column)} ${y(rate.value)}`).join('')}></path>`,
    )}
    ${rates.map((rate, column) => {
      if (!rate) return nothing;
      const { interval } = rate;
      return svg`${
        whiskers && interval
          ? svg`<line class="whisker" x1=${x(column) + dx} x2=${x(column) + dx} y1=${y(interval[0])} y2=${y(interval[1])}></line>`
          : nothing
      }${whiskers ? point(series, x(column) + shift, y(rate.value)) : nothing}`;
    })}
  </g>`;
}

function band(run: { column: number; rate: Rate }[], { x, y }: Scale): SVGTemplateResult | typeof nothing {
  const sure = run.filter(({ rate }) => rate.interval);
  if (sure.length < 2) return nothing;
  const upper = sure.map(({ column, rate }) => `${x(column)},${y(rate.interval![1])}`);
  const lower = sure.map(({ column, rate }) => `${x(column)},${y(rate.interval![0])}`).reverse();
  return svg`<polygon class="band" points=${[...upper, ...lower].join(' ')}></polygon>`;
}

/** Circle, square, triangle, diamond: told apart without colour. */
export function point(series: Series, x: number, y: number): SVGTemplateResult {
  const shapes: Record<Series, string> = {
    overall: `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`,
    VA: `M${x - 3.5} ${y - 3.5}h7v7h-7Z`,
    VF: `M${x} ${y - 4.5}l4.5 8h-9Z`,
    VP: `M${x} ${y - 4.8}l4.8 4.8l-4.8 4.8l-4.8 -4.8Z`,
  };
  return svg`<path class="point" d=${shapes[series]}></path>`;
}

function baselinePoint({ baseline }: ChartInput, { x, y }: Scale): SVGTemplateResult | typeof nothing {
  if (baseline === undefined) return nothing;
  return svg`<circle class="base-point" cx=${x(baseline)} cy=${y(0.5)} r="4"></circle>`;
}

function names(
  lines: readonly Line[],
  { y, bottom }: Scale,
  chosen: Series,
  width: number,
): SVGTemplateResult {
  const ends = lines.flatMap(({ series, rates }) => {
    const column = rates.findLastIndex((rate) => rate !== null);
    return column < 0 ? [] : [{ series, y: y(rates[column]!.value) }];
  });
  const heights = spread(
    ends.map((end) => end.y),
    bottom,
  );
  const right = width - CHART.right + 10;
  return svg`${ends.map(
    ({ series }, i) =>
      svg`<g class="series series-${series} ${series === chosen ? 'chosen' : ''}">${point(series, right, heights[i]!)}
        <text class="end" x=${right + 8} y=${heights[i]! + 4}>${seriesName(series)}</text></g>`,
  )}`;
}

/** Under the plot, where nothing crosses the words; several of one column stand under each other. */
function fall(
  regression: Regression,
  { regressions, pick }: ChartInput,
  { x, falls, bottom }: Scale,
): SVGTemplateResult | typeof nothing {
  const line = regressions.filter(({ column }) => column === regression.column).indexOf(regression);
  if (falls === 'mark' && line > 0) return nothing;
  const of = seriesName(regression.of);
  const words = { mark: '', series: ` ${of}`, whole: ` ${of} ${probability(regression.adjusted)}` }[falls];
  const y = bottom + (line + 1) * FALL_LINE - 2;
  return svg`<text class="fall" x=${x(regression.column)} y=${y} text-anchor="middle" @click=${() => pick(regression)}>▼${words}</text>`;
}
