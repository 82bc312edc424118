import type { Problem } from '../problem';
import type { Series } from '../sweep/table';
import type { JudgeInfo } from '../verdict';
import type { Estimate } from './stats/bootstrap';
import type { Calibration } from './stats/calibration';
import type { PositionBias } from './stats/position';

export const BENCH_FORMAT = 'aesrm.bench/1';
/** Another one where figures of the same labels would differ: reports of different ones are not compared. */
export const BENCH_METHOD = 'bench-statistics/2';
/** Sources with fewer decisive pairs are listed and not averaged. */
export const LEAST_DECISIVE = 30;

/** Which judge was measured, and under which frame plan. */
export interface Measurement {
  judge: JudgeInfo & { device: string };
  plan: string;
}

/** Labels of one kind, from one source, on one aspect. */
export interface BenchCell {
  kind: string;
  source: string;
  aspect: string;
  pairs: number;
  /** Labels that are ties. */
  ties: number;
  groups: number;
  /** Groups with a label that is no tie. */
  decisiveGroups: number;
  /** Ties that the judge called. */
  calledTies: number;
  /** Share of pairs with the most frequent of the three answers: what saying it always would reach. */
  commonest: number;
  /** Labels that are no ties, against the sign of the judge's lean (no lean counts half); null where all are ties. */
  withoutTies: Estimate | null;
  /** All labels, against the judge's own call. */
  withTies: Estimate;
  /** All labels, a tie called where the lean is at most `threshold`, which was chosen on these labels. */
  calibrated: Estimate & { threshold: number };
  /** Confidence in the judge's own call; null for too few pairs. */
  calibration: Calibration | null;
}

/** A row of the report over the sources of one kind of label. */
export interface BenchMacro {
  kind: string;
  row: string;
  /** Mean over the sources with at least {@link LEAST_DECISIVE} decisive pairs; null without one. */
  withoutTies: Estimate | null;
  withTies: Estimate | null;
  sources: { source: string; decisive: number; averaged: boolean }[];
}

export interface AspectUse {
  aspect: string;
  labels: number;
  /** Null: none of ours, left out. */
  row: string | null;
  against: Series[];
  /** The map has it; another one is held against the verdict on the whole. */
  known: boolean;
  /** Labels left out: the judge did not judge on these clips what they are held against; absent for none. */
  notJudged?: number;
}

export interface BenchCounts {
  /** Labels that were read. */
  labels: number;
  /** Labels that the figures rest on. */
  used: number;
  /** Left out: no verdict speaks of their aspect. */
  noneOfOurs: number;
  /** Left out: a clip of theirs is missing or cannot be read. */
  withoutClip: number;
  /** Left out: the judge did not judge what they are held against. */
  notJudged: number;
  /** Clips that were read. */
  clips: number;
}

export interface BenchFigures {
  cells: BenchCell[];
  macros: BenchMacro[];
  /** By kind of label, all its sources and aspects. */
  calibration: { kind: string; calibration: Calibration }[];
  position: PositionBias;
}

/** The difference of two judges on the same labels: this one's accuracy less the other's. */
export interface BenchDifference {
  kind: string;
  /** A source and an aspect, or null and a row for the mean over sources. */
  source: string | null;
  aspect: string;
  pairs: number;
  groups: number;
  withoutTies: Estimate | null;
  withTies: Estimate;
}

export interface BenchComparison {
  /** The other report. */
  name: string;
  at: string;
  judge: Measurement['judge'];
  plan: string;
  /** Labels that both have. */
  shared: number;
  onlyHere: number;
  onlyThere: number;
  /** The same pair with another label: left out. */
  relabelled: number;
  differences: BenchDifference[];
}

/** `aesrm.bench/1` without its pairs: all that is shown. */
export interface BenchReport extends Measurement, BenchFigures {
  format: typeof BENCH_FORMAT;
  method: typeof BENCH_METHOD;
  /** ISO 8601. */
  at: string;
  /** File name of the pairs. */
  name: string;
  replicates: number;
  counts: BenchCounts;
  aspects: AspectUse[];
  /** Clips that are missing or could not be read, and how many labels fell with each. */
  problems: { path: string; labels: number; problem: Problem }[];
  notes: string[];
  comparison?: BenchComparison;
}

/** One label that the figures rest on, with what the judge said; names are indices into the lists beside them. */
export type PairRow = [
  a: number,
  b: number,
  aspect: number,
  kind: number,
  source: number,
  group: number,
  label: -1 | 0 | 1,
  pA: number,
  pTie: number,
  pB: number,
];

/** The labels of a report, compact: what another judge is compared by. */
export interface PairRows {
  clips: { path: string; hash: string }[];
  aspects: string[];
  kinds: string[];
  sources: string[];
  groups: string[];
  rows: PairRow[];
}

/** The whole document. */
export interface BenchDocument extends BenchReport {
  pairs: PairRows;
}
