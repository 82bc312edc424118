import { factor, solve } from './linear';

/**
 * The prior: normal with variance 1 / RIDGE on every log strength and on the log of nu. Weak (a tenth of one lost pair
 * against fifty prompts), yet a column that won everything has a finite strength, and so have all ties a finite nu.
 */
export const RIDGE = 0.1;

/** Davidson's sufficient statistics. */
export interface Outcomes {
  columns: number;
  /** By pair: the columns, and the weight of its comparisons. */
  earlier: ArrayLike<number>;
  later: ArrayLike<number>;
  weight: Float64Array;
  /** By column: half of what it won minus half of what it lost. */
  net: Float64Array;
  /** Weight of the ties. */
  ties: number;
}

/** Log strengths by column, followed by log nu where there is a tie anywhere. */
export type Parameters = Float64Array;

const nuOf = (at: Parameters, columns: number) => (at.length > columns ? Math.exp(at[columns]!) : 0);

/**
 * The gradient of the penalised log likelihood
 * `sum(net * theta) + ties * log nu - sum(weight * log(exp(d/2) + exp(-d/2) + nu)) - RIDGE/2 * |parameters|^2`,
 * `d` being a pair's difference in log strength; on request its negative Hessian.
 */
function gradient(outcomes: Outcomes, at: Parameters, slope: Float64Array, hessian?: Float64Array): void {
  const { columns, earlier, later, weight, net, ties } = outcomes;
  const size = at.length;
  const withTies = size > columns;
  const nu = nuOf(at, columns);
  const half = new Float64Array(columns);
  for (let i = 0; i < columns; i++) half[i] = Math.exp(at[i]! / 2);
  for (let i = 0; i < size; i++) slope[i] = (i < columns ? net[i]! : ties) - RIDGE * at[i]!;
  hessian?.fill(0);
  let tied = 0;
  for (let p = 0; p < weight.length; p++) {
    const w = weight[p]!;
    const a = later[p]!;
    const b = earlier[p]!;
    const up = half[a]! / half[b]!;
    const down = 1 / up;
    const share = w / (up + down + nu);
    const won = 0.5 * (up - down) * share;
    slope[a]! -= won;
    slope[b]! += won;
    tied += nu * share;
    if (!hessian || w === 0) continue;
    const curve = (0.25 * (4 + nu * (up + down)) * share * share) / w;
    hessian[a * size + a]! += curve;
    hessian[b * size + b]! += curve;
    hessian[a * size + b]! -= curve;
    hessian[b * size + a]! -= curve;
    if (!withTies) continue;
    const cross = (won * nu * share) / w;
    hessian[columns * size + a]! -= cross;
    hessian[columns * size + b]! += cross;
    hessian[columns * size + columns]! += (nu * (up + down) * share * share) / w;
  }
  if (withTies) slope[columns]! -= tied;
  if (hessian) for (let i = 0; i < size; i++) hessian[i * size + i]! += RIDGE;
}

function likelihood({ columns, earlier, later, weight, net, ties }: Outcomes, at: Parameters): number {
  const nu = nuOf(at, columns);
  let sum = at.length > columns ? ties * at[columns]! : 0;
  for (let i = 0; i < columns; i++) sum += net[i]! * at[i]!;
  for (let i = 0; i < at.length; i++) sum -= (RIDGE / 2) * at[i]! ** 2;
  for (let p = 0; p < weight.length; p++) {
    const up = Math.exp((at[later[p]!]! - at[earlier[p]!]!) / 2);
    sum -= weight[p]! * Math.log(up + 1 / up + nu);
  }
  return sum;
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * The maximum by Newton's method with the step halved until it gains (the likelihood is concave).
 *
 * @returns the parameters and the factored negative Hessian there
 */
export function fit(outcomes: Outcomes, start: Parameters, tolerance: number) {
  let at = start;
  const size = start.length;
  const step = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  let value = likelihood(outcomes, at);
  for (let round = 0; round < 100; round++) {
    gradient(outcomes, at, step, hessian);
    factor(hessian, size);
    solve(hessian, size, step);
    if (largest(step) < tolerance) break;
    const from = at;
    for (let scale = 1; scale > 1e-6; scale /= 2) {
      at = from.map((x, i) => x + scale * step[i]!);
      const reached = likelihood(outcomes, at);
      if (reached >= value - 1e-9) {
        value = reached;
        break;
      }
    }
  }
  return { at, hessian };
}

/**
 * The maximum for outcomes close to others whose maximum and factored Hessian are known: a few steps with that Hessian,
 * each a sum over the pairs; {@link fit} where they do not shrink quickly.
 */
export function refit(outcomes: Outcomes, known: ReturnType<typeof fit>, tolerance: number): Parameters {
  const at = known.at.slice();
  const step = new Float64Array(at.length);
  let last = Infinity;
  for (let round = 0; round < 12; round++) {
    gradient(outcomes, at, step);
    solve(known.hessian, at.length, step);
    const length = largest(step);
    if (!(length < 0.6 * last)) break;
    for (let i = 0; i < at.length; i++) at[i]! += step[i]!;
    if (length < tolerance) return at;
    last = length;
  }
  return fit(outcomes, known.at, tolerance).at;
}
