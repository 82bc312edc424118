import { plainLine } from './markdown';
import type { Choice } from './pair';
import type { CriterionVerdict, Verdict } from './verdict';
import {
  callRows,
  clipFacts,
  criterionName,
  describedClips,
  judgeText,
  ordersText,
  runSentences,
  scoreMark,
  tookText,
  voteChoices,
  voteConditions,
  voteForSides,
  whenText,
} from './verdictFacts';
import type { Vote } from './vote';

export interface TextOptions {
  /** Columns; lines of reasons are wrapped to it. */
  width?: number;
  /** ANSI colours: A blue, B yellow, beside the letters that say the same. */
  color?: boolean;
  vote?: Vote | undefined;
}

type Paint = (text: string, as: Choice | 'bold' | 'dim') => string;

const CODES = { A: '34', B: '33', tie: '2', bold: '1', dim: '2' } as const;

const paintWith =
  (color: boolean): Paint =>
  (text, as) =>
    color ? `\u001b[${CODES[as]}m${text}\u001b[0m` : text;

/** Breaks text at spaces into lines of at most `width` columns; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const NAME_WIDTH = 24;
const CALL_WIDTH = 12;

function criterionLines(c: CriterionVerdict, width: number, paint: Paint): string[] {
  const mark = scoreMark(c);
  const as = mark === 'A' || mark === 'B' ? mark : 'dim';
  const when = whenText(c);
  const head = `  ${paint(mark, as)} ${criterionName(c).padEnd(NAME_WIDTH)}${when === '–' ? '' : paint(when, 'dim')}`;
  return [head.trimEnd(), ...wrap(plainLine(c.reason), Math.max(20, width - 4)).map((line) => `    ${line}`)];
}

function voteLines(vote: Vote): string[] {
  const who = `Vote of ${plainLine(vote.by)}, ${plainLine(vote.at)} (${voteConditions(vote)})`;
  const note = vote.note ? [`  Note: ${plainLine(vote.note)}`] : [];
  return ['', who, ...voteChoices(vote).map((c) => `  ${c}`), ...note];
}

/** A verdict for a terminal: the facts of the Markdown, without its marks. */
export function verdictText(v: Verdict, options: TextOptions = {}): string {
  const { width = 80, color = false } = options;
  const paint = paintWith(color);
  const vote = voteForSides(v, options.vote);
  const calls = callRows(v).map(
    ({ id, name, winner, words, odds }) =>
      `${paint(name.padEnd(NAME_WIDTH), id === 'overall' ? 'bold' : 'dim')}${paint(words.padEnd(CALL_WIDTH), winner ?? 'dim')}${odds}`,
  );
  const took = tookText(v);
  const lines = [
    `${paint('A', 'A')}  ${plainLine(v.a.path)}  (${clipFacts(v.a)})`,
    `${paint('B', 'B')}  ${plainLine(v.b.path)}  (${clipFacts(v.b)})`,
    ...(v.prompt === undefined ? [] : wrap(`Prompt: ${plainLine(v.prompt)}`, width)),
    '',
    ...calls,
    '',
    ...v.criteria.flatMap((c) => criterionLines(c, width, paint)),
    '',
    ...describedClips(v).flatMap(({ side, words, accuracy }) =>
      wrap(`${side}, as the judge describes it: ${plainLine(`${words} (measured: ${accuracy})`)}`, width),
    ),
    ...wrap(`Judge: ${plainLine(judgeText(v))}; ${ordersText(v.orders)}.`, width),
    `Judged ${plainLine(v.at)}${took === '' ? '' : ` in ${took}`}.`,
    ...runSentences(v).flatMap((sentence) => wrap(plainLine(sentence), width)),
    ...(vote ? voteLines(vote) : []),
  ];
  return `${lines.join('\n')}\n`;
}
