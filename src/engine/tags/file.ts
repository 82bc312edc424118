import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Texts by name, the name in lower case. */
export type Tags = Record<string, string>;

/** A regular file opened for reading; undefined where there is none. A pipe in its place holds nobody up. */
export async function plainFile(path: string): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if ((await file.stat()).isFile()) return file;
  } catch {
    // Missing, or not to be read: it says nothing.
  }
  await file?.close();
  return undefined;
}

/** So many bytes from a position; undefined where the file ends before. */
export async function bytesAt(
  file: FileHandle,
  position: number,
  length: number,
): Promise<Buffer | undefined> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return bytesRead === length ? buffer : undefined;
}
