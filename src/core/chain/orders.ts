import type { Choice, Side } from '../pair';
import { CRITERION_IDS, DIMENSION_IDS, type CriterionId, type Dimension } from '../rubric';
import { winnerOf, type CriterionVerdict, type Verdict } from '../verdict';
import { scoreOfWinner } from '../verdictRule';
import { AnswerReader, type SaidCriterion } from './answer';
import { readBase } from './base';
import { combineCriterion, completed, type Sample, type Weighed } from './combine';
import { isVerdictAlone } from './options';
import { agreement } from './probabilities';
import { spoken } from './spoken';
import { utterancesOf, type Utterance } from './transcript';
import type { CallId } from './wanted';

/** What the answers in one order say: of several, what most of them say. */
export interface OrderSaid {
  /** The side that the model was shown first. */
  first: Side;
  /** Answers read; one that had to be asked for twice counts once. */
  samples: number;
  /** Absent where no answer says it, nor anything that it follows from. */
  overall?: Choice;
  dimensions: Partial<Record<Dimension, Choice>>;
  /** The rubric's fifteen, in its order; `missing` where no answer judges it. */
  criteria: CriterionVerdict[];
}

export interface SaidInOrders {
  ab: OrderSaid;
  ba: OrderSaid;
}

type Recorded = Pick<Verdict, 'raw' | 'orders' | 'options' | 'a' | 'b'>;

/**
 * What the answers of a verdict say order by order, read again from its transcript by the rules that made the verdict;
 * undefined where it was not asked in both orders, or kept no transcript that can be told apart.
 */
export function saidInOrders({ raw, orders, options, a, b }: Recorded): SaidInOrders | undefined {
  if (orders.mode !== 'both' || raw === undefined) return undefined;
  const utterances = utterancesOf(raw);
  if (utterances.length === 0) return undefined;
  const isBase = isVerdictAlone(options);
  const durations = { A: a.duration, B: b.duration };
  const of = (first: Side): OrderSaid => {
    const samples = samplesOf(
      utterances.filter((u) => u.first === first),
      (u) => (isBase ? baseSample(u) : chainSample(u, durations)),
    );
    const said = orderSaid(first, samples, isBase);
    // The record's word on the whole may rest on probabilities that no transcript shows.
    const isAnswered = orders.unanswered !== (first === 'A' ? 'ab' : 'ba');
    return isAnswered ? { ...said, overall: first === 'A' ? orders.ab : orders.ba } : said;
  };
  return { ab: of('A'), ba: of('B') };
}

/** The criteria on which the two orders name different outcomes. */
export function splitCriteria({ ab, ba }: SaidInOrders): CriterionId[] {
  return CRITERION_IDS.filter((_, i) => {
    const [x, y] = [ab.criteria[i]?.score ?? null, ba.criteria[i]?.score ?? null];
    return x !== null && y !== null && x !== y;
  });
}

/** Each sample with what was asked again put where the first answer has nothing. */
function samplesOf(utterances: readonly Utterance[], read: (u: Utterance) => Sample): Sample[] {
  const samples = new Map<number, Sample>();
  for (const utterance of utterances) {
    const before = samples.get(utterance.sample);
    const now = read(utterance);
    samples.set(utterance.sample, before ? filledIn(before, now) : now);
  }
  return [...samples.values()].map(completed);
}

function filledIn(first: Sample, again: Sample): Sample {
  return {
    order: first.order,
    criteria: new Map([...again.criteria, ...first.criteria]),
    calls: new Map([...again.calls, ...first.calls]),
  };
}

function baseSample({ first, text }: Utterance): Sample {
  return { order: { first }, criteria: new Map(), calls: readBase(text, { first }) };
}

function chainSample({ first, text }: Utterance, durations: Record<Side, number>): Sample {
  const reader = new AnswerReader({ first }, durations);
  reader.feed(text);
  reader.end();
  const criteria: ReadonlyMap<CriterionId, SaidCriterion> = reader.criteria;
  const calls: ReadonlyMap<CallId, Weighed> = reader.calls;
  return { order: { first }, criteria, calls };
}

function orderSaid(first: Side, samples: readonly Sample[], isBase: boolean): OrderSaid {
  const most = (id: CallId): Choice | undefined => {
    const choices = samples.flatMap((s) => s.calls.get(id)?.choice ?? []);
    return choices.length === 0 ? undefined : winnerOf(agreement(choices));
  };
  const overall = most('overall');
  const dimensions = Object.fromEntries(
    DIMENSION_IDS.flatMap((id) => {
      const choice = most(id);
      return choice === undefined ? [] : [[id, choice]];
    }),
  );
  return {
    first,
    samples: samples.length,
    ...(overall === undefined ? {} : { overall }),
    dimensions,
    criteria: CRITERION_IDS.map((id) => criterionSaid(id, first, samples, isBase)),
  };
}

function criterionSaid(
  id: CriterionId,
  first: Side,
  samples: readonly Sample[],
  isBase: boolean,
): CriterionVerdict {
  const said = combineCriterion(id, samples, first);
  if (!said) {
    const status = isBase ? ('notSeen' as const) : ('missing' as const);
    return { id, status, score: null, reason: '', evidence: [] };
  }
  const { p, told } = said;
  return {
    id,
    status: 'judged',
    score: scoreOfWinner(winnerOf(p)),
    reason: spoken(told.words),
    evidence: told.evidence,
  };
}
