import type { SweepDocument } from '../document';
import { CRITERION_IDS } from '../../rubric';
import { SERIES, type Called, type PairTable, type Series } from '../table';

export type Sign = -1 | 0 | 1;

/** Index of the clip in a cell of the grid; undefined for a hole. */
export function clipFinder({ grid }: SweepDocument) {
  const key = (column: number, row: number, seed: number) =>
    (row * grid.seeds.length + seed) * grid.columns.length + column;
  const byCell = new Map(grid.clips.map((c, index) => [key(c.column, c.row, c.seed), index]));
  return (column: number, row: number, seed: number) => byCell.get(key(column, row, seed));
}

/** Of the later column, or that it was not judged. */
export function calledIn(table: PairTable, pair: number, series: Series): Called {
  return table.winner[pair * SERIES.length + SERIES.indexOf(series)] as Called;
}

/** Rounded: more digits than four say nothing. 0 where not judged. */
export function marginOf(table: PairTable, pair: number, series: Series): number {
  const margin = table.margin[pair * SERIES.length + SERIES.indexOf(series)]!;
  return Number.isFinite(margin) ? Math.round(margin * 1e4) / 1e4 + 0 : 0;
}

const CODES = '-=+.';

/** The fifteen criteria in the rubric's order, one character each: `+` better, `-` worse, `=` tie, `.` not judged. */
export function criteriaText(table: PairTable, pair: number): string {
  let text = '';
  for (let i = 0; i < CRITERION_IDS.length; i++)
    text += CODES[table.criteria[pair * CRITERION_IDS.length + i]! + 1] ?? '.';
  return text;
}

/** The number behind one character of {@link criteriaText}; undefined for any other character. */
export function criterionCode(character: string): number | undefined {
  const at = CODES.indexOf(character);
  return character.length !== 1 || at < 0 ? undefined : at - 1;
}

/** One object as one line, also for readers that break lines where Unicode does (NEL, U+2028, U+2029). */
export function jsonLine(value: unknown): string {
  const code = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value).replace(/[\u0085\u2028\u2029]/g, code)}\n`;
}

/** Joins many small texts into pieces that are worth a write, about 64 kB each. */
export function* inChunks(parts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const part of parts) {
    chunk += part;
    if (chunk.length >= 65_536) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
