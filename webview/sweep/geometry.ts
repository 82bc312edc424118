import type { Column } from '../../src/core/sweep/grid';

/** The grid's measures, CSS pixels. */
const HEAD = { oneLine: 46, twoLines: 62 } as const;
/** Beside a column's name, and of one of its letters, about. */
const HEAD_EXTRA = 40;
const LETTER = 7.4;
/** A cell is as wide as the page has room for, between these. */
const CELL_WIDTH = { least: 138, leastTiny: 112, most: 222 } as const;
/** Under a picture: its verdict; around it: what keeps it from its neighbours. */
const VERDICT = 20;
const AROUND = 6;
/** Of a picture: between wide clips and square ones. */
const ASPECT = 0.66;

/** Behind the last cell. */
const EDGE = 8;

/** Below these the names of the prompts take less, and cells may: beside a side bar three fit still. */
const NARROW = 900;
const TINY = 560;
/** Rows and columns beyond the edge that are kept ready. */
const MARGIN = 2;

export interface GridSize {
  /** Widths of the prompts' names and of a cell, heights of a row and of the columns' names. */
  names: number;
  cell: number;
  row: number;
  head: number;
}

/** @param width of the page */
export function gridSize(width: number, columns: readonly Column[]): GridSize {
  const names = width < TINY ? 100 : width < NARROW ? 132 : 208;
  const least = width < TINY ? CELL_WIDTH.leastTiny : CELL_WIDTH.least;
  const room = Math.floor((width - names - EDGE) / Math.max(1, columns.length));
  const cell = Math.min(CELL_WIDTH.most, Math.max(least, room));
  const longest = Math.max(0, ...columns.map(({ label }) => label.length));
  return {
    names,
    cell,
    row: Math.round((cell - AROUND) * ASPECT) + VERDICT + AROUND,
    head: width < TINY || longest * LETTER > cell - HEAD_EXTRA ? HEAD.twoLines : HEAD.oneLine,
  };
}

/**
 * Which items of `size` are in sight, with a margin, and `pinned` among them though it may be elsewhere: the focus
 * stands on it.
 */
export function inSight(
  scrolled: number,
  length: number,
  size: number,
  count: number,
  pinned: number,
): number[] {
  const from = Math.max(0, Math.floor(scrolled / size) - MARGIN);
  const to = Math.min(count, Math.ceil((scrolled + length) / size) + MARGIN);
  const seen = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  if (pinned >= 0 && pinned < count && (pinned < from || pinned >= to)) {
    if (pinned < from) seen.unshift(pinned);
    else seen.push(pinned);
  }
  return seen;
}
