import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { problem, ProblemError } from '../../core/problem';
import { makeFolder } from '../folder';
import { openLog, refuseLinks } from './file';
import { underLock } from './lock';

const queues = new Map<string, Promise<unknown>>();

/**
 * Appends one line to a log: under a lock between processes, in one write, on the disk when this returns.
 * The folder is made where it is missing; `created` says so. What a crash left of a line is closed first,
 * so that it spoils itself only; what a full disk left of this one is taken back.
 */
export function appendLine(file: string, line: string): Promise<{ created: boolean }> {
  const turn = (queues.get(file) ?? Promise.resolve()).then(() => appendNow(file, line));
  const settled = turn
    .catch(() => undefined)
    .finally(() => {
      if (queues.get(file) === settled) queues.delete(file);
    });
  queues.set(file, settled);
  return turn;
}

async function appendNow(file: string, line: string): Promise<{ created: boolean }> {
  try {
    await refuseLinks(file);
    const created = await makeFolder(dirname(file));
    // Where another takes the lock because this process stood still, the one write stays whole all the same.
    await underLock(file, () => write(file, line));
    if (created) await syncFolder(dirname(dirname(file)));
    return { created };
  } catch (error) {
    throw unwritable(file, error);
  }
}

async function write(file: string, line: string): Promise<void> {
  const handle = await openLog(file, 'append');
  try {
    const { size } = await handle.stat();
    const data = Buffer.from(`${(await endsTorn(handle, size)) ? '\n' : ''}${line}\n`);
    const { bytesWritten } = await handle.write(data);
    if (bytesWritten < data.length) {
      await handle.truncate(size);
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    }
    await handle.sync();
    if (size === 0) await syncFolder(dirname(file));
  } finally {
    await handle.close();
  }
}

async function endsTorn(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== 10;
}

/** So that a new name outlives a power cut, where the system can do that. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}

function unwritable(file: string, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const { code, message, path } = error as NodeJS.ErrnoException;
  const name = `${basename(dirname(file))}/${basename(file)}`;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return problem(
      'diskFull',
      `There is no space left for ${name} in ${dirname(dirname(file))}.`,
      'Make room and try again.',
    );
  let cause = (message ?? String(error)).replace(/^\w+: |, .*$/g, '');
  if (code === 'ELOCKED') cause = 'another process holds its lock';
  if (code === 'ENOTDIR' && path !== undefined) cause = `${path} is not a folder`;
  const fix = 'Check the rights of the folder, or keep the log elsewhere.';
  return problem('logUnwritable', `${name} in ${dirname(dirname(file))} cannot be written: ${cause}.`, fix);
}
