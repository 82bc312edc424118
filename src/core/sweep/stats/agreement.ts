import type { DocumentVote } from '../document';
import { LEAST_PROMPTS, type VoteAgreement } from '../statistics';
import { rateOf, studentQuantile, Z_TWO_SIDED } from './interval';
import { resample, seededRandom } from './random';
import { deviation } from './ranking';

/** One person's answer about one pair. */
export interface PairVote extends DocumentVote {
  /** ISO 8601; decides which of a person's votes on a pair is in force. Without it the order given does. */
  at?: string;
}

const SEED = 20_003;
const REPLICATES = 1000;
/** Answers in order: worse, tie, better. */
const LEVELS = 3;
const levelOf = ({ overall }: PairVote) => overall + 1;

/**
 * Agreement among the people who voted on the same pairs, and with the judge.
 *
 * @param votes all votes, the overridden too: of a person's votes on one pair the last is in force, the others make the
 *   repeats
 * @param judge the judge's overall sign for the later column of the vote's pair; null where it has none
 */
export function voteAgreement(
  votes: readonly PairVote[],
  judge: (vote: PairVote) => -1 | 0 | 1 | null,
): VoteAgreement {
  const histories = historiesOf(votes);
  const inForce = histories.map((history) => history[history.length - 1]!);
  const annotators = [...new Set(inForce.map(({ by }) => by))].sort();
  const units = [...groupBy(inForce, pairKey).values()].filter((unit) => unit.length > 1);
  return {
    shared: units.length,
    annotators,
    alpha: alphaWithInterval(units),
    judge: annotators.length
      ? [null, ...annotators].map((by) =>
          withJudge(
            by,
            inForce.filter((vote) => by === null || vote.by === by),
            judge,
          ),
        )
      : [],
    repeats: annotators.flatMap((by) => {
      const asked = histories.filter((history) => history.length > 1 && history[0]!.by === by);
      const same = asked.filter((history) => history.at(-1)!.overall === history.at(-2)!.overall).length;
      return asked.length ? [{ by, pairs: asked.length, same }] : [];
    }),
  };
}

const pairKey = ({ earlier, later, row, seed }: PairVote) => [earlier, later, row, seed].join();

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** A person's votes on one pair, in the order given in time. */
function historiesOf(votes: readonly PairVote[]): PairVote[][] {
  const groups = groupBy(votes, (vote) => `${pairKey(vote)} ${vote.by}`);
  return [...groups.values()].map((group) =>
    group.sort((a, b) => (a.at && b.at ? Date.parse(a.at) - Date.parse(b.at) : 0)),
  );
}

function withJudge(
  by: string | null,
  votes: readonly PairVote[],
  judge: (vote: PairVote) => -1 | 0 | 1 | null,
): VoteAgreement['judge'][number] {
  const compared = votes.flatMap((vote) => {
    const sign = vote.overall === 0 ? null : judge(vote);
    return sign === null ? [] : [{ row: vote.row, alike: sign === vote.overall ? 1 : 0 }];
  });
  const shares = [...groupBy(compared, ({ row }) => row).values()].map(
    (prompt) => prompt.reduce((sum, { alike }) => sum + alike, 0) / prompt.length,
  );
  return { by, pairs: compared.length, agreement: rateOf(shares) };
}

/** The coincidences of one unit's answers, levels x levels: every ordered pair of votes, over the others it has. */
function coincidences(unit: readonly number[], levels: number, into: Float64Array): void {
  unit.forEach((a, i) =>
    unit.forEach((b, j) => {
      if (i !== j) into[a * levels + b]! += 1 / (unit.length - 1);
    }),
  );
}

/**
 * Krippendorff's alpha with the ordinal metric, missing votes allowed.
 *
 * @param units by pair: the answers given, each 0..levels-1; a unit with a single answer says nothing
 * @returns null without a unit of two answers, or where all answers are the same (nothing to agree about)
 */
export function ordinalAlpha(units: readonly (readonly number[])[], levels = LEVELS): number | null {
  const sums = new Float64Array(levels * levels);
  for (const unit of units) coincidences(unit, levels, sums);
  return alphaOf(sums, levels);
}

function alphaOf(sums: Float64Array, levels = LEVELS): number | null {
  const totals = Array.from({ length: levels }, (_, c) =>
    sums.subarray(c * levels, (c + 1) * levels).reduce((sum, x) => sum + x, 0),
  );
  const all = totals.reduce((sum, x) => sum + x, 0);
  let observed = 0;
  let expected = 0;
  for (let c = 0; c < levels; c++) {
    for (let k = c + 1; k < levels; k++) {
      const between = totals.slice(c, k + 1).reduce((sum, x) => sum + x, 0);
      const distance = (between - (totals[c]! + totals[k]!) / 2) ** 2;
      observed += sums[c * levels + k]! * distance;
      expected += totals[c]! * totals[k]! * distance;
    }
  }
  return expected > 0 ? 1 - ((all - 1) * observed) / expected : null;
}

function alphaWithInterval(units: readonly PairVote[][]): VoteAgreement['alpha'] {
  const answers = units.map((unit) => unit.map(levelOf));
  const value = ordinalAlpha(answers);
  if (value === null) return null;
  const byRow = new Map<number, Float64Array>();
  units.forEach((unit, u) => {
    const sums = byRow.get(unit[0]!.row) ?? new Float64Array(LEVELS * LEVELS);
    coincidences(answers[u]!, LEVELS, sums);
    byRow.set(unit[0]!.row, sums);
  });
  const prompts = [...byRow.values()];
  return prompts.length < LEAST_PROMPTS ? { value } : { value, interval: interval(value, prompts) };
}

/** Student's interval with the bootstrap's standard error over prompts; draws with one answer only say nothing. */
function interval(value: number, prompts: readonly Float64Array[]): [number, number] {
  const random = seededRandom(SEED);
  const units = prompts.map((_, i) => i);
  const weights = new Float64Array(prompts.length);
  const drawn: number[] = [];
  for (let b = 0; b < REPLICATES; b++) {
    resample(units, random, weights);
    const sums = new Float64Array(LEVELS * LEVELS);
    prompts.forEach((prompt, i) => prompt.forEach((x, c) => (sums[c]! += weights[i]! * x)));
    const alpha = alphaOf(sums);
    if (alpha !== null) drawn.push(alpha);
  }
  const n = prompts.length;
  const half = studentQuantile(Z_TWO_SIDED, n - 1) * deviation(drawn) * Math.sqrt(n / (n - 1));
  return [Math.max(-1, value - half), Math.min(1, value + half)];
}
