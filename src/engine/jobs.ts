import type { JudgeSpec } from '../core/judgeSpec';
import { cancelled, ProblemError, type Problem } from '../core/problem';
import type { BenchProgress } from '../protocol/bench';
import type { EngineMethods } from '../protocol/engine';
import type { CallOptions } from '../protocol/rpc';
import type { SweepProgress } from '../protocol/sweep';

export type Method = Exclude<keyof EngineMethods, 'init'>;

/** One request of the engine's user; it may see several workers before it is answered. */
export interface Job {
  method: Method;
  params: unknown;
  options: CallOptions<unknown>;
  /** Workers that ended while this request was on them, not by our hand. */
  deaths: number;
  /** Of many clips: the most that it got done, of so many. */
  most?: { done: number; of: number };
  deadline?: NodeJS.Timeout | undefined;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What may read clips, or a large folder or file, or a long record, or wait for a device. */
const HEAVY: ReadonlySet<Method> = new Set([
  'compare',
  'inspect',
  'proxy',
  'thumbnail',
  'sweepScan',
  'sweepCost',
  'sweepOpen',
  'sweepPrompts',
  'sweepRun',
  'sweepExport',
  'bench',
  'benchCost',
  'judges',
  'gpuProbe',
  'gpuCheck',
  'gpuFetch',
  'gpuRemove',
  'modelAdd',
  'modelFetch',
  'modelTry',
]);

/** Milliseconds without a sign of life from the worker, by method; a decoding clip gives one at least every deadline. */
export function silenceAllowed(method: Method, decodeDeadline: number): number {
  const heavy = HEAVY.has(method);
  return heavy ? 120_000 + 2000 * decodeDeadline : 60_000;
}

const DOING: Record<Method, string> = {
  compare: 'comparing',
  inspect: 'reading',
  proxy: 'preparing',
  appendVote: 'keeping the vote',
  votes: 'reading the votes',
  status: 'looking after itself',
  clearCache: 'clearing the cache',
  sweepScan: 'looking through',
  sweepCost: 'looking through',
  sweepOpen: 'opening',
  sweepPrompts: 'reading the prompts of',
  sweepRun: 'judging the sweep',
  sweepDiff: 'comparing checkpoints of',
  sweepExport: 'exporting',
  sweepLayout: 'reading the layout of',
  thumbnail: 'making a still of',
  bench: 'measuring the judge on',
  benchCost: 'reading',
  judges: 'comparing judges',
  gpuProbe: 'looking for a GPU',
  gpuCheck: 'looking at the libraries for the GPU',
  gpuFetch: 'fetching the libraries for the GPU',
  gpuRemove: 'removing the libraries for the GPU',
  models: 'looking at the local models',
  modelAdd: 'adding the model',
  modelOffer: 'asking what there is of a model',
  modelFetch: 'downloading a model',
  modelRemove: 'removing a model',
  modelRestore: 'putting a model back',
  modelForget: 'deleting a model',
  servedAgreement: 'looking up what was measured of served models',
  modelTry: 'trying a local model',
};

/** What the job does, in words that name its files. */
export function doing(job: Job): string {
  const names = [...new Set(paths(job.params).map((path) => path.split(/[\\/]/).pop()))];
  return [DOING[job.method], names.join(' and ')].filter(Boolean).join(' ');
}

function paths(params: unknown): string[] {
  if (typeof params !== 'object' || params === null) return [];
  const { path, pairs, root, folder, a, b, sweep } = params as Record<string, unknown>;
  const own = path ?? pairs ?? root ?? folder;
  if (typeof own === 'string') return [own];
  return [...paths(a), ...paths(b), ...paths(sweep)];
}

export function workerDied(job: Job, how: string): ProblemError {
  const times = job.deaths === 1 ? 'stopped' : `stopped ${job.deaths} times`;
  return failure('workerDied', `The engine ${times} while ${doing(job)} (${how}).`);
}

export function silent(job: Job, ms: number): ProblemError {
  return failure(
    'deadline',
    `The engine gave no sign of life for ${Math.round(ms / 1000)} s while ${doing(job)}.`,
  );
}

function failure(code: Problem['code'], message: string): ProblemError {
  return new ProblemError({
    code,
    message,
    fix: 'Try again; the log of AesRM says what the engine was doing.',
  });
}

/** Settles a job once, and frees what it held. */
export function createJob(
  method: Method,
  params: unknown,
  options: CallOptions<unknown>,
  settled: (job: Job) => void,
): { job: Job; result: Promise<unknown> } {
  let job!: Job;
  const result = new Promise<unknown>((resolve, reject) => {
    const once =
      <T>(settle: (value: T) => void) =>
      (value: T) => {
        options.signal?.removeEventListener('abort', onAbort);
        settled(job);
        settle(value);
      };
    job = { method, params, options, deaths: 0, resolve: once(resolve), reject: once(reject) };
    const onAbort = () => job.reject(cancelled());
    options.signal?.addEventListener('abort', onAbort, { once: true });
  });
  return { job, result };
}

/** Whether it asks a local model, which blocks the worker's thread. */
export function asksLocal({ method, params }: Job): boolean {
  if (method === 'modelTry') return true;
  const { judge } = (params ?? {}) as { judge?: JudgeSpec };
  return judge?.kind === 'local';
}

/** Work on many clips, which may take days. */
export const isLong = ({ method }: Job) => method === 'sweepRun' || method === 'bench';

/**
 * Passes progress on. Of work on many clips, what it got done, more than any worker before, clears it of suspicion,
 * and so does having nothing to do.
 */
export function heard(job: Job): (progress: unknown) => void {
  const { onProgress } = job.options;
  if (!isLong(job)) return (progress) => onProgress?.(progress);
  return (progress) => {
    const { clips, pairs, stage } = progress as SweepProgress | BenchProgress;
    const now = { done: clips.done + pairs.done, of: clips.total };
    // Of another grid the numbers say nothing about the last one.
    const isOther = job.most?.of !== now.of;
    const isMore = !isOther && now.done > job.most!.done;
    if (isMore || stage === 'watching' || stage === 'following') job.deaths = 0;
    if (isMore || isOther) job.most = now;
    onProgress?.(progress);
  };
}
