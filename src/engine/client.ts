import type {
  ClipRequest,
  CompareParams,
  CompareProgress,
  CompareResult,
  EngineConfig,
  EngineMethods,
  EngineStatus,
  VoteParams,
} from '../protocol/engine';
import type { CallOptions } from '../protocol/rpc';
import { Supervisor, type SupervisorOptions } from './supervisor';

export type { LogLevel, SupervisorOptions } from './supervisor';

type Result<K extends keyof EngineMethods> = Promise<EngineMethods[K]['result']>;
type Options<K extends keyof EngineMethods> = CallOptions<EngineMethods[K]['progress']>;

/**
 * What the host and the command line know of the engine. Nothing is started before the first request.
 * Every method ends with its result or with a `ProblemError`; an aborted one with the code `cancelled`, at once.
 */
export interface Engine {
  status(options?: Options<'status'>): Promise<EngineStatus>;
  compare(params: CompareParams, options?: CallOptions<CompareProgress>): Promise<CompareResult>;
  inspect(clip: ClipRequest, options?: CallOptions<CompareProgress>): Result<'inspect'>;
  proxy(path: string, options?: Options<'proxy'>): Result<'proxy'>;
  appendVote(params: VoteParams): Result<'appendVote'>;
  votes(logDir: string, hashes: [string, string]): Result<'votes'>;
  clearCache(): Result<'clearCache'>;
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
    status: (o) => supervisor.request('status', null, o),
    compare: (params, o) => supervisor.request('compare', params, o),
    inspect: (clip, o) => supervisor.request('inspect', clip, o),
    proxy: (path, o) => supervisor.request('proxy', { path }, o),
    appendVote: (params) => supervisor.request('appendVote', params),
    votes: (logDir, hashes) => supervisor.request('votes', { logDir, hashes }),
    clearCache: () => supervisor.request('clearCache', null),
    restart: (next) => supervisor.restart(next),
    get pid() {
      return supervisor.pid;
    },
    dispose: () => supervisor.dispose(),
  };
}
