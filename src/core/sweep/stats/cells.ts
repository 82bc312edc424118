import type { StatisticsInput } from '../statistics';
import { NOT_JUDGED, SERIES } from '../table';

/** What was judged, by pair of columns and row, seeds counted; the cell of pair `p` in row `r` is `p * rows + r`. */
export interface Coverage {
  columns: number;
  rows: number;
  pairs: number;
  /** By pair. */
  earlier: Uint16Array;
  later: Uint16Array;
  /** By cell: seeds judged, 0 for a hole. */
  seeds: Uint16Array;
  /** Rows with any pair, ascending. */
  liveRows: number[];
  /** By column: whether it is in any pair. */
  live: boolean[];
  /** Index of the pair, -1 where it was never judged; in either order of the columns. */
  pairOf(a: number, b: number): number;
}

/** One series gathered. Series that were judged wherever any was share their coverage, arrays and all. */
export interface SeriesCells extends Coverage {
  /** By cell: sum over seeds of the later column's sign, and the seeds that tied. */
  net: Int32Array;
  ties: Uint16Array;
}

/** The table gathered: of all its pairs, and by {@link SERIES} of those that were judged in the series. */
export interface PairCells extends Coverage {
  series: SeriesCells[];
}

/** A pass for the pairs that exist and their seeds, one for the sums: a million entries take some tens of milliseconds. */
export function gatherCells(input: StatisticsInput): PairCells {
  const all = gather(input);
  return { ...all.coverage, series: SERIES.map((_, s) => seriesCells(input, s, all)) };
}

interface Gathered {
  coverage: Coverage;
  /** By entry of the table: its cell, -1 for one that is left out. */
  cellOf: Int32Array;
}

function gather({ columns, rows, table }: StatisticsInput, isOut?: (entry: number) => boolean): Gathered {
  const index = new Int32Array(columns * columns).fill(-1);
  const earlier: number[] = [];
  const later: number[] = [];
  for (let e = 0; e < table.count; e++) {
    const key = table.earlier[e]! * columns + table.later[e]!;
    if (index[key]! >= 0 || isOut?.(e)) continue;
    index[key] = earlier.length;
    earlier.push(table.earlier[e]!);
    later.push(table.later[e]!);
  }
  const cellOf = new Int32Array(table.count).fill(-1);
  const seeds = new Uint16Array(earlier.length * rows);
  const rowSeen = new Uint8Array(rows);
  for (let e = 0; e < table.count; e++) {
    if (isOut?.(e)) continue;
    const cell = index[table.earlier[e]! * columns + table.later[e]!]! * rows + table.row[e]!;
    cellOf[e] = cell;
    seeds[cell]! += 1;
    rowSeen[table.row[e]!] = 1;
  }
  const live = new Array<boolean>(columns).fill(false);
  for (const column of [...earlier, ...later]) live[column] = true;
  const coverage: Coverage = {
    columns,
    rows,
    pairs: earlier.length,
    earlier: Uint16Array.from(earlier),
    later: Uint16Array.from(later),
    seeds,
    liveRows: Array.from(rowSeen.keys()).filter((row) => rowSeen[row]),
    live,
    pairOf: (a, b) => index[Math.min(a, b) * columns + Math.max(a, b)] ?? -1,
  };
  return { coverage, cellOf };
}

function seriesCells(input: StatisticsInput, series: number, all: Gathered): SeriesCells {
  const { count, winner } = input.table;
  const width = SERIES.length;
  const isOut = (entry: number) => winner[entry * width + series] === NOT_JUDGED;
  let lacks = false;
  for (let e = 0; e < count && !lacks; e++) lacks = isOut(e);
  const { coverage, cellOf } = lacks ? gather(input, isOut) : all;
  const net = new Int32Array(coverage.seeds.length);
  const ties = new Uint16Array(coverage.seeds.length);
  for (let e = 0; e < count; e++) {
    const cell = cellOf[e]!;
    if (cell < 0) continue;
    const sign = winner[e * width + series]!;
    if (sign === 0) ties[cell]! += 1;
    else net[cell]! += sign;
  }
  return { ...coverage, net, ties };
}

/**
 * The column that each one's step is measured from: the nearest before it that takes part in the sweep at all, if the
 * two were judged together; null otherwise. A column of nothing but holes is stepped over.
 */
export function previousColumns(cells: Coverage): (number | null)[] {
  let before = -1;
  return cells.live.map((live, column) => {
    if (!live) return null;
    const previous = before;
    before = column;
    return previous >= 0 && cells.pairOf(previous, column) >= 0 ? previous : null;
  });
}

/** Mean sign of `column` against `reference` over the seeds of one row; NaN for a hole. */
export function meanSign(cells: SeriesCells, column: number, reference: number, row: number): number {
  const pair = cells.pairOf(column, reference);
  if (pair < 0 || column === reference) return NaN;
  const cell = pair * cells.rows + row;
  const sign = cells.net[cell]! / cells.seeds[cell]!;
  return column > reference ? sign : -sign;
}

/** The rows of one comparison that are no holes, with the mean sign of `column`. */
export function signsByRow(
  cells: SeriesCells,
  column: number,
  reference: number,
): { row: number; sign: number }[] {
  return cells.liveRows
    .map((row) => ({ row, sign: meanSign(cells, column, reference, row) }))
    .filter(({ sign }) => !Number.isNaN(sign));
}
