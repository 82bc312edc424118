import { LEAST_GROUPS, REPLICATES, type Estimate } from '../bench/stats/bootstrap';
import { studentQuantile, Z_TWO_SIDED } from '../sweep/stats/interval';
import { resample, seededRandom } from '../sweep/stats/random';
import { deviation } from '../sweep/stats/ranking';

/** Calls of each judge: B, tie, A. */
const CALLS = 3;
/** Entries of a table: how often one judge made the one call and the other the other. */
export const CELLS = CALLS * CALLS;
const SEED = 60_029;

/** @returns null where both judges made one and the same call throughout: nothing is left to agree about */
export function cohensKappa(table: ArrayLike<number>): number | null {
  const { same, chance } = sharesOf(table);
  return chance === undefined ? null : (same - chance) / (1 - chance);
}

/** How often calls are the same, and how often they would be by chance; undefined where that is always. */
function sharesOf(table: ArrayLike<number>): { same: number; chance?: number } {
  const rows = new Array<number>(CALLS).fill(0);
  const columns = new Array<number>(CALLS).fill(0);
  let [all, same, products] = [0, 0, 0];
  for (let i = 0; i < CELLS; i++) {
    const [row, column] = [Math.floor(i / CALLS), i % CALLS];
    all += table[i]!;
    rows[row]! += table[i]!;
    columns[column]! += table[i]!;
    if (row === column) same += table[i]!;
  }
  for (let call = 0; call < CALLS; call++) products += rows[call]! * columns[call]!;
  if (products >= all * all) return { same: same / all };
  return { same: same / all, chance: products / (all * all) };
}

/**
 * Cohen's kappa with its 95% interval: Student's with the bootstrap's standard error, units drawn whole. Draws know
 * nothing of disagreements that were not seen: the lower end is never above the one that the share of same calls has,
 * with what chance gives taken as known.
 *
 * @param tables by unit, {@link CELLS} each
 * @param same the share of same calls
 */
export function kappaOf(tables: Float64Array, same: Estimate): Estimate | null {
  const units = Array.from({ length: tables.length / CELLS }, (_, unit) => unit);
  const weights = new Float64Array(units.length).fill(1);
  const whole = weighted(tables, weights);
  const value = cohensKappa(whole);
  if (value === null) return null;
  if (units.length < LEAST_GROUPS || !same.interval) return { value };
  const random = seededRandom(SEED);
  const drawn: number[] = [];
  for (let b = 0; b < REPLICATES; b++) {
    resample(units, random, weights);
    const kappa = cohensKappa(weighted(tables, weights));
    if (kappa !== null) drawn.push(kappa);
  }
  const n = units.length;
  const half = studentQuantile(Z_TWO_SIDED, n - 1) * deviation(drawn) * Math.sqrt(n / (n - 1));
  const chance = sharesOf(whole).chance!;
  const [low, high] = same.interval.map((share) => (share - chance) / (1 - chance)) as [number, number];
  return {
    value,
    interval: [Math.max(-1, Math.min(value - half, low)), Math.min(1, Math.max(value + half, high))],
  };
}

function weighted(tables: Float64Array, weights: Float64Array): Float64Array {
  const sums = new Float64Array(CELLS);
  for (let unit = 0; unit < weights.length; unit++) {
    const weight = weights[unit]!;
    if (weight === 0) continue;
    for (let i = 0; i < CELLS; i++) sums[i]! += weight * tables[unit * CELLS + i]!;
  }
  return sums;
}
