import type { Grid } from '../../core/sweep/grid';
import type { SweepStep } from '../../protocol/panel';
import type { SweepState } from '../../protocol/sweep';
import type { PairOfCells, Reference } from '../../protocol/sweepPage';
import { disagreements, markAt } from './facts';

/** What a step through the grid goes by. */
export interface Walk {
  grid: Grid;
  state: SweepState | undefined;
  /** Clip by `column:row:seed`. */
  clips: ReadonlyMap<string, number>;
  baseline: number;
  /** What the pairs are against; undefined where the pair itself has to tell. */
  reference: Reference | undefined;
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

/** What the reader walks against after a step: as before, unless the step went to a pair for its own sake. */
export function referenceAfter(walk: Walk, from: PairOfCells, to: SweepStep, at: PairOfCells): Reference {
  const was = isAgainstBaseline(walk, from);
  const isNow = {
    nextCheckpoint: was,
    previousCheckpoint: was,
    nextPrompt: was,
    previousPrompt: was,
    nextRegression: false,
    previousRegression: false,
    nextDisagreement: hasBaseline(walk, at) && (was || !areNeighbours(walk, at)),
    previousDisagreement: hasBaseline(walk, at) && (was || !areNeighbours(walk, at)),
  }[to];
  return isNow ? 'baseline' : 'previous';
}

/** Neighbours of which one is the baseline may be meant either way: what was said or done before decides. */
function isAgainstBaseline(walk: Walk, pair: PairOfCells): boolean {
  if (!hasBaseline(walk, pair)) return false;
  return walk.reference ? walk.reference === 'baseline' : !areNeighbours(walk, pair);
}

function hasBaseline({ baseline }: Walk, { earlier, later }: PairOfCells): boolean {
  return earlier === baseline || later === baseline;
}

function areNeighbours(walk: Walk, { earlier, later, row, seed }: PairOfCells): boolean {
  return earlier === before(walk, later, row, seed);
}

/** The nearest column before that has a clip. */
function before(walk: Walk, column: number, row: number, seed: number): number | undefined {
  return nextThere(walk, column, { row, seed }, -1);
}

function nextThere(
  walk: Walk,
  column: number,
  { row, seed }: Pick<PairOfCells, 'row' | 'seed'>,
  by: 1 | -1,
): number | undefined {
  for (let c = column + by; c >= 0 && c < walk.grid.columns.length; c += by)
    if (isThere(walk, c, row, seed)) return c;
  return undefined;
}

function checkpoint(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  return isAgainstBaseline(walk, at) ? againstBaseline(walk, at, by) : besideNeighbour(walk, at, by);
}

/** The other clip moves, past the baseline too, and that stays. */
function againstBaseline(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  const { baseline } = walk;
  let column = nextThere(walk, at.earlier === baseline ? at.later : at.earlier, at, by);
  if (column === baseline) column = nextThere(walk, column, at, by);
  if (column === undefined) return undefined;
  return { ...at, earlier: Math.min(column, baseline), later: Math.max(column, baseline) };
}

/** The later clip moves, the earlier one stays beside it. */
function besideNeighbour(walk: Walk, at: PairOfCells, by: 1 | -1): PairOfCells | undefined {
  const later = nextThere(walk, at.later, at, by);
  const earlier = later === undefined ? undefined : before(walk, later, at.row, at.seed);
  return later === undefined || earlier === undefined ? undefined : { ...at, earlier, later };
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
