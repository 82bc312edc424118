import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { SweepBoard } from '../../../core/sweep/board';
import type { Grid } from '../../../core/sweep/grid';
import { withTagged, type Tagged } from '../../../core/sweep/grid/prompts';
import { cancelled, type Problem } from '../../../core/problem';
import { FRAME_PLAN } from '../../../core/plan';
import type { ClipRequest } from '../../../protocol/engine';
import type { SweepCost, SweepTarget } from '../../../protocol/sweep';
import { eachPair, readPair, type RowBlock } from '../../log/sweepRows';
import type { JudgeStatus } from '../../ports';
import { SweepFiles } from '../../sweep/files';
import { Gate } from '../gate';
import type { Session } from '../session';
import { Lanes } from './lanes';
import { lookThrough, type Look } from './look';
import { Rates } from './rates';
import { SweepRecord } from './record';
import { readTags } from './tags';

/** Files of the cache looked for at once. */
const LOOKS_AT_ONCE = 16;

/** Clips of a take, those that need nothing more, the broken ones among them; its wanted pairs, those judged. */
interface Counts {
  total: number;
  done: number;
  broken: number;
  pairs: number;
  judged: number;
}
const COUNTED = ['total', 'done', 'broken', 'pairs', 'judged'] as const;

/** One sweep as this worker knows it: its grid, its clips' identities, and the pairs that were judged. */
export class Sweep {
  revision = 0;
  grid: Grid | undefined;
  board: SweepBoard | undefined;
  readonly files: SweepFiles;
  readonly record: SweepRecord;
  readonly rates: Rates;
  /** Clips whose encodings were made or found by this process, by content. */
  private readonly encoded = new Set<string>();
  /** Devices that encoded. */
  readonly devices = new Set<string>();
  /** Clips that are still being written, by path. */
  readonly waiting = new Set<string>();
  /** `performance.now()` of the end of the last look. */
  lookedAt = -Infinity;
  /** Folders that could not be read, relative to the root. */
  unreadable: readonly string[] = [];
  private print = '';
  private tagging: Promise<unknown> = Promise.resolve();
  private running = false;
  private readonly runs = new Gate(1);
  private readonly adopting = new Lanes(1);
  private blocks: RowBlock[] = [];
  private blocksOf = new Map<string, RowBlock[]>();
  private clipsOf = new Map<string, number[]>();
  /** By take (row and seed), until something of it changes: a million pairs are not counted at every step. */
  private readonly counts = new Map<number, Counts>();

  constructor(
    readonly session: Session,
    readonly target: SweepTarget,
    readonly judge: JudgeStatus,
  ) {
    this.files = new SweepFiles(session.store, target.root);
    this.rates = new Rates(session.store);
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
      this.grid = withTagged(grid, (path) => this.taggedOf(path));
      this.revision++;
      this.place();
      return true;
    });
  }

  /**
   * Looks for prompts in the tags of clips, one call at a time; says whether it found any. All of them make one new
   * revision of the grid, whose cells and ids stay the same.
   */
  readTags(signal: AbortSignal, onProgress?: (done: number, of: number) => void): Promise<boolean> {
    const before = this.tagging;
    const now = this.readTagsAfter(before, signal, onProgress);
    this.tagging = Promise.allSettled([before, now]);
    return now;
  }

  private async readTagsAfter(
    before: Promise<unknown>,
    signal: AbortSignal,
    onProgress?: (done: number, of: number) => void,
  ): Promise<boolean> {
    if (!signal.aborted) await Promise.race([before, once(signal, 'abort')]);
    if (signal.aborted) throw cancelled();
    await readTags(this, signal, onProgress);
    const grid = withTagged(this.grid!, (path) => this.taggedOf(path));
    if (grid === this.grid) return false;
    this.grid = grid;
    this.revision++;
    return true;
  }

  private taggedOf(path: string): Tagged | undefined {
    return this.files.get(path)?.tagged ?? undefined;
  }

  /** Takes in what was judged since the last look at the record; says whether there was anything. */
  async readRows(): Promise<boolean> {
    const { blocks, anew } = await this.record.readNew();
    if (anew) {
      this.blocks = [];
      this.blocksOf.clear();
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
  }

  forgetProblems(): void {
    this.files.forgetProblems();
    this.recount();
  }

  /** A clip is still being written. */
  wait(clip: number): void {
    this.waiting.add(this.grid!.clips[clip]!.path);
    this.recount(clip);
  }

  /** Only clips that changed less than so many milliseconds ago are still being written. */
  waitForFresh(ms: number): void {
    this.waiting.clear();
    const now = Date.now();
    for (const clip of this.grid!.clips) if (now - clip.mtimeMs < ms) this.waiting.add(clip.path);
    this.recount();
  }

  /** A clip's encoding is at hand. */
  markEncoded(clip: number, hash: string, device: string | undefined): void {
    this.encoded.add(hash);
    if (device !== undefined) this.devices.add(device);
    this.recount(clip);
  }

  /** Learns a clip's content: what was judged of it under any name counts from now on, and of what it was before no more. */
  learn(clip: number, hash: string): void {
    const before = this.hashOf(clip);
    if (before === hash) return;
    this.files.set(this.grid!.clips[clip]!.path, { hash });
    this.recount(clip);
    if (before !== undefined) return this.place();
    this.clipsOf.set(hash, [...(this.clipsOf.get(hash) ?? []), clip]);
    for (const block of this.blocksOf.get(hash) ?? []) this.placeBlock(block);
  }

  /** Takes pairs in that were kept. */
  take(block: RowBlock): void {
    this.blocks.push(block);
    for (const hash of block.hashes) {
      const blocks = this.blocksOf.get(hash);
      if (blocks) blocks.push(block);
      else this.blocksOf.set(hash, [block]);
    }
    if (this.board) this.placeBlock(block);
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

  /** The same with the time that is left, where earlier work on this machine tells it. */
  async outlook(): Promise<SweepCost> {
    await this.findEncodings();
    const cost = this.cost();
    const rate = await this.rates.of(this.judge.hash);
    return rate === undefined ? cost : { ...cost, seconds: (cost.clips.total - cost.clips.encoded) / rate };
  }

  /** Encodings that earlier processes made need not be made again. */
  private async findEncodings(): Promise<void> {
    const { clips } = this.session;
    const hashes = new Set(this.grid?.clips.flatMap((_, clip) => this.hashOf(clip) ?? []));
    const asked = [...hashes].filter((hash) => !this.encoded.has(hash));
    const lane = async (from: number) => {
      for (let i = from; i < asked.length; i += LOOKS_AT_ONCE)
        if (await clips.has(asked[i]!, this.judge.hash, FRAME_PLAN.id)) this.encoded.add(asked[i]!);
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, (_, i) => lane(i)));
    this.recount();
  }

  /** All takes together. */
  counted(): Counts {
    const all = { total: 0, done: 0, broken: 0, pairs: 0, judged: 0 };
    const { grid, board } = this;
    if (!grid || !board) return all;
    for (let take = 0; take < grid.rows.length * grid.seeds.length; take++) {
      const seed = take % grid.seeds.length;
      const known = this.counts.get(take) ?? this.count((take - seed) / grid.seeds.length, seed);
      this.counts.set(take, known);
      for (const key of COUNTED) all[key] += known[key];
    }
    return all;
  }

  private count(row: number, seed: number): Counts {
    const board = this.board!;
    const counts = { total: 0, done: 0, broken: 0, pairs: 0, judged: 0 };
    const open = new Set<number>();
    for (const [earlier, later] of board.wanted(row, seed, (clip) => this.isUsable(clip))) {
      counts.pairs++;
      if (board.has(row, seed, earlier, later)) counts.judged++;
      else open.add(earlier).add(later);
    }
    for (const column of board.columnsOf(row, seed)) {
      const clip = board.clipAt(row, seed, column);
      const hash = this.hashOf(clip);
      const broken = this.problemOf(clip) !== undefined;
      counts.total++;
      if (broken) counts.broken++;
      if (broken || !open.has(column) || (hash !== undefined && this.encoded.has(hash))) counts.done++;
    }
    return counts;
  }

  /** Something of a clip changed, or of all. */
  recount(clip?: number): void {
    if (clip === undefined) return this.counts.clear();
    const { row, seed } = this.grid!.clips[clip]!;
    this.counts.delete(row * this.grid!.seeds.length + seed);
  }

  private place(): void {
    const grid = this.grid!;
    this.board = new SweepBoard(grid, this.target.pairing, this.baseline);
    this.recount();
    this.clipsOf = new Map();
    grid.clips.forEach((_, clip) => {
      const hash = this.hashOf(clip);
      if (hash === undefined) return;
      const clips = this.clipsOf.get(hash);
      if (clips) clips.push(clip);
      else this.clipsOf.set(hash, [clip]);
    });
    for (const block of this.blocks) this.placeBlock(block);
  }

  private placeBlock(block: RowBlock): void {
    const board = this.board!;
    const clips = block.hashes.map((hash) => this.clipsOf.get(hash) ?? []);
    const placed = new Set<number>();
    eachPair(block, (a, b, from) => {
      const [as, bs] = [clips[a] ?? [], clips[b] ?? []];
      // The same content in many places: said again in the same line, it is not placed again.
      if (as.length * bs.length > 1) {
        const key = a * block.hashes.length + b;
        if (placed.has(key)) return;
        placed.add(key);
      }
      for (const clipA of as)
        for (const clipB of bs) {
          const claimed = board.claim(clipA, clipB);
          if (!claimed) continue;
          readPair(block, from, board.table, claimed.entry, claimed.turned);
          this.recount(clipA);
        }
    });
  }
}
