import { seededRandom } from '../sweep/stats/random';
import { clipsOf, type Pair } from './record';

/** More groups than this are drawn in so many bunches: the intervals are the same, and the time is bounded. */
export const MOST_UNITS = 500;
const SEED = 60_013;

/** Which pairs are drawn together. */
export interface Grouping {
  /** Groups of pairs that hang together by clips that they share. */
  groups: number;
  /** What is drawn whole, a group or a bunch of them: how many, and by pair its number. */
  units: number;
  unitOf: Int32Array;
}

/**
 * Pairs that have a clip in common are no independent witnesses, nor are those that a chain of common clips joins: of a
 * sweep, the pairs of one prompt and seed.
 */
export function groupPairs(pairs: readonly Pair[]): Grouping {
  const parents = new Map<number, number>();
  const rootOf = (clip: number): number => {
    let root = clip;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    for (let at = clip; at !== root;) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    parents.set(root, root);
    return root;
  };
  for (const pair of pairs) {
    const [first, second] = clipsOf(pair);
    parents.set(rootOf(first), rootOf(second));
  }
  const numbers = new Map<number, number>();
  const groupOf = Int32Array.from(pairs, (pair) => {
    const root = rootOf(clipsOf(pair)[0]);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
  const groups = numbers.size;
  if (groups <= MOST_UNITS) return { groups, units: groups, unitOf: groupOf };
  const bunches = bunched(groups);
  return { groups, units: MOST_UNITS, unitOf: groupOf.map((group) => bunches[group]!) };
}

/** Bunches of equal size, put together by chance: what lies together in the record is often alike. */
function bunched(groups: number): Int32Array {
  const random = seededRandom(SEED);
  const bunches = Int32Array.from({ length: groups }, (_, group) => group % MOST_UNITS);
  for (let i = groups - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [bunches[i], bunches[j]] = [bunches[j]!, bunches[i]!];
  }
  return bunches;
}

/** By unit the sum of what its pairs count, and their number. */
export function tally(
  { units, unitOf }: Grouping,
  value: (index: number) => number,
): { sums: Float64Array; counts: Float64Array } {
  const sums = new Float64Array(units);
  const counts = new Float64Array(units);
  for (let i = 0; i < unitOf.length; i++) {
    sums[unitOf[i]!]! += value(i);
    counts[unitOf[i]!]! += 1;
  }
  return { sums, counts };
}
