import { CRITERION_IDS } from '../../rubric';
import type { SweepDocument } from '../document';
import { SERIES } from '../table';
import { clipFinder, criteriaText, criterionCode, jsonLine, marginOf, signOf, type Sign } from './cells';

type Field = string | number;

/** A field as RFC 4180 has it. Text that a spreadsheet would take for a formula gets an apostrophe in front where asked. */
export function csvField(value: Field, guard: boolean): string {
  if (typeof value === 'number') return String(value);
  const text = guard && isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a spreadsheet would take the text for a formula. */
export const isFormula = (text: string) => /^[\s]*[=+\-@\t\r]/.test(text);

export function csvLine(fields: readonly Field[], guard: boolean): string {
  return `${fields.map((field) => csvField(field, guard)).join(',')}\r\n`;
}

const WINNER: Record<Sign, string> = { [-1]: 'earlier', [0]: 'tie', [1]: 'later' };
const CRITERION_WORD: Record<number, string> = { ...WINNER, 2: '' };

/** What a line says of one judged pair, in reading order. */
function* records(doc: SweepDocument) {
  const { grid, pairs } = doc;
  const clipAt = clipFinder(doc);
  for (let i = 0; i < pairs.count; i++) {
    const [row, seed] = [pairs.row[i]!, pairs.seed[i]!];
    const [earlier, later] = [pairs.earlier[i]!, pairs.later[i]!];
    const pathOf = (column: number) => grid.clips[clipAt(column, row, seed) ?? -1]?.path ?? '';
    const criteria = [...criteriaText(pairs, i)].map((c) => criterionCode(c)!);
    yield {
      pair: i,
      prompt: grid.rows[row]!.prompt ?? grid.rows[row]!.label,
      promptId: grid.rows[row]!.id,
      seed: grid.seeds[seed]!,
      earlier: grid.columns[earlier]!,
      later: grid.columns[later]!,
      earlierPath: pathOf(earlier),
      laterPath: pathOf(later),
      criteria,
    };
  }
}

/** One line per judged pair, with a header; for spreadsheets and data frames. */
export function* sweepCsv(doc: SweepDocument): Generator<string> {
  yield csvLine(
    [
      ...['prompt', 'prompt_id', 'seed', 'earlier', 'later', 'earlier_path', 'later_path'],
      ...SERIES.flatMap((s) => [`${s}_winner`, `${s}_margin`]),
      ...CRITERION_IDS,
      'judge',
    ],
    false,
  );
  const judge = `${doc.judge.id}@${doc.judge.hash.slice(0, 12)}`;
  for (const r of records(doc))
    yield csvLine(
      [
        ...[r.prompt, r.promptId, r.seed, r.earlier.label, r.later.label, r.earlierPath, r.laterPath],
        ...SERIES.flatMap((s) => [WINNER[signOf(doc.pairs, r.pair, s)], marginOf(doc.pairs, r.pair, s)]),
        ...r.criteria.map((code) => CRITERION_WORD[code]!),
        judge,
      ],
      true,
    );
}

/** The same as {@link sweepCsv}, one JSON object a line. Scores are the later column's; null where not judged. */
export function* sweepJsonl(doc: SweepDocument): Generator<string> {
  const judge = { id: doc.judge.id, hash: doc.judge.hash };
  for (const r of records(doc)) {
    const bySeries = <T>(of: (s: (typeof SERIES)[number]) => T) =>
      Object.fromEntries(SERIES.map((s) => [s, of(s)]));
    const line = {
      prompt: r.prompt,
      promptId: r.promptId,
      seed: r.seed,
      earlier: { id: r.earlier.id, label: r.earlier.label, path: r.earlierPath },
      later: { id: r.later.id, label: r.later.label, path: r.laterPath },
      winner: bySeries((s) => WINNER[signOf(doc.pairs, r.pair, s)]),
      margin: bySeries((s) => marginOf(doc.pairs, r.pair, s)),
      criteria: Object.fromEntries(
        CRITERION_IDS.map((id, i) => [id, r.criteria[i] === 2 ? null : r.criteria[i]]),
      ),
      judge,
    };
    yield jsonLine(line);
  }
}
