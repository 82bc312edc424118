import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  abstractAddress,
  GREETING_LENGTH,
  readGreeting,
  type LauncherBeginning,
  type LauncherOrder,
  type LauncherWord,
  type OutputName,
} from './words';

/** What of a child process its user needs; Node's own is one, too. */
export interface Started {
  readonly pid?: number | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
  kill(signal: 'SIGKILL'): void;
  /** Whether nobody can tell how it ended. */
  readonly lost?: boolean;
  once(event: 'error', listener: (error: Error) => void): unknown;
  once(
    event: 'exit' | 'close',
    listener: (code: number | null, signal: NodeJS.Signals | null) => void,
  ): unknown;
}

type Pair = Partial<Record<OutputName, Socket>>;

/**
 * The other side of main.ts: starts programs through a small process of its own. Only for Linux, whose abstract
 * sockets leave nothing on the disk and where starting from a large process is slow.
 */
export class Launcher {
  private readonly secret = randomBytes(16).toString('hex');
  private readonly pairs = new Map<number, Pair>();
  private readonly ready: number[] = [];
  private readonly running = new Map<number, Launched>();
  private readonly server: Server;
  private child: ChildProcess | undefined;

  /** Nothing waits for it: until it is ready, and where it cannot be had, {@link start} gives nothing. */
  constructor(program: string, env: NodeJS.ProcessEnv) {
    const name = `aesrm-${randomBytes(16).toString('hex')}`;
    this.server = createServer((socket) => this.greet(socket));
    this.server.on('error', () => this.dispose());
    this.server.unref();
    this.server.listen(abstractAddress(name), () => {
      try {
        this.fork(program, name, env);
      } catch {
        // No memory for one more process, say: it goes on without.
        this.dispose();
      }
    });
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts a program without stdin; undefined where it is not this launcher's turn. */
  start(path: string, args: readonly string[]): Started | undefined {
    const id = this.ready.shift();
    const pair = id === undefined ? undefined : this.pairs.get(id);
    if (id === undefined || !pair?.stdout || !pair.stderr || !this.child) return undefined;
    this.pairs.delete(id);
    const launched = new Launched(pair.stdout, pair.stderr, () => this.order({ id, kill: true }));
    this.running.set(id, launched);
    launched.once('exit', () => this.running.delete(id));
    launched.once('error', () => this.running.delete(id));
    this.order({ id, start: { path, args } });
    return launched;
  }

  /** Ends the launcher and with it what it started. */
  dispose(): void {
    const { child } = this;
    this.child = undefined;
    this.server.close();
    if (child?.connected) child.disconnect();
    for (const { stdout, stderr } of this.pairs.values()) [stdout, stderr].forEach((s) => s?.destroy());
    this.pairs.clear();
    for (const launched of this.running.values()) launched.abandon();
  }

  private fork(program: string, name: string, env: NodeJS.ProcessEnv): void {
    const child = fork(program, [], { execArgv: [], env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.child = child;
    child.unref();
    child.channel?.unref();
    child.on('message', (word: LauncherWord) => this.hear(word));
    child.on('error', () => undefined);
    child.once('disconnect', () => {
      if (this.child === child) this.dispose();
    });
    const beginning: LauncherBeginning = { begin: { name, secret: this.secret } };
    child.send(beginning, () => undefined);
  }

  private order(order: LauncherOrder): void {
    this.child?.send(order, () => undefined);
  }

  private hear(word: LauncherWord): void {
    const launched = this.running.get(word.id);
    if ('pid' in word) launched?.began(word.pid);
    else if ('failed' in word) launched?.failed(word.failed);
    else launched?.ended(word.ended.code, word.ended.signal);
  }

  /** Anybody on this machine may connect: only who knows the secret is heard. */
  private greet(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const words = (socket.read(GREETING_LENGTH) as Buffer | null)?.toString('latin1');
      const said = words === undefined ? undefined : readGreeting(this.secret, words);
      if (!said || !this.child) return socket.destroy();
      const pair = this.pairs.get(said.id) ?? {};
      pair[said.output] = socket;
      this.pairs.set(said.id, pair);
      if (pair.stdout && pair.stderr) this.ready.push(said.id);
    });
  }
}

/** Like a child process: `exit` when it ended, `close` when its outputs are read, too. */
class Launched extends EventEmitter implements Started {
  pid: number | undefined;
  lost = false;
  private open = 3;
  private ending: [code: number | null, signal: NodeJS.Signals | null] = [null, null];

  constructor(
    readonly stdout: Socket,
    readonly stderr: Socket,
    readonly kill: () => void,
  ) {
    super();
    for (const socket of [stdout, stderr]) socket.once('close', () => this.closed());
  }

  began(pid: number): void {
    this.pid = pid;
  }

  failed(message: string): void {
    this.stdout.destroy();
    this.stderr.destroy();
    this.emit('error', new Error(message));
  }

  ended(...ending: [code: number | null, signal: NodeJS.Signals | null]): void {
    this.ending = ending;
    this.emit('exit', ...ending);
    this.closed();
  }

  /** The launcher is gone: nobody would tell of the end. */
  abandon(): void {
    try {
      if (this.pid !== undefined) process.kill(this.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
    this.lost = true;
    this.stdout.destroy();
    this.stderr.destroy();
    this.ended(null, 'SIGKILL');
  }

  private closed(): void {
    if (--this.open === 0) this.emit('close', ...this.ending);
  }
}
