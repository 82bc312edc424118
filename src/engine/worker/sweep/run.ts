import { setTimeout as delay } from 'node:timers/promises';
import { cancelled } from '../../../core/problem';
import type { SweepProgress, SweepRunParams, SweepState } from '../../../protocol/sweep';
import type { HandlerContext } from '../../../protocol/rpc';
import { ClipReader } from './clipReader';
import { holdSweep } from './hold';
import { nothingFound } from './nothing';
import { Pass } from './pass';
import { ReadingNote } from './reading';
import type { Sweep } from './sweep';
import { Telling } from './telling';

/** A file that changed this recently may still be written. */
const FRESH_MS = 3000;
const LEAST_WATCH_MS = 2000;
/** So often a run that does not watch looks again after clips that are being written. */
const PATIENCE = 5;
/** A look at the folder takes at most this part of the time. */
const LOOKS_SHARE = 1 / 20;
/** Milliseconds that a follower spends on learning what files are, between two looks at the record. */
const LEARN_MS = 300;

type Context = HandlerContext<SweepProgress>;

/** One run over a sweep: does what is missing when it is its turn, follows while it is not, and watches if asked to. */
export class SweepRun {
  private readonly note: ReadingNote;
  private readonly telling: Telling;

  constructor(
    private readonly sweep: Sweep,
    private readonly params: SweepRunParams,
    private readonly context: Context,
  ) {
    this.note = new ReadingNote(sweep, context.signal);
    this.telling = new Telling(sweep, (step) => context.progress(step));
  }

  run(): Promise<SweepState> {
    return this.sweep.run(this.context.signal, () => this.work());
  }

  private async work(): Promise<SweepState> {
    const { sweep, params, telling } = this;
    sweep.unanswered.clear();
    await this.look();
    if (params.retryBroken) sweep.forgetProblems();
    for (let patience = 0; ;) {
      if (!(await this.turn())) {
        // Another took over; where the folder is gone, this says so.
        await this.look();
        continue;
      }
      const state = await telling.whole(params.watch ? 'watching' : 'working');
      const unfinished = sweep.waiting.size > 0 && ++patience <= PATIENCE;
      if (!params.watch && !unfinished) return state;
      await this.news();
    }
  }

  /** Does what is to be done, once it is this process's turn; false where the turn was lost on the way. */
  private async turn(): Promise<boolean> {
    const { sweep, context, params, note, telling } = this;
    const held = await holdSweep(sweep, context.signal, () => this.follow());
    try {
      if (!params.retryBroken) await sweep.takeInFiles();
      await note.load();
      sweep.recount();
      await sweep.readRows();
      await new Pass(sweep, telling, note, held).run(AbortSignal.any([context.signal, held.lost]));
      return true;
    } catch (error) {
      if (held.lost.aborted && !context.signal.aborted) return false;
      throw error;
    } finally {
      await sweep.files.save();
      await held.release();
      await telling.keepRate();
    }
  }

  /** Waits until the folder holds something new, or something that was being written is whole. */
  private async news(): Promise<void> {
    for (let wait = LEAST_WATCH_MS; ;) {
      await delay(wait, undefined, { signal: this.context.signal }).catch(() => {
        throw cancelled();
      });
      const unfinished = this.sweep.waiting.size > 0;
      const { changed, ms } = await this.look();
      wait = Math.max(LEAST_WATCH_MS, ms / LOOKS_SHARE);
      if (changed || unfinished) return;
      // Also a sign of life.
      this.telling.quick();
    }
  }

  private async look(): Promise<{ changed: boolean; ms: number }> {
    const { sweep, context, telling } = this;
    const { grid, message, ms } = await sweep.look(context.signal);
    if (!grid) throw nothingFound(sweep.target.root, message);
    const changed = await sweep.adopt(grid, true);
    sweep.waitForFresh(FRESH_MS);
    if (changed) await telling.whole(telling.stage);
    return { changed, ms };
  }

  /** Another process works: its rows are taken in, and what it has found of the files. */
  private async follow(): Promise<void> {
    const { sweep, context, telling } = this;
    telling.stage = 'following';
    await sweep.takeInFiles();
    const reader = new ClipReader(sweep, telling, this.note);
    const until = performance.now() + LEARN_MS;
    for (const clip of sweep.unknown()) {
      if (performance.now() > until) break;
      await reader.identify(clip, context.signal);
    }
    await telling.step('following', await sweep.readRows());
  }
}
