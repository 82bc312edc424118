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
const HEAD = new RegExp(`^${BAR} ([AB]) first \\(${NAMES.first} is [AB], ${NAMES.second} is [AB]\\)`, 'gm');

const head = (first: Side) =>
  `${BAR} ${first} first (${NAMES.first} is ${first}, ${NAMES.second} is ${otherSide(first)})`;

/** The answers of a judgement one after the other, each under a line that says what was asked; no answer can imitate one. */
export function transcript(utterances: readonly Utterance[]): string {
  return utterances
    .map(({ first, sample, seed, again, text }) => {
      const kept = text.length > MOST_KEPT ? `${text.slice(0, MOST_KEPT)}\n(cut here)` : text;
      const said = kept
        .replace(/\r\n?|[\u2028\u2029]/g, '\n')
        .replace(new RegExp(`^${BAR}`, 'gm'), ` ${BAR}`);
      return `${head(first)}, sample ${sample}, seed ${seed}${again ? ', asked again' : ''} ${BAR}\n${said}`;
    })
    .join('\n\n');
}

/** The same for the pair with its sides swapped: what the model said stays, whom its names mean changes. */
export function mirrorTranscript(text: string): string {
  return text.replace(HEAD, (_, first: Side) => head(otherSide(first)));
}
