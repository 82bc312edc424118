import { createHash } from 'node:crypto';
import { arr, num, obj, str } from '../../../core/decode';
import type { Sweep } from './sweep';

/** So many engines may end while reading a clip before it is left out. */
const MOST_DEATHS = 3;

/**
 * Which clips are being read, on the disk: an engine that finds a note of its forerunner, under the same parent,
 * knows that the forerunner died of itself, and of which clips. Without it one clip could end every engine.
 */
export class ReadingNote {
  private readonly paths = new Set<string>();
  private readonly name: string;

  constructor(private readonly sweep: Sweep) {
    const key = createHash('sha256').update(sweep.target.root).digest('hex').slice(0, 32);
    this.name = `sweeps/${key}.reading`;
  }

  /** Counts the deaths of which the last note tells. */
  async load(): Promise<void> {
    const { files, session } = this.sweep;
    const text = await session.store.read(this.name);
    await session.store.remove(this.name);
    for (const path of forerunners(text?.toString('utf8'))) {
      const deaths = (files.get(path)?.deaths ?? 0) + 1;
      const message = `The engine ended ${deaths} times while reading "${path}".`;
      const fix = 'Look at the clip, then retry the broken clips.';
      const problem = { code: 'workerDied' as const, message, fix };
      if (files.get(path)) files.set(path, { deaths, ...(deaths >= MOST_DEATHS ? { problem } : {}) });
    }
    this.sweep.recount();
    await files.save();
  }

  /** Notes a clip while `work` reads it. */
  async during<T>(clip: number, work: () => Promise<T>): Promise<T> {
    const { path } = this.sweep.grid!.clips[clip]!;
    this.paths.add(path);
    await this.write();
    try {
      return await work();
    } finally {
      this.paths.delete(path);
      await this.write();
    }
  }

  private async write(): Promise<void> {
    const { store } = this.sweep.session;
    if (this.paths.size === 0) await store.remove(this.name);
    else await store.write(this.name, JSON.stringify({ parent: process.ppid, paths: [...this.paths] }));
  }
}

function forerunners(text: string | undefined): string[] {
  try {
    const o = obj(JSON.parse(text ?? ''), 'note');
    if (num(o.parent, 'parent') !== process.ppid) return [];
    return arr(o.paths, 'paths').map((v) => str(v, 'path'));
  } catch {
    return [];
  }
}
