import type { Uri } from 'vscode';
import type { Choice } from '../../core/pair';
import { SWEEP_STEPS, type SweepPlace, type SweepStep } from '../../protocol/panel';
import type { PairOfCells } from '../../protocol/sweepPage';
import type { ClipPair } from '../panel/comparison';
import type { SweepNavigator, SweepPair } from '../panel/sweepNavigator';
import { clipIndex, markAt } from './facts';
import type { SweepSession } from './session';
import { stepFrom, type Walk } from './steps';

/** The way through one sweep's grid from the pair that a comparison shows. */
export class GridNavigator implements SweepNavigator {
  /** By their paths: places in the grid move when samples come. */
  private at: { a: string; b: string };

  constructor(
    private readonly session: SweepSession,
    clips: ClipPair,
    private readonly services: { reviewer(): string; showAt(column: number, row: number): void },
  ) {
    this.at = { a: clips.A.toString(), b: clips.B.toString() };
  }

  get root(): Uri {
    return this.session.root;
  }

  get here(): SweepPair | undefined {
    const [walk, at] = [this.walk(), this.cells()];
    return walk && at && this.pairAt(walk, at);
  }

  step(to: SweepStep): SweepPair | undefined {
    const [walk, at] = [this.walk(), this.cells()];
    const next = walk && at && stepFrom(walk, at, to);
    const pair = next && this.pairAt(walk, next);
    if (pair) this.at = { a: pair.clips.A.toString(), b: pair.clips.B.toString() };
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
    const at = this.cells();
    if (at) this.services.showAt(at.later, at.row);
  }

  voted(overall: Choice | null, judge: Choice | null): void {
    const at = this.cells();
    if (at)
      this.session.voted({
        ...at,
        by: this.services.reviewer(),
        overall: signOf(overall),
        judge: signOf(judge),
      });
  }

  onChange(listener: () => void): { dispose(): void } {
    return this.session.onChange(listener);
  }

  private walk(): Walk | undefined {
    const { grid, state, layout } = this.session.view;
    if (!grid) return undefined;
    const baseline = grid.columns.findIndex(({ id }) => id === layout.baseline);
    return {
      grid,
      state,
      clips: clipIndex(grid),
      baseline: Math.max(0, baseline),
      reviewer: this.services.reviewer(),
    };
  }

  /** Where the pair stands in the grid as it is now. */
  private cells(): PairOfCells | undefined {
    const a = this.session.clipOf(this.at.a);
    const b = this.session.clipOf(this.at.b);
    if (!a || !b || a.row !== b.row || a.seed !== b.seed || a.column === b.column) return undefined;
    const [earlier, later] = a.column < b.column ? [a, b] : [b, a];
    return { earlier: earlier.column, later: later.column, row: a.row, seed: a.seed };
  }

  private pairAt(walk: Walk, pair: PairOfCells): SweepPair | undefined {
    const a = walk.clips.get(`${pair.earlier}:${pair.row}:${pair.seed}`);
    const b = walk.clips.get(`${pair.later}:${pair.row}:${pair.seed}`);
    const [A, B] = [a, b].map((i) => (i === undefined ? undefined : this.session.clip(i)));
    if (!A || !B) return undefined;
    const read = [a, b].every((i) => (walk.state?.hashes[i!] ?? '') !== '');
    return { clips: { A, B }, place: placeOf(walk, pair, this.session.name), read };
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

/** Of the later clip, which is B. */
function signOf(choice: Choice | null): -1 | 0 | 1 | null {
  return choice === null ? null : choice === 'B' ? 1 : choice === 'A' ? -1 : 0;
}
