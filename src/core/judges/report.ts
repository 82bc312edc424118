import type { Estimate } from '../bench/stats/bootstrap';
import type { Series } from '../sweep/table';
import type { JudgeInfo } from '../verdict';

export const JUDGES_FORMAT = 'aesrm.judges/1';
export const JUDGES_METHOD = 'judges-statistics/1';
/** Fewer pairs than this have no figures: their number is all that is told. */
export const LEAST_PAIRS = 10;

/** Formats of a report, each the extension of its file's name. */
export const JUDGES_REPORT_FORMATS = ['md', 'json'] as const;
export type JudgesReportFormat = (typeof JUDGES_REPORT_FORMATS)[number];

/** How a vote was cast: names and verdict hidden, names known, or with a judge's verdict on the screen. */
export const CASTS = ['blind', 'named', 'shown'] as const;
export type Cast = (typeof CASTS)[number];

export interface ComparedJudge {
  hash: string;
  /** Null where no verdict names the judge: it is known from a sweep alone. */
  known: Pick<JudgeInfo, 'name' | 'version' | 'kind'> | null;
  /** It is so by construction; null where it is not known. */
  symmetric: boolean | null;
  /** Distinct pairs of clips that it judged, each under the prompt that counts. */
  pairs: number;
  /** Pairs that are left out: it was told other prompts of them. None of a judge that reads no prompts. */
  otherPrompts: number;
}

/** Two judges by their places in the list. */
export type Two = [judge: number, other: number];

/** Pairs that figures rest on, and in how many groups they are. */
export interface Basis {
  pairs: number;
  groups: number;
}

/** How alike two judges call the same pairs. */
export interface Alike {
  same: Estimate;
  /** One calls A, the other B. */
  opposite: Estimate;
  /** Cohen's; null where both made the same one call throughout. */
  kappa: Estimate | null;
  /** What it rests on, where one of them did not judge the series on all of the pairs. */
  fewer?: Basis;
}

export interface JudgesAgreement extends Basis {
  judges: Two;
  /** Null below {@link LEAST_PAIRS}; so is a series that both judged on fewer. */
  figures: Record<Series, Alike | null> | null;
}

/** A judge against votes that are no ties. */
export interface RightShare extends Basis {
  judge: number;
  /** Share that it called as the vote does, a tie of its own being wrong; null below {@link LEAST_PAIRS}. */
  right: Estimate | null;
}

/** Two judges on the same votes: the first one's share less the other's. */
export interface RightDifference extends Basis {
  judges: Two;
  /** Null below {@link LEAST_PAIRS}, all three. */
  right: [share: number, other: number] | null;
  difference: Estimate | null;
}

/** Votes in force of one person, cast in one way, on one series. */
export interface VotesAgainst {
  /** Null: of all people. */
  by: string | null;
  cast: Cast;
  on: Series;
  /** Votes on what a judge judged, ties left out. */
  votes: number;
  ties: number;
  judges: RightShare[];
  differences: RightDifference[];
}

/** Of verdicts that were asked in both orders and answered in both, as they are recorded, on the whole. */
export interface RecordedPosition extends Basis {
  judge: number;
  /** Verdicts that changed with the order. */
  changed: number;
  /** Their share; null below {@link LEAST_PAIRS}. */
  changes: Estimate | null;
  /** Answers for a side, and the share of them that were for the clip shown first; null below {@link LEAST_PAIRS}. */
  decisive: number;
  first: Estimate | null;
}

/** The whole document, `aesrm.judges/1`. */
export interface JudgesReport {
  format: typeof JUDGES_FORMAT;
  method: typeof JUDGES_METHOD;
  /** ISO 8601. */
  at: string;
  replicates: number;
  /** Those that judged most pairs first; the others name them by their place here. */
  judges: ComparedJudge[];
  /** Of every two judges that have a pair in common. */
  agreements: JudgesAgreement[];
  votes: VotesAgainst[];
  position: RecordedPosition[];
  notes: string[];
}

/** Nothing in it says how one judge does beside another, or beside a person. */
export function comparesNothing({ agreements, votes, position }: JudgesReport): boolean {
  return agreements.length === 0 && votes.length === 0 && position.length === 0;
}
