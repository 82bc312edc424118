import { differenceOfTally, shareOfTally } from '../bench/stats/bootstrap';
import { SERIES, type Series } from '../sweep/table';
import type { Vote } from '../vote';
import type { Score } from '../verdictRule';
import { groupPairs, tally } from './groups';
import { scoreAt, type Judged, type Pair, type Place } from './record';
import {
  CASTS,
  LEAST_PAIRS,
  type Cast,
  type RightDifference,
  type RightShare,
  type VotesAgainst,
} from './report';

/** A vote in force, by {@link SERIES} for the first clip of the pair; null where it says nothing. */
export interface CastVote {
  pair: Pair;
  by: string;
  cast: Cast;
  scores: (Score | null)[];
}

export function castVote(vote: Vote, place: Place): CastVote {
  const choices = SERIES.map((s) => (s === 'overall' ? vote.overall : vote.dimensions?.[s]));
  const scores = choices.map((choice) => (choice === undefined ? null : scoreAt(choice, place)));
  const cast = vote.modelShown ? 'shown' : vote.blind ? 'blind' : 'named';
  return { pair: place.pair, by: vote.by, cast, scores };
}

/** Votes that are counted together. */
export interface VoteSet {
  by: string | null;
  cast: Cast;
  on: Series;
  votes: { pair: Pair; score: Score }[];
}

/** Each person apart, and all together where there are several; by how the votes were cast, and what they speak of. */
export function voteSets(votes: readonly CastVote[]): VoteSet[] {
  const people = [...new Set(votes.map(({ by }) => by))].sort();
  const sets = CASTS.flatMap((cast) =>
    [...(people.length > 1 ? [null] : []), ...people].flatMap((by) =>
      SERIES.map((on, s) => ({
        ...{ by, cast, on },
        votes: votes.flatMap((vote) => {
          const score = vote.cast === cast && (by === null || vote.by === by) ? vote.scores[s]! : null;
          return score === null ? [] : [{ pair: vote.pair, score }];
        }),
      })),
    ),
  );
  return sets.filter(({ votes: found }) => found.length > 0);
}

/**
 * Judges against votes: of the votes that are no ties, the share that a judge called likewise, and for every two judges
 * the difference on the votes whose pairs both judged; judged is what the votes speak of.
 */
export function votesAgainst(set: VoteSet, judges: readonly Judged[]): VotesAgainst {
  const series = SERIES.indexOf(set.on);
  const known = set.votes.filter(({ pair }) => judges.some((judge) => judge.score(pair, series) !== null));
  const decided = known.filter(({ score }) => score !== 0);
  const judgedBy = (...asked: readonly Judged[]) => {
    const votes = decided.filter(({ pair }) => asked.every((judge) => judge.score(pair, series) !== null));
    const right = asked.map((judge) =>
      votes.map(({ pair, score }) => Number(judge.score(pair, series) === score)),
    );
    return { grouping: groupPairs(votes.map(({ pair }) => pair)), right };
  };
  const basisOf = ({ grouping }: ReturnType<typeof judgedBy>) => ({
    pairs: grouping.unitOf.length,
    groups: grouping.groups,
  });

  const shares = judges.map((judge, j): RightShare => {
    const found = judgedBy(judge);
    const basis = basisOf(found);
    const right =
      basis.pairs < LEAST_PAIRS ? null : shareOfTally(tally(found.grouping, (i) => found.right[0]![i]!));
    return { judge: j, ...basis, right };
  });

  const differences = judges.flatMap((one, i) =>
    judges.slice(i + 1).map((other, k): RightDifference => {
      const found = judgedBy(one, other);
      const basis = basisOf(found);
      const two: RightDifference['judges'] = [i, i + 1 + k];
      if (basis.pairs < LEAST_PAIRS) return { judges: two, ...basis, right: null, difference: null };
      const [here, there] = found.right as [number[], number[]];
      const difference = differenceOfTally(tally(found.grouping, (v) => here[v]! - there[v]!));
      return { judges: two, ...basis, right: [mean(here), mean(there)], difference };
    }),
  );
  return {
    ...{ by: set.by, cast: set.cast, on: set.on, votes: decided.length, ties: known.length - decided.length },
    judges: shares.filter(({ pairs }) => pairs > 0),
    differences: differences.filter(({ pairs }) => pairs > 0),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
