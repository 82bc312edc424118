/** A file of the tree in which a sweep is looked for. */
export interface TreeFile {
  /** Relative to the sweep's root, with `/`. */
  path: string;
  /** Bytes. */
  size: number;
  mtimeMs: number;
}

/** `last`: a sample from after the run (`final`, `best`, `ema`), behind every number. */
export type ColumnKind = 'base' | 'step' | 'epoch' | 'name' | 'last';

/** One checkpoint, model or setting. */
export interface Column {
  /** Stable over scans, unique in the grid: what settings and exports name it by. */
  id: string;
  /** For people: "step 2000". */
  label: string;
  kind: ColumnKind;
  /** The number that orders it, where it has one. */
  value?: number;
}

/** One prompt. */
export interface Row {
  id: string;
  /** For people: the prompt as far as it is known, else "prompt 3". One line. */
  label: string;
  /** The whole text, where one was found. */
  prompt?: string;
  /** Where the text was found: a path relative to the root, or `name` for a file or folder name (which may be cut). */
  promptFrom?: string;
}

export interface GridClip extends TreeFile {
  /** Indices into the grid's columns, rows and seeds. */
  column: number;
  row: number;
  seed: number;
}

export const LEFTOVER_REASONS = ['auxiliary', 'unmatched', 'superseded', 'otherLayout'] as const;

/** A video that is in no cell: a control or preview file, a name that fits nothing, an older take of a cell. */
export interface Leftover {
  path: string;
  why: (typeof LEFTOVER_REASONS)[number];
}

/** Checkpoints x prompts x seeds, as recognised in one tree. A cell (column, row, seed) has at most one clip. */
export interface Grid {
  /** Id of the recogniser: a tool's name, `general`, or `pattern`. Unique among the grids of one tree. */
  id: string;
  /** One sentence for people: what was recognised, where. */
  title: string;
  /** A pattern that gives the same grid, where one can: the start of a correction. */
  pattern?: string;
  /** In order: base, numbers ascending, names, last. */
  columns: Column[];
  rows: Row[];
  /** At least one; `['']` where names carry no seed. */
  seeds: string[];
  /** Ordered by row, column, seed. */
  clips: GridClip[];
  leftovers: Leftover[];
  /** Sentences on what had to be assumed. */
  notes: string[];
}

/** What was found in one tree, the likeliest first; empty where no two videos have anything in common. */
export interface Recognised {
  grids: Grid[];
}

/** Smaller numbers for lists and pickers. */
export interface GridSummary {
  id: string;
  title: string;
  columns: number;
  rows: number;
  seeds: number;
  clips: number;
  holes: number;
}

/** Index of a cell in marks and the like. */
export function cellOf(grid: { columns: readonly unknown[] }, column: number, row: number): number {
  return row * grid.columns.length + column;
}

/** A cell by the ids of its column and its row: indices mean other cells once samples have come or gone. */
export interface CellIds {
  column: string;
  row: string;
}

export function idsAt({ columns, rows }: Grid, at: { column: number; row: number }): CellIds | undefined {
  const [column, row] = [columns[at.column]?.id, rows[at.row]?.id];
  return column === undefined || row === undefined ? undefined : { column, row };
}

/** Undefined where the grid has no such cell. */
export function placeOf(grid: Grid, ids: CellIds): { column: number; row: number } | undefined {
  const column = columnOf(grid, ids.column);
  const row = grid.rows.findIndex(({ id }) => id === ids.row);
  return column === undefined || row < 0 ? undefined : { column, row };
}

export function columnOf({ columns }: Grid, id: string): number | undefined {
  const column = columns.findIndex((of) => of.id === id);
  return column < 0 ? undefined : column;
}

/** Whether the columns follow each other: steps and the like do, models and settings do not. */
export function isOrdered({ columns }: { columns: readonly Column[] }): boolean {
  return columns.some(({ kind }) => kind !== 'name' && kind !== 'base');
}

/** Combinations (column, row, seed) without a clip, among the seeds that the row has in any column. */
export function holesOf(grid: Grid): { column: number; row: number; seed: number }[] {
  const has = new Set(grid.clips.map(({ column, row, seed }) => `${row}:${seed}:${column}`));
  const takes = new Set(grid.clips.map(({ row, seed }) => `${row}:${seed}`));
  const holes = [];
  for (let row = 0; row < grid.rows.length; row++)
    for (let seed = 0; seed < grid.seeds.length; seed++) {
      if (!takes.has(`${row}:${seed}`)) continue;
      for (let column = 0; column < grid.columns.length; column++)
        if (!has.has(`${row}:${seed}:${column}`)) holes.push({ column, row, seed });
    }
  return holes;
}

export function summaryOf(grid: Grid): GridSummary {
  const { id, title, columns, rows, seeds, clips } = grid;
  return {
    id,
    title,
    columns: columns.length,
    rows: rows.length,
    seeds: seeds.length,
    clips: clips.length,
    holes: holesOf(grid).length,
  };
}
