import { setTimeout as delay } from 'node:timers/promises';
import { COMPACT } from '../../core/judgeSpec';
import { criterionChanges } from '../../core/sweep/stats/criteria';
import type { Handlers } from '../../protocol/rpc';
import type { SweepMethods, SweepTarget } from '../../protocol/sweep';
import { readLayout, writeLayout } from '../sweep/layouts';
import {
  decodeDiffParams,
  decodeExportParams,
  decodeLayoutParams,
  decodeRunParams,
  decodeTarget,
} from './sweepParams';
import { decodeProxyParams } from './params';
import type { Session } from './session';
import { exportTo } from './sweep/export';
import { nothingFound } from './sweep/nothing';
import { SweepRun } from './sweep/run';
import { hasStatistics, stateOf, statisticsInput } from './sweep/state';
import { Sweep } from './sweep/sweep';
import { tryTags } from './sweep/tags';

type Ask<K extends keyof SweepMethods> = Handlers<SweepMethods>[K];

/** Sweeps that a worker keeps at hand; one more, and the oldest is read anew when it is asked for. */
const KEPT = 4;
/** A folder that was looked through this recently (a scan before its opening) is not looked through again. */
const FRESH_LOOK_MS = 1000;
/** So long a message has to leave before the statistics hold the thread. */
const LEAVE_MS = 50;

/** The worker's methods for sweeps. */
export function createSweepHandlers(ready: () => Session): Handlers<SweepMethods> {
  const sweeps = new Map<string, Sweep>();
  /** The sweep of this target; what it knows outlives the call. */
  const sweepOf = async (target: SweepTarget): Promise<Sweep> => {
    // What the judge is may have changed though its name has not: a protocol's text, a model's files.
    const { judge: spec = COMPACT } = target;
    const { pipeline, judges } = ready();
    const desk = spec.kind === 'compact' ? undefined : await judges.desk(spec);
    const judge = desk?.status ?? (await pipeline.judgeStatus());
    const key = JSON.stringify([target, judge.hash]);
    const sweep = sweeps.get(key) ?? new Sweep(ready(), target, judge, desk);
    sweeps.delete(key);
    sweeps.set(key, sweep);
    const [oldest] = sweeps.keys();
    if (sweeps.size > KEPT && oldest !== undefined) sweeps.delete(oldest);
    return sweep;
  };
  const opened = async (
    target: SweepTarget,
    signal: AbortSignal,
    onProgress?: (files: number) => void,
  ): Promise<Sweep> => {
    const sweep = await sweepOf(target);
    if (!sweep.grid || performance.now() - sweep.lookedAt > FRESH_LOOK_MS) {
      const { grid, message } = await sweep.look(signal, onProgress);
      if (!grid) throw nothingFound(target.root, message);
      await sweep.adopt(grid);
    }
    await sweep.readRows();
    return sweep;
  };

  const sweepScan: Ask<'sweepScan'> = async (params, { signal, progress }) => {
    const sweep = await sweepOf(decodeTarget(params));
    const { ms: _, unreadable: __, ...look } = await sweep.look(signal, (files) => progress({ files }));
    if (look.grid) await sweep.adopt(look.grid);
    return { ...look, grid: look.grid && sweep.grid!, cost: await sweep.outlook() };
  };

  const sweepOpen: Ask<'sweepOpen'> = async (params, { signal, progress }) => {
    const sweep = await opened(decodeTarget(params), signal, (files) => progress({ files }));
    const { revision } = sweep;
    const grid = sweep.grid!;
    if (!hasStatistics(sweep)) {
      progress({ known: { grid, revision, state: await stateOf(sweep, 'known') } });
      await delay(LEAVE_MS);
    }
    return { grid, revision, state: await stateOf(sweep) };
  };

  const sweepCost: Ask<'sweepCost'> = async (params, { signal }) =>
    (await opened(decodeTarget(params), signal)).outlook();

  const sweepPrompts: Ask<'sweepPrompts'> = async (params, { signal, progress }) => {
    const target = decodeTarget(params);
    const known = await sweepOf(target);
    const sweep = known.grid ? known : await opened(target, signal);
    const found = await sweep.tags.read(signal, (done, of) => progress({ done, of }));
    if (!found) return null;
    const state = await stateOf(sweep);
    return { grid: sweep.grid!, revision: sweep.revision, state };
  };

  const sweepRun: Ask<'sweepRun'> = async (params, context) => {
    const decoded = decodeRunParams(params);
    return new SweepRun(await sweepOf(decoded.sweep), decoded, context).run();
  };

  const sweepDiff: Ask<'sweepDiff'> = async (params, { signal }) => {
    const { sweep: target, earlier, later } = decodeDiffParams(params);
    const known = await sweepOf(target);
    const sweep = known.grid ? known : await opened(target, signal);
    return { earlier, later, criteria: criterionChanges(statisticsInput(sweep), earlier, later) };
  };

  const sweepExport: Ask<'sweepExport'> = async (params, { signal, progress }) => {
    const { sweep: target, format, target: path } = decodeExportParams(params);
    const sweep = await opened(target, signal);
    await tryTags(sweep, signal);
    return exportTo(sweep, format, path, { signal, progress });
  };

  const sweepLayout: Ask<'sweepLayout'> = async (params) => {
    const { logDir, name, layout } = decodeLayoutParams(params);
    if (layout) await writeLayout(logDir, name, layout);
    return { layout: await readLayout(logDir, name) };
  };

  const thumbnail: Ask<'thumbnail'> = async (params, { signal }) => {
    const { path } = decodeProxyParams(params);
    return ready().gate.run(1, signal, () => ready().thumbnail(path, signal));
  };

  return {
    sweepScan,
    sweepCost,
    sweepOpen,
    sweepPrompts,
    sweepRun,
    sweepDiff,
    sweepExport,
    sweepLayout,
    thumbnail,
  };
}
