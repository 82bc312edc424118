import type { Choice } from '../pair';
import { winnerOf, type Probabilities } from '../verdict';
import { mirrorProbabilities } from '../verdictMirror';
import type { ChatAnswer, ChatToken } from './chat';
import { NAMES, type Order } from './names';

/**
 * How far answers agree, as probabilities: their shares, with one imaginary answer spread evenly. So one answer is
 * 0.67 sure of itself, three that agree 0.83, and none ever 1.
 */
export function agreement(choices: readonly Choice[]): Probabilities {
  const share = (choice: Choice) =>
    (choices.filter((c) => c === choice).length + 1 / 3) / (choices.length + 1);
  return { a: share('A'), tie: share('tie'), b: share('B') };
}

export function meanProbabilities(list: readonly Probabilities[]): Probabilities {
  const mean = (of: (p: Probabilities) => number) => list.reduce((sum, p) => sum + of(p), 0) / list.length;
  return { a: mean((p) => p.a), tie: mean((p) => p.tie), b: mean((p) => p.b) };
}

/** Under this share of a token's known alternatives, its verdicts say too little. */
const LEAST_MASS = 0.5;

type Meaning = keyof Probabilities;

/** Which verdict's word a token begins or is, whatever stands around its letters. */
function wordMeaning(token: string): Meaning | undefined {
  const word = token.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (word === NAMES.first.toLowerCase()) return 'a';
  if (word === NAMES.second.toLowerCase()) return 'b';
  return word !== '' && 'tie'.startsWith(word) ? 'tie' : undefined;
}

/** The same of a score; "-" begins one of -1. */
function scoreMeaning(token: string): Meaning | undefined {
  const score = token.replace(/[−–]/g, '-').replace(/[^\p{L}\p{N}-]/gu, '');
  if (score === '1') return 'a';
  if (score === '-' || score === '-1') return 'b';
  return score === '0' ? 'tie' : undefined;
}

const meaningOf = (token: string) => wordMeaning(token) ?? scoreMeaning(token);

/** The alternatives of a token, each once; the token itself is among them. */
function alternatives({ text, logprob, top }: ChatToken): Map<string, number> {
  const all = new Map<string, number>();
  for (const t of [{ text, logprob }, ...top]) if (!all.has(t.text)) all.set(t.text, t.logprob);
  return all;
}

/**
 * The probabilities of a verdict from the token that says it: those of all its spellings (" P", "P", "\"P") summed, and
 * made to sum to 1 without what is no verdict. Undefined where the token is none, or says too little.
 */
export function tokenProbabilities(token: ChatToken, order: Order): Probabilities | undefined {
  return meaningOf(token.text) === undefined ? undefined : shares(token, order, meaningOf);
}

/**
 * The verdict of an answer that is one token: what its probabilities say, where they are known, whatever token was
 * drawn; else what that token begins or is. Undefined where it is no verdict, or they say too little.
 */
export function oneTokenVerdict(
  { text, logprobs }: Pick<ChatAnswer, 'text' | 'logprobs'>,
  order: Order,
): { choice: Choice; p?: Probabilities } | undefined {
  const token = logprobs?.[0];
  const p = token && shares(token, order, wordMeaning);
  if (p) return { choice: winnerOf(p), p };
  const meaning = wordMeaning(text);
  if (!meaning) return undefined;
  return { choice: winnerOf(inOrder({ a: 0, tie: 0, b: 0, [meaning]: 1 }, order)) };
}

const inOrder = (p: Probabilities, { first }: Order) => (first === 'A' ? p : mirrorProbabilities(p));

function shares(
  token: ChatToken,
  order: Order,
  meaningOf: (token: string) => Meaning | undefined,
): Probabilities | undefined {
  const sums = { a: 0, tie: 0, b: 0 };
  let all = 0;
  for (const [text, logprob] of alternatives(token)) {
    const p = Math.exp(Math.min(0, logprob));
    if (!Number.isFinite(p)) continue;
    all += p;
    const meaning = meaningOf(text);
    if (meaning) sums[meaning] += p;
  }
  const mass = sums.a + sums.tie + sums.b;
  if (!(mass > 0) || mass < LEAST_MASS * all) return undefined;
  return inOrder({ a: sums.a / mass, tie: sums.tie / mass, b: sums.b / mass }, order);
}

/** What a character becomes whose bytes stand in several tokens. */
const SPLIT = '\ufffd';
/** Longest stretch of an answer that split characters may stand for, in UTF-16 units. */
const MOST_SPLIT = 16;

/** Finds the token at a place in an answer's text; finds none where tokens and text do not match. */
export class TokenFinder {
  private readonly tokens: readonly ChatToken[];
  /** Where each token begins in the answer's text; undefined where that is not known. */
  private readonly places: readonly (number | undefined)[];

  constructor({ text, logprobs }: Pick<ChatAnswer, 'text' | 'logprobs'>) {
    this.tokens = logprobs ?? [];
    this.places = text === '' ? [] : (inOnePiece(this.tokens, text) ?? fromTheEnd(this.tokens, text));
  }

  at(place: number): ChatToken | undefined {
    const index = this.places.findLastIndex((begins) => begins !== undefined && begins <= place);
    const token = this.tokens[index];
    return token && place < (this.places[index] ?? 0) + token.text.length ? token : undefined;
  }
}

/** Where the answer is a part of what the tokens say: before it, a server may have taken thoughts away. */
function inOnePiece(tokens: readonly ChatToken[], text: string): number[] | undefined {
  const shift = tokens
    .map((t) => t.text)
    .join('')
    .lastIndexOf(text);
  if (shift < 0) return undefined;
  let end = -shift;
  return tokens.map((t) => (end += t.text.length) - t.text.length);
}

/** Where characters are split over tokens: from the last token to the first, as far as what lies between is short. */
function fromTheEnd(tokens: readonly ChatToken[], text: string): (number | undefined)[] {
  const places = new Array<number | undefined>(tokens.length).fill(undefined);
  if (!tokens.some((t) => t.text.includes(SPLIT))) return places;
  let [end, gap] = [text.length, MOST_SPLIT];
  for (let i = tokens.length - 1; i >= 0 && end > 0; i--) {
    const piece = tokens[i]!.text;
    if (piece.includes(SPLIT)) gap = MOST_SPLIT;
    if (piece === '' || piece.includes(SPLIT)) continue;
    const begins = end < piece.length ? -1 : text.lastIndexOf(piece, end - piece.length);
    if (begins < 0 || begins + piece.length < end - gap) {
      // Behind the answer there may be more, such as a mark of the end.
      if (end === text.length) continue;
      break;
    }
    places[i] = begins;
    [end, gap] = [begins, 0];
  }
  return places;
}
