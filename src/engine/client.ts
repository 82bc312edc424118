import type { JudgeSpec } from '../core/judgeSpec';
import type { BenchParams } from '../protocol/bench';
import type {
  ClipRequest,
  CompareParams,
  CompareProgress,
  CompareResult,
  EngineConfig,
  EngineMethods,
  EngineStatus,
  VoteParams,
  VotePlaces,
} from '../protocol/engine';
import type { JudgesParams } from '../protocol/judges';
import type { ModelMethods } from '../protocol/models';
import type { CallOptions } from '../protocol/rpc';
import type { SweepExportParams, SweepLayoutParams, SweepRunParams, SweepTarget } from '../protocol/sweep';
import { Supervisor, type SupervisorOptions } from './supervisor';

export type { LogLevel, SupervisorOptions } from './supervisor';

type Result<K extends keyof EngineMethods> = Promise<EngineMethods[K]['result']>;
type Options<K extends keyof EngineMethods> = CallOptions<EngineMethods[K]['progress']>;

/**
 * What the host and the command line know of the engine. Nothing is started before the first request.
 * Every method ends with its result or with a `ProblemError`; an aborted one with the code `cancelled`, at once.
 */
export interface Engine {
  /** @param judge the compact one where it is not told */
  status(judge?: JudgeSpec, options?: Options<'status'>): Promise<EngineStatus>;
  compare(params: CompareParams, options?: CallOptions<CompareProgress>): Promise<CompareResult>;
  inspect(clip: ClipRequest, options?: CallOptions<CompareProgress>): Result<'inspect'>;
  proxy(path: string, options?: Options<'proxy'>): Result<'proxy'>;
  appendVote(params: VoteParams): Result<'appendVote'>;
  votes(places: VotePlaces, hashes: [string, string]): Result<'votes'>;
  clearCache(): Result<'clearCache'>;
  sweepScan(params: SweepTarget, options?: Options<'sweepScan'>): Result<'sweepScan'>;
  sweepCost(params: SweepTarget, options?: Options<'sweepCost'>): Result<'sweepCost'>;
  sweepOpen(params: SweepTarget, options?: Options<'sweepOpen'>): Result<'sweepOpen'>;
  sweepPrompts(params: SweepTarget, options?: Options<'sweepPrompts'>): Result<'sweepPrompts'>;
  sweepRun(params: SweepRunParams, options?: Options<'sweepRun'>): Result<'sweepRun'>;
  sweepDiff(
    params: EngineMethods['sweepDiff']['params'],
    options?: Options<'sweepDiff'>,
  ): Result<'sweepDiff'>;
  sweepExport(params: SweepExportParams, options?: Options<'sweepExport'>): Result<'sweepExport'>;
  sweepLayout(params: SweepLayoutParams): Result<'sweepLayout'>;
  benchCost(params: BenchParams, options?: Options<'benchCost'>): Result<'benchCost'>;
  bench(params: BenchParams, options?: Options<'bench'>): Result<'bench'>;
  judges(params: JudgesParams, options?: Options<'judges'>): Result<'judges'>;
  thumbnail(path: string, options?: Options<'thumbnail'>): Result<'thumbnail'>;
  gpuProbe(options?: Options<'gpuProbe'>): Result<'gpuProbe'>;
  gpuCheck(dir: string): Result<'gpuCheck'>;
  gpuFetch(options?: Options<'gpuFetch'>): Result<'gpuFetch'>;
  gpuRemove(): Result<'gpuRemove'>;
  /** The methods for local models, by name. */
  models<K extends keyof ModelMethods>(
    method: K,
    params: ModelMethods[K]['params'],
    options?: CallOptions<ModelMethods[K]['progress']>,
  ): Promise<ModelMethods[K]['result']>;
  /** Ends the worker; what is outstanding is taken up by the next one, under the new settings. */
  restart(config: EngineConfig): void;
  /** Process id of the running worker, if there is one. */
  readonly pid: number | undefined;
  /** Ends the worker and all that it started, and rejects what is outstanding as `cancelled`. */
  dispose(): Promise<void>;
}

export function createEngine(config: EngineConfig, options: SupervisorOptions): Engine {
  const supervisor = new Supervisor(config, options);
  return {
    status: (judge, o) => supervisor.request('status', judge ? { judge } : null, o),
    compare: (params, o) => supervisor.request('compare', params, o),
    inspect: (clip, o) => supervisor.request('inspect', clip, o),
    proxy: (path, o) => supervisor.request('proxy', { path }, o),
    appendVote: (params) => supervisor.request('appendVote', params),
    votes: (places, hashes) => supervisor.request('votes', { ...places, hashes }),
    clearCache: () => supervisor.request('clearCache', null),
    sweepScan: (params, o) => supervisor.request('sweepScan', params, o),
    sweepCost: (params, o) => supervisor.request('sweepCost', params, o),
    sweepOpen: (params, o) => supervisor.request('sweepOpen', params, o),
    sweepPrompts: (params, o) => supervisor.request('sweepPrompts', params, o),
    sweepRun: (params, o) => supervisor.request('sweepRun', params, o),
    sweepDiff: (params, o) => supervisor.request('sweepDiff', params, o),
    sweepExport: (params, o) => supervisor.request('sweepExport', params, o),
    sweepLayout: (params) => supervisor.request('sweepLayout', params),
    benchCost: (params, o) => supervisor.request('benchCost', params, o),
    bench: (params, o) => supervisor.request('bench', params, o),
    judges: (params, o) => supervisor.request('judges', params, o),
    thumbnail: (path, o) => supervisor.request('thumbnail', { path }, o),
    gpuProbe: (o) => supervisor.request('gpuProbe', null, o),
    gpuCheck: (dir) => supervisor.request('gpuCheck', { dir }),
    gpuFetch: (o) => supervisor.request('gpuFetch', null, o),
    gpuRemove: () => supervisor.request('gpuRemove', null),
    models: (method, params, o) => supervisor.request(method, params, o as never) as never,
    restart: (next) => supervisor.restart(next),
    get pid() {
      return supervisor.pid;
    },
    dispose: () => supervisor.dispose(),
  };
}
