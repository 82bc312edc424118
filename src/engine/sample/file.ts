import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { cancelled, problem, ProblemError } from '../../core/problem';
import type { FileIdentity } from '../ports';

const CHUNK = 1 << 20;
const REPORT_MS = 200;

/** The file's state; refuses what is missing, no regular file, empty or not to be read. */
export async function statClip(path: string, name: string): Promise<Stats> {
  const s = await stat(path).catch((error: unknown) => {
    throw unreadable(error, name);
  });
  if (s.isDirectory()) throw problem('notAFile', `"${name}" is a folder, not a video file.`);
  if (!s.isFile()) throw problem('notAFile', `"${name}" is not a regular file (a pipe, socket or device).`);
  if (s.size === 0) throw problem('empty', `"${name}" is empty (0 bytes).`);
  return s;
}

/** SHA-256 of the file's content, read once in a stream; `onProgress` hears now and then that it goes on. */
export async function hashClip(
  path: string,
  name: string,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: (() => void) | undefined } = {},
): Promise<FileIdentity> {
  const { size, mtimeMs } = await statClip(path, name);
  const hash = createHash('sha256');
  // O_NONBLOCK: a pipe put in the file's place meanwhile does not hold us up.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw unreadable(error, name);
  });
  try {
    const buffer = Buffer.alloc(Math.min(CHUNK, size));
    let next = performance.now() + REPORT_MS;
    for (;;) {
      if (signal?.aborted) throw cancelled();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      if (performance.now() < next) continue;
      next = performance.now() + REPORT_MS;
      onProgress?.();
    }
  } catch (error) {
    throw ProblemError.is(error) ? error : unreadable(error, name);
  } finally {
    await file.close();
  }
  await refuseIfChanged(path, name, { size, mtimeMs });
  return { hash: hash.digest('hex'), size, mtimeMs };
}

/** Refuses a clip that is not what it was: someone is writing it. */
export async function refuseIfChanged(
  path: string,
  name: string,
  before: Pick<FileIdentity, 'size' | 'mtimeMs'>,
): Promise<void> {
  const now = await statClip(path, name);
  if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) throw stillWriting(name);
}

export function stillWriting(name: string): ProblemError {
  return problem('stillWriting', `"${name}" is still being written.`, 'Compare again when it is finished.');
}

/** What the system says of a file that it does not let us read. */
export function unreadable(error: unknown, name: string): ProblemError {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return problem('fileMissing', `"${name}" does not exist.`);
  if (code === 'EACCES' || code === 'EPERM')
    return problem('unreadable', `"${name}" may not be read: permission is denied.`);
  return problem('unreadable', `"${name}" cannot be read (${code ?? String(error)}).`);
}

/** The first bytes of a file, a character each; fewer where it is shorter. */
export async function firstBytes(path: string, count: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
