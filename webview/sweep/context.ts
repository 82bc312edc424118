import type { Pairing } from '../../src/core/sweep/table';
import type { SweepGridMessage, SweepSnapshot } from '../../src/protocol/sweepPage';
import type { Commands } from './commands';
import { Facts, GridIndex } from './model';
import { memo } from './memo';
import { regressionPlaces, rowsShown, selectionsOf, type RegressionPlace, type Selections } from './rows';
import type { State, Ui } from './state';
import type { Thumbnails } from './thumbnails';

/** The grid and all that follows from it. */
export interface Shown {
  message: SweepGridMessage;
  index: GridIndex;
  facts: Facts;
  selections: Selections;
  /** Rows in the order shown, by index of the grid's rows. */
  rows: readonly number[];
  regressions: readonly RegressionPlace[];
}

/** What every view is given. */
export interface Context {
  snapshot: SweepSnapshot;
  ui: Ui;
  shown: Shown | undefined;
  diff: State['diff'];
  thumbnails: Thumbnails;
  does: Commands;
}

const indexOf = memo((message: SweepGridMessage) => new GridIndex(message.grid));
/** Snapshots come at every step of a run; the little that facts need of them stays the same. */
const aboutOf = memo((reviewer: string, pairing: Pairing, baseline: string | undefined) => ({
  reviewer,
  pairing,
  baseline,
}));
const factsOf = memo((...args: ConstructorParameters<typeof Facts>) => new Facts(...args));
const selections = memo(selectionsOf);
const rows = memo(rowsShown);
const regressions = memo(regressionPlaces);

export function shownOf({ snapshot, grid, ui }: State): Shown | undefined {
  if (!snapshot || !grid || grid.grid.columns.length === 0) return undefined;
  const index = indexOf(grid);
  const state = snapshot.state?.gridRevision === grid.revision ? snapshot.state : undefined;
  const about = aboutOf(snapshot.reviewer, snapshot.pairing, snapshot.baseline);
  const facts = factsOf(index, state, about, ui.reference, ui.series, ui.seed);
  const selected = selections(facts);
  const order = rows(facts, selected, ui.filter, ui.sort);
  return {
    message: grid,
    index,
    facts,
    selections: selected,
    rows: order,
    regressions: regressions(facts, order),
  };
}
