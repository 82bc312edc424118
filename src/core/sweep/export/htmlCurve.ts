import { rateText } from '../rateText';
import { labelOf, SERIES_NAMES } from '../reportWords';
import type { Grid } from '../grid';
import type { SweepStatistics } from '../statistics';
import type { Series } from '../table';
import { esc, tag } from './htmlText';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [520, 220, 40, 14, 10, 44];
/** Keeps the outer columns' marks off the numbers of the axis. */
const INSET = 10;
/** As many column names as fit below the curve. */
const MOST_LABELS = 8;
const LABEL_LETTERS = 14;
const LETTER_WIDTH = 6;

/** Win rate against the baseline over the columns, with intervals where there are any. */
export function curve(grid: Grid, statistics: SweepStatistics, series: Series): string {
  const rates = statistics.series[series].againstBaseline;
  const last = Math.max(1, grid.columns.length - 1);
  const [from, to] = [LEFT + INSET, WIDTH - RIGHT - INSET];
  const x = (column: number) => Number((from + ((to - from) * column) / last).toFixed(1));
  const y = (share: number) => Number((TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)).toFixed(1));
  const colour = `var(--${series})`;
  const points = rates.flatMap((rate, column) => (rate ? [{ rate, column }] : []));
  const path = points.map(({ rate, column }, i) => `${i === 0 ? 'M' : 'L'}${x(column)} ${y(rate.value)}`);
  const bars = points.map(({ rate, column }) =>
    rate.interval
      ? `<path d="M${x(column)} ${y(rate.interval[0])}V${y(rate.interval[1])}" stroke="${colour}" stroke-opacity=".35" stroke-width="${grid.columns.length > 60 ? 2 : 5}"/>`
      : '',
  );
  const radius = grid.columns.length > 60 ? 1.6 : 3.5;
  const dots = points.map(
    ({ rate, column }) =>
      `<circle cx="${x(column)}" cy="${y(rate.value)}" r="${radius}" fill="${colour}"><title>${esc(labelOf(grid, column))}: ${esc(rateText(rate))}</title></circle>`,
  );
  const baseline = `<circle cx="${x(statistics.baseline)}" cy="${y(0.5)}" r="${radius}" fill="var(--bg)" stroke="${colour}"><title>${esc(labelOf(grid, statistics.baseline))}: the baseline</title></circle>`;
  const caption = `${SERIES_NAMES[series]}: win rate against ${labelOf(grid, statistics.baseline)}`;
  const body = [
    ...axes(y),
    ...columnNames(grid, x),
    ...bars,
    `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    ...dots,
    baseline,
  ].join('');
  const svg = tag('svg', body, `viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${esc(caption)}"`);
  return tag('figure', `<figcaption>${esc(caption)}</figcaption>${svg}`);
}

function axes(y: (share: number) => number): string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const line = `<path class="${share === 0.5 ? 'half' : 'axis'}" d="M${LEFT} ${y(share)}H${WIDTH - RIGHT}"/>`;
    return `${line}<text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${100 * share}%</text>`;
  });
}

function columnNames(grid: Grid, x: (column: number) => number): string[] {
  const every = Math.ceil(grid.columns.length / MOST_LABELS);
  return grid.columns.flatMap(({ label }, column) => {
    if (column % every !== 0) return [];
    const short = shortened(label);
    const room = (short.length * LETTER_WIDTH) / 2;
    const anchor = x(column) + room > WIDTH ? 'end' : x(column) < room ? 'start' : 'middle';
    // Two heights, so that neighbours do not run into each other.
    const at = HEIGHT - BOTTOM + (grid.columns.length < 5 || (column / every) % 2 === 0 ? 16 : 32);
    return [`<text x="${x(column)}" y="${at}" text-anchor="${anchor}">${esc(short)}</text>`];
  });
}

/** Long names of one sweep mostly differ at their ends. */
function shortened(label: string): string {
  const letters = [...label];
  if (letters.length <= LABEL_LETTERS) return label;
  return `${letters.slice(0, 4).join('')}…${letters.slice(5 - LABEL_LETTERS).join('')}`;
}
