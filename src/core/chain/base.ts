import { DIMENSIONS } from '../rubric';
import type { SaidCall } from './answer';
import { NAMES, type Order } from './names';
import { choiceOf } from './said';
import { BASE_CALL_IDS, type CallId } from './wanted';

const VERDICT = `(?:clip\\s+|video\\s+)?(${NAMES.first}|${NAMES.second}|tie)(?![\\wÀ-ɏ])`;
const LABELS = new Map<string, CallId>([
  ['overall', 'overall'],
  ...DIMENSIONS.flatMap(({ id, name }) => [
    [id.toLowerCase(), id] as const,
    [name.toLowerCase(), id] as const,
  ]),
]);
/** "overall: P", `"VA": "tie"`, "**Visual Fidelity** = Q". */
const LABELLED = new RegExp(
  `(?<![\\wÀ-ɏ])(${[...LABELS.keys()].join('|')})["'*_\`]*\\s*(?:\\([A-Z]+\\))?["'*_\`]*\\s*[:=-]?[\\s"'*_\`]*${VERDICT}`,
  'gi',
);
const WORD = new RegExp(`(?<![\\wÀ-ɏ])${VERDICT}`, 'gi');
/** Nothing but verdicts and what may stand between words. */
const BARE = new RegExp(`^(?:[^\\wÀ-ɏ]*${VERDICT}){1,${BASE_CALL_IDS.length}}[^\\wÀ-ɏ]*$`, 'i');

/** Of an answer of a few words, so much is looked at (UTF-16 units from where the thinking ends). */
const MOST_TEXT = 2000;

/** Where the answer itself begins, after what a model thought aloud; undefined where it thought to the end. */
function beginning(text: string): number | undefined {
  const end = text.lastIndexOf('</think>');
  if (end >= 0) return end + '</think>'.length;
  return text.trimStart().startsWith('<think>') ? undefined : 0;
}

/** The verdicts of an answer in base mode: four words in their order, or words with labels. */
export function readBase(text: string, order: Order): Map<CallId, SaidCall> {
  const from = beginning(text);
  const calls = new Map<CallId, SaidCall>();
  if (from === undefined) return calls;
  const answer = text.slice(from, from + MOST_TEXT);
  const keep = (id: CallId, word: string, at: number) => {
    const choice = choiceOf({ kind: 'scalar', value: word, at }, order);
    if (choice && !calls.has(id)) calls.set(id, { id, choice, at });
  };
  for (const m of answer.matchAll(LABELLED))
    keep(LABELS.get(m[1]!.toLowerCase())!, m[2]!, from + m.index + m[0].length - m[2]!.length);
  if (calls.size > 0 || !BARE.test(answer)) return calls;
  [...answer.matchAll(WORD)].forEach((m, i) =>
    keep(BASE_CALL_IDS[i]!, m[1]!, from + m.index + m[0].length - m[1]!.length),
  );
  return calls;
}
