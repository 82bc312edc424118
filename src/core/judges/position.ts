import { shareOfTally } from '../bench/stats/bootstrap';
import { groupPairs, tally } from './groups';
import type { Judged } from './record';
import { LEAST_PAIRS, type RecordedPosition } from './report';

/** What the order of showing did to a judge's verdicts, so far as both orders are recorded. */
export function recordedPosition(judged: Judged, judge: number): RecordedPosition {
  const pairs = [...judged.orders.keys()].sort((a, b) => a - b);
  const orders = pairs.map((pair) => judged.orders.get(pair)!);
  const grouping = groupPairs(pairs);
  const answers = orders.map(({ first, second }) => first + second);
  const decisive = answers.reduce((sum, n) => sum + n, 0);
  const enough = pairs.length >= LEAST_PAIRS;
  // One entry per answer for a side: groups of ties alone have no share of them.
  const told = pairs.flatMap((pair, i) =>
    [...Array<number>(orders[i]!.first).fill(1), ...Array<number>(orders[i]!.second).fill(0)].map(
      (value) => ({ pair, value }),
    ),
  );
  const sides = groupPairs(told.map(({ pair }) => pair));
  return {
    ...{ judge, pairs: pairs.length, groups: grouping.groups, decisive },
    changed: orders.filter(({ consistent }) => !consistent).length,
    changes: enough ? shareOfTally(tally(grouping, (i) => Number(!orders[i]!.consistent))) : null,
    first: decisive >= LEAST_PAIRS ? shareOfTally(tally(sides, (i) => told[i]!.value)) : null,
  };
}
