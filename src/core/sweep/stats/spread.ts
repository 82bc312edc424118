import type { SeriesCells } from './cells';
import type { fit } from './davidson';
import { solve } from './linear';

/** Information of one even comparison without ties: what both sides of the ratio start from. */
const ONE_COMPARISON = 0.25;

/** What the model says of one strength's uncertainty, beside the bootstrap. */
export interface Plain {
  /** How much the prompts' scores vary of what plain comparisons would: less where seeds were averaged, at most 1. */
  ratio: number;
  /** The variance of the strength for comparisons that vary as much. */
  variance: number;
}

/**
 * By column. Where a column lost nearly nothing, every resample of the prompts repeats that, and the bootstrap's spread
 * goes to zero though the strength is hardly known; the model itself, with the prior, says how little.
 */
export function plainSpread(cells: SeriesCells, { at, hessian }: ReturnType<typeof fit>): Plain[] {
  const { observed, expected } = scoreVariance(cells, at);
  const live = cells.live.flatMap((is, i) => (is ? [i] : []));
  return cells.live.map((is, column) => {
    if (!is) return { ratio: 1, variance: 0 };
    const contrast = new Float64Array(at.length);
    for (const i of live) contrast[i] = -1 / live.length;
    contrast[column]! += 1;
    const solved = contrast.slice();
    solve(hessian, at.length, solved);
    const plain = solved.reduce((sum, x, i) => sum + x * contrast[i]!, 0);
    const ratio = Math.min(1, (observed[column]! + ONE_COMPARISON) / (expected[column]! + ONE_COMPARISON));
    return { ratio, variance: plain * ratio };
  });
}

/** By column: squares of the prompts' scores about what was fitted, and what they are for plain comparisons. */
function scoreVariance(cells: SeriesCells, at: Float64Array) {
  const { columns, rows, seeds, pairs, net } = cells;
  const nu = at.length > columns ? Math.exp(at[columns]!) : 0;
  const scores = new Float64Array(rows * columns);
  const expected = new Float64Array(columns);
  for (let p = 0; p < pairs; p++) {
    const [a, b] = [cells.later[p]!, cells.earlier[p]!];
    const up = Math.exp((at[a]! - at[b]!) / 2);
    const whole = up + 1 / up + nu;
    const mean = (0.5 * (up - 1 / up)) / whole;
    const information = (0.25 * (4 + nu * (up + 1 / up))) / whole ** 2;
    for (let row = 0; row < rows; row++) {
      const cell = p * rows + row;
      if (seeds[cell] === 0) continue;
      const rest = (0.5 * net[cell]!) / seeds[cell]! - mean;
      scores[row * columns + a]! += rest;
      scores[row * columns + b]! -= rest;
      expected[a]! += information;
      expected[b]! += information;
    }
  }
  const observed = new Float64Array(columns);
  for (let i = 0; i < scores.length; i++) observed[i % columns]! += scores[i]! ** 2;
  return { observed, expected };
}
