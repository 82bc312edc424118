import type { Uri } from 'vscode';
import { mirrorChoice, type Choice } from '../../core/pair';
import { idsAt, type CellIds, type GridClip } from '../../core/sweep/grid';
import { SWEEP_STEPS, type SweepPlace, type SweepStep } from '../../protocol/panel';
import type { PairOfCells, Reference } from '../../protocol/sweepPage';
import type { ClipPair } from '../panel/comparison';
import type { SweepNavigator, SweepPair } from '../panel/sweepNavigator';
import { clipIndex, markAt } from './facts';
import type { SweepSession } from './session';
import { referenceAfter, stepFrom, type Walk } from './steps';

export interface NavigatorServices {
  /** The sweep of the folder; undefined while none is open. */
  session(): SweepSession | undefined;
  /** Of that sweep, or of whether it is open. */
  onChange(listener: () => void): { dispose(): void };
  reviewer(): string;
  showAt(cell: CellIds): void;
}

/** The way through one sweep's grid from the pair that a comparison shows. */
export class GridNavigator implements SweepNavigator {
  /** Told by its paths: places in the grid move when samples come. */
  private at: ClipPair;

  constructor(
    readonly root: Uri,
    clips: ClipPair,
    private readonly services: NavigatorServices,
    /** What the pair is against, where whoever opened it knows. */
    private reference?: Reference,
  ) {
    this.at = clips;
  }

  get isOpen(): boolean {
    return this.services.session() !== undefined;
  }

  get here(): SweepPair | undefined {
    const [walk, at] = [this.walk(), this.cells()];
    return walk && at && this.pairAt(walk, at);
  }

  step(to: SweepStep): SweepPair | undefined {
    const [walk, at] = [this.walk(), this.cells()];
    const next = walk && at && stepFrom(walk, at, to);
    const pair = next && this.pairAt(walk, next);
    if (!pair) return undefined;
    this.at = pair.clips;
    this.reference = referenceAfter(walk, at, to, next);
    return pair;
  }

  neighbours(): SweepPair[] {
    const [walk, at] = [this.walk(), this.cells()];
    if (!walk || !at) return [];
    return LIKELY_STEPS.flatMap((to) => {
      const next = stepFrom(walk, at, to);
      return (next && this.pairAt(walk, next)) ?? [];
    });
  }

  show(): void {
    const { grid } = this.services.session()?.view ?? {};
    const at = this.cells();
    const cell = grid && at && idsAt(grid, { column: at.later, row: at.row });
    if (cell) this.services.showAt(cell);
  }

  isTurned({ A, B }: ClipPair): boolean {
    const [a, b] = [this.clipOf(A), this.clipOf(B)];
    return a !== undefined && b !== undefined && a.column > b.column;
  }

  voted(pair: ClipPair, overall: Choice | null, judge: Choice | null): void {
    const at = this.cells(pair);
    const turned = this.isTurned(pair);
    if (at)
      this.services.session()?.voted({
        ...at,
        by: this.services.reviewer(),
        overall: signOf(overall, turned),
        judge: signOf(judge, turned),
      });
  }

  /** A run tells of its progress many times a second: that alone moves no pair. */
  onChange(listener: () => void): { dispose(): void } {
    let last = this.seen();
    return this.services.onChange(() => {
      const now = this.seen();
      const isSame = now.every((part, i) => part === last[i]);
      last = now;
      if (!isSame) listener();
    });
  }

  /** All that a pair's place follows from. */
  private seen(): readonly unknown[] {
    const session = this.services.session();
    const { grid, state, layout, pairing } = session?.view ?? {};
    return [session, grid, state, layout, pairing, this.services.reviewer()];
  }

  private walk(): Walk | undefined {
    const { grid, state, layout, pairing } = this.services.session()?.view ?? {};
    if (!grid || !layout) return undefined;
    const baseline = grid.columns.findIndex(({ id }) => id === layout.baseline);
    return {
      grid,
      state,
      clips: clipIndex(grid),
      baseline: Math.max(0, baseline),
      reference: this.reference ?? (pairing === 'baseline' ? 'baseline' : undefined),
      reviewer: this.services.reviewer(),
    };
  }

  private clipOf(uri: Uri): GridClip | undefined {
    return this.services.session()?.clipOf(uri.toString());
  }

  /** Where a pair stands in the grid as it is now. */
  private cells(pair: ClipPair = this.at): PairOfCells | undefined {
    const [a, b] = [this.clipOf(pair.A), this.clipOf(pair.B)];
    if (!a || !b || a.row !== b.row || a.seed !== b.seed || a.column === b.column) return undefined;
    const [earlier, later] = a.column < b.column ? [a, b] : [b, a];
    return { earlier: earlier.column, later: later.column, row: a.row, seed: a.seed };
  }

  private pairAt(walk: Walk, pair: PairOfCells): SweepPair | undefined {
    const a = walk.clips.get(`${pair.earlier}:${pair.row}:${pair.seed}`);
    const b = walk.clips.get(`${pair.later}:${pair.row}:${pair.seed}`);
    const session = this.services.session();
    const [A, B] = [a, b].map((i) =>
      i === undefined ? undefined : session?.uriOf(walk.grid.clips[i]!.path),
    );
    if (!session || !A || !B) return undefined;
    const read = [a, b].every((i) => (walk.state?.hashes[i!] ?? '') !== '');
    return { clips: { A, B }, place: placeOf(walk, pair, session.name), read };
  }
}

/** What a reader is likely to do next, first what is likeliest. */
const LIKELY_STEPS: readonly SweepStep[] = [
  'nextPrompt',
  'nextCheckpoint',
  'nextRegression',
  'previousPrompt',
  'previousCheckpoint',
  'nextDisagreement',
];

function placeOf(walk: Walk, pair: PairOfCells, sweep: string): SweepPlace {
  const { grid, state } = walk;
  const { label, prompt } = grid.rows[pair.row]!;
  return {
    sweep,
    columns: grid.columns.map((column) => column.label),
    earlier: pair.earlier,
    later: pair.later,
    row: {
      index: pair.row,
      count: grid.rows.length,
      label,
      ...(prompt === undefined ? {} : { prompt }),
    },
    ...(grid.seeds.length > 1
      ? { seed: { index: pair.seed, count: grid.seeds.length, label: grid.seeds[pair.seed]! } }
      : {}),
    marks: grid.columns.map((_, column) => markAt(grid, state, column, pair.row)),
    can: SWEEP_STEPS.filter((to) => stepFrom(walk, pair, to) !== undefined),
  };
}

/** Of the later clip: that is B, and A in a pair that is turned. */
function signOf(choice: Choice | null, turned: boolean): -1 | 0 | 1 | null {
  if (choice === null) return null;
  return ({ A: -1, tie: 0, B: 1 } as const)[turned ? mirrorChoice(choice) : choice];
}
