import type { Grid } from '../../core/sweep/grid';
import type { SweepStep } from '../../protocol/panel';
import type { SweepState } from '../../protocol/sweep';
import type { PairOfCells } from '../../protocol/sweepPage';
import { disagreements, markAt } from './facts';

/** What a step through the grid goes by. */
export interface Walk {
  grid: Grid;
  state: SweepState | undefined;
  /** Clip by `column:row:seed`. */
  clips: ReadonlyMap<string, number>;
  baseline: number;
  /** Whose votes count as one's own. */
  reviewer: string;
}

/** The pair that a step leads to; undefined where there is none. Pure. */
export function stepFrom(walk: Walk, at: PairOfCells, to: SweepStep): PairOfCells | undefined {
  switch (to) {
    case 'nextCheckpoint':
      return checkpoint(walk, at, 1);
    case 'previousCheckpoint':
      return checkpoint(walk, at, -1);
    case 'nextPrompt':
      return prompt(walk, at, 1);
    case 'previousPrompt':
      return prompt(walk, at, -1);
    case 'nextRegression':
      return regression(walk, at, 1);
    case 'previousRegression':
      return regression(walk, at, -1);
    case 'nextDisagreement':
      return disagreement(walk, at, 1);
    case 'previousDisagreement':
      return disagreement(walk, at, -1);
  }
}

const isThere = ({ clips }: Walk, column: number, row: number, seed: number) =>
  clips.has(`${column}:${row}:${seed}`);

/** Whether the pair was opened against the baseline, not against the column before. */
function isAgainstBaseline(walk: Walk, { earlier, later, row, seed }: PairOfCells): boolean {
  return earlier === walk.baseline && earlier !== before(walk, later, row, seed);
}

/** The nearest column before that has a clip. */
function before(walk: Walk, column: number, row: number, seed: number): number | undefined {
  for (let c = column - 1; c >= 0; c--) if (isThere(walk, c, row, seed)) return c;
  return undefined;
}

/** The later clip moves; the earlier one stays beside it, or stays the baseline. */
function checkpoint(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  const { row, seed } = at;
  const against = isAgainstBaseline(walk, at);
  for (let later = at.later + by; later >= 0 && later < walk.grid.columns.length; later += by) {
    if (!isThere(walk, later, row, seed)) continue;
    const earlier = against && later > walk.baseline ? walk.baseline : before(walk, later, row, seed);
    if (earlier !== undefined && earlier < later) return { earlier, later, row, seed };
  }
  return undefined;
}

/** The same columns on the next prompt that has both clips, seeds of a prompt in turn. */
function prompt(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  const seeds = walk.grid.seeds.length;
  const last = walk.grid.rows.length * seeds;
  for (let take = at.row * seeds + at.seed + by; take >= 0 && take < last; take += by) {
    const [row, seed] = [Math.floor(take / seeds), take % seeds];
    if (isThere(walk, at.earlier, row, seed) && isThere(walk, at.later, row, seed))
      return { ...at, row, seed };
  }
  return undefined;
}

/** Pairs in walking order: by the later column, then by prompt, by seed, by the earlier column. */
const placeOf = ({ grid }: Walk, { earlier, later, row, seed }: PairOfCells) =>
  ((later * grid.rows.length + row) * grid.seeds.length + seed) * grid.columns.length + earlier;

/** The nearest of these pairs in a direction. */
function nearest(walk: Walk, at: PairOfCells, pairs: readonly PairOfCells[], by: 1 | -1) {
  const here = placeOf(walk, at);
  const distance = (pair: PairOfCells) => by * (placeOf(walk, pair) - here);
  const ahead = pairs.filter((pair) => distance(pair) > 0);
  return ahead.sort((x, y) => distance(x) - distance(y))[0];
}

/** The next cell that got worse in a column that regressed; of the one where the reader stands, nothing more. */
function regression(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  const { grid, state } = walk;
  const isHere = (column: number, row: number) => column === at.later && row === at.row;
  const found = (state?.statistics?.regressions ?? []).flatMap(({ column, previous, of, worse }) =>
    worse
      .filter((row) => !isHere(column, row) && markAt(grid, state, column, row, of) !== null)
      .flatMap((row): PairOfCells[] => {
        const seed = grid.seeds.findIndex(
          (_, s) => isThere(walk, column, row, s) && isThere(walk, previous, row, s),
        );
        return seed < 0 ? [] : [{ earlier: previous, later: column, row, seed }];
      }),
  );
  return nearest(walk, at, found, by);
}

function disagreement(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  const found = disagreements(walk.state, walk.reviewer).map(({ earlier, later, row, seed }) => ({
    earlier,
    later,
    row,
    seed,
  }));
  return nearest(walk, at, found, by);
}
