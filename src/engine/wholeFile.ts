import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cancelled, problem, ProblemError } from '../core/problem';

/** Characters written at once. */
const CHUNK = 1 << 18;

/** A name beside the target for what is still being written. */
export function scratchFor(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.making`);
}

/** Writes a file that appears whole or not at all. */
export async function writeWhole(target: string, text: Iterable<string>, signal: AbortSignal): Promise<void> {
  const scratch = scratchFor(target);
  try {
    await refuseOther(target, [basename(target)]);
    await writeText(scratch, text, signal);
    await rename(scratch, target);
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => undefined);
    throw ProblemError.is(error) ? error : unwritable(target, error);
  }
}

/**
 * What is written takes the place of a file, or (of several names) of a folder that holds nothing but the same from
 * before. Anything else stays: a rename would take the place of a device too.
 */
export async function refuseOther(target: string, names: readonly string[]): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (!found) return;
  const refused = (why: string) => problem('unreadable', `"${target}" ${why}.`, 'Choose another name.');
  if (!found.isFile() && !found.isDirectory()) throw refused('is not a plain file');
  if (names.length === 1) {
    if (found.isDirectory()) throw refused('is a folder, and this makes a file');
    return;
  }
  if (!found.isDirectory()) throw refused('is a file, and this makes a folder');
  const others = (await readdir(target)).filter((name) => !names.includes(name));
  if (others.length > 0) throw refused('exists and holds other files');
}

/** Writes a new file, down to the disk. */
export async function writeText(path: string, text: Iterable<string>, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let chunk = '';
    for (const part of text) {
      chunk += part;
      if (chunk.length < CHUNK) continue;
      if (signal.aborted) throw cancelled();
      await file.write(chunk);
      chunk = '';
    }
    await file.write(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

export function unwritable(target: string, error: unknown): ProblemError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return problem('diskFull', `There is no space left for "${target}".`, 'Make room and try again.');
  const cause = (message ?? String(error)).replace(/^\w+: |, .*$/g, '');
  return problem('unreadable', `"${target}" cannot be written: ${cause}.`, 'Choose another place.');
}
