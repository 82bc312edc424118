import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Rate, Regression } from '../../../src/core/sweep/statistics';
import { SERIES, type Series } from '../../../src/core/sweep/table';
import { CHART, runs, scaleOf, spread, type Line, type Scale } from '../chart';
import { percent, probability, seriesName } from '../words';

export interface ChartInput {
  lines: readonly Line[];
  labels: readonly string[];
  regressions: readonly Regression[];
  /** Drawn strongest. */
  chosen: Series;
  /** Where the baseline stands at one half by definition. */
  baseline: number | undefined;
  width: number;
  pick(regression: Regression): void;
}

/** Win rates over checkpoints. Each series has its own dash, its own shape and its name at the end. */
export function chart(input: ChartInput): SVGTemplateResult {
  const { lines, labels, width, chosen } = input;
  const scale = scaleOf(lines, labels.length, width);
  const last = [...lines].sort((a, b) => Number(a.series === chosen) - Number(b.series === chosen));
  return svg`<svg class="chart" width=${width} height=${CHART.height} viewBox="0 0 ${width} ${CHART.height}" aria-hidden="true" focusable="false">
    ${axes(input, scale)}
    ${last.map((line) => lineOf(line, scale, line.series === chosen))}
    ${baselinePoint(input, scale)}
    ${names(lines, scale, chosen)}
    ${input.regressions.map((regression) => fall(regression, input, scale))}
  </svg>`;
}

function axes({ labels, width }: ChartInput, { x, y, ticks, labels: named }: Scale): SVGTemplateResult {
  const right = width - CHART.right;
  return svg`${ticks.map(
    (
      share,
    ) => svg`<line class=${share === 0.5 ? 'half' : 'tick'} x1=${CHART.left} x2=${right} y1=${y(share)} y2=${y(share)}></line>
      <text class="axis" x=${CHART.left - 8} y=${y(share) + 4} text-anchor="end">${percent(share)}</text>`,
  )}
  ${named.map(
    (column) =>
      svg`<text class="axis" x=${x(column)} y=${CHART.height - 6} text-anchor=${column === 0 ? 'start' : 'middle'}>${short(labels[column]!)}</text>`,
  )}`;
}

function short(label: string): string {
  return label.length > 14 ? `${label.slice(0, 13)}…` : label;
}

function lineOf({ series, rates }: Line, scale: Scale, chosen: boolean): SVGTemplateResult {
  const { x, y, whiskers } = scale;
  const dx = (SERIES.indexOf(series) - (SERIES.length - 1) / 2) * 4;
  return svg`<g class="series series-${series} ${chosen ? 'chosen' : ''}">
    ${whiskers ? nothing : chosen ? runs(rates).map((run) => band(run, scale)) : nothing}
    ${runs(rates).map(
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
      }${whiskers ? point(series, x(column), y(rate.value)) : nothing}`;
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

function names(lines: readonly Line[], { x, y }: Scale, chosen: Series): SVGTemplateResult {
  const ends = lines.flatMap(({ series, rates }) => {
    const column = rates.findLastIndex((rate) => rate !== null);
    return column < 0 ? [] : [{ series, at: x(column), y: y(rates[column]!.value) }];
  });
  const heights = spread(ends.map((end) => end.y));
  const right = Math.max(...ends.map(({ at }) => at), 0);
  return svg`${ends.map(
    ({ series }, i) =>
      svg`<g class="series series-${series} ${series === chosen ? 'chosen' : ''}">${point(series, right + 16, heights[i]!)}
        <text class="end" x=${right + 24} y=${heights[i]! + 4}>${seriesName(series)}</text></g>`,
  )}`;
}

/** Under the lines, where nothing crosses the words; several of one column stand above each other. */
function fall(regression: Regression, input: ChartInput, { x, whiskers }: Scale): SVGTemplateResult {
  const { regressions, labels, pick } = input;
  const above = regressions.filter(({ column }) => column === regression.column).indexOf(regression);
  const y = CHART.height - CHART.bottom - 5 - above * 13;
  const anchor = whiskers && regression.column === labels.length - 1 ? 'end' : 'middle';
  const words = `▼ ${seriesName(regression.of)} p=${probability(regression.adjusted)}`;
  return svg`<text class="fall" x=${x(regression.column)} y=${y} text-anchor=${anchor} @click=${() => pick(regression)}>${whiskers ? words : '▼'}</text>`;
}
