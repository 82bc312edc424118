import { JudgesRecord, ordersSaid } from '../../core/judges/record';
import { castVote, type CastVote } from '../../core/judges/votes';
import { NOT_JUDGED, SERIES } from '../../core/sweep/table';
import type { DimensionCall, Verdict } from '../../core/verdict';
import { scoreOfWinner } from '../../core/verdictRule';
import { mergeVotes, voteInForce, type Vote } from '../../core/vote';
import { eachPair, scoresAt, type LoggedRows, type SweepRowLog } from './sweepRows';
import type { VerdictLog } from './verdicts';
import type { VoteLog } from './votes';

/** What one folder keeps. */
export interface JudgesLogs {
  verdicts: VerdictLog;
  rows: SweepRowLog;
  votes: VoteLog;
}

export interface ReadJudges {
  record: JudgesRecord;
  votes: CastVote[];
  /** Where verdicts and rows were made; undefined or empty where a line does not say. */
  machines: (string | undefined)[];
}

/** Lines of a sweep taken up before others have their turn. */
const LINES_AT_ONCE = 64;

/**
 * What the judges of several records said, and people's votes in force.
 *
 * @param pause others' turn; may throw to end the reading
 */
export async function readJudges(
  logs: readonly JudgesLogs[],
  pause: () => Promise<void>,
): Promise<ReadJudges> {
  const record = new JudgesRecord();
  const machines = new Set<string | undefined>();
  for (const { verdicts, rows } of logs) {
    await pause();
    const made = await verdicts.all(({ verdict, machine }) => {
      addVerdict(record, verdict);
      return { machine };
    });
    const lines = await rows.all();
    for (const [i, line] of lines.entries()) {
      if (i % LINES_AT_ONCE === 0) await pause();
      addRows(record, line);
    }
    for (const { machine } of [...made, ...lines]) machines.add(machine);
  }
  return { record, votes: await votesInForce(record, logs), machines: [...machines] };
}

/** Told twice, as where a log has to be read again, it says the same. */
function addVerdict(record: JudgesRecord, verdict: Verdict): void {
  const { a, b, at, judge, overall, dimensions, orders } = verdict;
  const place = record.place(a.hash, b.hash);
  if (!place) return;
  const time = timeOf(at);
  const judged = record.judge(judge.hash);
  const { name, version, kind, capabilities } = judge;
  if ((judged.name?.at ?? -Infinity) <= time) judged.name = { name, version, kind, capabilities, at: time };
  const prompt = promptOf(verdict);
  const calls = SERIES.map((series): DimensionCall => (series === 'overall' ? overall : dimensions[series]));
  record.add(
    judged,
    place,
    time,
    calls.map(({ winner, unjudged }) => (unjudged ? NOT_JUDGED : scoreOfWinner(winner))),
    prompt,
  );
  if (orders.mode !== 'both' || orders.unanswered) return;
  const { orders: known } = judged.under(prompt);
  if ((known.get(place.pair)?.at ?? -Infinity) <= time)
    known.set(place.pair, ordersSaid(time, orders.ab, orders.ba));
}

/** The key of the prompt that a verdict's judge was told, as rows of sweeps have it. */
function promptOf({ judge, options }: Verdict): string | undefined {
  if (judge.kind === 'compact') return undefined;
  return typeof options.prompt === 'string' ? options.prompt : '';
}

function addRows(record: JudgesRecord, rows: LoggedRows): void {
  const { hashes, judgeHash, at, prompt } = rows;
  if (judgeHash === '') return;
  const judged = record.judge(judgeHash);
  eachPair(rows, (a, b, from) => {
    const [A, B] = [hashes[a], hashes[b]];
    const place = A !== undefined && B !== undefined && record.place(A, B);
    if (place) record.add(judged, place, timeOf(at), scoresAt(rows, from), prompt);
  });
}

/** What cannot be read as a time is older than what can. */
function timeOf(at: string): number {
  const time = Date.parse(at);
  return Number.isNaN(time) ? 0 : time;
}

/** Of each person on each pair, as one log over all records. */
async function votesInForce(record: JudgesRecord, logs: readonly JudgesLogs[]): Promise<CastVote[]> {
  const histories = new Map<string, Vote[][]>();
  for (const [i, { votes }] of logs.entries())
    for (const vote of await votes.all()) {
      const key = JSON.stringify([...[vote.a.hash, vote.b.hash].sort(), vote.by]);
      const history = histories.get(key) ?? logs.map(() => []);
      history[i]!.push(vote);
      histories.set(key, history);
    }
  return [...histories.values()].flatMap((history) => {
    const vote = voteInForce(mergeVotes(history));
    const place = vote && record.place(vote.a.hash, vote.b.hash);
    return place ? [castVote(vote, place)] : [];
  });
}
