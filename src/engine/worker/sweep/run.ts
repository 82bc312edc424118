import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, ProblemError, toProblem, type ProblemCode } from '../../../core/problem';
import type { SweepProgress, SweepRunParams, SweepStage, SweepState } from '../../../protocol/sweep';
import type { HandlerContext } from '../../../protocol/rpc';
import type { JudgeClip, Judgement } from '../../judge';
import type { Analysis } from '../../ports';
import { packPairs } from '../../log/sweepRows';
import { Lanes } from './lanes';
import { holdSweep } from './hold';
import { nothingFound } from './nothing';
import { Pace } from './pace';
import { ReadingNote } from './reading';
import { stateOf } from './state';
import type { Sweep } from './sweep';

/** Clips read at once: two decode while one is encoded. */
const CLIPS_AT_ONCE = 3;
/** A file that changed this recently may still be written. */
const FRESH_MS = 3000;
const LEAST_WATCH_MS = 2000;
/** So often a run that does not watch looks again after clips that are being written. */
const PATIENCE = 5;
/** A look at the folder takes at most this part of the time. */
const LOOKS_SHARE = 1 / 20;
/** What stops a sweep; everything else is one clip's trouble. */
const FATAL: readonly ProblemCode[] = [
  'cancelled',
  'diskFull',
  'logUnwritable',
  'ffmpegMissing',
  'modelMissing',
  'modelInvalid',
  'runtime',
  'internal',
];

type Context = HandlerContext<SweepProgress>;

/** One run over a sweep: encodes and judges what is missing, prompt by prompt, and goes on watching if asked to. */
export class SweepRun {
  private readonly pace = new Pace();
  private stage: SweepStage = 'scanning';
  private sentRevision = 0;
  private readonly reading: ReadingNote;

  constructor(
    private readonly sweep: Sweep,
    private readonly params: SweepRunParams,
    private readonly context: Context,
  ) {
    this.reading = new ReadingNote(sweep);
  }

  async run(): Promise<SweepState> {
    const { sweep, params, context } = this;
    await this.look();
    if (params.retryBroken) sweep.forgetProblems();
    await this.reading.load();
    for (let patience = 0; ;) {
      const held = await holdSweep(sweep, context.signal, () => this.follow());
      try {
        await sweep.readRows();
        await this.pass();
      } finally {
        await held.release();
        await sweep.files.save();
      }
      const state = await this.tell(params.watch ? 'watching' : 'working', true);
      const unfinished = sweep.waiting.size > 0 && ++patience <= PATIENCE;
      if (!params.watch && !unfinished) return state!;
      await this.news();
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
    }
  }

  private async look(): Promise<{ changed: boolean; ms: number }> {
    const { sweep, context } = this;
    const { grid, message, ms } = await sweep.look(context.signal);
    if (!grid) throw nothingFound(sweep.target.root, message);
    const changed = await sweep.adopt(grid);
    sweep.waitForFresh(FRESH_MS);
    if (changed) await this.tell(this.stage, true);
    return { changed, ms };
  }

  /** Another process works: its rows are taken in. */
  private async follow(): Promise<void> {
    const news = await this.sweep.readRows();
    await this.tell('following', news);
  }

  private async pass(): Promise<void> {
    const { grid } = this.sweep;
    await this.tell('working', false);
    const [lanes, takes] = [new Lanes(CLIPS_AT_ONCE), new Lanes(CLIPS_AT_ONCE)];
    const stop = new AbortController();
    const signal = AbortSignal.any([this.context.signal, stop.signal]);
    const work: Promise<void>[] = [];
    for (let row = 0; row < grid!.rows.length; row++)
      for (let seed = 0; seed < grid!.seeds.length; seed++)
        work.push(takes.run(() => this.take(row, seed, lanes, signal)));
    try {
      await Promise.all(
        work.map((each) => each.catch((error: unknown) => (stop.abort(), Promise.reject(error)))),
      );
    } catch (error) {
      await Promise.allSettled(work);
      throw this.context.signal.aborted ? cancelled() : error;
    }
  }

  /** All clips of one prompt and seed: read, encoded, judged, kept. */
  private async take(row: number, seed: number, lanes: Lanes, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const { board } = this.sweep;
    const clips = board!.columnsOf(row, seed).map((column) => board!.clipAt(row, seed, column));
    const unknown = clips.filter((c) => this.sweep.isUsable(c) && this.sweep.hashOf(c) === undefined);
    await Promise.all(unknown.map((clip) => lanes.run(() => this.identify(clip, signal))));
    const analyses = new Map<number, Analysis>();
    for (let todo = this.todo(row, seed, analyses); todo.length > 0; todo = this.todo(row, seed, analyses))
      await Promise.all(todo.map((clip) => lanes.run(() => this.analyse(clip, analyses, signal))));
    await this.judge(row, seed, analyses, signal);
  }

  /** Clips of missing pairs that are not read yet; one that breaks may make others adjacent. */
  private todo(row: number, seed: number, analyses: ReadonlyMap<number, Analysis>): number[] {
    const { board } = this.sweep;
    const clips = new Set(
      this.sweep.missing(row, seed).flatMap((pair) => pair.map((c) => board!.clipAt(row, seed, c))),
    );
    return [...clips].filter((clip) => !analyses.has(clip));
  }

  private identify(clip: number, signal: AbortSignal): Promise<void> {
    return this.guarded(clip, signal, async ({ path }) => {
      this.sweep.learn(clip, await this.sweep.session.hash(path, signal));
    });
  }

  private analyse(clip: number, analyses: Map<number, Analysis>, signal: AbortSignal): Promise<void> {
    const { session } = this.sweep;
    return this.guarded(clip, signal, (request) =>
      session.gate.run(1, signal, async () => {
        const done = await this.reading.during(clip, () =>
          session.pipeline.analyse(request, { signal, onProgress: () => this.pace.tick(() => this.quick()) }),
        );
        // The file may have changed since its content was looked up.
        if (done.record.hash !== this.sweep.hashOf(clip)) this.sweep.learn(clip, done.record.hash);
        analyses.set(clip, done);
        this.sweep.markEncoded(clip, done.record.hash, done.device);
        if (!done.cached) this.pace.encoded();
        await this.tell('working', false);
      }),
    );
  }

  /** A clip that cannot be read is marked; one that is being written waits; the sweep goes on. */
  private async guarded(
    clip: number,
    signal: AbortSignal,
    work: (request: { path: string; name: string }) => Promise<void>,
  ): Promise<void> {
    try {
      if (signal.aborted) throw cancelled();
      await work(this.sweep.request(clip));
    } catch (error) {
      if (signal.aborted || !ProblemError.is(error) || FATAL.includes(error.problem.code)) throw error;
      if (error.problem.code === 'stillWriting') this.sweep.wait(clip);
      else this.sweep.markBroken(clip, toProblem(error));
      await this.tell('working', false);
    }
  }

  private async judge(
    row: number,
    seed: number,
    analyses: ReadonlyMap<number, Analysis>,
    signal: AbortSignal,
  ): Promise<void> {
    const { sweep } = this;
    const pairs = sweep
      .missing(row, seed)
      .map((pair) => pair.map((c) => sweep.board!.clipAt(row, seed, c)) as [number, number]);
    if (pairs.length === 0) return;
    const clip = (index: number): JudgeClip => {
      const { record, measures, encoding } = analyses.get(index)!;
      return { path: sweep.request(index).path, record, measures, encoding };
    };
    const asked = pairs.map(([earlier, later]) => ({ a: clip(earlier), b: clip(later) }));
    const judged: Judgement[] = [];
    for await (const judgement of sweep.session.pipeline.judgeMany(asked, signal)) judged.push(judgement);
    const rows = asked.map(({ a, b }, i) => ({ a: a.record.hash, b: b.record.hash, judgement: judged[i]! }));
    const blocks = packPairs(rows);
    // Shown is what is kept: a pair counts when its line is on the disk.
    await sweep.record.append(blocks);
    for (const block of blocks) sweep.take(block);
    await this.tell('working', false);
  }

  /** Progress without a state. */
  private quick(): void {
    const { total, done, broken, pairs, judged } = this.sweep.counted();
    this.context.progress({
      stage: this.stage,
      clips: { done, total, broken },
      pairs: { done: judged, total: pairs },
      ...this.pace.outlook(total - done),
    });
  }

  /** Tells how far it is, with a whole state where `now` or where it is time for one. */
  private async tell(stage: SweepStage, now: boolean): Promise<SweepState | undefined> {
    const { sweep, context } = this;
    this.stage = stage;
    if (!now && !this.pace.isTimeForState()) {
      this.pace.tick(() => this.quick());
      return undefined;
    }
    const state = await this.pace.timed(() => stateOf(sweep));
    const { clips, pairs } = state;
    const fresh = sweep.revision !== this.sentRevision;
    this.sentRevision = sweep.revision;
    context.progress({
      stage,
      clips: { done: clips.encoded, total: clips.total, broken: state.broken.length },
      pairs: { done: pairs.judged, total: pairs.total },
      ...this.pace.outlook(clips.total - clips.encoded),
      ...(fresh ? { grid: { revision: sweep.revision, grid: sweep.grid! } } : {}),
      state,
    });
    return state;
  }
}
