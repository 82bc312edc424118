import type { ProblemError } from '../../problem';
import type { LabelledPairs } from '../pairs';
import { PLAIN_COLUMNS, PLAIN_READS, readPlain } from '../plain';
import { Collector } from './collector';
import type { Layout, Row, SourceRow } from './layout';
import * as pairwise from './pairwise';
import { VIDEOFEEDBACK, VISIONREWARD_TRAIN } from './pointwise';
import { rowsOfTable, rowsOfText, unreadable } from './rows';
import { SWEEP_EXPORT, VIDEOALIGN, VIDEOGEN_REWARDBENCH } from './videoAlign';

/** A file of labels: its text, or, where it is a table, its columns and the rows with those of {@link columnsToRead}. */
export type PairsFile =
  { name: string; text: string } | { name: string; columns: readonly string[]; rows: Iterable<Row> };

/** The first whose columns are all there is the one: what adds columns to another stands before it. */
const LAYOUTS: readonly Layout[] = [
  ...[SWEEP_EXPORT, VIDEOGEN_REWARDBENCH, VIDEOALIGN],
  ...[pairwise.GENAI_BENCH, pairwise.GENAI_BENCH_UNIFIED, pairwise.UVE_BENCH],
  ...[pairwise.VISIONREWARD_PAIRS, VISIONREWARD_TRAIN, pairwise.MJ_BENCH_VIDEO, VIDEOFEEDBACK],
  ...[pairwise.TVGE, pairwise.T2VQA_DB, pairwise.RAPIDATA],
];

/** Rows that are looked at for the keys of a file without a header. */
const ROWS_FOR_KEYS = 20;

/**
 * The pairs of a plain file or of one in the layout of a public set, which is recognised by its columns or keys. What cannot be used is
 * left out and said in the notes, by row. Throws a problem with one sentence where no row can be read or no layout fits.
 */
export function loadPairs(file: PairsFile): LabelledPairs {
  if ('text' in file) {
    const rows = rowsOfText(file.name, file.text);
    return readAs(keysOf(file.name, rows), file.name, rows);
  }
  return readAs(file.columns, file.name, rowsOfTable(file.rows));
}

const isPlain = (columns: readonly string[]) => PLAIN_COLUMNS.every((column) => columns.includes(column));

function readAs(columns: readonly string[], name: string, rows: Iterable<SourceRow>): LabelledPairs {
  return isPlain(columns) ? readPlain(rows) : read(layoutOf(name, columns), rows);
}

function read(layout: Layout, rows: Iterable<SourceRow>): LabelledPairs {
  const out = new Collector(layout.source);
  layout.read(sound(rows, out), out);
  return out.finish();
}

/** The columns of a table that {@link loadPairs} would read; throws where no layout fits. */
export function columnsToRead(name: string, columns: readonly string[]): string[] {
  if (isPlain(columns)) return columns.filter((column) => PLAIN_READS.has(column));
  const { needs, oneOf = [], reads = [] } = layoutOf(name, columns);
  const listed = new Set([...needs, ...oneOf, ...(reads instanceof RegExp ? [] : reads)]);
  return columns.filter((column) => listed.has(column) || (reads instanceof RegExp && reads.test(column)));
}

function layoutOf(name: string, columns: readonly string[]): Layout {
  const has = new Set(columns);
  const found = LAYOUTS.find(
    ({ needs, oneOf }) => needs.every((c) => has.has(c)) && (!oneOf || oneOf.some((c) => has.has(c))),
  );
  if (!found) throw unknownLayout(name, columns);
  return found;
}

const COLUMNS_NAMED = 20;

function unknownLayout(name: string, columns: readonly string[]): ProblemError {
  const more = columns.length > COLUMNS_NAMED ? ` and ${columns.length - COLUMNS_NAMED} more` : '';
  const found = `${columns.slice(0, COLUMNS_NAMED).join(', ')}${more}`;
  const known = LAYOUTS.map(({ source, needs }) => `${source} (${someOf(needs)})`).join('; ');
  const plain = `the plain one (${PLAIN_COLUMNS.join(', ')})`;
  return unreadable(`The columns of "${name}" (${found}) fit no known layout: ${plain}; ${known}.`);
}

const someOf = (columns: readonly string[]) =>
  `${columns.slice(0, 4).join(', ')}${columns.length > 4 ? ', …' : ''}`;

function keysOf(name: string, rows: readonly SourceRow[]): string[] {
  const usable = rows.filter(({ problem: wrong }) => wrong === undefined).slice(0, ROWS_FOR_KEYS);
  // A CSV whose rows all have a wrong number of fields still has its header.
  const looked = usable.length > 0 ? usable : rows.slice(0, 1);
  const keys = new Set(looked.flatMap(({ row }) => Object.keys(row)));
  if (keys.size === 0) throw unreadable(`There are no rows in "${name}".`);
  return [...keys];
}

function* sound(rows: Iterable<SourceRow>, out: Collector): Generator<SourceRow> {
  for (const row of rows)
    if (row.problem === undefined) yield row;
    else out.leaveOut(row.at, row.problem);
}
