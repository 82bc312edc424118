import { mirrorWords } from './chain/spoken';
import { mirrorTranscript } from './chain/transcript';
import { mirrorConcepts, type PairConcepts } from './concepts';
import { mirrorChoice, otherSide } from './pair';
import { DIMENSION_IDS } from './rubric';
import type { Call, CriterionVerdict, Evidence, Orders, Probabilities, Verdict } from './verdict';

export function mirrorProbabilities(p: Probabilities): Probabilities {
  return { a: p.b, tie: p.tie, b: p.a };
}

function mirrorCall<T extends Call>(call: T): T {
  return { ...call, winner: mirrorChoice(call.winner), p: mirrorProbabilities(call.p) };
}

function mirrorEvidence(e: Evidence): Evidence {
  const { a, b, ...rest } = e;
  return {
    ...rest,
    side: e.side === 'both' ? 'both' : otherSide(e.side),
    ...(b === undefined ? {} : { a: b }),
    ...(a === undefined ? {} : { b: a }),
  };
}

function mirrorOrders(orders: Orders): Orders {
  if (orders.mode === 'symmetric') return orders;
  const { ab, ba, unanswered } = orders;
  const swapped = { ...orders, ab: mirrorChoice(ba), ba: mirrorChoice(ab) };
  return unanswered ? { ...swapped, unanswered: unanswered === 'ab' ? 'ba' : 'ab' } : swapped;
}

/** Words a criterion's reason anew: reasons name the sides. */
export type Reword = (criterion: CriterionVerdict, concepts: PairConcepts | undefined) => string;

/** The same criterion with the sides swapped. */
export function mirrorCriterion(
  c: CriterionVerdict,
  reword: Reword,
  concepts?: PairConcepts,
): CriterionVerdict {
  const mirrored: CriterionVerdict = {
    ...c,
    score: c.score === null ? null : ((0 - c.score) as -1 | 0 | 1),
    ...(c.p ? { p: mirrorProbabilities(c.p) } : {}),
    ...(c.words === undefined ? {} : { words: mirrorWords(c.words) }),
    evidence: c.evidence.map(mirrorEvidence),
  };
  return { ...mirrored, reason: reword(mirrored, concepts) };
}

/**
 * The same verdict with the sides swapped. Reasons name sides in words, so they are made again by `reword`.
 */
export function mirrorVerdict(v: Verdict, reword: Reword): Verdict {
  const concepts = v.concepts && mirrorConcepts(v.concepts);
  const dimensions = Object.fromEntries(DIMENSION_IDS.map((d) => [d, mirrorCall(v.dimensions[d])]));
  return {
    ...v,
    a: v.b,
    b: v.a,
    overall: mirrorCall(v.overall),
    dimensions: dimensions as Verdict['dimensions'],
    criteria: v.criteria.map((c) => mirrorCriterion(c, reword, concepts)),
    ...(concepts ? { concepts } : {}),
    orders: mirrorOrders(v.orders),
    ...(v.raw === undefined ? {} : { raw: mirrorTranscript(v.raw) }),
  };
}
