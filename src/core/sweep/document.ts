import type { Problem } from '../problem';
import type { JudgeInfo } from '../verdict';
import type { Grid } from './grid';
import type { SweepStatistics, VoteAgreement } from './statistics';
import type { PairTable, Pairing } from './table';

export const SWEEP_FORMAT = 'aesrm.sweep/1';

/** A vote in force on two clips of the grid; `overall` is the later column's: 1 better, -1 worse, 0 tie. */
export interface DocumentVote {
  earlier: number;
  later: number;
  row: number;
  seed: number;
  by: string;
  overall: -1 | 0 | 1;
}

/** One sweep as it stands: what is shown, printed and exported. Indices are those of `grid`. */
export interface SweepDocument {
  format: typeof SWEEP_FORMAT;
  /** ISO 8601. */
  at: string;
  /** The sweep's folder as the record calls it. */
  name: string;
  /** Absolute path of that folder. */
  root: string;
  grid: Grid;
  judge: JudgeInfo & { device: string };
  plan: string;
  pairing: Pairing;
  /** Id of the column that the others are measured against. */
  baseline: string;
  /** Content hash, frames and seconds by clip of the grid; null where it was not encoded. */
  clips: ({ hash: string; frames: number; duration: number; fps: number } | null)[];
  broken: { clip: number; problem: Problem }[];
  statistics: SweepStatistics | null;
  agreement: VoteAgreement | null;
  votes: DocumentVote[];
  pairs: PairTable;
}
