import type { Uri } from 'vscode';
import type { Choice } from '../../core/pair';
import type { SweepPlace, SweepStep } from '../../protocol/panel';
import type { ClipPair } from './comparison';

/** Two clips of a sweep's grid as a comparison shows them: A is the earlier column's. */
export interface SweepPair {
  clips: ClipPair;
  place: SweepPlace;
  /** The sweep has read both clips: a verdict on them takes no decoding, as a rule. */
  read: boolean;
}

/**
 * What a comparison that was opened from a sweep asks of the sweep. The sweep may be gone by then, or its grid have
 * changed: then there are no steps.
 */
export interface SweepNavigator {
  /** The sweep's folder. */
  readonly root: Uri;
  /** The sweep is among the open ones, whether or not its folder is looked through by now. */
  readonly isOpen: boolean;
  /** The pair that it stands on now, its place up to date; undefined where the sweep is gone. */
  readonly here: SweepPair | undefined;
  /** Goes there and returns the new pair; undefined where there is none. */
  step(to: SweepStep): SweepPair | undefined;
  /** Pairs that a step may lead to, the likeliest first: for preloading. */
  neighbours(): SweepPair[];
  /** Brings the sweep page to front at this pair's cell. */
  show(): void;
  /** Whether the pair's A is of the later column. */
  isTurned(pair: ClipPair): boolean;
  /** The reader's word on a pair of the sweep, as its A and B go, null for none; and the judge's. */
  voted(pair: ClipPair, overall: Choice | null, judge: Choice | null): void;
  /** The place changed (new verdicts, new columns); returns the end of listening. */
  onChange(listener: () => void): { dispose(): void };
}
