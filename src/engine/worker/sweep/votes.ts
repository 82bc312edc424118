import { mergeVotes, voteInForce, type Vote } from '../../../core/vote';
import { NOT_JUDGED, SERIES, type Called } from '../../../core/sweep/table';
import { voteAgreement } from '../../../core/sweep/stats/agreement';
import type { VoteAgreement } from '../../../core/sweep/statistics';
import type { SweepVote } from '../../../protocol/sweep';
import { votePlaces } from '../votes';
import type { Sweep } from './sweep';

export interface SweepVotes {
  /** The vote in force of each person on each pair. */
  inForce: SweepVote[];
  /** What the same people said of the same pairs before, without superseding it: asked again. */
  repeats: SweepVote[];
}

/** People's votes on pairs of the sweep's grid, found by the clips' content. */
export async function votesOf(sweep: Sweep): Promise<SweepVotes> {
  const { logDir, fallbackLogDir } = sweep.target;
  const found: SweepVotes = { inForce: [], repeats: [] };
  if (logDir === null) return found;
  const dirs = votePlaces({ logDir, fallbackLogDir });
  const groups = new Map<string, { records: Vote[][]; where: Omit<SweepVote, 'by' | 'overall'> }>();
  const clipsOf = clipsByHash(sweep);
  for (const [record, dir] of dirs.entries())
    for (const vote of await sweep.session.logsOf(dir).votes.all())
      for (const { where, turned } of placesOf(sweep, clipsOf, vote)) {
        const key = [where.row, where.seed, where.earlier, where.later, vote.by].join(':');
        const group = groups.get(key) ?? { records: dirs.map(() => []), where };
        group.records[record]!.push(turned ? turnedVote(vote) : vote);
        groups.set(key, group);
      }
  for (const { records, where } of groups.values()) {
    const votes = mergeVotes(records);
    const last = voteInForce(votes);
    if (last?.overall === undefined) continue;
    found.inForce.push({ ...where, by: last.by, overall: signOf(last.overall) });
    const superseded = new Set(votes.flatMap(({ supersedes }) => supersedes ?? []));
    for (const vote of votes)
      if (vote !== last && !vote.withdrawn && vote.overall !== undefined && !superseded.has(vote.id))
        found.repeats.push({ ...where, by: vote.by, overall: signOf(vote.overall) });
  }
  return found;
}

export function agreementOf(sweep: Sweep, { inForce, repeats }: SweepVotes): VoteAgreement | null {
  if (inForce.length === 0) return null;
  return voteAgreement([...repeats, ...inForce], ({ row, seed, earlier, later }) =>
    judgeOf(sweep, row, seed, earlier, later),
  );
}

type Place = { where: Omit<SweepVote, 'by' | 'overall'>; turned: boolean };

/** Every pair of cells that a vote speaks of; `turned`: its A is the later column's. */
function placesOf(sweep: Sweep, clipsOf: Map<string, number[]>, vote: Vote): Place[] {
  const { clips } = sweep.grid!;
  const places: Place[] = [];
  for (const a of clipsOf.get(vote.a.hash) ?? [])
    for (const b of clipsOf.get(vote.b.hash) ?? []) {
      const [A, B] = [clips[a]!, clips[b]!];
      if (A.row !== B.row || A.seed !== B.seed || A.column === B.column) continue;
      const [earlier, later] = A.column < B.column ? [A.column, B.column] : [B.column, A.column];
      const judge = judgeOf(sweep, A.row, A.seed, earlier, later);
      places.push({
        where: { earlier, later, row: A.row, seed: A.seed, judge },
        turned: A.column > B.column,
      });
    }
  return places;
}

function judgeOf({ board }: Sweep, row: number, seed: number, earlier: number, later: number) {
  const entry = board!.entryOf(row, seed, earlier, later);
  const called = entry < 0 ? NOT_JUDGED : (board!.table.winner[entry * SERIES.length] as Called);
  return called === NOT_JUDGED ? null : called;
}

function clipsByHash(sweep: Sweep): Map<string, number[]> {
  const clips = new Map<string, number[]>();
  sweep.grid!.clips.forEach((_, clip) => {
    const hash = sweep.hashOf(clip);
    if (hash !== undefined) clips.set(hash, [...(clips.get(hash) ?? []), clip]);
  });
  return clips;
}

/** With the earlier column's clip as A. */
function turnedVote(vote: Vote): Vote {
  const { overall, ...rest } = vote;
  if (overall === undefined) return vote;
  return { ...rest, overall: overall === 'A' ? 'B' : overall === 'B' ? 'A' : 'tie' };
}

/** Of the later column's clip, which is B. */
function signOf(overall: 'A' | 'tie' | 'B'): -1 | 0 | 1 {
  return overall === 'B' ? 1 : overall === 'A' ? -1 : 0;
}
