import type { DocumentVote } from '../core/sweep/document';
import type { ExportFormat } from '../core/sweep/formats';
import type { Grid, GridSummary } from '../core/sweep/grid';
import type { SweepLayout } from '../core/sweep/layout';
import type { Marks } from '../core/sweep/marks';
import type { CriterionChange, SweepStatistics, VoteAgreement } from '../core/sweep/statistics';
import type { Pairing } from '../core/sweep/table';
import type { JudgeSpec } from '../core/judgeSpec';
import type { Problem } from '../core/problem';
import type { RequestEstimate } from '../core/endpoint/estimate';
import type { JudgeInfo } from '../core/verdict';

/** Which sweep is meant. Every call says it whole: a worker that has just started knows none. */
export interface SweepTarget {
  /** Absolute path of the folder. */
  root: string;
  /** What the record calls it: relative to the workspace folder, with `/`; names of clips start with it. Empty: the workspace folder itself. */
  name: string;
  /** Folder of the record, absolute; null keeps none. */
  logDir: string | null;
  /** Takes the record where `logDir` cannot be written. */
  fallbackLogDir?: string;
  layout: SweepLayout;
  pairing: Pairing;
  /** The compact judge where it is not told. */
  judge?: JudgeSpec;
}

/** What a sweep would take and what of it is done; nothing is decoded or judged to find out. */
export interface SweepCost {
  clips: { total: number; encoded: number };
  pairs: { total: number; judged: number };
  /** What is left, from the rate of earlier work on this machine; absent before there was any. */
  seconds?: number;
  /** What the pairs that are left will ask of a vision-language model. */
  asks?: RequestEstimate;
}

export interface SweepScan {
  /** Null where no two videos of the tree have anything in common; `message` says what was found instead. */
  grid: Grid | null;
  /** A pattern that does not fit, an empty folder: one sentence. */
  message?: string;
  /** All grids of the tree, the likeliest first, `grid` among them. */
  grids: GridSummary[];
  /** Files seen, videos among them. */
  files: { total: number; videos: number };
  cost: SweepCost;
}

export interface BrokenClip {
  /** Index into the grid's clips. */
  clip: number;
  problem: Problem;
}

/** A vote of a person on two clips of the grid, seen from the later column. */
export interface SweepVote extends DocumentVote {
  /** The judge's, if the pair is judged. */
  judge: -1 | 0 | 1 | null;
}

/** What is known of a sweep now. Indices are those of the grid of the same `gridRevision`. */
export interface SweepState {
  gridRevision: number;
  judge: JudgeInfo;
  /** Devices that encoded, as far as known. */
  device: string;
  pairs: { total: number; judged: number };
  clips: { total: number; encoded: number };
  broken: BrokenClip[];
  /** Indices of clips that are still being written. */
  waiting: number[];
  /** Against the column before and against the baseline, by cell (`cellOf`). */
  marks: { previous: Marks; baseline: Marks };
  /** Content hash by clip, empty while unknown: names thumbnails. */
  hashes: string[];
  statistics: SweepStatistics | null;
  votes: SweepVote[];
  agreement: VoteAgreement | null;
  /** Where the rows are kept, and why not where they were asked to be. */
  kept: {
    dir: string | null;
    /** The folder was made for them. */
    created: boolean;
    problem?: Problem;
  };
  /** What of the record could not be read. */
  notes: string[];
}

/** A sweep's grid and what is known of it. */
export interface OpenedSweep {
  grid: Grid;
  revision: number;
  state: SweepState;
}

/** `following`: another process works on this sweep; its results are taken in. */
export type SweepStage = 'scanning' | 'working' | 'following' | 'watching';

/** Only what changed since the last message is in it. */
export interface SweepProgress {
  stage: SweepStage;
  /** Clips that need nothing more (broken ones too), and all. */
  clips: { done: number; total: number; broken: number };
  pairs: { done: number; total: number };
  /** Clips per second lately, and seconds left. */
  rate?: number;
  secondsLeft?: number;
  /** New files came or went. */
  grid?: { revision: number; grid: Grid };
  /** At most once a second or so while things change, and at the end of every stage. */
  state?: SweepState;
}

export interface SweepRunParams {
  sweep: SweepTarget;
  /** After all is judged, wait for new samples until cancelled; else return. */
  watch: boolean;
  /** Try broken clips again, though their files did not change. */
  retryBroken: boolean;
}

export interface SweepDiff {
  earlier: number;
  later: number;
  /** The rubric's fifteen, the largest net loss first. */
  criteria: CriterionChange[];
}

export interface SweepExportParams {
  sweep: SweepTarget;
  format: ExportFormat;
  /** Absolute path of the file or folder to make; it appears whole or not at all. */
  target: string;
}

export interface SweepLayoutParams {
  /** Folder of the record, absolute. */
  logDir: string;
  /** As in {@link SweepTarget}. */
  name: string;
  /** Taken as the sweep's own from now on; only asked for where absent. */
  layout?: SweepLayout;
}

/** The worker's methods for sweeps. */
export interface SweepMethods {
  /** Recognises the grid; writes nothing. */
  sweepScan: { params: SweepTarget; progress: { files: number }; result: SweepScan };
  /** What is left to do of it. */
  sweepCost: { params: SweepTarget; progress: never; result: SweepCost };
  /** What is known already, without judging anything. */
  sweepOpen: {
    params: SweepTarget;
    /** `known`: the result without its statistics, where these take a while. */
    progress: { files: number } | { known: OpenedSweep };
    result: OpenedSweep;
  };
  /**
   * Reads prompts from the tags of clips, one clip for each prompt that is known from a name at most. What was found
   * makes a new revision of the grid, its cells and ids the same; null where nothing was.
   */
  sweepPrompts: {
    params: SweepTarget;
    progress: { done: number; of: number };
    result: { grid: Grid; revision: number; state: SweepState } | null;
  };
  /** Encodes and judges what is missing. Pause is a cancellation: what was done is kept. */
  sweepRun: { params: SweepRunParams; progress: SweepProgress; result: SweepState };
  sweepDiff: {
    params: { sweep: SweepTarget; earlier: number; later: number };
    progress: never;
    result: SweepDiff;
  };
  sweepExport: {
    params: SweepExportParams;
    progress: { rows: number; of: number };
    result: { path: string; rows: number; notes: string[] };
  };
  /** What was corrected of the sweep (`.aesrm/sweep.json`). */
  sweepLayout: { params: SweepLayoutParams; progress: never; result: { layout: SweepLayout } };
  /** A still of the clip (JPEG, longest side 256) from the cache, made where it is missing. */
  thumbnail: { params: { path: string }; progress: never; result: { path: string; hash: string } };
}
