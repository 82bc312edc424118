import type { Problem } from '../../core/problem';
import { summaryOf, type Grid, type GridSummary } from '../../core/sweep/grid';
import type { SweepLayout } from '../../core/sweep/layout';
import type { Pairing } from '../../core/sweep/table';
import type { SweepCost, SweepProgress, SweepState, SweepVote } from '../../protocol/sweep';
import type { SweepPhase } from '../../protocol/sweepPage';

/** Everything that is shown of one sweep. */
export interface SessionView {
  phase: SweepPhase;
  files?: number;
  grids: GridSummary[];
  grid?: Grid;
  gridRevision: number;
  message?: string;
  cost?: SweepCost;
  progress?: Pick<SweepProgress, 'clips' | 'pairs' | 'rate' | 'secondsLeft'>;
  state?: SweepState;
  problem?: Problem;
  layout: SweepLayout;
  /** What is wrong with the kept layout, or with keeping it. */
  layoutNotice?: string;
  pairing: Pairing;
}

/** A person's word on a pair of cells; null takes it back. */
export type CastVote = Omit<SweepVote, 'overall'> & { overall: SweepVote['overall'] | null };

/** The votes in force after one more. */
export function withVote(votes: readonly SweepVote[], { overall, ...vote }: CastVote): SweepVote[] {
  const keyOf = ({ earlier, later, row, seed, by }: Omit<SweepVote, 'overall'>) =>
    [earlier, later, row, seed, by].join(':');
  const others = votes.filter((other) => keyOf(other) !== keyOf(vote));
  return overall === null ? others : [...others, { ...vote, overall }];
}

/**
 * What the engine knows now. It counts grids from one after each of its ends; the view's own count never goes back.
 */
export function withKnown(
  view: SessionView,
  state: SweepState | undefined,
  grid: Grid | undefined,
): SessionView {
  const isNew = grid !== undefined && JSON.stringify(grid) !== JSON.stringify(view.grid);
  const gridRevision = view.gridRevision + (isNew ? 1 : 0);
  return {
    ...view,
    gridRevision,
    ...(isNew ? { grid, grids: view.grids.map((of) => (of.id === grid.id ? summaryOf(grid) : of)) } : {}),
    ...(state ? { state: { ...state, gridRevision } } : {}),
  };
}

/** A step of a run. */
export function withProgress(view: SessionView, step: SweepProgress): SessionView {
  const { stage, clips, pairs, rate, secondsLeft, grid, state } = step;
  const progress = {
    clips,
    pairs,
    ...(rate === undefined ? {} : { rate }),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
  };
  const phase: SweepPhase = stage === 'working' || stage === 'scanning' ? 'running' : stage;
  return withKnown({ ...view, phase, progress }, state, grid?.grid);
}
