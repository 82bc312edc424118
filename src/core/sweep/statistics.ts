import type { CriterionId } from '../rubric';
import { SERIES, type Pairing, type PairTable, type Series } from './table';

export const STATISTICS_METHOD = 'sweep-statistics/1';

/** Fewer prompts than this carry no interval. */
export const LEAST_PROMPTS = 8;

export interface StatisticsInput {
  columns: number;
  rows: number;
  seeds: number;
  table: PairTable;
  /** Pairs that are asked for and not in the table yet: no holes, which are never asked for. */
  unjudged: number;
  /** Index of the column that the others are measured against. */
  baseline: number;
  pairing: Pairing;
}

/** A share of prompts won (a tie counts half, seeds averaged within a prompt), 0..1. */
export interface Rate {
  /** Prompts that it rests on. */
  prompts: number;
  value: number;
  /** 95%, over prompts; absent below {@link LEAST_PROMPTS}. */
  interval?: [low: number, high: number];
}

/** A Davidson strength: log scale, mean 0 over the columns. */
export interface Strength {
  value: number;
  /** 95%, bootstrap over prompts; absent below {@link LEAST_PROMPTS}. */
  interval?: [low: number, high: number];
}

export interface Ranking {
  /** By column; null for a column that was in no pair. */
  strengths: (Strength | null)[];
  /** Davidson's nu: 0 where nothing ties. */
  ties: number;
}

/** The columns that the bootstrap cannot tell from the best one, best first. One column: a clear winner. */
export interface BestSet {
  columns: number[];
  /** What it rests on. */
  by: 'ranking' | 'baseline';
  /** Columns judged on fewer than {@link LEAST_PROMPTS}: not compared, any of them may be better. */
  thin: number[];
}

export interface SeriesStatistics {
  /** By column; null where no pair was judged (the baseline itself, the first column). */
  againstBaseline: (Rate | null)[];
  /** Against the column before it that is judged with it. */
  againstPrevious: (Rate | null)[];
  /** Only where all pairs were judged, and no columns stand apart from the others for want of common prompts. */
  ranking: Ranking | null;
  /** Null below {@link LEAST_PROMPTS}. */
  best: BestSet | null;
}

/** A column that lost to the one before it on too many prompts for chance. */
export interface Regression {
  of: Series;
  column: number;
  previous: number;
  /** Rows that got worse, the largest loss first. */
  worse: number[];
  better: number[];
  ties: number;
  /** One-sided sign test over prompts. */
  p: number;
  /** Holm, over all tests made. */
  adjusted: number;
  /** The smallest share of decided prompts lost that this test would have found 4 times of 5; null where none would. */
  detectable: number | null;
}

export interface SweepStatistics {
  method: typeof STATISTICS_METHOD;
  baseline: number;
  pairing: Pairing;
  /** Pairs that they rest on. */
  pairs: number;
  /** Pairs asked for that are still to be judged. */
  unjudged: number;
  series: Record<Series, SeriesStatistics>;
  /** Series in which the judge judged no pair at all; absent where there are none. */
  notJudged?: Series[];
  /** Those with `adjusted` below 0.05, by column. */
  regressions: Regression[];
  /** Tests made, and the median of what each could have found. */
  tests: { made: number; detectable: number | null };
  /** Replicates of the bootstrap. */
  replicates: number;
}

/** What changed in one criterion from one column to another, over all prompts. */
export interface CriterionChange {
  id: CriterionId;
  better: number;
  ties: number;
  worse: number;
  /** Of the later column. */
  rate: Rate;
  /** Rows in which it got worse. */
  worseRows: number[];
}

/** Agreement among people, or between people and the judge, on the same pairs. */
export interface VoteAgreement {
  /** Pairs with the votes of at least two people. */
  shared: number;
  annotators: string[];
  /** Krippendorff's alpha (ordinal) among people; null where it is not defined. */
  alpha: { value: number; interval?: [number, number] } | null;
  /** By annotator and over all: share of decisive votes that the judge called alike. */
  judge: { by: string | null; pairs: number; agreement: Rate }[];
  /** The same person asked again about the same pair: how often the answer was the same. */
  repeats: { by: string; pairs: number; same: number }[];
}

/** Whether the judge judged a pair in the series: one that it did not has nothing to show. */
export function isJudgedIn({ notJudged }: SweepStatistics, series: Series): boolean {
  return !notJudged?.includes(series);
}

/**
 * Columns that lost to the one before by their own interval, though not after the correction for all tests: what the
 * marks of the prompts show must not seem denied where no regression is claimed.
 */
export function uncertainFalls({
  series,
  regressions,
}: SweepStatistics): { of: Series; column: number; rate: Rate }[] {
  return SERIES.flatMap((of) =>
    series[of].againstPrevious.flatMap((rate, column) => {
      const isCertain = regressions.some((found) => found.of === of && found.column === column);
      return isCertain || !rate?.interval || rate.interval[1] >= 0.5 ? [] : [{ of, column, rate }];
    }),
  );
}

/** Beyond these a win rate is at its end, as seen in a curve. */
const [BOTTOM, TOP] = [0.1, 0.9] as const;

/**
 * Whether three columns or more beat the baseline on almost every prompt, and none does not (or the other way round):
 * measured against it, they cannot be told apart.
 */
export function isFlat(againstBaseline: readonly (Rate | null)[]): boolean {
  const values = againstBaseline.flatMap((rate) => (rate ? [rate.value] : []));
  return (
    values.length >= 3 && (values.every((value) => value >= TOP) || values.every((value) => value <= BOTTOM))
  );
}
