import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SweepBoard } from '../../../core/sweep/board';
import type { Grid } from '../../../core/sweep/grid';
import type { Problem } from '../../../core/problem';
import { FRAME_PLAN } from '../../../core/plan';
import type { ClipRequest } from '../../../protocol/engine';
import type { SweepCost, SweepTarget } from '../../../protocol/sweep';
import type { RowBlock } from '../../log/sweepRows';
import type { CallOptions, DecodeProgress, JudgeStatus, ReadyClip } from '../../ports';
import { SweepFiles } from '../../sweep/files';
import { promptKey } from '../chain/identity';
import type { ChainDesk } from '../judging/chainDesk';
import { Gate } from '../gate';
import type { Session } from '../session';
import { TakeCounts, type Counts } from './counts';
import { Lanes } from './lanes';
import { lookThrough, type Look } from './look';
import { Placing } from './placing';
import { Rates } from './rates';
import { SweepRecord } from './record';
import { TagReading } from './tags';

/** Files of the cache looked for at once. */
const LOOKS_AT_ONCE = 16;

/** One sweep as this worker knows it: its grid, its clips' identities, and the pairs that were judged. */
export class Sweep {
  revision = 0;
  grid: Grid | undefined;
  readonly files: SweepFiles;
  readonly record: SweepRecord;
  readonly rates: Rates;
  readonly tags = new TagReading(this);
  /** Clips that were made ready for the judge, or found so, by this process, by content. */
  private readonly encoded = new Set<string>();
  /** Devices that encoded. */
  readonly devices = new Set<string>();
  /** Pairs that the judge gave no verdict on in the last run, by their clips' contents. */
  readonly unanswered = new Map<string, { names: string; why: string }>();
  /** Clips that are still being written, by path. */
  readonly waiting = new Set<string>();
  /** `performance.now()` of the end of the last look. */
  lookedAt = -Infinity;
  /** Folders that could not be read, relative to the root. */
  unreadable: readonly string[] = [];
  private print = '';
  private running = false;
  private readonly runs = new Gate(1);
  private readonly adopting = new Lanes(1);
  private readonly placing: Placing;
  private readonly counts = new TakeCounts(this);

  constructor(
    readonly session: Session,
    readonly target: SweepTarget,
    readonly judge: JudgeStatus,
    /** Of a judge that is asked about each pair, and takes time or money for it. */
    readonly desk?: ChainDesk,
  ) {
    this.files = new SweepFiles(session.store, target.root);
    this.rates = new Rates(session.store);
    const promptOf = desk && ((row: number) => promptKey(this.grid!.rows[row]!.prompt));
    this.placing = new Placing((clip) => this.recount(clip), promptOf);
    this.record = new SweepRecord(session, target, { judgeHash: judge.hash, plan: FRAME_PLAN.id });
  }

  /** What lies in the folder now; changes nothing. */
  async look(signal?: AbortSignal, onProgress?: (files: number) => void): Promise<Look> {
    const look = await lookThrough(this.target, signal, onProgress);
    this.unreadable = look.unreadable;
    this.lookedAt = performance.now();
    return look;
  }

  /** One run at a time; while it lasts, it alone says which grid is worked on. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.runs.run(1, signal, async () => {
      this.running = true;
      try {
        return await work();
      } finally {
        this.running = false;
      }
    });
  }

  /**
   * Takes a grid as the one to work on, if it is another than before; says whether it is. During a run, what others
   * bring is left alone: clips are known by their place in the grid.
   */
  adopt(grid: Grid, byRun = false): Promise<boolean> {
    return this.adopting.run(async () => {
      const print = createHash('sha256').update(JSON.stringify(grid)).digest('hex');
      if (print === this.print || (this.grid && this.running && !byRun)) return false;
      if (!this.grid) await this.files.load();
      await this.files.refresh(grid.clips.map((clip) => clip.path));
      await this.readRows();
      this.print = print;
      this.grid = this.tags.known(grid);
      this.revision++;
      this.place();
      return true;
    });
  }

  /** The same cells under other words: a new revision, and other verdicts of a judge that reads them. */
  reword(grid: Grid): void {
    this.grid = grid;
    this.revision++;
    if (this.desk) this.place();
  }

  /** Takes in what was judged since the last look at the record; says whether there was anything. */
  async readRows(): Promise<boolean> {
    const { blocks, anew } = await this.record.readNew();
    if (anew) {
      this.placing.forget();
      if (this.grid) this.place();
    }
    for (const block of blocks) this.take(block);
    return anew || blocks.length > 0;
  }

  /** Index of the column that the others are measured against. */
  get baseline(): number {
    const { layout } = this.target;
    return Math.max(0, this.grid?.columns.findIndex(({ id }) => id === layout.baseline) ?? 0);
  }

  get board(): SweepBoard | undefined {
    return this.placing.board;
  }

  hashOf(clip: number): string | undefined {
    return this.files.get(this.grid!.clips[clip]!.path)?.hash;
  }

  problemOf(clip: number): Problem | undefined {
    return this.files.get(this.grid!.clips[clip]!.path)?.problem;
  }

  request(clip: number): ClipRequest {
    const { root, name } = this.target;
    const { path } = this.grid!.clips[clip]!;
    return { path: join(root, path), name: name === '' ? path : `${name}/${path}` };
  }

  /** A clip cannot be used; it stays out until its file changes. */
  markBroken(clip: number, problem: Problem): void {
    this.files.set(this.grid!.clips[clip]!.path, { problem });
    this.recount(clip);
    // What was judged of it while it could be read counts no more.
    if (this.isPlaced(clip)) this.place();
  }

  forgetProblems(): void {
    this.files.forgetProblems();
    this.place();
  }

  private isPlaced(clip: number): boolean {
    const { board } = this;
    const { row, seed, column } = this.grid!.clips[clip]!;
    return board!
      .columnsOf(row, seed)
      .some((c) => c !== column && board!.has(row, seed, Math.min(c, column), Math.max(c, column)));
  }

  /** A clip is still being written. */
  wait(clip: number): void {
    this.waiting.add(this.grid!.clips[clip]!.path);
    this.recount(clip);
  }

  /** Only clips that changed less than so many milliseconds ago are still being written: by this clock or one near it. */
  waitForFresh(ms: number): void {
    this.waiting.clear();
    const now = Date.now();
    for (const clip of this.grid!.clips) if (Math.abs(now - clip.mtimeMs) < ms) this.waiting.add(clip.path);
    this.recount();
  }

  /** A clip's encoding is at hand. */
  markEncoded(clip: number, hash: string, device: string | undefined): void {
    this.encoded.add(hash);
    if (device !== undefined) this.devices.add(device);
    this.recount(clip);
  }

  isEncoded(clip: number): boolean {
    const hash = this.hashOf(clip);
    return hash !== undefined && this.encoded.has(hash);
  }

  /** Learns a clip's content: what was judged of it under any name counts from now on, and of what it was before no more. */
  learn(clip: number, hash: string): void {
    const before = this.hashOf(clip);
    if (before === hash) return;
    this.files.set(this.grid!.clips[clip]!.path, { hash });
    this.recount(clip);
    if (before !== undefined) this.place();
    else this.placing.learn(clip, hash);
  }

  /** Takes in what another process has learned of the files: what was judged of them counts from now on. */
  async takeInFiles(): Promise<void> {
    const learned = new Set(await this.files.takeIn());
    this.recount();
    this.grid!.clips.forEach(({ path }, clip) => {
      if (learned.has(path) && !this.problemOf(clip)) this.placing.learn(clip, this.hashOf(clip)!);
    });
  }

  /** Takes pairs in that were kept. */
  take(block: RowBlock): void {
    this.placing.take(block);
  }

  /** Wanted pairs of columns of a row and seed that are not judged, broken clips and waiting ones left out. */
  missing(row: number, seed: number): [number, number][] {
    const board = this.board!;
    const usable = (clip: number) => this.isUsable(clip);
    return board.wanted(row, seed, usable).filter(([e, l]) => !board.has(row, seed, e, l));
  }

  /** Usable clips whose content is not known, in the order in which they are taken. */
  *unknown(): Generator<number> {
    const { grid, board } = this;
    for (let row = 0; row < grid!.rows.length; row++)
      for (let seed = 0; seed < grid!.seeds.length; seed++)
        for (const column of board!.columnsOf(row, seed)) {
          const clip = board!.clipAt(row, seed, column);
          if (this.hashOf(clip) === undefined && this.isUsable(clip)) yield clip;
        }
  }

  isUsable(clip: number): boolean {
    return !this.problemOf(clip) && !this.waiting.has(this.grid!.clips[clip]!.path);
  }

  /** Clips that need nothing more, and pairs. */
  cost(): SweepCost {
    const { total, done, broken: _, pairs, judged } = this.counted();
    return { clips: { total, encoded: done }, pairs: { total: pairs, judged } };
  }

  /** What takes the time: clips that are encoded, or pairs that are asked about. */
  get left(): number {
    const { total, done, pairs, judged } = this.counted();
    return this.desk ? pairs - judged : total - done;
  }

  /** The same with the time that is left, where earlier work on this machine tells it, and what it asks of a model. */
  async outlook(): Promise<SweepCost> {
    await this.findReady();
    const cost = this.cost();
    const rate = await this.rates.of(this.judge.hash);
    const asks = this.desk?.estimate(cost.pairs.total - cost.pairs.judged);
    return {
      ...cost,
      ...(rate === undefined ? {} : { seconds: this.left / rate }),
      ...(asks ? { asks } : {}),
    };
  }

  /** Whether a clip's content was made ready for the judge, by any process. */
  private isReady(hash: string): Promise<boolean> {
    const { clips } = this.session;
    return this.desk
      ? clips.hasMeasured(hash, FRAME_PLAN.id)
      : clips.has(hash, this.judge.hash, FRAME_PLAN.id);
  }

  /** Makes a clip ready for the judge, or finds it so. */
  async readClip(request: ClipRequest, options: CallOptions<DecodeProgress>): Promise<ReadyClip> {
    const { pipeline } = this.session;
    if (!this.desk) return pipeline.analyse(request, options);
    const { clip, measures, cached } = await this.session.inspect(request, options);
    return { record: clip, measures, cached, timings: {} };
  }

  /** What earlier processes made ready need not be made so again. */
  private async findReady(): Promise<void> {
    const hashes = new Set(this.grid?.clips.flatMap((_, clip) => this.hashOf(clip) ?? []));
    const asked = [...hashes].filter((hash) => !this.encoded.has(hash));
    const lane = async (from: number) => {
      for (let i = from; i < asked.length; i += LOOKS_AT_ONCE)
        if (await this.isReady(asked[i]!)) this.encoded.add(asked[i]!);
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, (_, i) => lane(i)));
    this.recount();
  }

  /** All takes together. */
  counted(): Counts {
    return this.counts.all();
  }

  /** Something of a clip changed, or of all. */
  recount(clip?: number): void {
    this.counts.forget(clip);
  }

  private place(): void {
    const grid = this.grid!;
    this.recount();
    const board = new SweepBoard(grid, this.target.pairing, this.baseline);
    this.placing.begin(
      board,
      grid.clips.map((_, clip) => (this.problemOf(clip) ? undefined : this.hashOf(clip))),
    );
  }
}
