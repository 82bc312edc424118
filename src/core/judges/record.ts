import type { Choice } from '../pair';
import { NOT_JUDGED, type Called } from '../sweep/table';
import type { JudgeInfo } from '../verdict';
import { scoreOfWinner, type Score } from '../verdictRule';

/** Clips have numbers below this, so that two of them make one number. */
const CLIPS = 2 ** 26;

/** Two clips, whichever is called A: the lower number first. */
export type Pair = number;

/** Where a pair stands; `turned`: its A is the second clip of the {@link Pair}. */
export interface Place {
  pair: Pair;
  turned: boolean;
}

export function clipsOf(pair: Pair): [number, number] {
  return [Math.floor(pair / CLIPS), pair % CLIPS];
}

/**
 * The calls by {@link SERIES} in two bits each: 1 + score, which is 1 where the first clip of the pair is better, or
 * 1 + {@link NOT_JUDGED}.
 */
type Calls = number;

/** What a judge said of a pair last. */
interface Said {
  at: number;
  calls: Calls;
}

/** A verdict in both orders: which sides the answers were for, as they were shown. */
export interface OrdersSaid {
  at: number;
  consistent: boolean;
  /** Answers, of two, for the clip shown first, and for the one shown second. */
  first: number;
  second: number;
}

export type JudgeName = Pick<JudgeInfo, 'name' | 'version' | 'kind' | 'capabilities'>;

/** What was said, of each pair the latest. */
interface Sayings {
  readonly pairs: Map<Pair, Said>;
  /** Of verdicts that were asked in both orders, and answered in both. */
  readonly orders: Map<Pair, OrdersSaid>;
}

/** All that one judge said. */
export class Judged implements Sayings {
  /** As its latest verdict has it; a line of a sweep knows the hash alone. */
  name: (JudgeName & { at: number }) | undefined;
  readonly pairs = new Map<Pair, Said>();
  readonly orders = new Map<Pair, OrdersSaid>();
  /** Of a judge that reads prompts, by the key of what it was told, which is empty for none. */
  readonly told = new Map<string, Sayings>();

  constructor(readonly hash: string) {}

  get readsPrompts(): boolean {
    return this.told.size > 0;
  }

  /** What it said under a prompt; undefined: it reads none, or the record does not say. */
  under(prompt: string | undefined): Sayings {
    if (prompt === undefined) return this;
    let sayings = this.told.get(prompt);
    if (!sayings) this.told.set(prompt, (sayings = { pairs: new Map(), orders: new Map() }));
    return sayings;
  }

  /** Of one series, 1 where the first clip of the pair is better; null where that was not judged. */
  score(pair: Pair, series: number): Score | null {
    const said = this.pairs.get(pair);
    const called = said ? ((((said.calls >> (2 * series)) & 3) - 1) as Called) : NOT_JUDGED;
    return called === NOT_JUDGED ? null : called;
  }
}

/** What judges said of pairs, by the clips' content. It may be told in any order: the latest word on a pair counts. */
export class JudgesRecord {
  private readonly clips = new Map<string, number>();
  private readonly known = new Map<string, Judged>();

  get judges(): Judged[] {
    return [...this.known.values()];
  }

  /** Undefined for a clip beside itself: nothing tells its sides apart. */
  place(a: string, b: string): Place | undefined {
    if (a === b) return undefined;
    const [first, second] = [this.clip(a), this.clip(b)];
    const turned = first > second;
    return { pair: turned ? second * CLIPS + first : first * CLIPS + second, turned };
  }

  judge(hash: string): Judged {
    let judged = this.known.get(hash);
    if (!judged) this.known.set(hash, (judged = new Judged(hash)));
    return judged;
  }

  /**
   * @param scores by {@link SERIES}, 1 where A is better, or {@link NOT_JUDGED}
   * @param at milliseconds, of two alike the later told counts
   * @param prompt of a judge that reads it, see {@link Judged.under}
   */
  add(
    { hash }: Pick<Judged, 'hash'>,
    { pair, turned }: Place,
    at: number,
    scores: readonly Called[],
    prompt?: string,
  ): void {
    const { pairs } = this.judge(hash).under(prompt);
    if ((pairs.get(pair)?.at ?? -Infinity) > at) return;
    const ofFirst = (score: Called) => (turned && score !== NOT_JUDGED ? 0 - score : score);
    const calls = scores.reduce<number>((sum, score, s) => sum | ((ofFirst(score) + 1) << (2 * s)), 0);
    pairs.set(pair, { at, calls });
  }

  private clip(hash: string): number {
    let clip = this.clips.get(hash);
    if (clip === undefined) this.clips.set(hash, (clip = this.clips.size));
    return clip;
  }
}

/** Answers in both orders, each in terms of the verdict's own A and B: A is shown first in the one, B in the other. */
export function ordersSaid(at: number, ab: Choice, ba: Choice): OrdersSaid {
  const count = (...hits: boolean[]) => hits.filter(Boolean).length;
  return {
    ...{ at, consistent: ab === ba },
    first: count(ab === 'A', ba === 'B'),
    second: count(ab === 'B', ba === 'A'),
  };
}

/** A choice between A and B as a score for the first clip of the pair. */
export function scoreAt(choice: Choice, { turned }: Place): Score {
  const score = scoreOfWinner(choice);
  return (turned ? 0 - score : score) as Score;
}
