import type { Sweep } from './sweep';

/** Clips of a take, those that need nothing more, the broken ones among them; its wanted pairs, those judged. */
export interface Counts {
  total: number;
  done: number;
  broken: number;
  pairs: number;
  judged: number;
}
const COUNTED = ['total', 'done', 'broken', 'pairs', 'judged'] as const;
const none = (): Counts => ({ total: 0, done: 0, broken: 0, pairs: 0, judged: 0 });

/**
 * What is done of a sweep, by take (row and seed), until something of it changes: a million pairs are not counted at
 * every step.
 */
export class TakeCounts {
  private readonly known = new Map<number, Counts>();

  constructor(private readonly sweep: Sweep) {}

  /** All takes together. */
  all(): Counts {
    const all = none();
    const { grid, board } = this.sweep;
    if (!grid || !board) return all;
    for (let take = 0; take < grid.rows.length * grid.seeds.length; take++) {
      const seed = take % grid.seeds.length;
      const known = this.known.get(take) ?? this.count((take - seed) / grid.seeds.length, seed);
      this.known.set(take, known);
      for (const key of COUNTED) all[key] += known[key];
    }
    return all;
  }

  /** Something of a clip changed, or of all. */
  forget(clip?: number): void {
    if (clip === undefined) return this.known.clear();
    const { clips, seeds } = this.sweep.grid!;
    const { row, seed } = clips[clip]!;
    this.known.delete(row * seeds.length + seed);
  }

  private count(row: number, seed: number): Counts {
    const { sweep } = this;
    const board = sweep.board!;
    const counts = none();
    const open = new Set<number>();
    for (const [earlier, later] of board.wanted(row, seed, (clip) => sweep.isUsable(clip))) {
      counts.pairs++;
      if (board.has(row, seed, earlier, later)) counts.judged++;
      else open.add(earlier).add(later);
    }
    for (const column of board.columnsOf(row, seed)) {
      const clip = board.clipAt(row, seed, column);
      const broken = sweep.problemOf(clip) !== undefined;
      counts.total++;
      if (broken) counts.broken++;
      if (broken || !open.has(column) || sweep.isEncoded(clip)) counts.done++;
    }
    return counts;
  }
}
