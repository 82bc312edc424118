import type { Pairing, Series } from '../../src/core/sweep/table';
import type { Reference, SweepGridMessage, SweepSnapshot } from '../../src/protocol/sweepPage';
import type { Commands } from './commands';
import { Facts, GridIndex, type Asked } from './model';
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
const asked = memo(
  (
    reviewer: string,
    baseline: string | undefined,
    pairing: Pairing,
    reference: Reference | undefined,
    curves: Reference | undefined,
    series: Series,
    seed: number,
  ): Asked => ({ reviewer, baseline, pairing, reference, curves, series, seed }),
);
const factsOf = memo((...args: ConstructorParameters<typeof Facts>) => new Facts(...args));
const selections = memo(selectionsOf);
const rows = memo(rowsShown);
const regressions = memo(regressionPlaces);

export function shownOf({ snapshot, grid, ui }: State): Shown | undefined {
  if (!snapshot || !grid || grid.grid.columns.length === 0) return undefined;
  const index = indexOf(grid);
  const state = snapshot.state?.gridRevision === grid.revision ? snapshot.state : undefined;
  const { reviewer, baseline, pairing } = snapshot;
  const { reference, curves, series, seed } = ui;
  const facts = factsOf(index, state, asked(reviewer, baseline, pairing, reference, curves, series, seed));
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
