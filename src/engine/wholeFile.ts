import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
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
    await writeText(scratch, text, signal);
    await rename(scratch, target);
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => undefined);
    throw ProblemError.is(error) ? error : unwritable(target, error);
  }
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
  if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EISDIR')
    return problem('unreadable', `"${target}" exists and is not empty.`, 'Choose another name.');
  const cause = (message ?? String(error)).replace(/^\w+: |, .*$/g, '');
  return problem('unreadable', `"${target}" cannot be written: ${cause}.`, 'Choose another place.');
}
