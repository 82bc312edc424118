import type { ChildProcess } from 'node:child_process';
import { obj, oneOf, str } from '../core/decode';
import { ProblemError, type Problem } from '../core/problem';
import type { EndpointAccess, EngineHostMethods, EngineMethods, InitParams } from '../protocol/engine';
import { Endpoint } from '../protocol/rpc';
import { workerTransport, type WatchedTransport } from './transport';
import { forkWorker, hold, killGroup } from './workerProcess';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];
export type Log = (level: LogLevel, text: string) => void;

/** Why a life of the worker ended: of itself, or by our hand. */
export type EndCause = { crashed: boolean; how: string; killed?: boolean; ofMemory?: boolean };

/** How a process ends that gets no more memory: by the system's hand, or by its own. */
const MEMORY_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGKILL', 'SIGABRT', 'SIGBUS', 'SIGTRAP'];
/** The same as exit codes: of a shell, and of Windows (no memory, fail fast, no room to commit). */
const MEMORY_CODES: readonly (number | null)[] = [134, 137, 0xc0000017, 0xc0000409, 0xc000012d];

/** The rejection of a call whose worker went away; never shown to anyone. */
const LOST: Problem = { code: 'workerDied', message: 'The engine stopped.' };
export const isLost = (error: unknown) => error instanceof ProblemError && error.problem === LOST;

const EXIT_MS = 500;

export interface ConnectionOptions {
  workerPath: string;
  log: Log;
  initMs: number;
  graceMs: number;
  onHeard(): void;
  /** Whether a call that was not cancelled asks the local model that takes the worker's only thread. */
  mayThink(): boolean;
  endpointAccess(origin: string): Promise<EndpointAccess>;
  onEnd(connection: Connection, cause: EndCause): void;
}

/** One life of the worker: fork, handshake, calls, end. Its end is told once. */
export class Connection {
  readonly endpoint: Endpoint<EngineMethods, EngineHostMethods>;
  private readonly child: ChildProcess;
  private readonly transport: WatchedTransport;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  private readonly initTimer: NodeJS.Timeout;
  private ended = false;
  private openingNow: string | undefined;
  private weighsNow: string | undefined;

  constructor(
    config: InitParams,
    private readonly options: ConnectionOptions,
  ) {
    const { log } = options;
    const onLine = (line: string) => log('warn', `worker: ${line}`);
    this.child = forkWorker(options.workerPath, onLine, config.gpu?.libraries);
    this.transport = workerTransport(this.child, options.graceMs);
    this.transport.onHeard = () => options.onHeard();
    this.transport.onStuck = () => this.stuck();
    const garbage = (error: unknown) => log('warn', `the engine said something unknown: ${String(error)}`);
    const handlers = {
      log: (params: unknown) => this.logged(params),
      endpointAccess: (params: unknown) =>
        options.endpointAccess(str(obj(params, 'endpointAccess').origin, 'endpointAccess.origin')),
    };
    this.endpoint = new Endpoint<EngineMethods, EngineHostMethods>(this.transport, handlers, garbage);
    this.exited = this.watch();
    this.initTimer = setTimeout(() => this.end('it did not start in time', true), options.initMs);
    this.initTimer.unref();
    void this.handshake(config);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The device that the worker was about to open when it was last heard of. */
  get opening(): string | undefined {
    return this.openingNow;
  }

  /** The local model that took memory when the worker was last heard of. */
  get weighs(): string | undefined {
    return this.weighsNow;
  }

  hold(held: boolean): void {
    hold(this.child, held);
  }

  /** Ends the worker and all that it started; `crashed` where the worker is to blame. */
  end(how: string, crashed = false, { killed = false, ofMemory = false } = {}): void {
    killGroup(this.child);
    this.finish({ crashed, how, killed, ofMemory });
  }

  /** A cancelled call is not answered. While the thread thinks for another one, that is no fault of the worker's. */
  private stuck(): 'wait' | 'gone' {
    if (this.weighsNow !== undefined && this.options.mayThink()) return 'wait';
    this.end('it did not answer to a cancellation');
    return 'gone';
  }

  private async handshake(config: InitParams): Promise<void> {
    try {
      const { pid, ffmpeg, judge } = await this.endpoint.call('init', config);
      const parts = {
        ffmpeg: 'path' in ffmpeg ? ffmpeg.path : ffmpeg,
        judge: 'id' in judge ? judge.id : judge,
      };
      this.options.log('debug', `engine ready, process ${pid}: ${JSON.stringify(parts)}`);
    } catch (error) {
      if (!isLost(error)) this.options.log('error', `the engine refused its settings: ${String(error)}`);
    } finally {
      clearTimeout(this.initTimer);
    }
  }

  private watch(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once('error', (error) => (this.end(error.message, true), resolve()));
      // The exit says more, and comes at once where there is one.
      this.child.once('disconnect', () =>
        setTimeout(() => this.end('it closed its channel', true), EXIT_MS).unref(),
      );
      this.child.once('exit', (code, signal) => {
        const how = signal ? `signal ${signal}` : `exit code ${code}`;
        const ofMemory = signal ? MEMORY_SIGNALS.includes(signal) : MEMORY_CODES.includes(code);
        this.end(how, true, { killed: signal === 'SIGKILL', ofMemory });
        resolve();
      });
    });
  }

  private finish(cause: EndCause): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.initTimer);
    this.transport.close();
    this.endpoint.close(LOST);
    this.hold(false);
    this.options.onEnd(this, cause);
  }

  private logged(params: unknown): Promise<null> {
    const o = obj(params, 'log');
    if (o.opening === null) this.openingNow = undefined;
    else if (o.opening !== undefined) this.openingNow = str(o.opening, 'log.opening');
    if (o.weighs === null) this.weighsNow = undefined;
    else if (o.weighs !== undefined) this.weighsNow = str(o.weighs, 'log.weighs');
    this.options.log(oneOf(o.level, LEVELS, 'log.level'), str(o.text, 'log.text'));
    return Promise.resolve(null);
  }
}
