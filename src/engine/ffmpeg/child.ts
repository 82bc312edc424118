import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Started } from '../launcher/launcher';
import { launch } from '../launcher/start';

/** How an ffmpeg ended. `killed`: by us, because nobody wanted the rest. `lost`: with what had started it for us. */
export interface Ending {
  how: 'exit' | 'cancelled' | 'deadline' | 'killed' | 'lost' | 'notStarted';
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines that it wrote to stderr, oldest first. */
  tail: string[];
}

export interface ChildOptions {
  signal?: AbortSignal | undefined;
  /** Seconds without {@link Child.alive} after which the process is ended. */
  deadline: number;
  /** Every line of stderr; a line is cut at {@link LINE_LIMIT} characters. */
  onLine?: ((line: string) => void) | undefined;
  /** Lines not worth a place in the tail. */
  isChatter?: ((line: string) => boolean) | undefined;
  withStdin?: boolean | undefined;
}

export interface Child {
  stdout: Readable;
  /** Present where asked for. */
  stdin: Writable | null;
  /** Tells the watch that something came. */
  alive(): void;
  kill(): void;
  /** Never rejects. The process is gone and its pipes are read when this resolves. */
  ended: Promise<Ending>;
}

const LINE_LIMIT = 4096;
const TAIL_LINES = 40;
const TICK_MS = 250;

/** Started by us or for us. */
type Process = (ChildProcess & { stdout: Readable; stderr: Readable }) | Started;

const running = new Set<Process>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts ffmpeg with an argument array, watched: it ends by itself, by `signal`, or by the deadline. */
export function startFfmpeg(path: string, args: readonly string[], options: ChildOptions): Child {
  const env = quietEnv();
  const launched = options.withStdin ? undefined : launch(path, args, env);
  const child = launched ?? spawnHere(path, args, env, options.withStdin === true);
  running.add(child);
  const { stdout, stderr } = child;
  const stdin = 'stdin' in child ? child.stdin : null;
  const tail: string[] = [];
  readLines(stderr, (line) => {
    if (!options.isChatter?.(line)) remember(tail, line);
    options.onLine?.(line);
  });
  stdin?.on('error', () => undefined); // EPIPE: the ending says why
  let how: Ending['how'] = 'exit';
  const end = (why: Ending['how']) => {
    if (how === 'exit') how = why;
    child.kill('SIGKILL');
  };
  const watch = watchdog(options.deadline, () => end('deadline'));
  const onAbort = () => end('cancelled');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  const ended = endingOf(child, () => (how === 'exit' && isLost(child) ? 'lost' : how), tail).finally(() => {
    watch.stop();
    running.delete(child);
    options.signal?.removeEventListener('abort', onAbort);
  });
  return { stdout, stdin, alive: watch.alive, kill: () => end('killed'), ended };
}

const isLost = (child: Process) => 'lost' in child && child.lost === true;

function spawnHere(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  withStdin: boolean,
): Process {
  const stdin = withStdin ? 'pipe' : 'ignore';
  // The other two are pipes by these options.
  return spawn(path, [...args], { stdio: [stdin, 'pipe', 'pipe'], windowsHide: true, env }) as Process;
}

function endingOf(child: Process, how: () => Ending['how'], tail: string[]): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      remember(tail, error.message);
      if (child.pid === undefined) resolve({ how: 'notStarted', code: null, signal: null, tail });
    });
    child.once('exit', (code, signal) => {
      if (how() === 'exit') return;
      // A killed process may have left children that hold its pipes: nothing more is read.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ how: how(), code, signal, tail });
    });
    child.once('close', (code, signal) => resolve({ how: how(), code, signal, tail }));
  });
}

/**
 * Counts ticks, not the clock: while the thread is busy with inference no tick passes, and ffmpeg,
 * which waits for us to read, is not blamed.
 */
function watchdog(seconds: number, onSilence: () => void): { alive(): void; stop(): void } {
  let ticks = 0;
  const timer = setInterval(() => {
    if (++ticks * TICK_MS > seconds * 1000) onSilence();
  }, TICK_MS);
  return { alive: () => (ticks = 0), stop: () => clearInterval(timer) };
}

function remember(tail: string[], line: string): void {
  tail.push(line);
  if (tail.length > TAIL_LINES) tail.shift();
}

/** Calls back for every line; what exceeds {@link LINE_LIMIT} of a line is dropped. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  let part = '';
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (text: string) => {
    const lines = text.split(/[\r\n]/);
    const last = lines.pop() ?? '';
    for (const line of lines) {
      onLine((part + line).slice(0, LINE_LIMIT));
      part = '';
    }
    part = (part + last).slice(0, LINE_LIMIT);
  });
  stream.on('end', () => {
    if (part !== '') onLine(part);
  });
}

/** ffmpeg writes report files and colours if the environment says so. */
function quietEnv(): NodeJS.ProcessEnv {
  const { FFREPORT, AV_LOG_FORCE_COLOR, AV_LOG_FORCE_256COLOR, ...env } = process.env;
  void [FFREPORT, AV_LOG_FORCE_COLOR, AV_LOG_FORCE_256COLOR];
  return { ...env, AV_LOG_FORCE_NOCOLOR: '1' };
}
