import { constants } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { problem, type ProblemError } from '../../core/problem';

const { O_APPEND, O_CREAT, O_RDONLY, O_RDWR } = constants;
/** Windows has neither: there the look before has to do. */
const PLAIN = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const FLAGS = { read: O_RDONLY | PLAIN, append: O_APPEND | O_CREAT | O_RDWR | PLAIN };

/**
 * Opens a log that is a plain file of its own in a folder of its own. A repository can bring links that lead
 * anywhere: neither the folder nor the file may be one, nor a second name of another file.
 */
export async function openLog(file: string, how: keyof typeof FLAGS): Promise<FileHandle> {
  await refuseLinks(file);
  const handle = await open(file, FLAGS[how], 0o666).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' || error.code === 'EMLINK' ? refused(file, 'is a link') : error;
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw refused(file, 'is not a plain file');
    if (found.nlink > 1) throw refused(file, 'has a second name elsewhere');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Refuses a log that is a link or lies in a folder that is one; what is not there is no link. */
export async function refuseLinks(file: string): Promise<void> {
  for (const path of [dirname(file), file])
    if ((await lstat(path).catch(() => undefined))?.isSymbolicLink()) throw refused(path, 'is a link');
}

function refused(path: string, why: string): ProblemError {
  const message = `The record is not kept: "${basename(path)}" in ${dirname(path)} ${why}.`;
  return problem('logUnwritable', message, 'Remove it, or keep the record elsewhere.');
}
