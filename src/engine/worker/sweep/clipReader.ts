import { cancelled } from '../../../core/problem';
import type { ClipRequest } from '../../../protocol/engine';
import type { ReadyClip } from '../../ports';
import { realRoot } from '../../sweep/tree';
import { clipTrouble } from '../clipTrouble';
import { ALONE } from '../gate';
import type { ReadingNote } from './reading';
import type { Sweep } from './sweep';
import type { Telling } from './telling';

/** Reads clips of a sweep. One that cannot be read is marked, one that is being written waits; the sweep goes on. */
export class ClipReader {
  /** `onFatal`: something that stops the sweep; it is thrown after that. */
  constructor(
    private readonly sweep: Sweep,
    private readonly telling: Telling,
    private readonly note: ReadingNote,
    private readonly onFatal: (error: unknown) => void = () => undefined,
  ) {}

  /** Learns what a clip's content is. */
  identify(clip: number, signal: AbortSignal): Promise<void> {
    return this.guarded(clip, signal, async ({ path }) => {
      this.sweep.learn(clip, await this.sweep.session.hash(path, signal));
    });
  }

  /** Makes a clip ready for the judge, or finds it so in the cache; `into` has what came of it, if anything did. */
  makeReady(clip: number, into: Map<number, ReadyClip>, signal: AbortSignal): Promise<void> {
    const { sweep, telling } = this;
    const { gate } = sweep.session;
    const places = this.note.isSuspect(clip) ? ALONE : 1;
    return this.guarded(clip, signal, (request) =>
      gate.run(places, signal, async () => {
        const done = await this.note.during(clip, () =>
          sweep.readClip(request, { signal, onProgress: () => telling.tick() }),
        );
        // The file may have changed since its content was looked up.
        sweep.learn(clip, done.record.hash);
        into.set(clip, done);
        sweep.markEncoded(clip, done.record.hash, done.device);
        if (!done.cached && !sweep.desk) telling.pace.finished();
        await telling.step();
      }),
    );
  }

  private async guarded(
    clip: number,
    signal: AbortSignal,
    work: (request: ClipRequest) => Promise<void>,
  ): Promise<void> {
    const { sweep } = this;
    try {
      if (signal.aborted) throw cancelled();
      await work(sweep.request(clip));
    } catch (error) {
      if (signal.aborted) throw error;
      await this.leaveOut(clip, error);
    }
  }

  /** A clip cannot be read: it is marked, or waits. Throws what stops the sweep. */
  async leaveOut(clip: number, error: unknown): Promise<void> {
    const { sweep } = this;
    const trouble = clipTrouble(error);
    if (!trouble) return this.fail(error);
    const { side: _, ...problem } = trouble;
    const { code } = problem;
    // Either the whole folder is gone, which is said, or the clip, which the next look shows.
    if (code === 'fileMissing') await realRoot(sweep.target.root).catch((gone: unknown) => this.fail(gone));
    if (code === 'stillWriting' || code === 'fileMissing') sweep.wait(clip);
    else sweep.markBroken(clip, problem);
    await this.telling.step();
  }

  private fail(error: unknown): never {
    this.onFatal(error);
    throw error;
  }
}
