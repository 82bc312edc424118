import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileStore } from './store';

/** A file that changed this recently may change again without its time stamp showing it. */
const RACY_MS = 2000;

/**
 * Content hashes of files that have not changed since they were taken: by path, device, inode, size and both times.
 * It outlives the process, so that a pair of long clips is found in the log without reading them.
 */
export class HashMemo {
  constructor(private readonly store: FileStore) {}

  async get(path: string): Promise<string | undefined> {
    const name = await nameOf(path);
    const text = name && (await this.store.read(name))?.toString('latin1');
    return text && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
  }

  /** `before` is {@link fingerprint} of the file from before it was read: a change meanwhile is not remembered. */
  async put(path: string, before: string | undefined, hash: string): Promise<void> {
    const name = await nameOf(path);
    if (name && name === before) await this.store.write(name, hash);
  }

  fingerprint(path: string): Promise<string | undefined> {
    return nameOf(path);
  }
}

/** With the path: some file systems give every file the same inode. */
async function nameOf(path: string): Promise<string | undefined> {
  const s = await stat(path, { bigint: true }).catch(() => undefined);
  if (!s?.isFile()) return undefined;
  if (Date.now() - Number(s.mtimeMs) < RACY_MS || Date.now() - Number(s.ctimeMs) < RACY_MS) return undefined;
  const key = createHash('sha256')
    .update([s.dev, s.ino, s.size, s.mtimeNs, s.ctimeNs, resolve(path)].join(':'))
    .digest('hex');
  return `hashes/${key.slice(0, 2)}/${key}`;
}
