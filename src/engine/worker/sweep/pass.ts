import { cancelled } from '../../../core/problem';
import type { Judgement } from '../../judge';
import type { Held } from '../../log/lock';
import { packPairs, type RowBlock } from '../../log/sweepRows';
import type { ReadyClip } from '../../ports';
import { realRoot } from '../../sweep/tree';
import { Asking, type AskedClip, type AskedPair } from './asking';
import { ClipReader } from './clipReader';
import { allOf, Lanes } from './lanes';
import type { ReadingNote } from './reading';
import type { Sweep } from './sweep';
import { tryTags } from './tags';
import type { Telling } from './telling';

/** Clips read at once: two decode while one is encoded. */
const CLIPS_AT_ONCE = 3;

/** Once through a sweep, by the process that holds it: what is missing is read, judged and kept, take by take. */
export class Pass {
  private readonly stop = new AbortController();
  private readonly reader: ClipReader;
  private readonly lanes = new Lanes(CLIPS_AT_ONCE);
  /** Of a judge that is asked about each pair. */
  private readonly asking: Asking | undefined;

  constructor(
    private readonly sweep: Sweep,
    private readonly telling: Telling,
    note: ReadingNote,
    private readonly held: Held,
  ) {
    // Nothing more is begun after that.
    this.reader = new ClipReader(sweep, telling, note, (error) => this.stop.abort(error));
    const { desk } = sweep;
    if (desk)
      this.asking = new Asking(sweep, desk, telling, this.reader, {
        keep: (blocks) => this.keep(blocks),
        onFatal: (error) => this.stop.abort(error),
      });
  }

  /** `turn` aborts where it is not this process's turn any more. */
  async run(turn: AbortSignal): Promise<void> {
    const { sweep, stop } = this;
    const grid = sweep.grid!;
    this.telling.pace.begin();
    await this.telling.step();
    const takes = new Lanes(Math.max(CLIPS_AT_ONCE, sweep.desk?.pairsAtOnce ?? 0));
    const signal = AbortSignal.any([turn, stop.signal]);
    const stopping = (error: unknown) => {
      // The first reason stays; what ends because of it ends as cancelled.
      stop.abort(error);
      throw error;
    };
    const tags = tryTags(sweep, signal);
    // A model that is asked in words is told the prompts.
    if (this.asking) await tags;
    const work: Promise<void>[] = [];
    for (let row = 0; row < grid.rows.length; row++)
      for (let seed = 0; seed < grid.seeds.length; seed++)
        work.push(takes.run(() => this.take(row, seed, signal).catch(stopping)));
    try {
      await allOf(work);
    } catch (error) {
      throw turn.aborted ? cancelled() : stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      await tags;
    }
  }

  /** All clips of one prompt and seed: read, encoded, judged, kept. */
  private async take(row: number, seed: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const { sweep, lanes, reader } = this;
    const board = sweep.board!;
    const clips = board.columnsOf(row, seed).map((column) => board.clipAt(row, seed, column));
    const unknown = clips.filter((c) => sweep.isUsable(c) && sweep.hashOf(c) === undefined);
    await allOf(unknown.map((clip) => lanes.run(() => reader.identify(clip, signal))));
    const ready = new Map<number, ReadyClip>();
    for (let todo = this.todo(row, seed, ready); todo.length > 0; todo = this.todo(row, seed, ready))
      await allOf(todo.map((clip) => lanes.run(() => reader.makeReady(clip, ready, signal))));
    await this.judge(row, seed, ready, signal);
  }

  /** Clips of missing pairs that are not read yet; one that breaks may make others adjacent. */
  private todo(row: number, seed: number, ready: ReadonlyMap<number, ReadyClip>): number[] {
    const { sweep } = this;
    const clips = new Set(
      sweep.missing(row, seed).flatMap((pair) => pair.map((c) => sweep.board!.clipAt(row, seed, c))),
    );
    return [...clips].filter((clip) => !ready.has(clip));
  }

  private async judge(
    row: number,
    seed: number,
    ready: ReadonlyMap<number, ReadyClip>,
    signal: AbortSignal,
  ): Promise<void> {
    const asked = this.askedOf(row, seed, ready);
    if (asked.length === 0) return;
    const { prompt } = this.sweep.grid!.rows[row]!;
    if (this.asking) return this.asking.ask(asked, { key: `${row}:${seed}`, prompt }, signal);
    const judged: Judgement[] = [];
    for await (const judgement of this.sweep.session.pipeline.judgeMany(asked, signal))
      judged.push(judgement);
    const rows = asked.map(({ a, b }, i) => ({ a: a.record.hash, b: b.record.hash, judgement: judged[i]! }));
    await this.keep(packPairs(rows));
    await this.telling.step();
  }

  /** The missing pairs of a prompt and seed; pairs of the same contents are asked for once. */
  private askedOf(row: number, seed: number, ready: ReadonlyMap<number, ReadyClip>) {
    const { sweep } = this;
    const board = sweep.board!;
    const side = (clip: number): AskedClip => {
      const { record, measures, encoding } = ready.get(clip)!;
      const { path } = sweep.request(clip);
      return { path, record, measures, times: measures.times, ...(encoding ? { encoding } : {}) };
    };
    const asked = new Map<string, AskedPair>();
    for (const [earlier, later] of sweep.missing(row, seed)) {
      const clips = { A: board.clipAt(row, seed, earlier), B: board.clipAt(row, seed, later) };
      const pair = { clips, a: side(clips.A), b: side(clips.B) };
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
    if (!(await this.held.isMine())) throw cancelled();
    if (await sweep.record.append(blocks)) await sweep.readRows();
    else for (const block of blocks) sweep.take(block);
    await sweep.files.saveNowAndThen();
  }
}
