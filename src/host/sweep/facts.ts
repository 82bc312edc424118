import type { Problem } from '../../core/problem';
import { cellOf, holesOf, type Grid, type GridClip } from '../../core/sweep/grid';
import { markOf, type Mark } from '../../core/sweep/marks';
import type { Rate, Regression } from '../../core/sweep/statistics';
import type { Series } from '../../core/sweep/table';
import type { SweepState, SweepVote } from '../../protocol/sweep';
import type { PairOfCells, SweepFilter, SweepSort } from '../../protocol/sweepPage';

/** What the tree and the steps need of a sweep; pure. */

const BARS = '▁▂▃▄▅▆▇█';
/** A line of the tree has no room for more. */
const LONGEST_SPARKLINE = 12;

/**
 * The last win rates against the baseline up to a column, as text, from the first there is; a middle dot where there is
 * none. Empty where there are fewer than two: one bar is no line.
 */
export function sparkline(rates: readonly (Rate | null)[], until: number): string {
  const line = rates
    .slice(Math.max(0, until + 1 - LONGEST_SPARKLINE), until + 1)
    .map((rate) => (rate ? BARS[Math.min(BARS.length - 1, Math.floor(rate.value * BARS.length))] : '·'))
    .join('')
    .replace(/^·+/, '');
  return line.replaceAll('·', '').length < 2 ? '' : line;
}

/** Whether a rate lies clearly above or below one half; undefined where there is no interval to say so. */
export function trendOf(rate: Rate | null | undefined): 'up' | 'level' | 'down' | undefined {
  if (!rate?.interval) return undefined;
  const [low, high] = rate.interval;
  if (low > 0.5) return 'up';
  return high < 0.5 ? 'down' : 'level';
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

/** Index of a clip by `column:row:seed`. */
export const clipIndex = perGrid((grid) =>
  indexBy(grid, ({ column, row, seed }) => `${column}:${row}:${seed}`),
);
/** Index of a clip by its path. */
export const pathIndex = perGrid((grid) => indexBy(grid, ({ path }) => path));
/** Cells that lack the clip of a seed or more. */
const holesIn = perGrid((grid) => new Set(holesOf(grid).map(({ column, row }) => cellOf(grid, column, row))));

function indexBy(grid: Grid, key: (clip: GridClip) => string): ReadonlyMap<string, number> {
  return new Map(grid.clips.map((clip, i) => [key(clip), i]));
}

/** Made once for each grid: a grid is never changed. */
function perGrid<T>(make: (grid: Grid) => T): (grid: Grid) => T {
  const made = new WeakMap<Grid, { it: T }>();
  return (grid) => {
    const known = made.get(grid) ?? { it: make(grid) };
    made.set(grid, known);
    return known.it;
  };
}

/** What stands in a cell beside its verdict. */
export interface CellFacts {
  /** `hole`: no clip of any seed. */
  kind: 'hole' | 'broken' | 'waiting' | 'whole';
  /** Why a clip of the cell cannot be read. */
  problem?: Problem;
  /** A person's vote on the two clips that the cell opens, and the judge's call on them. */
  vote?: SweepVote;
  /** On other seeds, or against other columns before. */
  otherVotes?: SweepVote[];
}

/** @param by whose votes */
export function cellFacts(
  grid: Grid,
  state: SweepState | undefined,
  column: number,
  row: number,
  by: string,
): CellFacts {
  const index = clipIndex(grid);
  const clips = grid.seeds.flatMap((_, seed) => index.get(`${column}:${row}:${seed}`) ?? []);
  if (clips.length === 0) return { kind: 'hole' };
  const broken = (state?.broken ?? []).filter(({ clip }) => clips.includes(clip));
  const waiting = clips.filter((clip) => state?.waiting.includes(clip));
  const votes = (state?.votes ?? []).filter((v) => v.later === column && v.row === row && v.by === by);
  const pair = votes.length > 0 ? pairOfCell(grid, state, { column, row }) : undefined;
  const kind = broken.length > 0 ? 'broken' : waiting.length > 0 ? 'waiting' : 'whole';
  return { kind, ...(broken[0] ? { problem: broken[0].problem } : {}), ...votesOn(pair, votes) };
}

function votesOn(
  pair: PairOfCells | undefined,
  votes: readonly SweepVote[],
): Pick<CellFacts, 'vote' | 'otherVotes'> {
  const vote = votes.find(({ earlier, seed }) => earlier === pair?.earlier && seed === pair.seed);
  const otherVotes = votes.filter((of) => of !== vote);
  return { ...(vote ? { vote } : {}), ...(otherVotes.length > 0 ? { otherVotes } : {}) };
}

export interface Place {
  column: number;
  row: number;
}

/** The cell against the nearest sound column before it, or else after it, of the same seed. */
export function pairOfCell(
  grid: Grid,
  state: SweepState | undefined,
  { column, row }: Place,
): PairOfCells | undefined {
  const clips = clipIndex(grid);
  const broken = new Set(state?.broken.map(({ clip }) => clip));
  const sound = (c: number, seed: number) => {
    const clip = clips.get(`${c}:${row}:${seed}`);
    return clip !== undefined && !broken.has(clip);
  };
  for (const seed of grid.seeds.keys()) {
    if (!sound(column, seed)) continue;
    const columns = [...grid.columns.keys()].filter((c) => sound(c, seed));
    const earlier = columns.filter((c) => c < column).at(-1);
    if (earlier !== undefined) return { earlier, later: column, row, seed };
    const later = columns.find((c) => c > column);
    if (later !== undefined) return { earlier: column, later, row, seed };
  }
  return undefined;
}

/** Rows to list under a column. */
export function rowsOf(
  grid: Grid,
  state: SweepState | undefined,
  column: number,
  { filter, sort, by }: { filter: SweepFilter; sort: SweepSort; by: string },
): number[] {
  const rows = grid.rows.map((_, row) => row);
  const kept = rows.filter(selection(grid, state, column, filter, by));
  if (sort === 'found') return kept;
  return kept.sort((x, y) => (markAt(grid, state, column, x) ?? 2) - (markAt(grid, state, column, y) ?? 2));
}

function selection(
  grid: Grid,
  state: SweepState | undefined,
  column: number,
  filter: SweepFilter,
  by: string,
): (row: number) => boolean {
  const of = (rows: readonly number[]) => {
    const set = new Set(rows);
    return (row: number) => set.has(row);
  };
  switch (filter) {
    case 'all':
      return () => true;
    case 'holes':
      return (row) => holesIn(grid).has(cellOf(grid, column, row));
    case 'regressions':
      return of(regressionsOf(state, column).flatMap(({ worse }) => worse));
    case 'disagreements':
      return of(disagreements(state, by).flatMap((v) => (v.later === column ? [v.row] : [])));
    case 'votes':
      return of((state?.votes ?? []).flatMap((v) => (v.later === column && v.by === by ? [v.row] : [])));
  }
}
