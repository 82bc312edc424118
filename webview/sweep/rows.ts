import { holesOf } from '../../src/core/sweep/grid';
import type { Regression } from '../../src/core/sweep/statistics';
import type { SweepFilter, SweepSort } from '../../src/protocol/sweepPage';
import type { Facts } from './model';
import type { Place } from './state';

/** Rows in each selection, by index of the grid's rows. */
export type Selections = Record<SweepFilter, ReadonlySet<number>>;

export function selectionsOf({ index, state, disagreements, votes }: Facts): Selections {
  const regressions = state?.statistics?.regressions ?? [];
  return {
    all: new Set(index.grid.rows.keys()),
    regressions: new Set(regressions.flatMap(({ worse }) => worse)),
    disagreements: new Set(disagreements.map(({ row }) => row)),
    holes: new Set(holesOf(index.grid).map(({ row }) => row)),
    votes: new Set(votes.map(({ row }) => row)),
  };
}

/** The rows that are shown, in order. */
export function rowsShown(
  facts: Facts,
  selections: Selections,
  filter: SweepFilter,
  sort: SweepSort,
): number[] {
  const rows = [...selections[filter]].sort((a, b) => a - b);
  if (sort === 'found') return rows;
  const worth = new Map(rows.map((row) => [row, facts.worth(row)]));
  return rows.sort((a, b) => {
    const [x, y] = [worth.get(a)!, worth.get(b)!];
    return x === y ? a - b : x - y;
  });
}

export interface RegressionPlace extends Place {
  regression: Regression;
}

/** Every cell that a regression names, column by column, in the order of the rows shown. */
export function regressionPlaces(facts: Facts, rows: readonly number[]): RegressionPlace[] {
  const at = new Map(rows.map((row, i) => [row, i]));
  const places = new Map<string, RegressionPlace>();
  for (const regression of facts.state?.statistics?.regressions ?? [])
    for (const row of regression.worse) {
      const key = `${regression.column}:${row}`;
      if (at.has(row) && !places.has(key)) places.set(key, { column: regression.column, row, regression });
    }
  return [...places.values()].sort((a, b) => a.column - b.column || at.get(a.row)! - at.get(b.row)!);
}

/** A place where one may stop, of all seeds or of one. */
export interface Stop extends Place {
  seed?: number;
}

/** Column by column, in the order of the rows shown, then by seed. */
export function inOrder(rows: readonly number[]): (a: Stop, b: Stop) => number {
  return (a, b) =>
    a.column - b.column || rows.indexOf(a.row) - rows.indexOf(b.row) || (a.seed ?? 0) - (b.seed ?? 0);
}

/** The place after (or before) where the reader is, around the end. */
export function stepTo<P extends Stop>(
  places: readonly P[],
  rows: readonly number[],
  from: Stop,
  by: 1 | -1,
): P | undefined {
  const compare = inOrder(rows);
  const ahead = places.filter((place) => by * compare(place, from) > 0);
  return by > 0 ? (ahead[0] ?? places[0]) : (ahead.at(-1) ?? places.at(-1));
}
