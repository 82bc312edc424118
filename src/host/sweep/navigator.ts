import type { Uri } from 'vscode';
import type { SweepPlace, SweepStep } from '../../protocol/panel';
import { SWEEP_STEPS } from '../../protocol/panel';
import type { PairOfCells } from '../../protocol/sweepPage';
import type { SweepNavigator, SweepPair } from '../panel/sweepNavigator';
import { clipIndex, markAt } from './facts';
import type { SweepSession } from './session';
import { stepFrom, type Walk } from './steps';

/** The way through one sweep's grid from the pair that a comparison shows. */
export class GridNavigator implements SweepNavigator {
  constructor(
    private readonly session: SweepSession,
    private at: PairOfCells,
    private readonly services: { reviewer(): string; showAt(column: number, row: number): void },
  ) {}

  get root(): Uri {
    return this.session.root;
  }

  get here(): SweepPair | undefined {
    return this.pairAt(this.at);
  }

  step(to: SweepStep): SweepPair | undefined {
    const walk = this.walk();
    const next = walk && stepFrom(walk, this.at, to);
    if (!next) return undefined;
    this.at = next;
    return this.here;
  }

  neighbours(): SweepPair[] {
    const walk = this.walk();
    if (!walk) return [];
    const steps: SweepStep[] = ['nextCheckpoint', 'nextPrompt', 'previousCheckpoint', 'previousPrompt'];
    return steps.flatMap((to) => {
      const next = stepFrom(walk, this.at, to);
      return (next && this.pairAt(next)) ?? [];
    });
  }

  show(): void {
    this.services.showAt(this.at.later, this.at.row);
  }

  onChange(listener: () => void): { dispose(): void } {
    return this.session.onChange(listener);
  }

  private walk(): Walk | undefined {
    const { grid, state } = this.session.view;
    if (!grid) return undefined;
    const baseline = grid.columns.findIndex(({ id }) => id === this.session.view.layout.baseline);
    return {
      grid,
      state,
      clips: clipIndex(grid),
      baseline: Math.max(0, baseline),
      reviewer: this.services.reviewer(),
    };
  }

  private pairAt(pair: PairOfCells): SweepPair | undefined {
    const walk = this.walk();
    const a = walk?.clips.get(`${pair.earlier}:${pair.row}:${pair.seed}`);
    const b = walk?.clips.get(`${pair.later}:${pair.row}:${pair.seed}`);
    const [A, B] = [a, b].map((i) => (i === undefined ? undefined : this.session.clip(i)));
    if (!walk || !A || !B) return undefined;
    const { prompt } = walk.grid.rows[pair.row]!;
    return {
      clips: { A, B },
      place: this.placeOf(walk, pair),
      ...(prompt === undefined ? {} : { prompt }),
    };
  }

  private placeOf(walk: Walk, pair: PairOfCells): SweepPlace {
    const { grid, state } = walk;
    const row = grid.rows[pair.row]!;
    return {
      sweep: this.session.name,
      columns: grid.columns.map(({ label }) => label),
      earlier: pair.earlier,
      later: pair.later,
      sides: { A: 'earlier', B: 'later' },
      row: {
        index: pair.row,
        count: grid.rows.length,
        label: row.label,
        ...(row.prompt === undefined ? {} : { prompt: row.prompt }),
      },
      ...(grid.seeds.length > 1
        ? { seed: { index: pair.seed, count: grid.seeds.length, label: grid.seeds[pair.seed]! } }
        : {}),
      marks: grid.columns.map((_, column) => markAt(grid, state, column, pair.row)),
      can: SWEEP_STEPS.filter((to) => stepFrom(walk, pair, to) !== undefined),
    };
  }
}
