import { problem, type ProblemError } from '../../problem';
import { csvRows } from '../csv';
import type { Row, SourceRow } from './layout';

/** The rows of a text: a JSON list, a JSON object of named entries, JSON Lines or CSV, by how it begins. */
export function rowsOfText(name: string, text: string): SourceRow[] {
  const begins = /^\uFEFF?\s*(\S)/.exec(text)?.[1];
  if (text.startsWith('version https://git-lfs'))
    throw unreadable(
      `"${name}" is only a pointer to a file that Git LFS keeps: run git lfs pull where it lies.`,
    );
  if (begins === '[' || begins === '{') return jsonRows(name, text.replace(/^\uFEFF/, ''));
  return csvRows(text).map(({ row, line, problem: wrong }) => {
    const source = { at: `line ${line}`, row };
    return wrong === undefined ? source : { ...source, problem: wrong };
  });
}

export function* rowsOfTable(rows: Iterable<Row>): Generator<SourceRow> {
  let number = 0;
  for (const row of rows) yield { at: `row ${++number}`, row };
}

function jsonRows(name: string, text: string): SourceRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const lines = jsonLines(text);
    if (lines) return lines;
    throw unreadable(`"${name}" is not valid JSON: ${(error as Error).message}.`);
  }
  if (Array.isArray(value)) return value.map((entry, i) => entryRow(`entry ${i + 1}`, entry));
  const entries = Object.entries(value as Record<string, unknown>);
  // JSON Lines of a single line are valid JSON: such an object holds the row itself, not rows.
  if (!entries.some(([, entry]) => isObject(entry) && !Array.isArray(entry)))
    return [entryRow('line 1', value)];
  return entries.map(([key, entry]) => entryRow(`"${key}"`, entry));
}

/** Undefined where no second line begins an object too: then it is not JSON Lines but broken JSON. */
function jsonLines(text: string): SourceRow[] | undefined {
  const lines = text.split(/\r?\n/);
  const rows = lines.flatMap((line, i) => (line.trim() === '' ? [] : [lineRow(`line ${i + 1}`, line)]));
  return rows.some(({ problem: wrong }) => wrong === undefined) ? rows : undefined;
}

function lineRow(at: string, line: string): SourceRow {
  try {
    return entryRow(at, JSON.parse(line));
  } catch {
    return { at, row: {}, problem: 'it is not valid JSON' };
  }
}

const entryRow = (at: string, entry: unknown): SourceRow =>
  isObject(entry) && !Array.isArray(entry) ? { at, row: entry } : { at, row: {}, problem: 'it is no object' };

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null;

export const unreadable = (sentence: string): ProblemError => problem('unreadable', sentence);
