import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { outOfMemory } from '../core/local/words';
import { cancelled, problem } from '../core/problem';
import type { Device, EndpointAccess, EngineConfig, EngineMethods, Forerunner } from '../protocol/engine';
import type { CallOptions } from '../protocol/rpc';
import { Connection, isLost, type EndCause, type Log } from './connection';
import {
  asksLocal,
  createJob,
  heard,
  isLong,
  silenceAllowed,
  silent,
  workerDied,
  type Job,
  type Method,
} from './jobs';

export type { Log, LogLevel } from './connection';

export interface SupervisorOptions {
  /** The worker's program, `dist/worker.js`. */
  workerPath: string;
  log?: Log;
  /** Consent and keys of endpoints; without it none is allowed. */
  endpointAccess?(origin: string): Promise<EndpointAccess>;
  /** Milliseconds; the defaults serve everyone but a test. */
  timing?: Partial<Timing>;
}

export interface Timing {
  /** From the fork to the answer of the handshake. */
  init: number;
  /** From a cancellation to its answer; then the worker is ended. */
  grace: number;
  /** Without a request; then the worker leaves. */
  linger: number;
  /** Without a word from the worker while it has a request; by method if not given. */
  silence?: number;
}

/** The grace leaves a worker that cannot listen time to be gone within a second. */
export const TIMING: Timing = { init: 60_000, grace: 700, linger: 300_000 };

/** How often a request is taken up again after it was alone on a worker that ended. */
const RETRIES = 2;
/** The same for work on many clips, which finds out by itself which of them is to blame. */
const LONG_RETRIES = 3;

/** Longest silence of a worker whose local model is at work: reading sixteen frames may take a processor many minutes. */
const THINKING_MS = 1_800_000;

/** Longest wait for the end of a process that was killed. */
const LAST_WAIT_MS = 3000;

/**
 * Keeps one worker running while there is something to do, and every request alive while there is hope:
 * what was on a worker that ended goes to the next one. A request that has seen a worker die runs alone
 * from then on, so that only the one to blame is given up. Work on many clips may take days: nothing waits for its end,
 * and it waits until the others are cleared.
 */
export class Supervisor {
  private readonly log: Log;
  private readonly timing: Timing;
  private readonly running = new Set<Job>();
  private waiting: Job[] = [];
  private connection: Connection | undefined;
  private readonly alive = new Set<Connection>();
  /** The setting under which a worker died, or fell silent, of opening a device. */
  private unsafe: Device | undefined;
  /** The last worker, where that ended of itself or fell silent. */
  private forerunner: Forerunner | undefined;
  private isSilent = false;
  /** Local models by name, and how many workers died of memory over each: the next one takes less. */
  private readonly lean = new Map<string, number>();
  private linger: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private config: EngineConfig,
    private readonly options: SupervisorOptions,
  ) {
    this.log = options.log ?? (() => undefined);
    this.timing = { ...TIMING, ...options.timing };
  }

  get pid(): number | undefined {
    return this.connection?.pid;
  }

  request<K extends Method>(
    method: K,
    params: EngineMethods[K]['params'],
    options: CallOptions<EngineMethods[K]['progress']> = {},
  ): Promise<EngineMethods[K]['result']> {
    if (this.disposed || options.signal?.aborted) return Promise.reject(cancelled());
    if (!existsSync(this.options.workerPath)) return Promise.reject(this.missing());
    const { job, result } = createJob(method, params, options as CallOptions<unknown>, (j) =>
      this.settled(j),
    );
    this.waiting.push(job);
    this.pump();
    return result as Promise<EngineMethods[K]['result']>;
  }

  restart(config: EngineConfig): void {
    this.config = config;
    this.connection?.end('the settings changed');
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    for (const job of [...this.waiting, ...this.running]) job.reject(cancelled());
    this.connection?.end('it is no longer needed');
    const gone = [...this.alive].map((connection) => (connection.hold(true), connection.exited));
    await Promise.race([Promise.all(gone), delay(LAST_WAIT_MS, undefined, { ref: false })]);
  }

  /** Starts what may start: in order, and a request under suspicion alone. */
  private pump(): void {
    for (let next = this.waiting[0]; next && this.mayStart(next); next = this.waiting[0]) {
      this.waiting.shift();
      this.start(next);
    }
    this.rest();
  }

  private mayStart(job: Job): boolean {
    const suspected = [...this.running].some((j) => j.deaths > 0 && !isLong(j));
    return !suspected && (job.deaths === 0 || isLong(job) || this.running.size === 0);
  }

  private start(job: Job): void {
    const connection = (this.connection ??= this.connect());
    this.running.add(job);
    this.watch(job);
    connection.endpoint
      .call(job.method, job.params as never, { signal: job.options.signal, onProgress: heard(job) })
      .then(job.resolve, (error) => {
        // Of a lost one, `ended` disposes.
        if (!isLost(error)) job.reject(error as Error);
      });
  }

  private connect(): Connection {
    this.log('debug', 'starting the engine');
    const { config } = this;
    const device = config.device === this.unsafe ? 'cpu' : config.device;
    const { forerunner } = this;
    const connection = new Connection(
      {
        ...{ ...config, device },
        ...(forerunner ? { forerunner } : {}),
        ...(this.lean.size > 0 ? { lean: Object.fromEntries(this.lean) } : {}),
      },
      {
        workerPath: this.options.workerPath,
        log: this.log,
        initMs: this.timing.init,
        graceMs: this.timing.grace,
        endpointAccess: async (origin) => (await this.options.endpointAccess?.(origin)) ?? { allowed: false },
        onHeard: () => this.running.forEach((job) => this.watch(job)),
        mayThink: () => [...this.running].some(asksLocal),
        onEnd: (ended, cause) => this.ended(ended, cause),
      },
    );
    this.alive.add(connection);
    void connection.exited.then(() => this.alive.delete(connection));
    return connection;
  }

  private ended(connection: Connection, { crashed, how, killed = false, ofMemory }: EndCause): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    const { pid } = connection;
    this.forerunner = pid !== undefined && (crashed || this.isSilent) ? { pid, killed } : undefined;
    this.isSilent = false;
    const heavy = ofMemory ? connection.weighs : undefined;
    if (heavy !== undefined) this.lighten(heavy);
    else if (crashed) this.distrust(connection);
    this.log(crashed ? 'warn' : 'debug', `the engine ended: ${how}`);
    const lost = [...this.running];
    this.running.clear();
    for (const job of lost) {
      clearTimeout(job.deadline);
      if (crashed) job.deaths++;
    }
    const isHopeless = (job: Job) =>
      isLong(job) ? job.deaths > LONG_RETRIES : lost.length === 1 && job.deaths > RETRIES;
    const others = lost.filter((job) => !isHopeless(job));
    this.waiting.unshift(...others.filter((job) => !isLong(job)), ...others.filter(isLong));
    for (const job of lost)
      if (isHopeless(job)) job.reject(heavy === undefined ? workerDied(job, how) : outOfMemory(heavy));
    this.pump();
  }

  /** A worker died of memory over this model: the next one shows it less, or says that it is too large. */
  private lighten(model: string): void {
    this.lean.set(model, (this.lean.get(model) ?? 0) + 1);
    this.log('warn', `the engine had not enough memory for the local model "${model}": less of it is tried`);
  }

  /** What ended while it opened a device opens it no more, as long as the setting stays. */
  private distrust({ opening }: Connection): void {
    if (opening === undefined || opening === 'cpu' || this.config.device === 'cpu') return;
    this.unsafe = this.config.device;
    this.log(
      'warn',
      `the engine did not survive opening ${opening}: the judge runs on the processor instead`,
    );
  }

  /** (Re)starts the clock of a job on a silent worker. */
  private watch(job: Job): void {
    clearTimeout(job.deadline);
    // A local model holds the worker's only thread while it reads a question.
    const thinks = this.connection?.weighs !== undefined;
    const usual = this.timing.silence ?? silenceAllowed(job.method, this.config.decodeDeadline);
    const ms = thinks ? Math.max(usual, THINKING_MS) : usual;
    job.deadline = setTimeout(() => {
      job.reject(silent(job, ms));
      if (this.connection) this.distrust(this.connection);
      this.isSilent = true;
      this.connection?.end('it fell silent');
    }, ms);
  }

  private settled(job: Job): void {
    clearTimeout(job.deadline);
    this.running.delete(job);
    this.waiting = this.waiting.filter((other) => other !== job);
    if (!this.disposed) this.pump();
  }

  /** Keeps this process alive while the worker has something to do, and lets the worker go after a while without. */
  private rest(): void {
    clearTimeout(this.linger);
    const { connection } = this;
    if (!connection) return;
    connection.hold(this.running.size > 0);
    if (this.running.size > 0) return;
    this.linger = setTimeout(() => connection.end('it had nothing to do'), this.timing.linger);
    this.linger.unref();
  }

  private missing() {
    const fix = 'Install the extension again, or build it: npm run build.';
    return problem('internal', `The engine's program ${this.options.workerPath} is missing.`, fix);
  }
}
