import { REPLICATES } from '../bench/stats/bootstrap';
import { agreementOf } from './agreement';
import { recordedPosition } from './position';
import { underOnePrompt, type HeldJudge } from './prompts';
import type { Judged, JudgesRecord } from './record';
import {
  JUDGES_FORMAT,
  JUDGES_METHOD,
  type ComparedJudge,
  type JudgesAgreement,
  type JudgesReport,
  type RecordedPosition,
  type VotesAgainst,
} from './report';
import { voteSets, votesAgainst, type CastVote } from './votes';

export interface Counted {
  done: number;
  total: number;
}

/**
 * The report on what a record holds. It pauses between any two comparisons, so that whoever has something else to do
 * may do it; a pause tells how many are done.
 */
export function* compareJudges(
  record: JudgesRecord,
  votes: readonly CastVote[],
  told: Pick<JudgesReport, 'at' | 'notes'>,
): Generator<Counted, JudgesReport> {
  const held = underOnePrompt(record.judges)
    .filter(({ judged, otherPrompts }) => judged.pairs.size + otherPrompts > 0)
    .sort((a, b) => inOrder(a.judged, b.judged));
  const judges = held.map(({ judged }) => judged);
  const sets = voteSets(votes);
  const total = (judges.length * (judges.length - 1)) / 2 + sets.length + judges.length;
  let done = 0;
  const agreements: JudgesAgreement[] = [];
  for (let one = 0; one < judges.length; one++)
    for (let other = one + 1; other < judges.length; other++) {
      yield { done: done++, total };
      agreements.push({ judges: [one, other], ...agreementOf(judges[one]!, judges[other]!) });
    }
  const against: VotesAgainst[] = [];
  for (const set of sets) {
    yield { done: done++, total };
    against.push(votesAgainst(set, judges));
  }
  const position: RecordedPosition[] = [];
  for (const [judge, judged] of judges.entries()) {
    yield { done: done++, total };
    position.push(recordedPosition(judged, judge));
  }
  return {
    ...{ format: JUDGES_FORMAT, method: JUDGES_METHOD, replicates: REPLICATES, ...told },
    judges: held.map(comparedJudge),
    agreements: agreements.filter(({ pairs }) => pairs > 0),
    votes: against.filter(({ votes: decided, ties }) => decided + ties > 0),
    position: position.filter(({ pairs }) => pairs > 0),
  };
}

function inOrder(a: Judged, b: Judged): number {
  return b.pairs.size - a.pairs.size || (a.hash < b.hash ? -1 : 1);
}

function comparedJudge({ judged: { hash, name: found, pairs }, otherPrompts }: HeldJudge): ComparedJudge {
  const counts = { pairs: pairs.size, otherPrompts };
  if (!found) return { hash, known: null, symmetric: null, ...counts };
  const { name, version, kind, capabilities } = found;
  return { hash, known: { name, version, kind }, symmetric: capabilities.symmetric, ...counts };
}
