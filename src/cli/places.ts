import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ClipRequest } from '../protocol/engine';

/** The package's folder: this program lies in its `dist`. */
const HOME = dirname(__dirname);

export const WORKER = join(__dirname, 'worker.js');
export const COMPACT_MODEL = join(HOME, 'models', 'compact');
export const LOG_FOLDER = '.aesrm';

export function version(): string {
  const { version } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as { version: string };
  return version;
}

export function cacheDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.AESRM_CACHE) return resolve(env.AESRM_CACHE);
  if (platform === 'win32')
    return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'aesrm', 'cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'aesrm');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'aesrm');
}

/** Folder of the log for clips in these folders, as `--log` says or where it usually is; null for none. */
export function logDir(option: string | undefined, clipFolders: readonly string[]): string | null {
  if (option === 'none') return null;
  if (option !== undefined) return resolve(option);
  for (const from of [...clipFolders, process.cwd()]) {
    const found = nearestLog(from);
    if (found) return found;
  }
  return resolve(LOG_FOLDER);
}

function nearestLog(from: string): string | undefined {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    const candidate = join(dir, LOG_FOLDER);
    if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) return candidate;
    if (dir === dirname(dir)) return undefined;
  }
}

/** The clip as the record calls it: relative to the log's workspace folder where it lies in it. */
export function clipRequest(path: string, log: string | null): ClipRequest {
  const absolute = resolve(path);
  const base = log !== null && basename(log) === LOG_FOLDER ? dirname(log) : process.cwd();
  const inside = relative(base, absolute);
  const outside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return { path: absolute, name: (outside ? absolute : inside).split(sep).join('/') };
}
