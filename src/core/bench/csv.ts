/** One record of a CSV file by the names of the first line. */
export interface CsvRow {
  row: Record<string, string>;
  /** Line of the file on which it begins, counted from 1. */
  line: number;
  /** Why its fields cannot be trusted to stand under their names. */
  problem?: string;
}

/**
 * The records of a CSV file as RFC 4180 has it, with or without a byte order mark, with any line ends. Empty lines
 * are passed over. A quotation mark inside a field that does not begin with one is a character like any other.
 */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let header: string[] | undefined;
  for (const { fields, line, closed } of records(text)) {
    if (!header) {
      header = fields.map((name) => name.trim());
      continue;
    }
    const row = Object.fromEntries(header.map((name, i) => [name, fields[i] ?? '']));
    const problem = problemOf(fields.length, header.length, closed);
    rows.push(problem === undefined ? { row, line } : { row, line, problem });
  }
  return rows;
}

function problemOf(fields: number, names: number, closed: boolean): string | undefined {
  if (!closed) return 'a quotation mark is never closed';
  return fields === names ? undefined : `it has ${fields} fields, the first line ${names}`;
}

interface Fields {
  fields: string[];
  line: number;
  closed: boolean;
}

function* records(text: string): Generator<Fields> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = at;
    const fields: string[] = [];
    let closed = true;
    for (let more = true; more;) {
      const field = fieldAt(text, at);
      fields.push(field.value);
      closed &&= field.closed;
      more = text[field.end] === ',';
      at = more ? field.end + 1 : field.end;
    }
    if (at > start) yield { fields, line, closed };
    // Of \r\n the second is an empty line of its own here, which is passed over.
    at++;
    line += lineEnds(text, start, at);
  }
}

function fieldAt(text: string, from: number): { value: string; end: number; closed: boolean } {
  if (text[from] !== '"') {
    const end = plainEnd(text, from);
    return { value: text.slice(from, end), end, closed: true };
  }
  let value = '';
  for (let at = from + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { value: value + text.slice(at), end: text.length, closed: false };
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const end = plainEnd(text, quote + 1);
      return { value: value + text.slice(quote + 1, end), end, closed: true };
    }
    value += '"';
    at = quote + 2;
  }
}

function plainEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < Math.min(to, text.length); at++)
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count++;
  return count;
}
