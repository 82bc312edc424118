/** The judge's lean of one pair, `p.a - p.b`, and what was preferred: 1 for A, 0 for a tie, -1 for B. */
export interface Leaning {
  margin: number;
  label: -1 | 0 | 1;
}

/** Whether a call of a tie where the lean is at most `threshold` either way is right. */
export function isRight({ margin, label }: Leaning, threshold: number): boolean {
  return Math.abs(margin) <= threshold ? label === 0 : Math.sign(margin) === label;
}

/**
 * Pairwise accuracy with tie calibration (Deutsch, Foster and Freitag, Ties Matter, 2023): of all thresholds that tell
 * the pairs apart, the one with the most right calls; of several the smallest.
 */
export function calibrateTies(pairs: readonly Leaning[]): { threshold: number; accuracy: number } {
  const sorted = pairs
    .map(({ margin, label }) => ({
      lean: Math.abs(margin),
      tie: label === 0,
      hit: Math.sign(margin) === label,
    }))
    .sort((x, y) => x.lean - y.lean);
  let right = sorted.reduce((sum, { lean, tie, hit }) => sum + Number(lean === 0 ? tie : hit), 0);
  let best = { threshold: 0, right };
  for (let i = sorted.findIndex(({ lean }) => lean > 0); i >= 0 && i < sorted.length; i++) {
    const { lean, tie, hit } = sorted[i]!;
    right += Number(tie) - Number(hit);
    // Pairs of the same lean become ties together.
    if (sorted[i + 1]?.lean !== lean && right > best.right) best = { threshold: lean, right };
  }
  return { threshold: best.threshold, accuracy: pairs.length ? best.right / pairs.length : 0 };
}
