import { LEAST_PROMPTS } from '../../sweep/statistics';
import { quantileFor, studentQuantile, wilson, Z_TWO_SIDED } from '../../sweep/stats/interval';
import { resample, seededRandom } from '../../sweep/stats/random';
import { deviation } from '../../sweep/stats/ranking';

export const REPLICATES = 2000;
/** Fewer groups carry no interval, as fewer prompts do in a sweep. */
export const LEAST_GROUPS = LEAST_PROMPTS;
const SEED = 40_001;

/** A share with its 95% interval over groups; absent below {@link LEAST_GROUPS}. */
export interface Estimate {
  value: number;
  interval?: [low: number, high: number];
}

/** One observation: what it counts towards the share, and the group that it belongs to. */
export interface Observation {
  value: number;
  group: string;
}

/** Of one source: by group the sum and the number of its observations. */
export interface Tally {
  sums: Float64Array;
  counts: Float64Array;
}

/** A mean over sources, and how far it strays when groups are drawn anew. */
interface Drawn {
  value: number;
  groups: number;
  /** Of the mean, unbiased; undefined for too few groups. */
  variance?: number;
}

/** The share of one source, its interval by drawing groups whole. */
export function shareOf(observations: readonly Observation[]): Estimate | null {
  return meanShare([observations]);
}

/** The same of observations that are counted by group already; no group is without one. */
export function shareOfTally(tally: Tally): Estimate | null {
  return shareFrom(drawnMean([tally]));
}

/**
 * The mean of the shares of several sources, each counting once. Groups are drawn whole, within their source: the
 * sources are those that were chosen, not a sample of others. The interval is a score interval, as that of a win rate
 * in a sweep, on as many groups as make the variance that the draws have: percentiles of draws lie too near where
 * groups are few, and beyond the end where nearly all is right.
 *
 * @returns null without an observation in one of them
 */
export function meanShare(sources: readonly (readonly Observation[])[]): Estimate | null {
  return shareFrom(drawnMean(sources.map(tallyOf)));
}

function shareFrom(drawn: Drawn | undefined): Estimate | null {
  if (!drawn) return null;
  const { value, groups, variance } = drawn;
  if (variance === undefined) return { value };
  const middle = (value * groups + 0.5) / (groups + 1);
  // One pseudo-group of plain variance: where every draw is alike the draws know nothing of what was not seen.
  const pseudo = middle * (1 - middle);
  const ratio = (variance * groups ** 2 + pseudo) / (groups * value * (1 - value) + pseudo);
  // The further from what plain rights and wrongs vary, the more the width rests on the variance that was seen.
  const quantile = quantileFor(groups, Math.min(ratio, 1 / ratio));
  return { value, interval: wilson(value, groups / ratio, quantile) };
}

/** The same for a difference, which lies between -1 and 1: both ways the draws' spread by Student's point. */
export function meanDifference(sources: readonly (readonly Observation[])[]): Estimate | null {
  return differenceFrom(drawnMean(sources.map(tallyOf)), sources.length);
}

/** The difference of one source whose observations are counted by group already; no group is without one. */
export function differenceOfTally(tally: Tally): Estimate | null {
  return differenceFrom(drawnMean([tally]), 1);
}

function differenceFrom(drawn: Drawn | undefined, sources: number): Estimate | null {
  if (!drawn) return null;
  const { value, groups, variance } = drawn;
  if (variance === undefined) return { value };
  const half = studentQuantile(Z_TWO_SIDED, groups - sources) * Math.sqrt(variance);
  return { value, interval: [Math.max(-1, value - half), Math.min(1, value + half)] };
}

/** Whether an interval leaves out 0; undefined where there is none to say so. */
export function isDistinguishable({ interval }: Estimate): boolean | undefined {
  return interval && (interval[0] > 0 || interval[1] < 0);
}

export const groupsIn = (observations: readonly Observation[]) =>
  new Set(observations.map(({ group }) => group)).size;

function drawnMean(sources: readonly Tally[]): Drawn | undefined {
  if (sources.length === 0 || sources.some(({ counts }) => counts.length === 0)) return undefined;
  const weights = sources.map(({ counts }) => new Float64Array(counts.length).fill(1));
  const value = meanOf(sources.map((source, s) => ratioOf(source, weights[s]!)));
  const groups = sources.reduce((sum, { counts }) => sum + counts.length, 0);
  if (sources.some(({ counts }) => counts.length < LEAST_GROUPS)) return { value, groups };
  const random = seededRandom(SEED);
  const variances = sources.map((source, s) => {
    const n = source.counts.length;
    const units = Array.from({ length: n }, (_, i) => i);
    const ratios = new Float64Array(REPLICATES);
    for (let b = 0; b < REPLICATES; b++) {
      resample(units, random, weights[s]!);
      ratios[b] = ratioOf(source, weights[s]!);
    }
    // The bootstrap's variance is short by (n - 1) / n.
    return (deviation(ratios) ** 2 * n) / (n - 1);
  });
  return { value, groups, variance: meanOf(variances) / variances.length };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function tallyOf(observations: readonly Observation[]): Tally {
  const index = new Map<string, number>();
  for (const { group } of observations) if (!index.has(group)) index.set(group, index.size);
  const sums = new Float64Array(index.size);
  const counts = new Float64Array(index.size);
  for (const { value, group } of observations) {
    sums[index.get(group)!]! += value;
    counts[index.get(group)!]! += 1;
  }
  return { sums, counts };
}

function ratioOf({ sums, counts }: Tally, weight: Float64Array): number {
  let [sum, count] = [0, 0];
  for (let g = 0; g < weight.length; g++) {
    sum += weight[g]! * sums[g]!;
    count += weight[g]! * counts[g]!;
  }
  return sum / count;
}
