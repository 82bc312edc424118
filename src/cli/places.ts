import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { problem } from '../core/problem';
import { RECORD_FOLDER } from '../core/record';
import { machineDir } from '../engine/log/machine';
import type { ClipRequest } from '../protocol/engine';

/** The package's folder: this program lies in its `dist`. */
const HOME = dirname(__dirname);

export const WORKER = join(__dirname, 'worker.js');
export const COMPACT_MODEL = join(HOME, 'models', 'compact');

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

/**
 * Folder of the log for clips in these folders, as `--log` says or where it usually is; null for none.
 * Unasked, only what lies above the current folder counts, or between it and the clips.
 */
export function logDir(option: string | undefined, clipFolders: readonly string[]): string | null {
  if (option === 'none') return null;
  if (option !== undefined) return resolve(option);
  const cwd = process.cwd();
  for (const from of [...clipFolders.map((dir) => resolve(dir)).filter((dir) => isIn(dir, cwd)), cwd]) {
    const found = nearestLog(from);
    if (found) return found;
  }
  const here = join(cwd, RECORD_FOLDER);
  const owner = look(here)?.uid;
  if (owner !== undefined && !isMine(owner))
    throw problem('logUnwritable', `${here} belongs to another user.`, 'Say --log DIR, or --log none.');
  return here;
}

/** Takes what is to be kept in a record that cannot be written; one folder for each record, found again by its path. */
export function standInFor(log: string): string {
  const home = basename(log) === RECORD_FOLDER ? dirname(log) : log;
  const key = createHash('sha256').update(log).digest('hex').slice(0, 12);
  return join(machineDir(), 'records', `${basename(home)}-${key}`);
}

/** The nearest record that is a folder of this user's own; not above the home, nor on another file system. */
function nearestLog(from: string): string | undefined {
  const device = look(from)?.dev;
  for (let dir = from; look(dir)?.dev === device; dir = dirname(dir)) {
    const candidate = join(dir, RECORD_FOLDER);
    const found = look(candidate);
    if (found?.isDirectory() && isMine(found.uid)) return candidate;
    if (dir === homedir() || dir === dirname(dir)) return undefined;
  }
  return undefined;
}

/** The thing itself, not what a link leads to; what cannot be looked at is not there. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Windows knows no such owners. */
const isMine = (uid: number) => process.getuid === undefined || process.getuid() === uid;

function isIn(path: string, dir: string): boolean {
  const inside = relative(dir, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

/** The clip as the record calls it: relative to the log's workspace folder where it lies in it. */
export function clipRequest(path: string, log: string | null): ClipRequest {
  const absolute = resolve(path);
  const base = log !== null && basename(log) === RECORD_FOLDER ? dirname(log) : process.cwd();
  const name = absolute !== base && isIn(absolute, base) ? relative(base, absolute) : absolute;
  return { path: absolute, name: name.split(sep).join('/') };
}
