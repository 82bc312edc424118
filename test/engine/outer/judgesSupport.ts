import type { Choice } from '../../../src/core/pair';
import type { JudgeInfo, Orders, Probabilities, Verdict } from '../../../src/core/verdict';
import { assembleVerdict } from '../../../src/core/verdictRule';
import { VOTE_FORMAT, type Vote } from '../../../src/core/vote';
import { packPairs, SweepRowLog, type JudgedPair } from '../../../src/engine/log/sweepRows';
import { VerdictLog } from '../../../src/engine/log/verdicts';
import { VoteLog } from '../../../src/engine/log/votes';
import { A_WINS, B_WINS, JUDGE, TIE, verdictInput } from '../../unit/core/samples';

export const MACHINE = '00000000-0000-4000-8000-000000000000';
const P: Record<Choice, Probabilities> = { A: A_WINS, tie: TIE, B: B_WINS };

/** Content of a made-up clip. */
export const hash = (name: string) => `${name}-`.padEnd(64, '0');
export const judgeOf = (name: string, over: Partial<JudgeInfo> = {}): JudgeInfo => ({
  ...{ ...JUDGE, name, hash: `${name}-hash`.padEnd(64, '0') },
  ...over,
});

/** The latest said last: each has a second of its own. */
let second = 0;
const now = () => new Date(Date.UTC(2020, 0, 1) + 1000 * second++).toISOString();

export function verdictOn(a: string, b: string, judge: JudgeInfo, call: Choice, orders?: Orders): Verdict {
  const made = assembleVerdict(verdictInput());
  const said = { winner: call, p: P[call] };
  return {
    ...{ ...made, id: `${judge.name} ${a} ${b} ${second}`, at: now(), judge: { ...judge, device: 'cpu' } },
    ...{ a: { ...made.a, hash: hash(a) }, b: { ...made.b, hash: hash(b) }, overall: said },
    dimensions: { VA: said, VF: said, VP: said },
    ...(orders ? { orders } : {}),
  };
}

export function voteOn(a: string, b: string, overall: Choice, over: Partial<Vote> = {}): Vote {
  const at = now();
  return {
    ...{ format: VOTE_FORMAT, id: `${a} ${b} ${at}`, at, by: 'ann', overall, blind: true, modelShown: false },
    ...{ a: { path: `${a}.mp4`, hash: hash(a) }, b: { path: `${b}.mp4`, hash: hash(b) }, ...over },
  };
}

export const rowOf = (a: string, b: string, call: Choice): JudgedPair => ({
  ...{ a: hash(a), b: hash(b) },
  judgement: {
    overall: P[call],
    dimensions: { VA: P[call], VF: P[call], VP: P[call] },
    criteria: {},
  } as JudgedPair['judgement'],
});

/** Writes to a record by the logs that the product writes with. */
export function recordIn(dir: string) {
  const [verdicts, rows, votes] = [new VerdictLog(dir), new SweepRowLog(dir), new VoteLog(dir)];
  return {
    verdict: (verdict: Verdict, machine = MACHINE) => verdicts.append(verdict, machine),
    /** `prompt`: the key of what a judge was told that reads it. */
    rows: (judge: string, pairs: readonly JudgedPair[], prompt?: string) =>
      rows.append(packPairs(pairs, prompt), { judgeHash: judge, plan: 'plan' }, MACHINE),
    vote: (vote: Vote) => votes.append(vote, MACHINE),
  };
}

/** Two judges and a person on so many pairs: the second judge says otherwise on every fourth. */
export async function writeTwoJudges(dir: string, pairs = 12): Promise<void> {
  const record = recordIn(dir);
  const [one, other] = [judgeOf('one'), judgeOf('other')];
  for (let i = 0; i < pairs; i++) {
    const right = i % 2 ? 'A' : 'B';
    await record.verdict(verdictOn(`a${i}`, `b${i}`, one, right));
    // The same pair the other way round.
    await record.verdict(verdictOn(`b${i}`, `a${i}`, other, i % 4 === 0 ? 'tie' : i % 2 ? 'B' : 'A'));
    await record.vote(voteOn(`a${i}`, `b${i}`, right));
  }
}
