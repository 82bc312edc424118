import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, mkdir, readdir, realpath, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../engine/supervisor';

/** The page may still be reading from a link when it is told of what takes its place. */
const GRACE_MS = 3000;
/** A process on another machine with the same home cannot be asked whether it lives. */
const LEFT_MS = 24 * 3_600_000;

type Way = (file: string, path: string) => Promise<void>;

const byName: Way = (file, path) => symlink(file, path, 'file');

/** Windows may refuse the other kind; this one wants the same volume. */
export const byContent: Way = async (file, path) => link(await realpath(file), path);

/**
 * Addresses for clips that tell nothing of them: links with random names, in a folder of one panel. They all end
 * alike, because an ending would tell two clips apart; a player looks into the file.
 */
export class BlindLinks {
  /** Known before it exists, so that the page can be allowed to load from it. */
  readonly dir: string;
  private disposed = false;

  constructor(
    private readonly root: string,
    private readonly log: Log,
    private readonly ways: readonly Way[] = [byName, byContent],
  ) {
    this.dir = join(root, `${process.pid}.${randomUUID()}`);
  }

  /** A new link to a file; undefined where none can be made. */
  async make(file: string): Promise<string | undefined> {
    try {
      await this.open();
      for (const way of this.ways) {
        const path = join(this.dir, `${randomUUID()}.mp4`);
        if (await this.leads(way, file, path)) return path;
        await rm(path, { force: true });
      }
    } catch (error) {
      this.log('warn', `no links in ${this.dir}: ${String(error)}`);
    } finally {
      if (this.disposed) this.dispose();
    }
    return undefined;
  }

  /** Removes a link that the page is about to leave. */
  drop(path: string): void {
    const remove = () => void rm(path, { force: true }).catch((error: unknown) => this.left(error));
    setTimeout(remove, GRACE_MS).unref();
  }

  /** Removes the folder, at once: the window may be closing. */
  dispose(): void {
    this.disposed = true;
    try {
      rmSync(this.dir, { recursive: true, force: true });
    } catch (error) {
      this.left(error);
    }
  }

  private async open(): Promise<void> {
    const made = await mkdir(this.dir, { recursive: true, mode: 0o700 });
    if (made !== undefined) await removeLeftovers(this.root).catch((error: unknown) => this.left(error));
  }

  private async leads(way: Way, file: string, path: string): Promise<boolean> {
    try {
      await way(file, path);
      return (await stat(path)).isFile();
    } catch (error) {
      this.log('info', `no link in ${this.dir}: ${String(error)}`);
      return false;
    }
  }

  private left(error: unknown): void {
    this.log('warn', `a link stays in ${this.dir}: ${String(error)}`);
  }
}

/** Removes the folders of windows that ended without doing so. */
export async function removeLeftovers(root: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(root)) {
    const owner = /^(\d+)\.[\da-f-]{36}$/.exec(name)?.[1];
    if (owner === undefined || lives(Number(owner))) continue;
    const path = join(root, name);
    const { mtimeMs } = await stat(path);
    if (now - mtimeMs > LEFT_MS) await rm(path, { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is someone else's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
