import type { Forerunner } from '../../../protocol/engine';
import { PathNote } from './pathNote';
import type { Sweep } from './sweep';

/**
 * Blame for each end of an engine that was reading a clip, and how much of it, in a row, leaves the clip out. An engine
 * that is killed from outside may be nobody's fault, or that of a clip that takes all memory.
 */
const BLAME = { crashed: 3, killed: 1 };
export const MOST_BLAME = 9;

/** Blame for a file that an engine was reading when it ended of itself. */
export function blameFor(forerunner: Forerunner | undefined): number {
  return forerunner?.killed ? BLAME.killed : BLAME.crashed;
}

/**
 * Which clips are being read: those that an engine was reading when it ended are read alone from then on, until they
 * are read. Without it one clip could end every engine.
 */
export class ReadingNote {
  private readonly note: PathNote;

  constructor(
    private readonly sweep: Sweep,
    private readonly signal: AbortSignal,
  ) {
    this.note = new PathNote(sweep.session.store, `${sweep.files.key}.reading`);
  }

  /** Blames the clips of which the note of an engine tells that ended of itself. */
  async load(): Promise<void> {
    const { files, session } = this.sweep;
    const { forerunner } = session;
    for (const path of await this.note.take(forerunner?.pid)) {
      const known = files.get(path);
      const blame = (known?.blame ?? 0) + blameFor(forerunner);
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
    const done = await this.note.during(path, this.signal, work);
    this.sweep.files.acquit(path);
    return done;
  }
}
