import { CRITERION_IDS } from '../../rubric';
import type { SweepDocument } from '../document';
import { NOT_JUDGED, SERIES, type Called, type Series } from '../table';
import { calledIn, clipFinder, criteriaText, criterionCode, jsonLine, marginOf } from './cells';

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

/** Empty where not judged. */
const WINNER: Record<number, string> = { [-1]: 'earlier', 0: 'tie', 1: 'later', [NOT_JUDGED]: '' };

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
      called: (s: Series) => calledIn(pairs, i, s),
      margin: (s: Series) => marginOf(pairs, i, s),
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
        ...SERIES.flatMap((s) => [WINNER[r.called(s)]!, r.called(s) === NOT_JUDGED ? '' : r.margin(s)]),
        ...r.criteria.map((code) => WINNER[code]!),
        judge,
      ],
      true,
    );
}

/** The same as {@link sweepCsv}, one JSON object a line. Scores are the later column's; null where not judged. */
export function* sweepJsonl(doc: SweepDocument): Generator<string> {
  const judge = { id: doc.judge.id, hash: doc.judge.hash };
  for (const r of records(doc)) {
    const bySeries = <T>(of: (called: Called, s: Series) => T) =>
      Object.fromEntries(SERIES.map((s) => [s, r.called(s) === NOT_JUDGED ? null : of(r.called(s), s)]));
    const line = {
      prompt: r.prompt,
      promptId: r.promptId,
      seed: r.seed,
      earlier: { id: r.earlier.id, label: r.earlier.label, path: r.earlierPath },
      later: { id: r.later.id, label: r.later.label, path: r.laterPath },
      winner: bySeries((called) => WINNER[called]),
      margin: bySeries((_, s) => r.margin(s)),
      criteria: Object.fromEntries(
        CRITERION_IDS.map((id, i) => [id, r.criteria[i] === NOT_JUDGED ? null : r.criteria[i]]),
      ),
      judge,
    };
    yield jsonLine(line);
  }
}
