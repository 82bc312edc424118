import { compareJudges } from '../../../../src/core/judges/build';
import { type JudgesRecord } from '../../../../src/core/judges/record';
import type { JudgesReport } from '../../../../src/core/judges/report';
import { castVote, type CastVote } from '../../../../src/core/judges/votes';
import type { Choice } from '../../../../src/core/pair';
import { SERIES } from '../../../../src/core/sweep/table';
import { scoreOfWinner } from '../../../../src/core/verdictRule';
import { VOTE_FORMAT, type Vote } from '../../../../src/core/vote';

/** A judge's call of a pair, the same on all series; `prompt`: the key of what it was told, of one that reads it. */
export function say(
  record: JudgesRecord,
  judge: string,
  a: string,
  b: string,
  call: Choice,
  at = 0,
  prompt?: string,
): void {
  const place = record.place(a, b);
  if (place) record.add(record.judge(judge), place, at, SERIES.map(() => scoreOfWinner(call)), prompt); // prettier-ignore
}

export function vote(a: string, b: string, overall: Choice | undefined, over: Partial<Vote> = {}): Vote {
  return {
    ...{ format: VOTE_FORMAT, id: `${a} ${b}`, at: '2026-01-01T00:00:00Z', by: 'ann' },
    ...{ a: { path: `${a}.mp4`, hash: a }, b: { path: `${b}.mp4`, hash: b } },
    ...(overall === undefined ? {} : { overall }),
    ...{ blind: true, modelShown: false, ...over },
  };
}

export function cast(record: JudgesRecord, votes: readonly Vote[]): CastVote[] {
  return votes.map((one) => castVote(one, record.place(one.a.hash, one.b.hash)!));
}

export function reportOn(record: JudgesRecord, votes: readonly CastVote[] = []): JudgesReport {
  const counting = compareJudges(record, votes, { at: '2026-05-01T10:00:00.000Z', notes: [] });
  for (;;) {
    const step = counting.next();
    if (step.done) return step.value;
  }
}
