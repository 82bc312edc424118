import { FRAME_PLAN } from '../../../core/plan';
import { sweepMarks } from '../../../core/sweep/stats/marks';
import { sweepStatistics } from '../../../core/sweep/stats/statistics';
import { SWEEP_FORMAT, type SweepDocument } from '../../../core/sweep/document';
import type { StatisticsInput, SweepStatistics } from '../../../core/sweep/statistics';
import type { PairTable } from '../../../core/sweep/table';
import type { JudgeInfo } from '../../../core/verdict';
import type { SweepState } from '../../../protocol/sweep';
import type { JudgeStatus } from '../../ports';
import type { Sweep } from './sweep';
import { agreementOf, votesOf } from './votes';

export function statisticsInput(sweep: Sweep): StatisticsInput {
  const { grid, board, baseline, target } = sweep;
  const { pairs } = sweep.cost();
  return {
    columns: grid!.columns.length,
    rows: grid!.rows.length,
    seeds: grid!.seeds.length,
    table: board!.table,
    unjudged: pairs.total - pairs.judged,
    baseline,
    pairing: target.pairing,
  };
}

/** The last statistics of each table; only what is judged or asked for since makes others. */
const computed = new WeakMap<PairTable, SweepStatistics>();

/** Whether the statistics are at hand, or nothing is judged. */
export function hasStatistics(sweep: Sweep): boolean {
  const { table, unjudged } = statisticsInput(sweep);
  const known = computed.get(table);
  return table.count === 0 || (known?.pairs === table.count && known.unjudged === unjudged);
}

/** The statistics of what is judged; null where nothing is. */
function statisticsOf(sweep: Sweep): SweepStatistics | null {
  const { table } = sweep.board!;
  if (!hasStatistics(sweep)) computed.set(table, sweepStatistics(statisticsInput(sweep)));
  return computed.get(table) ?? null;
}

/** What is known of a sweep now; `known` leaves the statistics out, which take longest. */
export async function stateOf(sweep: Sweep, what: 'all' | 'known' = 'all'): Promise<SweepState> {
  const { grid, judge, files } = sweep;
  const input = statisticsInput(sweep);
  const { clips, pairs } = sweep.cost();
  const votes = await votesOf(sweep);
  return {
    gridRevision: sweep.revision,
    judge: infoOf(judge),
    device: [...sweep.devices].join(' and '),
    pairs,
    clips,
    broken: brokenOf(sweep),
    waiting: grid!.clips.flatMap(({ path }, clip) => (sweep.waiting.has(path) ? [clip] : [])),
    marks: sweepMarks(input),
    hashes: grid!.clips.map(({ path }) => files.get(path)?.hash ?? ''),
    statistics: what === 'all' ? statisticsOf(sweep) : null,
    votes: votes.inForce,
    agreement: agreementOf(sweep, votes),
    kept: sweep.record.kept,
    notes: [...sweep.record.notes, ...unreadableNote(sweep), ...leftOutNote(sweep), ...unansweredNote(sweep)],
  };
}

function unreadableNote({ unreadable }: Sweep): string[] {
  if (unreadable.length === 0) return [];
  const [first] = unreadable;
  const others = unreadable.length === 1 ? '' : ` and ${unreadable.length - 1} more`;
  return [`The folder "${first}"${others} could not be read.`];
}

function leftOutNote({ grid, tags }: Sweep): string[] {
  const left = grid!.clips.filter(({ path }) => tags.isLeftOut(path));
  if (left.length === 0) return [];
  const others = left.length === 1 ? '' : ` and of ${left.length - 1} more`;
  return [
    `The engine ended again and again while reading the tags of "${left[0]!.path}"${others}: they are left out.`,
  ];
}

function unansweredNote({ unanswered }: Sweep): string[] {
  const [first] = unanswered.values();
  if (!first) return [];
  const others = unanswered.size === 1 ? '' : `, and on ${unanswered.size - 1} more pairs`;
  return [`No verdict on ${first.names}${others}: ${first.why} They are asked about again in the next run.`];
}

function brokenOf(sweep: Sweep): SweepState['broken'] {
  return sweep.grid!.clips.flatMap((_, clip) => {
    const problem = sweep.problemOf(clip);
    return problem ? [{ clip, problem }] : [];
  });
}

/** The sweep as it is exported. */
export async function documentOf(sweep: Sweep): Promise<SweepDocument> {
  const { grid, board, judge, target, session } = sweep;
  const votes = await votesOf(sweep);
  const clips = await Promise.all(
    grid!.clips.map(async (_, clip) => {
      const hash = sweep.hashOf(clip);
      const known = hash === undefined ? undefined : await session.clips.getMeasured(hash, FRAME_PLAN.id);
      if (!known) return null;
      const { frames, duration, fps } = known.record;
      return { hash: known.record.hash, frames, duration, fps };
    }),
  );
  return {
    format: SWEEP_FORMAT,
    at: new Date().toISOString(),
    name: target.name,
    root: target.root,
    grid: grid!,
    judge: { ...infoOf(judge), device: [...sweep.devices].join(' and ') },
    plan: FRAME_PLAN.id,
    pairing: target.pairing,
    baseline: grid!.columns[sweep.baseline]?.id ?? '',
    clips,
    broken: brokenOf(sweep),
    statistics: statisticsOf(sweep),
    agreement: agreementOf(sweep, votes),
    votes: votes.inForce.map(({ judge: ___, ...vote }) => vote),
    pairs: board!.table,
  };
}

/** A judge without what is only shown beside it. */
function infoOf({ agreement: _, claimed: __, cardPath: ___, short: ____, ...info }: JudgeStatus): JudgeInfo {
  return info;
}
