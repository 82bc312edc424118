import { LEAST_PROMPTS, type Ranking, type Strength } from '../statistics';
import type { Coverage, SeriesCells } from './cells';
import { fit, refit, type Outcomes, type Parameters } from './davidson';
import { quantileFor } from './interval';
import { resample, seededRandom } from './random';
import { plainSpread, type Plain } from './spread';

const SEED = 20_001;
/** Far below what is shown; the replicates need less than the estimate. */
const EXACT = 1e-9;
const CLOSE = 1e-3;

/** A series' estimate with its bootstrap replicates. */
export interface Ranked {
  ranking: Ranking;
  /** By column: the replicates of its strength. */
  replicates: Float64Array[];
  /** By column: rows with any pair of it. */
  prompts: number[];
}

/**
 * Davidson's model for each of some series; null for one that was judged nowhere, or whose judged pairs do not connect
 * its columns, so that they have no common scale: only the prior would place them.
 */
export function rankSeries(series: readonly SeriesCells[], replicates: number): (Ranked | null)[] {
  const able = series.filter((cells) => cells.pairs > 0 && isConnected(cells));
  const ranked = new Map<SeriesCells, Ranked>();
  for (const seeds of new Set(able.map((cells) => cells.seeds))) {
    const alike = able.filter((cells) => cells.seeds === seeds);
    rankAlike(alike, replicates).forEach((found, i) => ranked.set(alike[i]!, found));
  }
  return series.map((cells) => ranked.get(cells) ?? null);
}

/**
 * Of series with one coverage. Prompts are drawn whole, so that everything judged on one prompt stays together and the
 * same draw serves all series. What a prompt adds to the sufficient statistics is summed once, a replicate is a weighted
 * sum over prompts.
 */
function rankAlike(series: readonly SeriesCells[], replicates: number): Ranked[] {
  const cells: Coverage = series[0]!;
  const prompts = promptsOf(cells);
  const parts = series.map(partsByRow);
  const once = new Float64Array(cells.rows);
  for (const row of cells.liveRows) once[row] = 1;
  const weight = weightOf(cells, once);
  const full = parts.map((part) => {
    const outcomes = weighted(cells, part, weight, once);
    return fit(outcomes, new Float64Array(cells.columns + (outcomes.ties > 0 ? 1 : 0)), EXACT);
  });
  const drawn = series.map(() => Array.from({ length: cells.columns }, () => new Float64Array(replicates)));
  const random = seededRandom(SEED);
  const rows = new Float64Array(cells.rows);
  for (let b = 0; b < replicates; b++) {
    resample(cells.liveRows, random, rows);
    const drawnWeight = weightOf(cells, rows);
    parts.forEach((part, s) => {
      const at = refit(weighted(cells, part, drawnWeight, rows), full[s]!, CLOSE);
      for (let i = 0; i < cells.columns; i++) drawn[s]![i]![b] = at[i]!;
    });
  }
  return full.map((fitted, s) => ({
    ranking: describe(fitted.at, cells, prompts, drawn[s]!, plainSpread(series[s]!, fitted)),
    replicates: drawn[s]!,
    prompts,
  }));
}

/** Per row: `columns` net scores, then the ties. Seeds are averaged. */
function partsByRow(cells: SeriesCells): Float64Array {
  const width = cells.columns + 1;
  const parts = new Float64Array(cells.rows * width);
  for (let p = 0; p < cells.pairs; p++) {
    for (let row = 0; row < cells.rows; row++) {
      const cell = p * cells.rows + row;
      const seeds = cells.seeds[cell]!;
      if (seeds === 0) continue;
      const net = (0.5 * cells.net[cell]!) / seeds;
      parts[row * width + cells.later[p]!]! += net;
      parts[row * width + cells.earlier[p]!]! -= net;
      parts[row * width + cells.columns]! += cells.ties[cell]! / seeds;
    }
  }
  return parts;
}

/** By pair: how much weight the rows carry in which it was judged. */
function weightOf({ pairs, rows: count, seeds }: Coverage, rows: Float64Array): Float64Array {
  const weight = new Float64Array(pairs);
  for (let p = 0; p < pairs; p++) {
    let sum = 0;
    const start = p * count;
    for (let row = 0; row < count; row++) if (seeds[start + row]! > 0) sum += rows[row]!;
    weight[p] = sum;
  }
  return weight;
}

function weighted(cells: Coverage, parts: Float64Array, weight: Float64Array, rows: Float64Array): Outcomes {
  const width = cells.columns + 1;
  const sums = new Float64Array(width);
  for (const row of cells.liveRows) {
    if (rows[row] === 0) continue;
    for (let i = 0; i < width; i++) sums[i]! += rows[row]! * parts[row * width + i]!;
  }
  const { columns, earlier, later } = cells;
  return { columns, earlier, later, weight, net: sums.subarray(0, columns), ties: sums[columns]! };
}

function promptsOf(cells: Coverage): number[] {
  const seen = new Uint8Array(cells.columns * cells.rows);
  for (let p = 0; p < cells.pairs; p++) {
    for (let row = 0; row < cells.rows; row++) {
      if (cells.seeds[p * cells.rows + row] === 0) continue;
      seen[cells.earlier[p]! * cells.rows + row] = 1;
      seen[cells.later[p]! * cells.rows + row] = 1;
    }
  }
  return cells.live.map((_, i) =>
    seen.subarray(i * cells.rows, (i + 1) * cells.rows).reduce((sum, x) => sum + x, 0),
  );
}

function describe(
  at: Parameters,
  cells: Coverage,
  prompts: number[],
  drawn: Float64Array[],
  plain: Plain[],
): Ranking {
  const live = cells.live.filter(Boolean).length;
  const mean = cells.live.reduce((sum, is, i) => sum + (is ? at[i]! : 0), 0) / Math.max(1, live);
  return {
    strengths: cells.live.map((is, i) =>
      is ? strength(at[i]! - mean, prompts[i]!, drawn[i]!, plain[i]!) : null,
    ),
    ties: at.length > cells.columns ? Math.exp(at[cells.columns]!) : 0,
  };
}

/**
 * The estimate and, both ways, the bootstrap's standard error (steadier at some hundred replicates than percentiles) or
 * the plain one where that is larger. The bootstrap's variance is short by (n - 1) / n, which is put back. As for win
 * rates the quantile moves from the normal's to Student's by as much as the width rests on the estimated variance.
 */
function strength(value: number, prompts: number, drawn: Float64Array, plain: Plain): Strength {
  if (prompts < LEAST_PROMPTS || drawn.length < 2) return { value };
  const variance = Math.max(deviation(drawn) ** 2, plain.variance) * (prompts / (prompts - 1));
  const half = quantileFor(prompts, plain.ratio) * Math.sqrt(variance);
  return { value, interval: [value - half, value + half] };
}

/** Standard deviation. */
export function deviation(values: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i]! / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

/** Whether every live column can be reached from every other over judged pairs: only then are strengths comparable. */
function isConnected(cells: Coverage): boolean {
  const root = Array.from({ length: cells.columns }, (_, i) => i);
  const find = (i: number): number => {
    while (root[i] !== i) i = root[i] = root[root[i]!]!;
    return i;
  };
  for (let p = 0; p < cells.pairs; p++) root[find(cells.earlier[p]!)] = find(cells.later[p]!);
  return new Set(cells.live.flatMap((is, i) => (is ? [find(i)] : []))).size <= 1;
}
