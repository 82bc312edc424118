import { randomInt, randomUUID } from 'node:crypto';
import { open, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { num, obj, str } from '../../core/decode';
import { isRunning } from '../running';
import { openLog } from './file';

/** A holder that has not renewed its lock for this long is dead, wherever it ran. */
const STALE_MS = 5000;
/** One that has not said who it is for this long died before it could. */
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

/** Who holds a lock, beside it: a process of the same machine sees at once that the holder is dead. */
interface Note {
  /** Machine and process namespace: elsewhere the number says nothing. */
  where: string;
  pid: number;
  /** Of this taking alone. */
  id: string;
}

/**
 * Takes the lock `FILE.lock` between processes, trying for `patience` milliseconds. What a dead process of this
 * machine left is freed at once, what another machine's left after a while.
 * @throws an error of the code `ELOCKED` where it stays taken
 */
export async function takeLock(file: string, patience = 0): Promise<Held> {
  const lost = new AbortController();
  const release = await acquire(file, Date.now() + patience, () => lost.abort());
  const id = randomUUID();
  try {
    await writeNote(file, id);
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  const isMine = async () => {
    if ((await readNote(file))?.id !== id) lost.abort();
    return !lost.signal.aborted;
  };
  return {
    lost: lost.signal,
    isMine,
    release: async () => {
      if (!(await isMine())) return;
      await removeNote(file);
      await release().catch(() => undefined);
    },
  };
}

async function acquire(file: string, until: number, onLost: () => void): Promise<() => Promise<void>> {
  // Freed below only, never by the library: the note has to go before the lock does.
  const options = { realpath: false, stale: Infinity, update: STALE_MS / 2, onCompromised: onLost };
  for (;;) {
    try {
      return await lock(file, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (await freeDead(file)) continue;
      if (Date.now() >= until) throw error;
    }
    await delay(randomInt(SHORT_WAIT, LONG_WAIT));
  }
}

/** Takes away the lock of a process that is no more; says whether it did. */
async function freeDead(file: string): Promise<boolean> {
  if (!(await isDead(file))) return false;
  // One at a time: the lock that another has just freed and taken is not the dead one's.
  const own = { realpath: false, stale: STALE_MS, onCompromised: () => undefined };
  const done = await lock(noteOf(file), own).catch(() => undefined);
  if (!done) return false;
  try {
    if (!(await isDead(file))) return false;
    await removeNote(file);
    await rmdir(lockOf(file));
    return true;
  } catch {
    return false;
  } finally {
    await done().catch(() => undefined);
  }
}

async function isDead(file: string): Promise<boolean> {
  const found = await stat(lockOf(file)).catch(() => undefined);
  if (!found) return false;
  const silence = Date.now() - found.mtimeMs;
  const note = await readNote(file);
  if (!note) return silence > NAMELESS_MS;
  return silence > STALE_MS || (note.where === (await here()) && !(await isRunning(note.pid)));
}

const lockOf = (file: string) => `${file}.lock`;
const noteOf = (file: string) => `${file}.holder`;

async function writeNote(file: string, id: string): Promise<void> {
  const note: Note = { where: await here(), pid: process.pid, id };
  // Made anew: a link that was brought into its place leads nowhere.
  await removeNote(file);
  const handle = await open(noteOf(file), 'wx');
  await handle.writeFile(JSON.stringify(note)).finally(() => handle.close());
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

const removeNote = (file: string) => rm(noteOf(file), { force: true }).catch(() => undefined);

let hereIs: Promise<string> | undefined;
function here(): Promise<string> {
  const namespace = readlink('/proc/self/ns/pid').catch(() => '');
  return (hereIs ??= namespace.then((ns) => `${hostname()} ${ns}`));
}
