import { placeOf, type Grid } from '../../src/core/sweep/grid';
import type { Ui } from './state';

/** Where the reader is when another grid comes: on the same cell, seed and clip where it has them. Pure. */
export function carried(ui: Ui, last: Grid | undefined, next: Grid): Ui {
  const { playing, diff, kept, ...rest } = ui;
  const has = (id: string) => next.columns.some((column) => column.id === id);
  const isStill = diff !== undefined && has(diff.earlier) && has(diff.later);
  const plays = playing && next.clips.some(({ path }) => path === playing.clip);
  const ids = (of: readonly { id: string }[]) => of.map(({ id }) => id);
  const same = {
    column: sameIn(last && ids(last.columns), ids(next.columns), ui.cell.column),
    row: sameIn(last && ids(last.rows), ids(next.rows), ui.cell.row),
  };
  const { overlay, ...closed } = rest;
  return {
    ...(overlay === 'diff' && !isStill ? closed : rest),
    cell: (kept && placeOf(next, kept)) ?? same,
    seed: sameIn(last?.seeds, next.seeds, ui.seed),
    ...(isStill ? { diff } : {}),
    ...(plays ? { playing } : {}),
  };
}

/** What stood at `i` in the next list, else what stands there now. */
function sameIn(last: readonly string[] | undefined, next: readonly string[], i: number): number {
  const name = last?.[i];
  const at = name === undefined ? -1 : next.indexOf(name);
  return at >= 0 ? at : Math.max(0, Math.min(i, next.length - 1));
}
