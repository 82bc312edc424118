import { arr, str } from '../../../core/decode';
import type { FileStore } from '../../cache/store';

/**
 * Which files are being read, on the disk: an engine that takes over from one that ended of itself knows of which.
 * Each process has a note of its own.
 */
export class PathNote {
  private readonly entries = new Set<{ path: string }>();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: FileStore,
    private readonly name: string,
  ) {}

  /** Notes a file while `work` reads it. */
  async during<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const entry = { path };
    const remove = () => {
      this.entries.delete(entry);
      return this.write();
    };
    const onAbort = () => void remove();
    // An engine that is ended because it does not let go in time was not ended by a file.
    signal.addEventListener('abort', onAbort, { once: true });
    if (!signal.aborted) this.entries.add(entry);
    try {
      await this.write();
      return await work();
    } finally {
      signal.removeEventListener('abort', onAbort);
      await remove();
    }
  }

  /** What a process noted that is no more; the note is gone then. */
  async take(pid: number | undefined): Promise<string[]> {
    if (pid === undefined) return [];
    const text = await this.store.read(this.nameOf(pid));
    await this.store.remove(this.nameOf(pid));
    try {
      return arr(JSON.parse(text?.toString('utf8') ?? ''), 'note').map((v) => str(v, 'path'));
    } catch {
      return [];
    }
  }

  /** In order: the last word stays. */
  private write(): Promise<void> {
    return (this.turn = this.turn.then(() => this.writeNow()));
  }

  private writeNow(): Promise<void> {
    const name = this.nameOf(process.pid);
    const paths = [...this.entries].map(({ path }) => path);
    return paths.length === 0 ? this.store.remove(name) : this.store.write(name, JSON.stringify(paths));
  }

  private nameOf(pid: number): string {
    return `${this.name}.${pid}`;
  }
}
