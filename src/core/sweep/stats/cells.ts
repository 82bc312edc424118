import type { StatisticsInput } from '../statistics';
import { SERIES } from '../table';

/** The table gathered by pair of columns and row, seeds summed; the cell of pair `p` in row `r` is `p * rows + r`. */
export interface PairCells {
  columns: number;
  rows: number;
  pairs: number;
  /** By pair. */
  earlier: Uint16Array;
  later: Uint16Array;
  /** By cell: seeds judged, 0 for a hole. */
  seeds: Uint16Array;
  /** By series and cell: sum over seeds of the later column's sign, and the seeds that tied. */
  net: Int32Array[];
  ties: Uint16Array[];
  /** Rows with any pair, ascending. */
  liveRows: number[];
  /** By column: whether it is in any pair. */
  live: boolean[];
  /** Index of the pair, -1 where it was never judged; in either order of the columns. */
  pairOf(a: number, b: number): number;
}

/** One pass for the pairs that exist, one for the sums: a million entries take some tens of milliseconds. */
export function gatherCells({ columns, rows, table }: StatisticsInput): PairCells {
  const index = new Int32Array(columns * columns).fill(-1);
  const earlier: number[] = [];
  const later: number[] = [];
  for (let e = 0; e < table.count; e++) {
    const key = table.earlier[e]! * columns + table.later[e]!;
    if (index[key]! >= 0) continue;
    index[key] = earlier.length;
    earlier.push(table.earlier[e]!);
    later.push(table.later[e]!);
  }
  const size = earlier.length * rows;
  const seeds = new Uint16Array(size);
  const net = SERIES.map(() => new Int32Array(size));
  const ties = SERIES.map(() => new Uint16Array(size));
  const rowSeen = new Uint8Array(rows);
  for (let e = 0; e < table.count; e++) {
    const cell = index[table.earlier[e]! * columns + table.later[e]!]! * rows + table.row[e]!;
    seeds[cell]! += 1;
    rowSeen[table.row[e]!] = 1;
    for (let s = 0; s < SERIES.length; s++) {
      const sign = table.winner[e * SERIES.length + s]!;
      if (sign === 0) ties[s]![cell]! += 1;
      else net[s]![cell]! += sign;
    }
  }
  const live = new Array<boolean>(columns).fill(false);
  for (const column of [...earlier, ...later]) live[column] = true;
  return {
    columns,
    rows,
    pairs: earlier.length,
    earlier: Uint16Array.from(earlier),
    later: Uint16Array.from(later),
    seeds,
    net,
    ties,
    liveRows: Array.from(rowSeen.keys()).filter((row) => rowSeen[row]),
    live,
    pairOf: (a, b) => index[Math.min(a, b) * columns + Math.max(a, b)] ?? -1,
  };
}

/**
 * The column that each one's step is measured from: the nearest before it that takes part in the sweep at all, if the
 * two were judged together; null otherwise. A column of nothing but holes is stepped over.
 */
export function previousColumns(cells: PairCells): (number | null)[] {
  let before = -1;
  return cells.live.map((live, column) => {
    if (!live) return null;
    const previous = before;
    before = column;
    return previous >= 0 && cells.pairOf(previous, column) >= 0 ? previous : null;
  });
}

/** Mean sign of `column` against `reference` over the seeds of one row; NaN for a hole. */
export function meanSign(
  cells: PairCells,
  series: number,
  column: number,
  reference: number,
  row: number,
): number {
  const pair = cells.pairOf(column, reference);
  if (pair < 0 || column === reference) return NaN;
  const cell = pair * cells.rows + row;
  const sign = cells.net[series]![cell]! / cells.seeds[cell]!;
  return column > reference ? sign : -sign;
}

/** The rows of one comparison that are no holes, with the mean sign of `column`. */
export function signsByRow(
  cells: PairCells,
  series: number,
  column: number,
  reference: number,
): { row: number; sign: number }[] {
  return cells.liveRows
    .map((row) => ({ row, sign: meanSign(cells, series, column, reference, row) }))
    .filter(({ sign }) => !Number.isNaN(sign));
}
