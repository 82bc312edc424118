import { seededRandom } from '../../sweep/stats/random';

/** A call: how sure the judge was of it, and whether it was right. */
export interface Sureness {
  confidence: number;
  right: boolean;
}

export interface Bin {
  pairs: number;
  /** Mean confidence. */
  confidence: number;
  /** Share of right calls. */
  accuracy: number;
}

export interface Calibration {
  pairs: number;
  /** Expected calibration error. */
  error: number;
  /** What a judge whose confidences are exactly right would show with as many pairs, on average. */
  byChance: number;
  bins: Bin[];
}

export const BINS = 15;
/** Fewer pairs a bin say nothing: the error is then mostly chance. */
export const LEAST_PER_BIN = 5;
const SEED = 40_002;
const SIMULATED = 200;

/** Bins of equal mass, sizes differing by one at most, the larger ones first; null for too few pairs. */
export function calibrationOf(calls: readonly Sureness[]): Calibration | null {
  const pairs = calls.length;
  if (pairs < BINS * LEAST_PER_BIN) return null;
  const sorted = [...calls].sort((x, y) => x.confidence - y.confidence);
  const bins = splitEqually(sorted, BINS).map((bin): Bin => ({
    pairs: bin.length,
    confidence: meanBy(bin, ({ confidence }) => confidence),
    accuracy: meanBy(bin, ({ right }) => Number(right)),
  }));
  return { pairs, error: errorOf(bins, pairs), byChance: chanceError(sorted), bins };
}

function errorOf(bins: readonly Bin[], pairs: number): number {
  return bins.reduce((sum, b) => sum + (b.pairs / pairs) * Math.abs(b.accuracy - b.confidence), 0);
}

function chanceError(sorted: readonly Sureness[]): number {
  const random = seededRandom(SEED);
  const bins = splitEqually(sorted, BINS);
  let total = 0;
  for (let i = 0; i < SIMULATED; i++)
    for (const bin of bins) {
      // How far the wins that the confidences foretell stray from them by chance.
      let strayed = 0;
      for (const { confidence } of bin) strayed += Number(random() < confidence) - confidence;
      total += Math.abs(strayed);
    }
  return total / SIMULATED / sorted.length;
}

function splitEqually<T>(items: readonly T[], parts: number): T[][] {
  const [size, larger] = [Math.floor(items.length / parts), items.length % parts];
  const start = (part: number) => part * size + Math.min(part, larger);
  return Array.from({ length: parts }, (_, part) => items.slice(start(part), start(part + 1)));
}

const meanBy = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((sum, item) => sum + of(item), 0) / items.length;
