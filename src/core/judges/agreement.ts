import { shareOfTally } from '../bench/stats/bootstrap';
import { SERIES, type Series } from '../sweep/table';
import { groupPairs, tally } from './groups';
import { CELLS, kappaOf } from './kappa';
import type { Judged, Pair } from './record';
import { LEAST_PAIRS, type Alike, type Basis } from './report';

/** How alike two judges call the pairs that both have judged. */
export function agreementOf(
  one: Judged,
  other: Judged,
): Basis & { figures: Record<Series, Alike | null> | null } {
  const pairs = sharedPairs(one, other);
  const basis = { pairs: pairs.length, groups: groupPairs(pairs).groups };
  if (pairs.length < LEAST_PAIRS) return { ...basis, figures: null };
  const figures = SERIES.map((series, s) => [series, alike(one, other, s, pairs)]);
  return { ...basis, figures: Object.fromEntries(figures) as Record<Series, Alike | null> };
}

/** In an order that does not depend on which judge is named first. */
export function sharedPairs(one: Judged, other: Judged): Pair[] {
  const [few, many] = one.pairs.size <= other.pairs.size ? [one, other] : [other, one];
  return [...few.pairs.keys()].filter((pair) => many.pairs.has(pair)).sort((a, b) => a - b);
}

/** On the pairs of which both judged the series. */
function alike(one: Judged, other: Judged, series: number, shared: readonly Pair[]): Alike | null {
  const judged = shared.flatMap((pair) => {
    const [a, b] = [one.score(pair, series), other.score(pair, series)];
    return a === null || b === null ? [] : [{ pair, calls: [a, b] as const }];
  });
  if (judged.length < LEAST_PAIRS) return null;
  const calls = judged.map((of) => of.calls);
  const grouping = groupPairs(judged.map(({ pair }) => pair));
  const tables = new Float64Array(grouping.units * CELLS);
  calls.forEach(([a, b], i) => (tables[grouping.unitOf[i]! * CELLS + 3 * (a + 1) + (b + 1)]! += 1));
  const same = shareOfTally(tally(grouping, (i) => Number(calls[i]![0] === calls[i]![1])))!;
  const opposite = shareOfTally(tally(grouping, (i) => Number(calls[i]![0] * calls[i]![1] === -1)))!;
  const fewer =
    judged.length < shared.length ? { fewer: { pairs: judged.length, groups: grouping.groups } } : {};
  return { same, opposite, kappa: kappaOf(tables, same), ...fewer };
}
