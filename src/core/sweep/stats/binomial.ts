/** The error of the family of all tests made. */
export const LEVEL = 0.05;
const POWER = 0.8;

/** P(X >= k) of `n` trials, each won with probability `share`. */
export function upperTail(k: number, n: number, share: number): number {
  if (k <= 0) return 1;
  if (k > n || share <= 0) return 0;
  if (share >= 1) return 1;
  const odds = Math.log(share) - Math.log1p(-share);
  let log = n * Math.log1p(-share);
  let sum = 0;
  for (let x = 0; x <= n; x++) {
    if (x >= k) sum += Math.exp(log);
    log += Math.log((n - x) / (x + 1)) + odds;
  }
  return Math.min(1, sum);
}

/**
 * The smallest share of decided prompts lost that a one-sided sign test at `level` finds with probability 0.8.
 *
 * @returns null where even losing every prompt would not reach the level
 */
export function detectableShare(decided: number, level: number): number | null {
  const needed = fewestLosses(decided, level);
  if (needed > decided) return null;
  let low = 0.5;
  let high = 1;
  for (let step = 0; step < 40; step++) {
    const share = (low + high) / 2;
    if (upperTail(needed, decided, share) < POWER) low = share;
    else high = share;
  }
  return high;
}

/** The fewest losses of `decided` prompts that reach the level; more than there are prompts where none do. */
function fewestLosses(decided: number, level: number): number {
  let [low, high] = [0, decided + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upperTail(middle, decided, 0.5) > level) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Holm's step-down adjustment, in the order given. */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const adjusted = new Array<number>(p.length);
  let running = 0;
  order.forEach((test, rank) => {
    running = Math.max(running, Math.min(1, (p.length - rank) * p[test]!));
    adjusted[test] = running;
  });
  return adjusted;
}

/** Values that may be unreachable (null, counted as the largest). */
export function medianReachable(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  const median = sorted.length % 2 ? middle : (middle + sorted[sorted.length / 2 - 1]!) / 2;
  return Number.isFinite(median) ? median : null;
}
