import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, ProblemError, toProblem, type ProblemCode } from '../../../core/problem';
import type { SweepProgress, SweepRunParams, SweepStage, SweepState } from '../../../protocol/sweep';
import type { HandlerContext } from '../../../protocol/rpc';
import type { JudgeClip, Judgement } from '../../judge';
import type { Analysis } from '../../ports';
import type { Held } from '../../log/lock';
import { packPairs, type RowBlock } from '../../log/sweepRows';
import { realRoot } from '../../sweep/tree';
import { allOf, Lanes } from './lanes';
import { holdSweep } from './hold';
import { nothingFound } from './nothing';
import { Pace } from './pace';
import { ReadingNote } from './reading';
import { stateOf } from './state';
import type { Sweep } from './sweep';
import { tryTags } from './tags';

/** Clips read at once: two decode while one is encoded. */
const CLIPS_AT_ONCE = 3;
/** All places of the gate: nothing else is read meanwhile. */
const ALONE = Infinity;
/** A file that changed this recently may still be written. */
const FRESH_MS = 3000;
const LEAST_WATCH_MS = 2000;
/** So often a run that does not watch looks again after clips that are being written. */
const PATIENCE = 5;
/** A look at the folder takes at most this part of the time. */
const LOOKS_SHARE = 1 / 20;
/** Milliseconds that a follower spends on learning what files are, between two looks at the record. */
const LEARN_MS = 300;
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
  private held: Held | undefined;
  private stop = new AbortController();
  private readonly reading: ReadingNote;

  constructor(
    private readonly sweep: Sweep,
    private readonly params: SweepRunParams,
    private readonly context: Context,
  ) {
    this.reading = new ReadingNote(sweep, context.signal);
  }

  run(): Promise<SweepState> {
    return this.sweep.run(this.context.signal, () => this.work());
  }

  private async work(): Promise<SweepState> {
    const { sweep, params } = this;
    await this.look();
    if (params.retryBroken) sweep.forgetProblems();
    for (let patience = 0; ;) {
      if (!(await this.turn())) {
        // Another took over; where the folder is gone, this says so.
        await this.look();
        continue;
      }
      const state = await this.tell(params.watch ? 'watching' : 'working', true);
      const unfinished = sweep.waiting.size > 0 && ++patience <= PATIENCE;
      if (!params.watch && !unfinished) return state!;
      await this.news();
    }
  }

  /** Does what is to be done, once it is this process's turn; false where the turn was lost on the way. */
  private async turn(): Promise<boolean> {
    const { sweep, context, params } = this;
    const held = await holdSweep(sweep, context.signal, () => this.follow());
    this.held = held;
    try {
      if (!params.retryBroken) await sweep.files.takeIn();
      await this.reading.load();
      sweep.recount();
      await sweep.readRows();
      await this.pass(AbortSignal.any([context.signal, held.lost]));
      return true;
    } catch (error) {
      if (held.lost.aborted && !context.signal.aborted) return false;
      throw error;
    } finally {
      await sweep.files.save();
      await held.release();
      await this.keepRate();
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
      this.quick();
    }
  }

  private async look(): Promise<{ changed: boolean; ms: number }> {
    const { sweep, context } = this;
    const { grid, message, ms } = await sweep.look(context.signal);
    if (!grid) throw nothingFound(sweep.target.root, message);
    const changed = await sweep.adopt(grid, true);
    sweep.waitForFresh(FRESH_MS);
    if (changed) await this.tell(this.stage, true);
    return { changed, ms };
  }

  /** Another process works: its rows are taken in, and what it has found of the files. */
  private async follow(): Promise<void> {
    const { sweep, context } = this;
    this.stage = 'following';
    await sweep.files.takeIn();
    sweep.recount();
    const until = performance.now() + LEARN_MS;
    for (const clip of sweep.unknown()) {
      if (performance.now() > until) break;
      await this.identify(clip, context.signal);
    }
    await this.tell('following', await sweep.readRows());
  }

  private keepRate(): Promise<void> {
    const { clips, seconds } = this.pace.done;
    return this.sweep.rates.keep(this.sweep.judge.hash, clips, seconds);
  }

  private async pass(turn: AbortSignal): Promise<void> {
    const { grid } = this.sweep;
    this.pace.begin();
    await this.tell('working', false);
    const [lanes, takes] = [new Lanes(CLIPS_AT_ONCE), new Lanes(CLIPS_AT_ONCE)];
    const stop = (this.stop = new AbortController());
    const signal = AbortSignal.any([turn, stop.signal]);
    const stopping = (error: unknown) => {
      // The first reason stays; what ends because of it ends as cancelled.
      stop.abort(error);
      throw error;
    };
    const tags = tryTags(this.sweep, signal);
    const work: Promise<void>[] = [];
    for (let row = 0; row < grid!.rows.length; row++)
      for (let seed = 0; seed < grid!.seeds.length; seed++)
        work.push(takes.run(() => this.take(row, seed, lanes, signal).catch(stopping)));
    try {
      await allOf(work);
    } catch (error) {
      throw turn.aborted ? cancelled() : stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      await tags;
    }
  }

  /** All clips of one prompt and seed: read, encoded, judged, kept. */
  private async take(row: number, seed: number, lanes: Lanes, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const { board } = this.sweep;
    const clips = board!.columnsOf(row, seed).map((column) => board!.clipAt(row, seed, column));
    const unknown = clips.filter((c) => this.sweep.isUsable(c) && this.sweep.hashOf(c) === undefined);
    await allOf(unknown.map((clip) => lanes.run(() => this.identify(clip, signal))));
    const analyses = new Map<number, Analysis>();
    for (let todo = this.todo(row, seed, analyses); todo.length > 0; todo = this.todo(row, seed, analyses))
      await allOf(todo.map((clip) => lanes.run(() => this.analyse(clip, analyses, signal))));
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
    const places = this.reading.isSuspect(clip) ? ALONE : 1;
    return this.guarded(clip, signal, (request) =>
      session.gate.run(places, signal, async () => {
        const done = await this.reading.during(clip, () =>
          session.pipeline.analyse(request, { signal, onProgress: () => this.pace.tick(() => this.quick()) }),
        );
        // The file may have changed since its content was looked up.
        this.sweep.learn(clip, done.record.hash);
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
      if (signal.aborted) throw error;
      if (!ProblemError.is(error) || FATAL.includes(error.problem.code)) return this.fail(error);
      const { code } = error.problem;
      // Either the whole folder is gone, which is said, or the clip, which the next look shows.
      if (code === 'fileMissing')
        await realRoot(this.sweep.target.root).catch((gone: unknown) => this.fail(gone));
      if (code === 'stillWriting' || code === 'fileMissing') this.sweep.wait(clip);
      else this.sweep.markBroken(clip, toProblem(error));
      await this.tell('working', false);
    }
  }

  /** Nothing more is begun. */
  private fail(error: unknown): never {
    this.stop.abort(error);
    throw error;
  }

  private async judge(
    row: number,
    seed: number,
    analyses: ReadonlyMap<number, Analysis>,
    signal: AbortSignal,
  ): Promise<void> {
    const { sweep } = this;
    const asked = this.askedOf(row, seed, analyses);
    if (asked.length === 0) return;
    const judged: Judgement[] = [];
    for await (const judgement of sweep.session.pipeline.judgeMany(asked, signal)) judged.push(judgement);
    const rows = asked.map(({ a, b }, i) => ({ a: a.record.hash, b: b.record.hash, judgement: judged[i]! }));
    await this.keep(packPairs(rows));
    await this.tell('working', false);
  }

  /** The missing pairs of a prompt and seed; pairs of the same contents are asked for once. */
  private askedOf(row: number, seed: number, analyses: ReadonlyMap<number, Analysis>) {
    const { sweep } = this;
    const side = (column: number): JudgeClip => {
      const clip = sweep.board!.clipAt(row, seed, column);
      const { record, measures, encoding } = analyses.get(clip)!;
      return { path: sweep.request(clip).path, record, measures, encoding };
    };
    const asked = new Map<string, { a: JudgeClip; b: JudgeClip }>();
    for (const [earlier, later] of sweep.missing(row, seed)) {
      const pair = { a: side(earlier), b: side(later) };
      const key = [pair.a.record.hash, pair.b.record.hash].sort().join();
      if (!asked.has(key)) asked.set(key, pair);
    }
    return [...asked.values()];
  }

  /** Shown is what is kept: a pair counts when its line is on the disk. */
  private async keep(blocks: RowBlock[]): Promise<void> {
    const { sweep } = this;
    // No record is made where the folder was, and none beside another who took over.
    await realRoot(sweep.target.root);
    if (!(await this.held!.isMine())) throw cancelled();
    if (await sweep.record.append(blocks)) await sweep.readRows();
    else for (const block of blocks) sweep.take(block);
    await sweep.files.saveNowAndThen();
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
