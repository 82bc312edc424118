import { LEAST_PROMPTS } from '../../sweep/statistics';
import { rateOf, studentQuantile, Z_TWO_SIDED } from '../../sweep/stats/interval';
import { resample, seededRandom } from '../../sweep/stats/random';

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
interface Groups {
  sums: Float64Array;
  counts: Float64Array;
  units: number[];
}

/** The share of one source, its interval by drawing groups whole. */
export function shareOf(observations: readonly Observation[]): Estimate | null {
  return meanShare([observations]);
}

/**
 * The mean of the shares of several sources, each counting once. Groups are drawn whole, within their source: the
 * sources are those that were chosen, not a sample of others.
 *
 * @returns null without an observation in one of them
 */
export function meanShare(sources: readonly (readonly Observation[])[]): Estimate | null {
  const [estimate, drawn] = drawnMeans(sources);
  if (estimate === undefined) return null;
  if (!drawn) return { value: estimate };
  // Where every draw repeats what was seen, the bootstrap knows nothing of what was not: Wilson's interval over groups.
  if (estimate === 0 || estimate === 1) return wilson(estimate, sources);
  const interval = widened(estimate, percentiles(drawn), fewestGroups(sources));
  return { value: estimate, interval: [Math.max(0, interval[0]), Math.min(1, interval[1])] };
}

/** The same for a difference, which lies between -1 and 1. */
export function meanDifference(sources: readonly (readonly Observation[])[]): Estimate | null {
  const [value, drawn] = drawnMeans(sources);
  if (value === undefined) return null;
  if (!drawn) return { value };
  return { value, interval: widened(value, percentiles(drawn), fewestGroups(sources)) };
}

/** Whether an interval leaves out 0; undefined where there is none to say so. */
export function isDistinguishable({ interval }: Estimate): boolean | undefined {
  return interval && (interval[0] > 0 || interval[1] < 0);
}

export const groupsIn = (observations: readonly Observation[]) =>
  new Set(observations.map(({ group }) => group)).size;

const fewestGroups = (sources: readonly (readonly Observation[])[]) => Math.min(...sources.map(groupsIn));

function drawnMeans(
  sources: readonly (readonly Observation[])[],
): [value: number | undefined, drawn: Float64Array | undefined] {
  if (sources.length === 0 || sources.some((source) => source.length === 0)) return [undefined, undefined];
  const grouped = sources.map(groupsOf);
  const once = grouped.map(({ units }) => new Float64Array(units.length).fill(1));
  const value = meanOfRatios(grouped, once);
  if (grouped.some(({ units }) => units.length < LEAST_GROUPS)) return [value, undefined];
  const random = seededRandom(SEED);
  const weights = once.map((weight) => weight.slice());
  const drawn = new Float64Array(REPLICATES);
  for (let b = 0; b < REPLICATES; b++) {
    grouped.forEach(({ units }, s) => resample(units, random, weights[s]!));
    drawn[b] = meanOfRatios(grouped, weights);
  }
  return [value, drawn];
}

function groupsOf(observations: readonly Observation[]): Groups {
  const index = new Map<string, number>();
  for (const { group } of observations) if (!index.has(group)) index.set(group, index.size);
  const sums = new Float64Array(index.size);
  const counts = new Float64Array(index.size);
  for (const { value, group } of observations) {
    sums[index.get(group)!]! += value;
    counts[index.get(group)!]! += 1;
  }
  return { sums, counts, units: [...index.values()] };
}

function meanOfRatios(sources: readonly Groups[], weights: readonly Float64Array[]): number {
  let total = 0;
  sources.forEach(({ sums, counts }, s) => {
    const weight = weights[s]!;
    let [sum, count] = [0, 0];
    for (let g = 0; g < weight.length; g++) {
      sum += weight[g]! * sums[g]!;
      count += weight[g]! * counts[g]!;
    }
    total += sum / count;
  });
  return total / sources.length;
}

function percentiles(drawn: Float64Array): [number, number] {
  const sorted = drawn.slice().sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return [at(0.025), at(0.975)];
}

/**
 * Percentiles of draws from few groups lie too near: they are short by (n - 1) / n in variance and by the step from the
 * normal's point to Student's, and are moved outwards by as much.
 */
function widened(value: number, [low, high]: [number, number], groups: number): [number, number] {
  const by = Math.sqrt(groups / (groups - 1)) * (studentQuantile(Z_TWO_SIDED, groups - 1) / Z_TWO_SIDED);
  return [value + by * (low - value), value + by * (high - value)];
}

function wilson(value: number, sources: readonly (readonly Observation[])[]): Estimate {
  const groups = sources.reduce((sum, source) => sum + groupsIn(source), 0);
  const { interval } = rateOf(new Array<number>(groups).fill(value));
  return interval ? { value, interval } : { value };
}
