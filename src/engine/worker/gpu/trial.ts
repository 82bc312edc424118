import { fork, type ChildProcess } from 'node:child_process';
import type { Trial } from '../../../core/gpu/facts';
import { withLibraryPath } from '../../gpu/libraryPath';
import { cleanEnvironment } from '../../workerProcess';

/** First argument of the worker's program that makes it try one device and leave. */
export const TRIAL = '--try-device';
/** The first start on a new GPU compiles for it. */
const DEADLINE_MS = 90_000;
const TAIL_CHARACTERS = 8192;

/** What the process says before it leaves. */
export interface TrialWord {
  opened: boolean;
  reason?: string;
}

export interface TrialRequest {
  /** The program to fork: the worker's own. */
  program: string;
  device: string;
  /** What it loads ONNX Runtime by. */
  home: string;
  /** Folder of the CUDA provider. */
  libraries?: string | undefined;
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

/** Tries a device in a process of its own: a driver may end it, or hang. Rejects only where it was cancelled. */
export async function runTrial(request: TrialRequest): Promise<Trial> {
  const { program, device, home, libraries, deadlineMs = DEADLINE_MS, signal } = request;
  signal?.throwIfAborted();
  const from = performance.now();
  const child = fork(program, [TRIAL, device, home], {
    execArgv: [],
    env: withLibraryPath(cleanEnvironment(process.env), libraries),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let isLate = false;
  const kill = () => child.kill('SIGKILL');
  const deadline = setTimeout(() => ((isLate = true), kill()), deadlineMs);
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const { word, how, tail } = await ending(child);
    signal?.throwIfAborted();
    const ms = performance.now() - from;
    if (word?.opened) return { device, opened: true, ms };
    const late = isLate ? `it gave no answer within ${Math.round(deadlineMs / 1000)} s` : undefined;
    const reason =
      late ?? (word ? reasonOf(word.reason ?? '', tail) : `it ended its process (${how})${lastOf(tail)}`);
    return { device, opened: false, ms, reason };
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', kill);
  }
}

function ending(child: ChildProcess): Promise<{ word?: TrialWord; how: string; tail: string }> {
  return new Promise((resolve) => {
    let word: TrialWord | undefined;
    let tail = '';
    const done = (how: string) => resolve({ ...(word ? { word } : {}), how, tail });
    child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-TAIL_CHARACTERS)));
    child.once('message', (message) => (word = message as TrialWord));
    child.once('error', (error) => done(error.message));
    child.once('close', (code, signal) => done(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

/** The loader's complaint goes to stderr, and says more than ONNX Runtime's own word. */
function reasonOf(said: string, tail: string): string {
  const loader = [...tail.matchAll(/with error: (.+)/g)].at(-1)?.[1];
  const word = loader ?? said.replace(/^.* was false\. /, '');
  return word.trim().replace(/[.\s]+$/, '') || 'it gave no reason';
}

function lastOf(tail: string): string {
  const last = tail.trim().split('\n').at(-1)?.trim().slice(0, 200);
  return last ? `: ${last}` : '';
}
