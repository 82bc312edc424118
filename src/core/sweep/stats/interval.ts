import { LEAST_PROMPTS, type Rate } from '../statistics';

/** The standard normal's 97.5% and 95% points. */
export const Z_TWO_SIDED = 1.959963984540054;
export const Z_ONE_SIDED = 1.6448536269514722;

/** Student's t at the normal quantile `z`'s probability (Cornish-Fisher, good to 0.001 from 7 degrees of freedom on). */
export function studentQuantile(z: number, freedom: number): number {
  const z2 = z * z;
  const terms = [
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
  ];
  return z * terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), 1);
}

/**
 * The mean of shares, each 0..1 and of one prompt, with its 95% interval over prompts.
 *
 * A score (Wilson) interval on the effective number of prompts: the variance of the shares between prompts, divided by
 * the variance that plain wins and losses with the same mean would have. Wins and losses alone give Wilson's interval;
 * ties and averaged seeds narrow it. One pseudo-prompt of plain variance in both keeps the width above zero where all
 * prompts happen to agree (all ties). The quantile moves from the normal's to Student's by as much as the width rests on
 * the estimated variance.
 */
export function rateOf(shares: readonly number[]): Rate {
  const prompts = shares.length;
  const value = prompts ? shares.reduce((sum, share) => sum + share, 0) / prompts : 0.5;
  if (prompts < LEAST_PROMPTS) return { prompts, value };
  const squares = shares.reduce((sum, share) => sum + (share - value) ** 2, 0);
  const middle = (value * prompts + 0.5) / (prompts + 1);
  const plain = middle * (1 - middle);
  const ratio = Math.min(1, (squares + plain) / (prompts * value * (1 - value) + plain));
  return { prompts, value, interval: wilson(value, prompts / ratio, quantileFor(prompts, ratio)) };
}

/**
 * The 97.5% point for a width over `prompts`: the normal's where it rests on what plain wins and losses vary
 * (`ratio` 1), the nearer to Student's the more it rests on the variance that was seen.
 */
export function quantileFor(prompts: number, ratio: number): number {
  const student = studentQuantile(Z_TWO_SIDED, prompts - 1);
  return Z_TWO_SIDED + (1 - ratio) * (student - Z_TWO_SIDED);
}

/** The score interval of a share of so many prompts, which need be no whole number. */
export function wilson(value: number, prompts: number, quantile: number): [number, number] {
  const z2 = quantile ** 2 / prompts;
  const centre = (value + z2 / 2) / (1 + z2);
  const half = (quantile / (1 + z2)) * Math.sqrt((value * (1 - value)) / prompts + z2 / (4 * prompts));
  const low = Math.min(centre - half, fewOf(value, prompts));
  const high = Math.max(centre + half, 1 - fewOf(1 - value, prompts));
  return [value === 0 ? 0 : Math.max(0, low), value === 1 ? 1 : Math.min(1, high)];
}

/** Up to so many wins (or losses) the normal curve behind the score interval is no likeness of their number. */
const FEW = 3;

/**
 * Brown, Cai and DasGupta's correction of the score interval (Interval Estimation for a Binomial Proportion, 2001): the
 * lower end for very few wins is that of a Poisson number, or intervals miss shares near 0 in one case of six.
 */
function fewOf(share: number, prompts: number): number {
  const wins = share * prompts;
  return wins > FEW || wins === 0 ? 1 : gammaQuantile(0.05, wins) / prompts;
}

/** The quantile of a gamma variable with this shape, at most {@link FEW}, and scale 1; by halving. */
function gammaQuantile(probability: number, shape: number): number {
  let [low, high] = [0, FEW];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (gammaShare(middle, shape) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X < x) of a gamma variable, by its power series. */
function gammaShare(x: number, shape: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 60; k++) sum += term *= x / (shape + k);
  return sum * Math.exp(shape * Math.log(x) - x - logGamma(shape + 1));
}

/** Stirling's series after moving the argument up. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  return (
    (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) - shift
  );
}
