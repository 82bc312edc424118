import type { Cell, Collector } from './collector';

export type Row = Readonly<Record<string, unknown>>;

/** One row and how a sentence names it, as `line 7`. */
export interface SourceRow {
  at: string;
  row: Row;
  /** Why it cannot be read. */
  problem?: string;
}

/** How one public set writes its labels. */
export interface Layout {
  /** The set's name: the source of its pairs. */
  source: string;
  /** Columns, or keys, that all must be there. */
  needs: readonly string[];
  /** Where there are any, one of these must be there too. */
  oneOf?: readonly string[];
  /** Further columns that it reads where they are there. */
  reads?: readonly string[] | RegExp;
  read(rows: Iterable<SourceRow>, out: Collector): void;
}

export const cellOf = (row: Row, column: string): Cell => ({ column, value: row[column] });

/** Of a layout in which every row stands for itself. */
export function eachRow(read: (row: Row, at: string, out: Collector) => void): Layout['read'] {
  return (rows, out) => {
    for (const { row, at } of rows) read(row, at, out);
  };
}
