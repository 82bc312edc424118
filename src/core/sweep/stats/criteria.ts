import { CRITERION_IDS } from '../../rubric';
import type { CriterionChange, StatisticsInput } from '../statistics';
import { NOT_JUDGED } from '../table';
import { rateOf } from './interval';

/**
 * What changed in each criterion from column `earlier` to column `later`, the largest net loss of prompts first. A
 * criterion that was judged on no prompt is left out; a pair that was not judged gives an empty list.
 */
export function criterionChanges(input: StatisticsInput, earlier: number, later: number): CriterionChange[] {
  const sums = CRITERION_IDS.map(() => new Map<number, { net: number; seeds: number }>());
  const { table } = input;
  const [first, second] = [Math.min(earlier, later), Math.max(earlier, later)];
  const mirrored = earlier > later ? -1 : 1;
  for (let e = 0; e < table.count; e++) {
    if (table.earlier[e] !== first || table.later[e] !== second) continue;
    sums.forEach((rows, c) => {
      const sign = table.criteria[e * CRITERION_IDS.length + c]!;
      if (sign === NOT_JUDGED) return;
      const row = rows.get(table.row[e]!) ?? { net: 0, seeds: 0 };
      rows.set(table.row[e]!, { net: row.net + mirrored * sign, seeds: row.seeds + 1 });
    });
  }
  return CRITERION_IDS.map((id, c) => change(id, sums[c]!))
    .filter(({ rate }) => rate.prompts > 0)
    .sort((a, b) => b.worse - b.better - (a.worse - a.better) || a.rate.value - b.rate.value);
}

function change(
  id: CriterionChange['id'],
  rows: Map<number, { net: number; seeds: number }>,
): CriterionChange {
  const signs = [...rows].map(([row, { net, seeds }]) => ({ row, sign: net / seeds }));
  const worse = signs.filter(({ sign }) => sign < 0).sort((a, b) => a.sign - b.sign || a.row - b.row);
  const better = signs.filter(({ sign }) => sign > 0).length;
  return {
    id,
    better,
    ties: signs.length - better - worse.length,
    worse: worse.length,
    rate: rateOf(signs.map(({ sign }) => (1 + sign) / 2)),
    worseRows: worse.map(({ row }) => row),
  };
}
