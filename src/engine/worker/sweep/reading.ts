import { createHash } from 'node:crypto';
import { arr, num, obj, str } from '../../../core/decode';
import type { Sweep } from './sweep';

/**
 * Blame for each end of an engine that was reading a clip, and how much of it, in a row, leaves the clip out. An engine
 * that is killed from outside may be nobody's fault, or that of a clip that takes all memory.
 */
const BLAME = { crashed: 3, killed: 1 };
const MOST_BLAME = 9;

/**
 * Which clips are being read, on the disk: an engine that takes over from one that ended of itself knows of which
 * clips. From then on they are read alone, until they are read. Without it one clip could end every engine.
 */
export class ReadingNote {
  private readonly paths = new Set<string>();
  private readonly name: string;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly sweep: Sweep,
    private readonly signal: AbortSignal,
  ) {
    const key = createHash('sha256').update(sweep.target.root).digest('hex').slice(0, 32);
    this.name = `sweeps/${key}.reading`;
    // An engine that is ended because it does not let go in time was not ended by a clip.
    signal.addEventListener('abort', () => void this.write(), { once: true });
  }

  /** Blames the clips of which the note of an engine tells that ended of itself. */
  async load(): Promise<void> {
    const { files, session } = this.sweep;
    const text = await session.store.read(this.name);
    await session.store.remove(this.name);
    const { forerunner } = session;
    const more = forerunner?.killed ? BLAME.killed : BLAME.crashed;
    for (const path of pathsOf(text?.toString('utf8'), forerunner?.pid)) {
      const known = files.get(path);
      const blame = (known?.blame ?? 0) + more;
      const message = `The engine ended again and again while reading "${path}".`;
      const fix = 'Look at the clip, then retry the broken clips.';
      const problem = { code: 'workerDied' as const, message, fix };
      if (known) files.set(path, { blame, ...(blame >= MOST_BLAME ? { problem } : {}) });
    }
    this.sweep.recount();
    await files.save();
  }

  isSuspect(clip: number): boolean {
    return this.sweep.files.get(this.sweep.grid!.clips[clip]!.path)?.blame !== undefined;
  }

  /** Notes a clip while `work` reads it. */
  async during<T>(clip: number, work: () => Promise<T>): Promise<T> {
    const { path } = this.sweep.grid!.clips[clip]!;
    this.paths.add(path);
    await this.write();
    try {
      const done = await work();
      this.sweep.files.acquit(path);
      return done;
    } finally {
      this.paths.delete(path);
      await this.write();
    }
  }

  /** In order: the last word stays. */
  private write(): Promise<void> {
    return (this.turn = this.turn.then(() => this.writeNow()));
  }

  private writeNow(): Promise<void> {
    const { store } = this.sweep.session;
    if (this.paths.size === 0 || this.signal.aborted) return store.remove(this.name);
    return store.write(this.name, JSON.stringify({ pid: process.pid, paths: [...this.paths] }));
  }
}

/** Paths of a note that the engine left which this one follows. */
function pathsOf(text: string | undefined, forerunner: number | undefined): string[] {
  try {
    const o = obj(JSON.parse(text ?? ''), 'note');
    return num(o.pid, 'pid') === forerunner ? arr(o.paths, 'paths').map((v) => str(v, 'path')) : [];
  } catch {
    return [];
  }
}
