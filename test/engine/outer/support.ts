import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine, type SupervisorOptions } from '../../../src/engine/client';
import type { CompareParams, EngineConfig } from '../../../src/protocol/engine';
import { ROOT, WORKER } from '../../support/paths';

const scratch: string[] = [];
const engines: Engine[] = [];

/** An empty folder of the running test's own. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'aesrm-outer-'));
  scratch.push(dir);
  return dir;
}

export function configIn(dir: string): EngineConfig {
  return {
    modelDir: join(ROOT, 'models', 'compact'),
    cacheDir: join(dir, 'cache'),
    cacheBytes: 1e9,
    device: 'cpu',
    decodeDeadline: 20,
  };
}

/** The real worker, unless told of another; ended by {@link cleanUp}. */
export function engineIn(
  dir: string,
  { config, ...options }: Partial<SupervisorOptions> & { config?: Partial<EngineConfig> } = {},
): Engine & { said: string[] } {
  const said: string[] = [];
  const log = (level: string, text: string) => void said.push(`${level}: ${text}`);
  const engine = createEngine({ ...configIn(dir), ...config }, { workerPath: WORKER, log, ...options });
  engines.push(engine);
  return Object.assign(engine, { said });
}

export async function cleanUp(): Promise<void> {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
  for (const dir of scratch.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** Each test of the suite that calls it has a folder, a place for its record and a state of its own. */
export function ownFolder(given: (own: { dir: string; logDir: string }) => void): void {
  beforeEach(() => {
    const dir = tempDir();
    process.env.AESRM_STATE = join(dir, 'state');
    given({ dir, logDir: join(dir, 'ws', '.aesrm') });
  });
  afterEach(async () => {
    delete process.env.AESRM_STATE;
    await cleanUp();
  });
}

export function pair(a: string, b: string, logDir: string | null, again = false): CompareParams {
  return { a: { path: a, name: nameOf(a) }, b: { path: b, name: nameOf(b) }, logDir, again };
}

const nameOf = (path: string) => path.split('/').at(-1)!;

export function lines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** For a made-up ffmpeg: ends its engine, which leads the process group, as a crash does. */
export const END_ENGINE = 'kill -SEGV $(ps -o pgid= -p $$)';

/** Processes of a group, without the dead that nobody has collected yet; Linux and macOS. */
export function groupOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,pgid=,stat='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/));
  return rows
    .filter(([, pgid, stat]) => Number(pgid) === pid && !stat?.startsWith('Z'))
    .map(([p]) => Number(p));
}

export async function until(what: string, done: () => boolean, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!done()) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Those that start ffmpeg for an engine; it keeps them as long as it lives. */
export const launchersOf = (engine: number): number[] =>
  groupOf(engine).filter((pid) => commandOf(pid).includes('launcher.js'));

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
