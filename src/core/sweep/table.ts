import { CRITERION_IDS, DIMENSION_IDS, type Dimension } from '../rubric';

/** What a sweep follows over its columns. */
export type Series = 'overall' | Dimension;
export const SERIES: readonly Series[] = ['overall', ...DIMENSION_IDS];

/** Which pairs of one prompt and seed are judged. */
export const PAIRINGS = ['all', 'adjacent', 'baseline'] as const;
export type Pairing = (typeof PAIRINGS)[number];

export const NOT_JUDGED = 2;
/** A call: 1 better, -1 worse, 0 tie, or none. */
export type Called = -1 | 0 | 1 | typeof NOT_JUDGED;

/**
 * Judged pairs as columns of numbers: one entry per pair, `later` and `earlier` being indices of the grid's columns,
 * `later > earlier`. Signs speak of the later column: 1 better, -1 worse, 0 tie.
 */
export interface PairTable {
  count: number;
  earlier: Uint16Array;
  later: Uint16Array;
  row: Uint16Array;
  seed: Uint16Array;
  /** {@link SERIES} per pair: the winner's sign, or {@link NOT_JUDGED}: such a pair counts nowhere in that series. */
  winner: Int8Array;
  /** {@link SERIES} per pair: probability that the later is better minus that the earlier is; 0 where not judged. */
  margin: Float32Array;
  /** The rubric's fifteen per pair: sign, or {@link NOT_JUDGED}. */
  criteria: Int8Array;
}

export function newPairTable(capacity: number): PairTable {
  return {
    count: 0,
    earlier: new Uint16Array(capacity),
    later: new Uint16Array(capacity),
    row: new Uint16Array(capacity),
    seed: new Uint16Array(capacity),
    winner: new Int8Array(capacity * SERIES.length),
    margin: new Float32Array(capacity * SERIES.length),
    criteria: new Int8Array(capacity * CRITERION_IDS.length),
  };
}
