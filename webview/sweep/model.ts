import type { Problem } from '../../src/core/problem';
import { cellOf, isOrdered, type Grid } from '../../src/core/sweep/grid';
import { markOf, type Mark } from '../../src/core/sweep/marks';
import { isFlat } from '../../src/core/sweep/statistics';
import { PAIRINGS, type Pairing, type Series } from '../../src/core/sweep/table';
import type { SweepState, SweepVote } from '../../src/protocol/sweep';
import type { PairOfCells, Reference } from '../../src/protocol/sweepPage';
import type { Place } from './state';

/** A grid with its clips by cell. */
export class GridIndex {
  private readonly clipBy = new Map<number, number>();

  constructor(readonly grid: Grid) {
    grid.clips.forEach(({ column, row, seed }, i) => this.clipBy.set(this.key(column, row, seed), i));
  }

  /** A column that has a clip on most prompts can be what the others are measured against. */
  isOnMostRows(column: number): boolean {
    const rows = new Set(this.grid.clips.filter((clip) => clip.column === column).map(({ row }) => row));
    return rows.size * 2 > this.grid.rows.length;
  }

  private key(column: number, row: number, seed: number): number {
    return (row * this.grid.seeds.length + seed) * this.grid.columns.length + column;
  }

  /** Index of the clip, if there is one. */
  clip(column: number, row: number, seed: number): number | undefined {
    return this.clipBy.get(this.key(column, row, seed));
  }

  /** One index per seed that the cell has. */
  clips(column: number, row: number): number[] {
    return this.grid.seeds.flatMap((_, seed) => this.clip(column, row, seed) ?? []);
  }

  /** Pairs that each pairing would judge. */
  pairs(baseline: number): Record<Pairing, number> {
    const count = Object.fromEntries(PAIRINGS.map((p) => [p, 0])) as Record<Pairing, number>;
    const takes = new Map<number, { clips: number; base: boolean }>();
    for (const { column, row, seed } of this.grid.clips) {
      const take = takes.get(row * this.grid.seeds.length + seed) ?? { clips: 0, base: false };
      take.clips++;
      take.base ||= column === baseline;
      takes.set(row * this.grid.seeds.length + seed, take);
    }
    for (const { clips, base } of takes.values()) {
      count.all += (clips * (clips - 1)) / 2;
      count.adjacent += clips - 1;
      count.baseline += base ? clips - 1 : 0;
    }
    return count;
  }
}

/** A person's word on one seed of a cell. */
export interface CellVote {
  /** Index of the grid's seeds. */
  seed: number;
  /** Of the cell against the reference. */
  sign: -1 | 0 | 1;
  /** Null where the judge did not judge it. */
  agrees: boolean | null;
}

/** What is known of one cell. */
export interface Cell extends Place {
  kind: 'hole' | 'broken' | 'waiting' | 'reference' | 'unjudged' | 'judged';
  /** The clip that is shown: of the chosen seed, else of the first there is. */
  clip?: number;
  /** Clips of it that count: whole ones. */
  clips: number;
  mark: Mark;
  /** Of the clip that is shown; the mark then rests on those of other seeds. */
  problem?: Problem;
  /** On the two clips that the cell opens. */
  vote?: CellVote;
  /** On those of other seeds, against the same column. */
  otherVotes: CellVote[];
}

/** What the reader and the sweep's settings ask of the facts. */
export interface Asked {
  reviewer: string;
  /** Id of a column. */
  baseline: string | undefined;
  pairing: Pairing;
  reference: Reference | undefined;
  curves: Reference | undefined;
  series: Series;
  seed: number;
}

/** What the page knows of a sweep beyond the grid's shape; made anew when the state changes. */
export class Facts {
  readonly broken: ReadonlyMap<number, Problem>;
  readonly waiting: ReadonlySet<number>;
  readonly votes: readonly SweepVote[];
  readonly disagreements: readonly SweepVote[];
  readonly baseline: number;
  /** What the marks are against, and what the curves are. */
  readonly reference: Reference;
  readonly curves: Reference;
  readonly series: Series;
  private readonly seed: number;
  private readonly votesAt = new Map<string, SweepVote[]>();

  constructor(
    readonly index: GridIndex,
    /** Of the same grid revision. */
    readonly state: SweepState | undefined,
    asked: Asked,
  ) {
    this.series = asked.series;
    this.seed = asked.seed;
    this.broken = new Map(state?.broken.map(({ clip, problem }) => [clip, problem]));
    this.waiting = new Set(state?.waiting);
    this.votes = state?.votes.filter(({ by }) => by === asked.reviewer) ?? [];
    this.disagreements = this.votes.filter(({ judge, overall }) => judge !== null && judge !== overall);
    for (const vote of this.votes) {
      const key = voteKey(vote.earlier, vote.later, vote.row);
      this.votesAt.set(key, [...(this.votesAt.get(key) ?? []), vote]);
    }
    const named = index.grid.columns.findIndex(({ id }) => id === asked.baseline);
    this.baseline = named >= 0 ? named : (state?.statistics?.baseline ?? 0);
    const { pairing } = asked;
    // Models and settings have no order: each is best seen against one and the same.
    const usual = pairing === 'all' && index.isOnMostRows(this.baseline);
    const marked = pairing === 'baseline' || (usual && !isOrdered(index.grid));
    this.reference = asked.reference ?? (marked ? 'baseline' : 'previous');
    this.curves = asked.curves ?? curvesFor(pairing, usual, state);
  }

  /** The column that a cell is measured against; undefined for the reference itself. */
  against({ column, row }: Place): number | undefined {
    if (this.reference === 'baseline') return column === this.baseline ? undefined : this.baseline;
    for (let c = column - 1; c >= 0; c--) if (this.sound(c, row)) return c;
    return undefined;
  }

  private sound(column: number, row: number): boolean {
    return this.index.clips(column, row).some((clip) => this.isWhole(clip));
  }

  private isWhole(clip: number): boolean {
    return !this.broken.has(clip) && !this.waiting.has(clip);
  }

  cell(place: Place): Cell {
    const { column, row } = place;
    const all = this.index.clips(column, row);
    const shown = this.index.clip(column, row, this.seed) ?? all[0];
    const whole = all.filter((clip) => this.isWhole(clip));
    const base: Cell = { column, row, kind: 'hole', clips: whole.length, mark: null, otherVotes: [] };
    if (shown === undefined) return base;
    const problem = this.broken.get(shown);
    const against = this.against(place);
    const votes = against === undefined ? undefined : this.votesOn(place, against);
    const cell: Cell = { ...base, clip: shown, ...votes, ...(problem ? { problem } : {}) };
    const mark = this.mark(place);
    if (mark !== null && against !== undefined) return { ...cell, kind: 'judged', mark };
    if (problem && all.every((clip) => this.broken.has(clip))) return { ...cell, kind: 'broken' };
    if (all.every((clip) => this.waiting.has(clip))) return { ...cell, kind: 'waiting' };
    return { ...cell, kind: against === undefined ? 'reference' : 'unjudged' };
  }

  mark({ column, row }: Place): Mark {
    if (!this.state) return null;
    return markOf(this.state.marks[this.reference], cellOf(this.index.grid, column, row), this.series);
  }

  /** A cell has one mark for all of its seeds, a person's word is on one: the one that the cell opens stands first. */
  private votesOn(place: Place, against: number): Pick<Cell, 'vote' | 'otherVotes'> | undefined {
    const { column, row } = place;
    const cast = this.votesAt.get(voteKey(Math.min(column, against), Math.max(column, against), row));
    if (!cast) return undefined;
    const votes = cast.map(({ seed, later, overall, judge }): CellVote => {
      const sign = column === later ? overall : (-overall as CellVote['sign']);
      return { seed, sign, agrees: judge === null ? null : judge === overall };
    });
    const opens = this.pair(place)?.seed;
    const vote = votes.find(({ seed }) => seed === opens);
    return { otherVotes: votes.filter((of) => of !== vote), ...(vote ? { vote } : {}) };
  }

  /** The pair that a cell opens: against its reference, the reference itself against the next. */
  pair(place: Place): PairOfCells | undefined {
    const { column, row } = place;
    const last = this.index.grid.columns.length - 1;
    const others = [this.against(place)];
    for (let c = column + 1; c <= last; c++) others.push(c);
    for (let c = column - 1; c >= 0; c--) others.push(c);
    const seeds = [this.seed, ...this.index.grid.seeds.keys()];
    for (const other of others) {
      if (other === undefined) continue;
      const seed = seeds.find((s) => this.usable(column, row, s) && this.usable(other, row, s));
      if (seed !== undefined)
        return { earlier: Math.min(column, other), later: Math.max(column, other), row, seed };
    }
    return undefined;
  }

  private usable(column: number, row: number, seed: number): boolean {
    const clip = this.index.clip(column, row, seed);
    return clip !== undefined && !this.broken.has(clip);
  }

  /** A row's mean sign, worst lowest; rows without a verdict come last. */
  worth(row: number): number {
    let [sum, count] = [0, 0];
    for (let column = 0; column < this.index.grid.columns.length; column++) {
      const mark = this.mark({ column, row });
      if (mark === null) continue;
      sum += mark;
      count++;
    }
    return count === 0 ? Infinity : sum / count;
  }
}

function voteKey(earlier: number, later: number, row: number): string {
  return `${earlier}:${later}:${row}`;
}

/** Where nearly all columns beat the baseline, only steps from one to the next tell them apart. */
function curvesFor(pairing: Pairing, usual: boolean, state: SweepState | undefined): Reference {
  if (pairing === 'baseline') return 'baseline';
  const rates = state?.statistics?.series.overall.againstBaseline ?? [];
  return usual && !isFlat(rates) ? 'baseline' : 'previous';
}
