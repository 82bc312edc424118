import { LEAST_PROMPTS, type BestSet } from '../statistics';
import { meanSign, type Coverage, type SeriesCells } from './cells';
import { studentQuantile, Z_ONE_SIDED } from './interval';
import { resample, seededRandom } from './random';
import { deviation, type Ranked } from './ranking';

const CONFIDENCE = 0.95;
const SEED = 20_002;

interface Candidate {
  column: number;
  value: number;
  replicates: Float64Array;
}

/**
 * From the ranking; null where prompts are too few. Strengths are compared as the score that they would have against the
 * field as it is: where a column loses almost always, its strength strays without bound, and its score does not.
 */
export function bestByRanking(cells: Coverage, { ranking, replicates, prompts }: Ranked): BestSet | null {
  const field = ranking.strengths.flatMap((strength) => (strength ? [strength.value] : []));
  const candidates = ranking.strengths.flatMap((strength, column): Candidate[] =>
    strength && prompts[column]! >= LEAST_PROMPTS
      ? [
          {
            column,
            value: scoreAgainst(field, strength.value),
            replicates: replicates[column]!.map((value) => scoreAgainst(field, value)),
          },
        ]
      : [],
  );
  if (candidates.length < 2) return null;
  const columns = indistinguishable(candidates, cells.liveRows.length, (lead) => lead);
  return { columns, by: 'ranking', thin: thinColumns(cells, candidates) };
}

/** Mean share of wins that a strength would have against strengths. */
function scoreAgainst(field: readonly number[], strength: number): number {
  return field.reduce((sum, other) => sum + 1 / (1 + Math.exp(other - strength)), 0) / field.length;
}

/** A share of few prompts has a smaller variance than one half had: the lead is measured in what it is without any. */
const byShare = (lead: number, prompts: number) => lead / Math.sqrt(1 + lead ** 2 / prompts);

/**
 * From the win rates against the baseline, whose own is one half; null where a column that was judged at all was not
 * judged against the baseline, since nothing then says how good it is.
 */
export function bestByBaseline(cells: SeriesCells, baseline: number, replicates: number): BestSet | null {
  const others = cells.live.flatMap((live, column) => (live && column !== baseline ? [column] : []));
  if (others.some((column) => cells.pairOf(column, baseline) < 0)) return null;
  const candidates = others
    .map((column) => {
      const signs = Float64Array.from({ length: cells.rows }, (_, row) =>
        meanSign(cells, column, baseline, row),
      );
      return { column, signs, prompts: signs.reduce((sum, sign) => sum + (Number.isNaN(sign) ? 0 : 1), 0) };
    })
    .filter(({ prompts }) => prompts >= LEAST_PROMPTS);
  if (candidates.length === 0) return null;
  const drawn = candidates.map(() => new Float64Array(replicates));
  const random = seededRandom(SEED);
  const rows = new Float64Array(cells.rows);
  for (let b = 0; b < replicates; b++) {
    resample(cells.liveRows, random, rows);
    candidates.forEach(({ signs }, i) => (drawn[i]![b] = rate(signs, rows)));
  }
  const even = { column: baseline, value: 0.5, replicates: new Float64Array(replicates).fill(0.5) };
  const once = new Float64Array(cells.rows).fill(1);
  const all = candidates.map(({ column, signs }, i) => ({
    column,
    value: rate(signs, once),
    replicates: drawn[i]!,
  }));
  const compared = [even, ...all];
  const columns = indistinguishable(compared, cells.liveRows.length, byShare);
  return { columns, by: 'baseline', thin: thinColumns(cells, compared) };
}

function thinColumns(cells: Coverage, compared: readonly Candidate[]): number[] {
  const known = new Set(compared.map(({ column }) => column));
  return cells.live.flatMap((live, column) => (live && !known.has(column) ? [column] : []));
}

/** Mean share over the rows that are no holes, by weight; one half where none was drawn. */
function rate(signs: Float64Array, rows: Float64Array): number {
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < signs.length; row++) {
    if (Number.isNaN(signs[row]!) || rows[row] === 0) continue;
    sum += (rows[row]! * (1 + signs[row]!)) / 2;
    weight += rows[row]!;
  }
  return weight ? sum / weight : 0.5;
}

/**
 * Multiple comparisons with the best (Hsu): a column leaves the set only if some other leads it by more than the
 * largest of its studentised differences to all others strays in 95% of replicates. Whichever column is truly the best
 * is therefore kept in 95% of sweeps, however many columns the apparent best was picked from.
 */
function indistinguishable(
  candidates: readonly Candidate[],
  prompts: number,
  scaled: (lead: number, prompts: number) => number,
): number[] {
  const ordered = [...candidates].sort((a, b) => b.value - a.value || a.column - b.column);
  return ordered.filter((one) => !isBeaten(one, ordered, prompts, scaled)).map(({ column }) => column);
}

function isBeaten(
  one: Candidate,
  all: readonly Candidate[],
  prompts: number,
  scaled: (lead: number, prompts: number) => number,
): boolean {
  // A floor for the spread of a difference: all prompts alike is no proof of none.
  const least = 0.5 / prompts;
  const count = one.replicates.length;
  const strayed = new Float64Array(count).fill(-Infinity);
  const difference = new Float64Array(count);
  let lead = -Infinity;
  for (const other of all) {
    if (other === one) continue;
    const ahead = other.value - one.value;
    for (let b = 0; b < count; b++) difference[b] = other.replicates[b]! - one.replicates[b]!;
    const spread = Math.max(deviation(difference), least);
    lead = Math.max(lead, ahead / spread);
    for (let b = 0; b < count; b++) {
      const stray = (difference[b]! - ahead) / spread;
      if (stray > strayed[b]!) strayed[b] = stray;
    }
  }
  if (lead <= 0) return false;
  strayed.sort();
  const drawn = strayed[Math.min(count, Math.ceil(CONFIDENCE * (count + 1))) - 1]!;
  // No less than one difference strays: over few prompts the draws are lumpy.
  const most = Math.max(Z_ONE_SIDED, drawn);
  // The bootstrap's spread is too narrow for few prompts: Student's point of the same probability, and n / (n - 1).
  return scaled(lead, prompts) > studentQuantile(most, prompts - 1) * Math.sqrt(prompts / (prompts - 1));
}
