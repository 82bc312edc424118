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
  const all = coverageOf(input, () => true);
  return { ...all, series: SERIES.map((_, s) => seriesCells(input, s, all)) };
}

function coverageOf(
  { columns, rows, table }: StatisticsInput,
  isJudged: (entry: number) => boolean,
): Coverage {
  const index = new Int32Array(columns * columns).fill(-1);
  const earlier: number[] = [];
  const later: number[] = [];
  for (let e = 0; e < table.count; e++) {
    const key = table.earlier[e]! * columns + table.later[e]!;
    if (index[key]! >= 0 || !isJudged(e)) continue;
    index[key] = earlier.length;
    earlier.push(table.earlier[e]!);
    later.push(table.later[e]!);
  }
  const pairOf = (a: number, b: number) => index[Math.min(a, b) * columns + Math.max(a, b)] ?? -1;
  const seeds = new Uint16Array(earlier.length * rows);
  const rowSeen = new Uint8Array(rows);
  for (let e = 0; e < table.count; e++) {
    if (!isJudged(e)) continue;
    seeds[pairOf(table.earlier[e]!, table.later[e]!) * rows + table.row[e]!]! += 1;
    rowSeen[table.row[e]!] = 1;
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
    liveRows: Array.from(rowSeen.keys()).filter((row) => rowSeen[row]),
    live,
    pairOf,
  };
}

function seriesCells(input: StatisticsInput, series: number, all: Coverage): SeriesCells {
  const { table, rows } = input;
  const signOf = (entry: number) => table.winner[entry * SERIES.length + series]!;
  const isJudged = (entry: number) => signOf(entry) !== NOT_JUDGED;
  let lacks = false;
  for (let e = 0; e < table.count && !lacks; e++) lacks = !isJudged(e);
  const coverage = lacks ? coverageOf(input, isJudged) : all;
  const net = new Int32Array(coverage.seeds.length);
  const ties = new Uint16Array(coverage.seeds.length);
  for (let e = 0; e < table.count; e++) {
    if (!isJudged(e)) continue;
    const cell = coverage.pairOf(table.earlier[e]!, table.later[e]!) * rows + table.row[e]!;
    const sign = signOf(e);
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
