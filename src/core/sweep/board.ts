import type { Grid } from './grid';
import { newPairTable, type PairTable, type Pairing } from './table';

const NONE = -1;

/**
 * The pairs of one grid that are wanted, and what is known of them. Pairs are of one row and seed; each is taken once,
 * whoever brings it and however often.
 */
export class SweepBoard {
  readonly table: PairTable;
  /** Clip of a cell (row, seed, column), or -1. */
  private readonly clips: Int32Array;
  /** Entry of the table by row, seed and pair of columns, or -1. */
  private readonly entries: Int32Array;
  private readonly perTake: number;

  constructor(
    readonly grid: Grid,
    readonly pairing: Pairing,
    readonly baseline: number,
  ) {
    const { columns, rows, seeds } = grid;
    const takes = rows.length * seeds.length;
    this.perTake = (columns.length * (columns.length - 1)) / 2;
    this.clips = new Int32Array(takes * columns.length).fill(NONE);
    grid.clips.forEach((clip, i) => (this.clips[this.cell(clip.row, clip.seed, clip.column)] = i));
    this.entries = new Int32Array(takes * this.perTake).fill(NONE);
    this.table = newPairTable(this.countPossible());
  }

  clipAt(row: number, seed: number, column: number): number {
    return this.clips[this.cell(row, seed, column)]!;
  }

  /** Columns of a row and seed that have a clip, in order. */
  columnsOf(row: number, seed: number): number[] {
    const found = [];
    for (let column = 0; column < this.grid.columns.length; column++)
      if (this.clipAt(row, seed, column) !== NONE) found.push(column);
    return found;
  }

  /**
   * Wanted pairs of columns of one row and seed, earlier first. `usable` leaves clips out: the neighbours of one
   * that is left out are adjacent then.
   */
  wanted(row: number, seed: number, usable: (clip: number) => boolean = () => true): [number, number][] {
    const columns = this.columnsOf(row, seed).filter((c) => usable(this.clipAt(row, seed, c)));
    if (this.pairing === 'adjacent') return columns.slice(1).map((c, i) => [columns[i]!, c]);
    if (this.pairing === 'baseline') {
      if (!columns.includes(this.baseline)) return [];
      return columns.filter((c) => c !== this.baseline).map((c) => order(c, this.baseline));
    }
    return columns.flatMap((later, i) => columns.slice(0, i).map((e): [number, number] => [e, later]));
  }

  /** Entry of the table, or -1. */
  entryOf(row: number, seed: number, earlier: number, later: number): number {
    return this.entries[this.entry(row, seed, earlier, later)]!;
  }

  has(row: number, seed: number, earlier: number, later: number): boolean {
    return this.entryOf(row, seed, earlier, later) !== NONE;
  }

  /**
   * Makes room in the table for what is known of two clips of one row and seed. The caller fills in the calls.
   * Undefined where it is known already, or no pair of this grid. `turned`: B is the earlier clip.
   */
  claim(clipA: number, clipB: number): { entry: number; turned: boolean } | undefined {
    const [a, b] = [this.grid.clips[clipA]!, this.grid.clips[clipB]!];
    if (a.row !== b.row || a.seed !== b.seed || a.column === b.column) return undefined;
    const [earlier, later] = order(a.column, b.column);
    const at = this.entry(a.row, a.seed, earlier, later);
    if (this.entries[at] !== NONE) return undefined;
    const entry = (this.entries[at] = this.table.count++);
    this.table.row[entry] = a.row;
    this.table.seed[entry] = a.seed;
    this.table.earlier[entry] = earlier;
    this.table.later[entry] = later;
    return { entry, turned: a.column > b.column };
  }

  /** All pairs of the grid: more than wanted may be known. */
  private countPossible(): number {
    let count = 0;
    for (let row = 0; row < this.grid.rows.length; row++)
      for (let seed = 0; seed < this.grid.seeds.length; seed++) {
        const n = this.columnsOf(row, seed).length;
        count += (n * Math.max(0, n - 1)) / 2;
      }
    return count;
  }

  private cell(row: number, seed: number, column: number): number {
    return (row * this.grid.seeds.length + seed) * this.grid.columns.length + column;
  }

  private entry(row: number, seed: number, earlier: number, later: number): number {
    return (row * this.grid.seeds.length + seed) * this.perTake + (later * (later - 1)) / 2 + earlier;
  }
}

function order(x: number, y: number): [number, number] {
  return x < y ? [x, y] : [y, x];
}
