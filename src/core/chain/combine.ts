import type { Choice, Side } from '../pair';
import { CRITERIA, CRITERION_IDS, DIMENSION_IDS, type CriterionId, type Dimension } from '../rubric';
import { SERIES, type Series } from '../sweep/table';
import { EVEN, winnerOf, type Evidence, type Orders, type Probabilities } from '../verdict';
import { plainWinner, scoreOfWinner } from '../verdictRule';
import type { SaidCriterion } from './answer';
import type { Order } from './names';
import { agreement, meanProbabilities } from './probabilities';
import { MOST_EVIDENCE, type CallId } from './wanted';

/** A choice, with its probabilities where the model's tokens gave them. */
export interface Weighed {
  choice: Choice;
  p?: Probabilities | undefined;
}

/** What one answer said, for the real sides. */
export interface Sample {
  order: Order;
  criteria: ReadonlyMap<CriterionId, SaidCriterion & Weighed>;
  calls: ReadonlyMap<CallId, Weighed>;
}

/** What a judge says of a criterion in its own words. */
export interface Told {
  /** With `{A}` and `{B}` for the clips; '' where there was no reason. */
  words: string;
  evidence: Evidence[];
}

export interface Combined {
  overall: Probabilities;
  /** Those that were judged in one order at least; so of the criteria. */
  dimensions: Partial<Record<Dimension, Probabilities>>;
  criteria: Partial<Record<CriterionId, Probabilities>>;
  told: Partial<Record<CriterionId, Told>>;
  orders: Orders & { mode: 'both' };
  /** What each order says, for the real sides; nothing of what it did not answer. */
  inOrders: Record<'ab' | 'ba', Partial<Record<Series, Probabilities>>>;
  /** What the overall probabilities come from. */
  confidence: 'tokens' | 'agreement';
}

/** Whether an order's probabilities are those of tokens: where it was asked once, and had them. */
const isOwn = (said: readonly Weighed[]) => said.length < 2 && said.every(({ p }) => p !== undefined);

/** One order's probabilities: its only answer's own, else how far its answers agree. */
function ofOrder(said: readonly Weighed[]): Probabilities | undefined {
  const [first] = said;
  if (!first) return undefined;
  return (isOwn(said) && first.p) || agreement(said.map((s) => s.choice));
}

/** The mean of both orders; of an order that did not answer, nothing is known. */
function ofBoth<S extends { order: Order }>(
  samples: readonly S[],
  pick: (s: S) => Weighed | undefined,
): Probabilities | undefined {
  const { ab, ba } = byOrder(samples, pick);
  return ab || ba ? meanProbabilities([ab ?? EVEN, ba ?? EVEN]) : undefined;
}

function byOrder<S extends { order: Order }>(samples: readonly S[], pick: (s: S) => Weighed | undefined) {
  const of = (first: Side) => ofOrder(saidWith(first, samples, pick));
  return { ab: of('A'), ba: of('B') };
}

function saidWith<S extends { order: Order }>(
  first: Side,
  samples: readonly S[],
  pick: (s: S) => Weighed | undefined,
): Weighed[] {
  return samples.filter((s) => s.order.first === first).flatMap((s) => pick(s) ?? []);
}

/** A dimension that an answer left out follows from its criteria by the plain rule, the overall verdict from the dimensions. */
export function completed(sample: Sample): Sample {
  const calls = new Map(sample.calls);
  for (const id of DIMENSION_IDS) {
    const of = CRITERIA.filter((c) => c.dimension === id).flatMap((c) => sample.criteria.get(c.id) ?? []);
    if (!calls.has(id) && of.length > 0)
      calls.set(id, { choice: plainWinner(of.map((c) => scoreOfWinner(c.choice))) });
  }
  const dimensions = DIMENSION_IDS.flatMap((id) => calls.get(id) ?? []);
  if (!calls.has('overall') && dimensions.length > 0)
    calls.set('overall', { choice: plainWinner(dimensions.map((d) => scoreOfWinner(d.choice))) });
  return { ...sample, calls };
}

const FAVOURS: Record<Choice, string> = {
  A: 'Some answers favour {A}',
  B: 'Some answers favour {B}',
  tie: 'Some see no difference',
};

/** The more of a reason an answer gave, the sooner it speaks for all that agree. */
const fullness = ({ words, evidence }: Told) => (words === '' ? 0 : 2) + (evidence.length > 0 ? 1 : 0);

function fullest(said: readonly SaidCriterion[]): SaidCriterion | undefined {
  return said.reduce<SaidCriterion | undefined>(
    (best, s) => (!best || fullness(s) > fullness(best) ? s : best),
    undefined,
  );
}

/** The words of an answer that agrees with the outcome; where none does, of one on each side. */
function tell(said: readonly SaidCriterion[], outcome: Choice): Told {
  const agreeing = fullest(said.filter((s) => s.choice === outcome));
  if (agreeing) return { words: agreeing.words, evidence: agreeing.evidence };
  const choices = [...new Set(said.map((s) => s.choice))];
  const parts = choices.flatMap((choice) => fullest(said.filter((s) => s.choice === choice)) ?? []);
  const words = parts.map((s) =>
    s.words === '' ? `${FAVOURS[s.choice]}.` : `${FAVOURS[s.choice]}: ${s.words}`,
  );
  return { words: words.join(' '), evidence: parts.flatMap((s) => s.evidence).slice(0, MOST_EVIDENCE) };
}

/** One criterion from the answers so far; undefined where none of them judges it. */
export function combineCriterion(
  id: CriterionId,
  samples: readonly Pick<Sample, 'order' | 'criteria'>[],
  leading: Side,
): { p: Probabilities; told: Told } | undefined {
  const p = ofBoth(samples, (s) => s.criteria.get(id));
  if (!p) return undefined;
  const isLater = (s: { order: Order }) => Number(s.order.first !== leading);
  const inOrder = [...samples].sort((x, y) => isLater(x) - isLater(y));
  return {
    p,
    told: tell(
      inOrder.flatMap((s) => s.criteria.get(id) ?? []),
      winnerOf(p),
    ),
  };
}

/**
 * One judgement from the answers in both orders; undefined where none of them says which clip is better.
 * @param leading the side whose order speaks first, wherever the answers have to stand in some order; chosen by the
 *   clips' content, it makes a pair and its mirror image read alike
 */
export function combine(answers: readonly Sample[], leading: Side): Combined | undefined {
  const samples = answers.map(completed);
  const overall = ofBoth(samples, (s) => s.calls.get('overall'));
  if (!overall) return undefined;
  const criteria: Combined['criteria'] = {};
  const told: Combined['told'] = {};
  for (const id of CRITERION_IDS) {
    const said = combineCriterion(id, samples, leading);
    if (!said) continue;
    criteria[id] = said.p;
    told[id] = said.told;
  }
  const dimensions = Object.fromEntries(
    DIMENSION_IDS.flatMap((d) => {
      const said = ofBoth(samples, (s) => s.calls.get(d));
      return said ? [[d, said]] : [];
    }),
  ) as Combined['dimensions'];
  const isByTokens = (first: Side) => isOwn(saidWith(first, samples, (s) => s.calls.get('overall')));
  const confidence = isByTokens('A') && isByTokens('B') ? 'tokens' : 'agreement';
  const inOrders = { ab: seriesOf(samples, 'ab'), ba: seriesOf(samples, 'ba') };
  return { overall, dimensions, criteria, told, orders: ordersOf(samples), inOrders, confidence };
}

function seriesOf(samples: readonly Sample[], order: 'ab' | 'ba'): Partial<Record<Series, Probabilities>> {
  return Object.fromEntries(
    SERIES.flatMap((id) => {
      const said = byOrder(samples, (s) => s.calls.get(id))[order];
      return said ? [[id, said]] : [];
    }),
  );
}

/** What each order says overall, and whether they agree. */
function ordersOf(samples: readonly Sample[]): Combined['orders'] {
  const { ab, ba } = byOrder(samples, (s) => s.calls.get('overall'));
  const [x, y] = [winnerOf(ab ?? EVEN), winnerOf(ba ?? EVEN)];
  const unanswered = !ab ? ('ab' as const) : !ba ? ('ba' as const) : undefined;
  const consistent = unanswered === undefined && x === y;
  return { mode: 'both', ab: x, ba: y, consistent, ...(unanswered ? { unanswered } : {}) };
}
