import type { Grid, GridClip } from '../../core/sweep/grid';
import { cellOf } from '../../core/sweep/grid';
import { markOf, type Mark } from '../../core/sweep/marks';
import type { Rate, Regression } from '../../core/sweep/statistics';
import type { Series } from '../../core/sweep/table';
import type { SweepState, SweepVote } from '../../protocol/sweep';

/** What the tree and the steps need of a sweep; pure. */

export const FILTERS = ['all', 'regressions', 'disagreements', 'holes', 'votes'] as const;
export type Filter = (typeof FILTERS)[number];
export const SORTS = ['found', 'worst'] as const;
export type Sort = (typeof SORTS)[number];

const BARS = '▁▂▃▄▅▆▇█';

/** Win rates against the baseline up to a column, as text; a middle dot where there is none. */
export function sparkline(rates: readonly (Rate | null)[], until: number): string {
  return rates
    .slice(0, until + 1)
    .map((rate) => (rate ? BARS[Math.min(BARS.length - 1, Math.floor(rate.value * BARS.length))] : '·'))
    .join('');
}

/** `.58 ±.07`, the half of the interval's width behind the value where there is an interval. */
export function rateText(rate: Rate | null | undefined): string {
  if (!rate) return '';
  const share = (x: number) => x.toFixed(2).replace(/^0/, '');
  if (!rate.interval) return share(rate.value);
  return `${share(rate.value)} ±${share((rate.interval[1] - rate.interval[0]) / 2)}`;
}

/** Regressions of one column, the overall one first. */
export function regressionsOf(state: SweepState | undefined, column: number): Regression[] {
  return (state?.statistics?.regressions ?? []).filter((r) => r.column === column);
}

/** A cell's verdict on the whole against the column before it. */
export function markAt(
  grid: Grid,
  state: SweepState | undefined,
  column: number,
  row: number,
  series: Series = 'overall',
): Mark {
  return state ? markOf(state.marks.previous, cellOf(grid, column, row), series) : null;
}

/** Votes of one person that differ from the judge's call. */
export function disagreements(state: SweepState | undefined, by: string): SweepVote[] {
  return (state?.votes ?? []).filter((v) => v.by === by && v.judge !== null && v.judge !== v.overall);
}

/** Clip by `column:row:seed`. */
export const clipIndex = perGrid(({ column, row, seed }) => `${column}:${row}:${seed}`);
/** Clip by its path. */
export const pathIndex = perGrid(({ path }) => path);

/** Made once for each grid: a grid is never changed. */
function perGrid(key: (clip: GridClip) => string): (grid: Grid) => ReadonlyMap<string, number> {
  const made = new WeakMap<Grid, ReadonlyMap<string, number>>();
  return (grid) => {
    const known = made.get(grid) ?? new Map(grid.clips.map((clip, i) => [key(clip), i]));
    made.set(grid, known);
    return known;
  };
}

/** Rows to list under a column. */
export function rowsOf(
  grid: Grid,
  state: SweepState | undefined,
  column: number,
  { filter, sort, by }: { filter: Filter; sort: Sort; by: string },
): number[] {
  const present = new Set(grid.clips.filter((clip) => clip.column === column).map(({ row }) => row));
  const rows = grid.rows.map((_, row) => row);
  const differ = new Set(disagreements(state, by).flatMap((v) => (v.later === column ? [v.row] : [])));
  const voted = new Set(
    (state?.votes ?? []).flatMap((v) => (v.later === column && v.by === by ? [v.row] : [])),
  );
  const regressed = new Set(regressionsOf(state, column).flatMap(({ worse }) => worse));
  const shown = {
    all: () => true,
    regressions: (row: number) => regressed.has(row),
    disagreements: (row: number) => differ.has(row),
    holes: (row: number) => !present.has(row),
    votes: (row: number) => voted.has(row),
  }[filter];
  const kept = rows.filter(shown);
  if (sort === 'found') return kept;
  return kept.sort((x, y) => (markAt(grid, state, column, x) ?? 2) - (markAt(grid, state, column, y) ?? 2));
}
