import { otherSide, type Side } from '../pair';
import { NAMES } from './names';

/** One answer as the model gave it. */
export interface Utterance {
  /** The side that it was shown first. */
  first: Side;
  /** From 1. */
  sample: number;
  /** Of the order of the criteria. */
  seed: number;
  /** The answer to being asked again. */
  again: boolean;
  text: string;
}

/** Of one answer, so much is kept (UTF-16 units). */
const MOST_KEPT = 60_000;
const BAR = '===';
const CUT = '\n(cut here)';
const HEAD = new RegExp(`^${BAR} ([AB]) first \\(${NAMES.first} is [AB], ${NAMES.second} is [AB]\\)`, 'gm');
/** A whole head; what follows it, up to the next one, is one answer. */
const WHOLE_HEAD = new RegExp(
  `^${BAR} ([AB]) first \\(${NAMES.first} is [AB], ${NAMES.second} is [AB]\\), sample (\\d{1,6}), seed (\\d{1,12})(, asked again)? ${BAR}$`,
  'gm',
);

const head = (first: Side) =>
  `${BAR} ${first} first (${NAMES.first} is ${first}, ${NAMES.second} is ${otherSide(first)})`;

/** The answers of a judgement one after the other, each under a line that says what was asked; no answer can imitate one. */
export function transcript(utterances: readonly Utterance[]): string {
  return utterances
    .map(({ first, sample, seed, again, text }) => {
      const kept = text.length > MOST_KEPT ? `${text.slice(0, MOST_KEPT)}${CUT}` : text;
      const said = kept
        .replace(/\r\n?|[\u2028\u2029]/g, '\n')
        .replace(new RegExp(`^${BAR}`, 'gm'), ` ${BAR}`);
      return `${head(first)}, sample ${sample}, seed ${seed}${again ? ', asked again' : ''} ${BAR}\n${said}`;
    })
    .join('\n\n');
}

/** The heads of a transcript and what stands between them, in order: all of its text, but for the lines between. */
export function transcriptParts(text: string): { head: string; said: string }[] {
  const heads = [...text.matchAll(WHOLE_HEAD)];
  const before = text.slice(0, heads[0]?.index ?? text.length);
  const parts = heads.map((m, i) => {
    const from = m.index + m[0].length + 1;
    const next = heads[i + 1]?.index;
    return { head: m[0], said: text.slice(from, next === undefined ? undefined : next - 2) };
  });
  return before === '' ? parts : [{ head: '', said: before }, ...parts];
}

/** The answers of a transcript; what does not stand under a head is none. */
export function utterancesOf(text: string): Utterance[] {
  return transcriptParts(text).flatMap(({ head: line, said }) => {
    const m = [...line.matchAll(WHOLE_HEAD)][0];
    if (!m) return [];
    return {
      first: m[1] as Side,
      sample: Number(m[2]),
      seed: Number(m[3]),
      again: m[4] !== undefined,
      text: said.endsWith(CUT) ? said.slice(0, -CUT.length) : said,
    };
  });
}

/** The same for the pair with its sides swapped: what the model said stays, whom its names mean changes. */
export function mirrorTranscript(text: string): string {
  return text.replace(HEAD, (_, first: Side) => head(otherSide(first)));
}
