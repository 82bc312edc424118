import { fork, spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { withLibraryPath } from './gpu/libraryPath';

const POSIX = process.platform !== 'win32';

/**
 * Forks the worker as the leader of its own process group, so that what it starts ends with it.
 * Frames never cross the channel, so plain JSON serves. With libraries for the GPU it is told where theirs are.
 */
export function forkWorker(
  path: string,
  onLine: (line: string) => void,
  gpuLibraries?: string,
): ChildProcess {
  const child = fork(path, [], {
    execArgv: [],
    env: withLibraryPath(cleanEnvironment(process.env), gpuLibraries),
    detached: POSIX,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
  });
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on('line', onLine);
  return child;
}

/** Without what a debugger or VS Code leaves for its own children. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign =
    /^(NODE_OPTIONS|NODE_INSPECT.*|NODE_CHANNEL.*|NODE_UNIQUE_ID|VSCODE_.*|APPLICATION_INSIGHTS.*)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

/** Ends the worker and what it started, at once. Safe on one that has ended: then it ends what outlived it. */
export function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (!POSIX) {
    if (child.exitCode === null) killTree(child, pid);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function killTree(child: ChildProcess, pid: number): void {
  const args = ['/pid', String(pid), '/t', '/f'];
  spawn('taskkill', args, { stdio: 'ignore', windowsHide: true })
    // Without the tool, the worker alone is ended.
    .on('error', () => child.kill('SIGKILL'))
    .unref();
}

/** Whether the worker keeps this process alive. */
export function hold(child: ChildProcess, held: boolean): void {
  const how = held ? 'ref' : 'unref';
  child[how]();
  child.channel?.[how]();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.[how]?.();
}
