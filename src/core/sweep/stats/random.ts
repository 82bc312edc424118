/** A small generator with a fixed seed (mulberry32): the same statistics for the same verdicts, on any machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * One bootstrap sample of prompts: how often each of `units` was drawn, in as many draws as there are units.
 *
 * @param weights by row; rows that are no unit stay 0
 */
export function resample(units: readonly number[], random: () => number, weights: Float64Array): void {
  weights.fill(0);
  for (let draw = 0; draw < units.length; draw++) {
    const row = units[Math.floor(random() * units.length)]!;
    weights[row]! += 1;
  }
}
