import { randomInt, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readFile, readlink, rm, rmdir, utimes } from 'node:fs/promises';
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
const NOTE_BYTES = 1024;

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
  /** Of this taking alone. */
  id: string;
}

/**
 * Takes the lock `FILE.lock` between processes, trying for `patience` milliseconds. What a dead process of this
 * machine left is freed at once, what another machine's left after a while. The lock is a folder with a note in it, and
 * is whose note was there first: a note can outlive no lock, and no second one takes its place.
 * @throws an error of the code `ELOCKED` where it stays taken
 */
export async function takeLock(file: string, patience = 0): Promise<Held> {
  const id = await acquire(file, performance.now() + patience);
  const lost = new AbortController();
  const isMine = async () => {
    if ((await readNote(file))?.id !== id) lost.abort();
    return !lost.signal.aborted;
  };
  const renewing = setInterval(() => {
    void isMine().then((mine) => (mine ? renew(file) : clearInterval(renewing)));
  }, RENEW_MS).unref();
  return {
    lost: lost.signal,
    isMine,
    release: async () => {
      clearInterval(renewing);
      if (await isMine()) await remove(file);
    },
  };
}

async function acquire(file: string, until: number): Promise<string> {
  for (;;) {
    const id = await tryOnce(file);
    if (id !== undefined) return id;
    if (await freeDead(file)) continue;
    if (performance.now() >= until)
      throw Object.assign(new Error('the lock is held by another process'), { code: 'ELOCKED' });
    await delay(randomInt(SHORT_WAIT, LONG_WAIT));
  }
}

/** The id of the taking; undefined where another has the lock. */
async function tryOnce(file: string): Promise<string | undefined> {
  const note: Note = { where: await here(), pid: process.pid, id: randomUUID() };
  try {
    await mkdir(lockOf(file));
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
  try {
    // Where this process stood still since, the folder may be another's by now, or gone.
    const handle = await open(noteOf(file), 'wx');
    await handle.writeFile(JSON.stringify(note)).finally(() => handle.close());
  } catch (error) {
    if (hasCode(error, 'EEXIST', 'ENOENT')) return undefined;
    await remove(file);
    throw error;
  }
  return note.id;
}

/** Takes away the lock of a process that is no more; says whether it did. */
async function freeDead(file: string): Promise<boolean> {
  if (!(await isDead(file))) return false;
  // One at a time: the lock that another has just freed and taken is not the dead one's.
  const guard = guardOf(file);
  if (!(await isMade(guard))) {
    if ((await silenceOf(guard, '')) > STALE_MS) await rmdir(guard).catch(() => undefined);
    return false;
  }
  try {
    return (await isDead(file)) && (await remove(file));
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function isDead(file: string): Promise<boolean> {
  const note = await readNote(file);
  const silence = await silenceOf(lockOf(file), note?.id ?? '');
  if (!note) return silence > NAMELESS_MS;
  return silence > STALE_MS || (note.where === (await here()) && !(await isRunning(note.pid)));
}

/** What this process last saw of each lock, and since when it is so. */
const seen = new Map<string, { print: string; since: number }>();

/**
 * Milliseconds for which a lock has been seen unchanged; nought where it is not there. By the clock of this process
 * alone: the disk's may be another machine's, and any clock may be set.
 */
async function silenceOf(lock: string, id: string): Promise<number> {
  const found = await lstat(lock, { bigint: true }).catch(() => undefined);
  // A link that a repository brought is never followed, nor taken away.
  if (!found?.isDirectory()) {
    seen.delete(lock);
    return 0;
  }
  const now = performance.now();
  const print = `${id} ${found.ino} ${found.mtimeNs}`;
  const before = seen.get(lock);
  if (before?.print === print) return now - before.since;
  seen.set(lock, { print, since: now });
  return 0;
}

const lockOf = (file: string) => `${file}.lock`;
const noteOf = (file: string) => join(lockOf(file), 'holder');
const guardOf = (file: string) => `${file}.freeing`;

function isMade(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    () => false,
  );
}

function renew(file: string): Promise<void> {
  const now = new Date();
  return utimes(lockOf(file), now, now).catch(() => undefined);
}

/** The note first: a lock that is left without one is nobody's soon. */
async function remove(file: string): Promise<boolean> {
  try {
    await rm(noteOf(file), { force: true });
    await rmdir(lockOf(file));
    return true;
  } catch {
    return false;
  }
}

async function readNote(file: string): Promise<Note | undefined> {
  try {
    const handle = await openLog(noteOf(file), 'read');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(NOTE_BYTES), 0, NOTE_BYTES, 0);
      const o = obj(JSON.parse(buffer.toString('utf8', 0, bytesRead)), 'note');
      return { where: str(o.where, 'where'), pid: num(o.pid, 'pid'), id: str(o.id, 'id') };
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
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
