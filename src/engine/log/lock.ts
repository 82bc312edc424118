import { randomInt, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, readlink, rm, rmdir, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { num, obj, str } from '../../core/decode';
import { isRunning } from '../running';
import { openLog } from './file';

/** A lock that nobody has renewed for this long is a dead process's, wherever that ran. */
const STALE_MS = 5000;
const RENEW_MS = STALE_MS / 2;
/** One that does not say for this long whose it is: that process died before it could. */
const NAMELESS_MS = 1000;
/** Milliseconds between two tries. */
const [SHORT_WAIT, LONG_WAIT] = [5, 100];
/** Milliseconds to wait for others that do a short work. */
const PATIENCE = 18_000;
const NOTE_BYTES = 1024;
const NOTE_NAME = /^holder/;

export interface Held {
  /** Aborted where another took the lock because this process stood still. */
  lost: AbortSignal;
  /** Looks whether the lock is still this one; `lost` is aborted where it is not. */
  isMine(): Promise<boolean>;
  release(): Promise<void>;
}

/** Who holds a lock: a process of the same machine sees at once that the holder is dead. */
interface Note {
  /** Machine, its start and process namespace: elsewhere the number says nothing. */
  where: string;
  pid: number;
}

/**
 * Takes the lock `FILE.lock` between processes, trying for `patience` milliseconds. What a dead process of this
 * machine left is freed at once, what another machine's left after a while. The lock is a folder with a note in it, and
 * is whose note was alone there when it was written. Each taking's note has a name of its own, and is taken away by
 * that name alone: who stood still in the middle of it takes nothing from who came meanwhile.
 * @throws an error of the code `ELOCKED` where it stays taken
 */
export async function takeLock(file: string, patience = 0): Promise<Held> {
  const name = await acquire(file, performance.now() + patience);
  const note = join(lockOf(file), name);
  const lost = new AbortController();
  const isMine = async () => {
    if (!(await lstat(note).catch(() => undefined))?.isFile()) lost.abort();
    return !lost.signal.aborted;
  };
  const renewing = setInterval(() => {
    void isMine().then((mine) => (mine ? renew(note) : clearInterval(renewing)));
  }, RENEW_MS).unref();
  return {
    lost: lost.signal,
    isMine,
    release: async () => {
      clearInterval(renewing);
      if (await isMine()) await remove(file, [name]);
    },
  };
}

/** Short work that no two processes do at once. The folder of the file is there. */
export async function underLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const held = await takeLock(file, PATIENCE);
  try {
    return await work();
  } finally {
    await held.release();
  }
}

async function acquire(file: string, until: number): Promise<string> {
  for (;;) {
    const name = await tryOnce(file);
    if (name !== undefined) return name;
    if (await freeDead(file)) continue;
    if (performance.now() >= until)
      throw Object.assign(new Error('the lock is held by another process'), { code: 'ELOCKED' });
    await delay(randomInt(SHORT_WAIT, LONG_WAIT));
  }
}

/** The name of the taking's note; undefined where another has the lock. */
async function tryOnce(file: string): Promise<string | undefined> {
  const note: Note = { where: await here(), pid: process.pid };
  const name = `holder-${randomUUID()}`;
  try {
    await mkdir(lockOf(file));
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
  try {
    const handle = await open(join(lockOf(file), name), 'wx');
    await handle.writeFile(JSON.stringify(note)).finally(() => handle.close());
    // Where this process stood still since, the folder may be another's by now, or the note gone.
    const names = await namesIn(file);
    if (names.length === 1 && names[0] === name) return name;
    await remove(file, [name]);
    return undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    await remove(file, [name]);
    throw error;
  }
}

/** Takes away the lock of processes that are no more; says whether it did. */
async function freeDead(file: string): Promise<boolean> {
  const lock = lockOf(file);
  const found = await lstat(lock, { bigint: true }).catch(() => undefined);
  // A link that a repository brought is never followed, nor taken away.
  if (!found?.isDirectory()) {
    seen.delete(lock);
    return false;
  }
  const notes = await Promise.all((await namesIn(file)).map((name) => readNote(file, name)));
  const times = notes.map(({ name, mtime }) => `${name} ${mtime}`);
  const silence = silenceOf(lock, [found.ino, found.mtimeNs, ...times].join(' '));
  const dead: string[] = [];
  for (const { name, note } of notes) if (await isDead(note, silence)) dead.push(name);
  const isFree = notes.length === 0 ? silence > NAMELESS_MS : dead.length === notes.length;
  if (isFree) return remove(file, dead);
  for (const name of dead) await rm(join(lock, name), { force: true }).catch(() => undefined);
  return false;
}

async function isDead(note: Note | undefined, silence: number): Promise<boolean> {
  if (!note) return silence > NAMELESS_MS;
  return silence > STALE_MS || (note.where === (await here()) && !(await isRunning(note.pid)));
}

/** What this process last saw of each lock, and since when it is so. */
const seen = new Map<string, { print: string; since: number }>();

/**
 * Milliseconds for which a lock has been seen unchanged. By the clock of this process alone: the disk's may be another
 * machine's, and any clock may be set.
 */
function silenceOf(lock: string, print: string): number {
  const now = performance.now();
  const before = seen.get(lock);
  if (before?.print === print) return now - before.since;
  seen.set(lock, { print, since: now });
  return 0;
}

const lockOf = (file: string) => `${file}.lock`;

/** The note, not the folder: of a folder, a network's file system may show for a minute what it was. */
function renew(note: string): Promise<void> {
  const now = new Date();
  return utimes(note, now, now).catch(() => undefined);
}

/** Takes notes away, and the folder unless it holds another. */
async function remove(file: string, names: readonly string[]): Promise<boolean> {
  try {
    for (const name of names) await rm(join(lockOf(file), name), { force: true });
    await rmdir(lockOf(file));
    return true;
  } catch {
    return false;
  }
}

async function namesIn(file: string): Promise<string[]> {
  const names = await readdir(lockOf(file)).catch(() => []);
  return names.filter((name) => NOTE_NAME.test(name)).sort();
}

interface Found {
  name: string;
  /** Absent where it cannot be read: it is being written, or its process died before it was. */
  note?: Note;
  mtime?: bigint;
}

async function readNote(file: string, name: string): Promise<Found> {
  try {
    const handle = await openLog(join(lockOf(file), name), 'read');
    try {
      const { mtimeNs: mtime } = await handle.stat({ bigint: true });
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(NOTE_BYTES), 0, NOTE_BYTES, 0);
      const o = obj(JSON.parse(buffer.toString('utf8', 0, bytesRead)), 'note');
      return { name, note: { where: str(o.where, 'where'), pid: num(o.pid, 'pid') }, mtime };
    } finally {
      await handle.close();
    }
  } catch {
    return { name };
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

let hereIs: Promise<string> | undefined;
/** Machines may share a name, and numbers begin anew when one is started. */
function here(): Promise<string> {
  return (hereIs ??= Promise.all([
    readlink('/proc/self/ns/pid').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]).then(([namespace, start]) => `${hostname()} ${start.trim()} ${namespace}`));
}
