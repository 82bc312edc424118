import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../folder';
import { isRunning } from '../running';

/** What a file takes on a disk, at least. */
const BLOCK = 4096;
/** A sweep goes down to this part of the limit. */
const LOW_WATER = 0.9;
/** A scratch file older than this was left by a process that died. */
const ABANDONED_MS = 3_600_000;
const TOUCH_MS = 60_000;
const SCRATCH = /\.(making|part)$/;
/** The process that makes a scratch file is in its name. */
const MAKER = /\.(\d+)-[0-9a-f]+\.making$/;

interface Entry {
  path: string;
  bytes: number;
  mtimeMs: number;
}

/**
 * Files by name under one folder, bounded in bytes, the least recently used going first. Several processes may
 * share it: a file appears whole (by rename) or not at all. It never fails: what cannot be read is not there,
 * what cannot be written is not kept.
 */
export class FileStore {
  /** Bytes written since the last look at the whole; the first write looks. */
  private unswept = Infinity;
  private sweeping: Promise<void> | undefined;

  constructor(
    readonly dir: string,
    private readonly limit: number,
    private readonly onTrouble: (text: string) => void = () => undefined,
  ) {}

  path(name: string): string {
    return join(this.dir, name);
  }

  /** The file's content; it counts as used. */
  async read(name: string): Promise<Buffer | undefined> {
    try {
      const data = await readFile(this.path(name));
      void this.touch(name);
      return data;
    } catch {
      return undefined;
    }
  }

  /** Whether there is such a file with anything in it; it counts as used. */
  async has(name: string): Promise<boolean> {
    const found = await stat(this.path(name)).catch(() => undefined);
    if (!found?.isFile() || found.size === 0) return false;
    void this.touch(name);
    return true;
  }

  async write(name: string, data: Buffer | string): Promise<void> {
    const path = this.path(name);
    const scratch = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.making`;
    try {
      await makeFolder(dirname(path));
      await writeFile(scratch, data);
      await rename(scratch, path);
      this.grew(Buffer.byteLength(data));
    } catch (error) {
      await rm(scratch, { force: true }).catch(() => undefined);
      this.onTrouble(`the cache could not keep ${name}: ${(error as Error).message}`);
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name), { force: true }).catch(() => undefined);
  }

  /** Tells the store that a file came in by another way. */
  grew(bytes: number): void {
    this.unswept += Math.max(BLOCK, bytes);
    if (this.unswept > this.limit / 20) void this.sweep();
  }

  /** Removes what was not used for longest until the store is within its limit. */
  sweep(): Promise<void> {
    this.sweeping ??= this.sweepOnce().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  /** Removes the scratch files of processes that are no more. */
  async tidy(): Promise<void> {
    for (const item of await this.items()) {
      const maker = item.isFile() ? MAKER.exec(item.name) : null;
      if (maker && !(await isRunning(Number(maker[1])))) await removed(join(item.parentPath, item.name));
    }
  }

  /** Removes every file. */
  async clear(): Promise<{ files: number; bytes: number }> {
    let files = 0;
    let bytes = 0;
    for (const entry of await this.entries()) {
      if (!(await removed(entry.path))) continue;
      files++;
      bytes += entry.bytes;
    }
    await this.removeEmptyFolders();
    return { files, bytes };
  }

  private async sweepOnce(): Promise<void> {
    this.unswept = 0;
    const entries = await this.entries();
    const now = Date.now();
    const abandoned = entries.filter((e) => SCRATCH.test(e.path) && now - e.mtimeMs > ABANDONED_MS);
    for (const e of abandoned) await removed(e.path);
    const kept = entries.filter((e) => !SCRATCH.test(e.path)).sort((a, b) => a.mtimeMs - b.mtimeMs);
    let total = kept.reduce((sum, e) => sum + Math.max(BLOCK, e.bytes), 0);
    if (total <= this.limit) return;
    for (const e of kept) {
      if (total <= this.limit * LOW_WATER) break;
      if (await removed(e.path)) total -= Math.max(BLOCK, e.bytes);
    }
  }

  private items() {
    return readdir(this.dir, { recursive: true, withFileTypes: true }).catch(() => []);
  }

  private async entries(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const item of await this.items()) {
      if (!item.isFile()) continue;
      const path = join(item.parentPath, item.name);
      const s = await stat(path).catch(() => undefined);
      if (s) entries.push({ path, bytes: s.size, mtimeMs: s.mtimeMs });
    }
    return entries;
  }

  private async removeEmptyFolders(): Promise<void> {
    const folders = (await this.items())
      .filter((item) => item.isDirectory())
      .map((item) => join(item.parentPath, item.name));
    for (const folder of folders.sort((a, b) => b.length - a.length))
      await rmdir(folder).catch(() => undefined);
  }

  private async touch(name: string): Promise<void> {
    const path = this.path(name);
    const now = new Date();
    const s = await stat(path).catch(() => undefined);
    if (s && now.getTime() - s.mtimeMs > TOUCH_MS) await utimes(path, now, now).catch(() => undefined);
  }
}

async function removed(path: string): Promise<boolean> {
  return rm(path).then(
    () => true,
    () => false,
  );
}
