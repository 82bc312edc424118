import type { Told } from './chain/combine';
import type { PairConcepts } from './concepts';
import { evidenceFor, measuredPair, type MeasuredPair } from './evidence';
import type { ClipMeasures } from './measures';
import type { Choice } from './pair';
import { reasonFor } from './reasons';
import { CRITERION_IDS, DIMENSION_IDS, RUBRIC_VERSION, type CriterionId, type Dimension } from './rubric';
import {
  EVEN,
  VERDICT_FORMAT,
  winnerOf,
  type Call,
  type DimensionCall,
  type ClipRecord,
  type CriterionVerdict,
  type JudgeInfo,
  type Orders,
  type Probabilities,
  type Usage,
  type Verdict,
} from './verdict';
import { mirrorCriterion, mirrorVerdict } from './verdictMirror';

export type Score = -1 | 0 | 1;

export function callOf(p: Probabilities): Call {
  return { winner: winnerOf(p), p };
}

const dimensionCall = (p: Probabilities | undefined): DimensionCall =>
  p ? callOf(p) : { ...callOf(EVEN), unjudged: true };

export function scoreOfWinner(winner: Choice): Score {
  return winner === 'A' ? 1 : winner === 'B' ? -1 : 0;
}

export function winnerOfScore(score: Score): Choice {
  return score === 1 ? 'A' : score === -1 ? 'B' : 'tie';
}

/** Score of a criterion: the side with the largest probability; an exact draw is 0. */
export function scoreOf(p: Probabilities): Score {
  return scoreOfWinner(winnerOf(p));
}

/** Mean score up to which the plain rule calls a tie: one criterion's word of five. */
export const TIE_MEAN = 0.2;

/**
 * The plain rule for a judge that gives criteria only: the sign of the mean of the judged scores, a tie where
 * the mean is `tieMean` from 0 or nearer, or where nothing was judged.
 */
export function plainWinner(scores: readonly (Score | null)[], tieMean = TIE_MEAN): Choice {
  const judged = scores.filter((s) => s !== null);
  if (judged.length === 0) return 'tie';
  const mean = judged.reduce<number>((sum, s) => sum + s, 0) / judged.length;
  // The mean of five scores is not exact in binary; the threshold itself is a tie.
  if (Math.abs(mean) <= tieMean + 1e-9) return 'tie';
  return mean > 0 ? 'A' : 'B';
}

export interface VerdictInput {
  id: string;
  /** ISO 8601. */
  at: string;
  judge: JudgeInfo;
  device: string;
  /** Id of the frame plan. */
  plan: string;
  options: Verdict['options'];
  prompt?: string | undefined;
  a: ClipRecord;
  b: ClipRecord;
  /** One per criterion, in the rubric's order; null where the judge gave no answer. */
  criteria: readonly (Probabilities | null)[];
  /** The criteria that the judge has eyes for. */
  claimed: readonly CriterionId[];
  /** Those that were judged. */
  dimensions: Partial<Record<Dimension, Probabilities>>;
  overall: Probabilities;
  /** What the judge says of each clip, of a model that says so. */
  concepts?: PairConcepts | undefined;
  /** Evidence is found where both are given. */
  measures: { A?: ClipMeasures | undefined; B?: ClipMeasures | undefined };
  orders: Orders;
  /** Of a judge that gives reasons: its own words and places, which then stand in place of what was measured. */
  told?: Partial<Record<CriterionId, Told>> | undefined;
  calibration?: string | undefined;
  confidence?: Verdict['confidence'] | undefined;
  raw?: string | undefined;
  usage?: Usage | undefined;
  reduced?: string | undefined;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
}

function judged(
  id: CriterionId,
  p: Probabilities,
  pair: MeasuredPair | undefined,
): Omit<CriterionVerdict, 'reason'> {
  const winner = winnerOf(p);
  return {
    id,
    status: 'judged',
    score: scoreOfWinner(winner),
    p,
    evidence: pair ? evidenceFor(id, winner, pair) : [],
  };
}

const UNTOLD: Told = { words: '', evidence: [] };
const NO_REASON = 'The judge gave a score and no reason.';

/** A judge's own words of a criterion; the places are those it named, be they none. */
function toldBy({ words, evidence }: Told): Pick<CriterionVerdict, 'words' | 'evidence'> {
  return { words: words === '' ? NO_REASON : words, evidence };
}

/** A criterion as a judge of words has it so far, before the verdict is whole. */
export function criterionSoFar(id: CriterionId, p: Probabilities, told: Told = UNTOLD): CriterionVerdict {
  const record = { ...judged(id, p, undefined), ...toldBy(told) };
  return { ...record, reason: reasonFor({ ...record, reason: '' }, undefined) };
}

function criterionVerdict(
  input: VerdictInput,
  id: CriterionId,
  i: number,
  pair?: MeasuredPair,
): CriterionVerdict {
  const p = input.criteria[i];
  const claimed = input.claimed.includes(id);
  const told = input.judge.capabilities.reasons ? (input.told?.[id] ?? UNTOLD) : undefined;
  const record =
    claimed && p
      ? { ...judged(id, p, told ? undefined : pair), ...(told ? toldBy(told) : {}) }
      : { id, status: claimed ? ('missing' as const) : ('notSeen' as const), score: null, evidence: [] };
  return { ...record, reason: reasonFor({ ...record, reason: '' }, input.concepts) };
}

/** A whole verdict from a judge's probabilities and the measures of both clips. */
export function assembleVerdict(input: VerdictInput): Verdict {
  const { A, B } = input.measures;
  const pair = A && B ? measuredPair(A, B) : undefined;
  const dimensions = Object.fromEntries(DIMENSION_IDS.map((d) => [d, dimensionCall(input.dimensions[d])]));
  return {
    format: VERDICT_FORMAT,
    id: input.id,
    at: input.at,
    rubric: RUBRIC_VERSION,
    judge: { ...input.judge, device: input.device },
    plan: input.plan,
    options: input.options,
    ...(input.prompt === undefined ? {} : { prompt: input.prompt }),
    a: input.a,
    b: input.b,
    overall: callOf(input.overall),
    dimensions: dimensions as Verdict['dimensions'],
    criteria: CRITERION_IDS.map((id, i) => criterionVerdict(input, id, i, pair)),
    ...(input.concepts ? { concepts: input.concepts } : {}),
    orders: input.orders,
    ...(input.calibration === undefined ? {} : { calibration: input.calibration }),
    ...(input.confidence === undefined ? {} : { confidence: input.confidence }),
    ...(input.raw === undefined ? {} : { raw: input.raw }),
    ...(input.usage === undefined ? {} : { usage: input.usage }),
    ...(input.reduced === undefined ? {} : { reduced: input.reduced }),
    timings: input.timings,
  };
}

/** The same verdict with the sides swapped, its reasons worded anew. */
export function swapVerdict(v: Verdict): Verdict {
  return mirrorVerdict(v, reasonFor);
}

/** The same for one criterion, of a verdict that is not finished. */
export function swapCriterion(c: CriterionVerdict): CriterionVerdict {
  return mirrorCriterion(c, reasonFor);
}
