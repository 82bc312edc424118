import { otherSide, type Side } from '../../../src/core/pair';
import type { Evidence, Verdict } from '../../../src/core/verdict';
import type { KnownPair } from './pairs';

/** What one reason got right of what is known of its pair. */
export interface Mark {
  /** The criterion's score is for the side that is whole. */
  side: boolean;
  /** The words name the damaged side as the worse one. */
  words: boolean;
  /** The places that it names are where the damage is. */
  moment: boolean;
  /** The reason names side and moment, whatever the score: a tie is told with what differs all the same. */
  named: boolean;
  /** All of it: score, words and moment. */
  right: boolean;
  /** Of the criteria that the damage leaves alone: how many there are, and of how many the judge takes or leans to a side. */
  untouched: number;
  blamed: number;
}

/** A place this near to the damage still shows it: as long as the shortest place that is named, seconds. */
const NEAR = 0.15;

const LEANING = /\bThe judge leans to ([AB])\b/;

/**
 * The side that a reason calls worse. A fault is told of the first side it names ("B loses edge detail"), a
 * preference names the better one ("The judge favours A here"), and so does a tie that leans.
 */
export function worseInWords(reason: string): Side | undefined {
  const [, leaning] = LEANING.exec(reason) ?? [];
  if (leaning) return otherSide(leaning as Side);
  const [, better] = /^The judge (?:slightly )?(?:favours|prefers) ([AB])\b/.exec(reason) ?? [];
  if (better) return otherSide(better as Side);
  const [, though] = /^Called a tie, though (.*)$/s.exec(reason) ?? [];
  if (though) return /^the .* differs\b/.test(though) ? undefined : worseInWords(though);
  if (/^(?:The judge|This judge|Called a tie|A tie|Both|Neither)\b/.test(reason)) return undefined;
  return /\b([AB])\b/.exec(reason)?.[1] as Side | undefined;
}

/**
 * Whether the places of the measure that a reason opens with show the damage: half of them or more have their middle
 * in the damaged time (or within 0.15 s of it), or share half of the time that they and the damage take together.
 * Where the whole clip is damaged, any place does. A place that speaks against the damaged side's being worse does not,
 * nor does a reason without any place.
 */
export function showsDamage(evidence: readonly Evidence[], { side, from, to }: KnownPair): boolean {
  const spoken = evidence.filter((e) => e.side !== otherSide(side));
  const opening = spoken.filter((e) => e.measure === spoken[0]?.measure);
  if (opening.length === 0) return false;
  if (from === undefined || to === undefined) return true;
  const hits = opening.filter((e) => !e.whole && isAt(e, from, to));
  return hits.length * 2 >= opening.length;
}

function isAt({ start, end }: Evidence, from: number, to: number): boolean {
  const middle = (start + end) / 2;
  if (middle >= from - NEAR && middle <= to + NEAR) return true;
  const both = Math.max(0, Math.min(end, to) - Math.max(start, from));
  return both / (Math.max(end, to) - Math.min(start, from)) >= 0.5;
}

export function markOf(verdict: Verdict, pair: KnownPair): Mark {
  const { damage } = pair;
  const c = verdict.criteria.find(({ id }) => id === damage.worse)!;
  const side = c.score === (pair.side === 'B' ? 1 : -1);
  const words = worseInWords(c.reason) === pair.side;
  const moment = showsDamage(c.evidence, pair);
  const alone = verdict.criteria.filter(
    ({ id, status }) => status === 'judged' && id !== damage.worse && !damage.unclear.includes(id),
  );
  const blamed = alone.filter(({ score, reason }) => score !== 0 || LEANING.test(reason)).length;
  return {
    side,
    words,
    moment,
    named: words && moment,
    right: side && words && moment,
    untouched: alone.length,
    blamed,
  };
}
