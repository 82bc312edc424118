import type { Regression, StatisticsInput, SweepStatistics } from '../statistics';
import { NOT_JUDGED, SERIES } from '../table';
import { detectableShare, holm, LEVEL, medianReachable, upperTail } from './binomial';
import { previousColumns, signsByRow, type PairCells } from './cells';

/**
 * Steps between neighbouring columns that lost on more prompts than chance explains: per series and step a one-sided
 * sign test over prompts (the sign of the prompt's mean over seeds, ties dropped), Holm over all of them. A step with
 * no decided prompt is no test. What a test could have found is stated at Holm's first and strictest level.
 */
export function findRegressions(
  input: StatisticsInput,
  cells: PairCells,
): Pick<SweepStatistics, 'regressions' | 'tests'> {
  const tests = allTests(cells);
  const adjusted = holm(tests.map(({ p }) => p));
  const shares = new Map<number, number | null>();
  for (const { decided } of tests) {
    if (!shares.has(decided)) shares.set(decided, detectableShare(decided, LEVEL / tests.length));
  }
  const found = tests.flatMap(({ decided, ...test }, i): Regression[] =>
    adjusted[i]! < LEVEL ? [{ ...test, adjusted: adjusted[i]!, detectable: shares.get(decided)! }] : [],
  );
  return {
    regressions: found
      .map((regression) => ({ ...regression, worse: byLoss(input, regression) }))
      .sort((a, b) => a.column - b.column || SERIES.indexOf(a.of) - SERIES.indexOf(b.of)),
    tests: {
      made: tests.length,
      detectable: medianReachable(tests.map(({ decided }) => shares.get(decided)!)),
    },
  };
}

type Test = Omit<Regression, 'adjusted' | 'detectable'> & { decided: number };

function allTests(cells: PairCells): Test[] {
  const tests: Test[] = [];
  previousColumns(cells).forEach((previous, column) => {
    if (previous === null) return;
    SERIES.forEach((of, s) => {
      const signs = signsByRow(cells.series[s]!, column, previous);
      const worse = signs.filter(({ sign }) => sign < 0).map(({ row }) => row);
      const better = signs.filter(({ sign }) => sign > 0).map(({ row }) => row);
      const decided = worse.length + better.length;
      if (decided === 0) return;
      const p = upperTail(worse.length, decided, 0.5);
      tests.push({
        of,
        column,
        previous,
        worse,
        better,
        ties: signs.length - decided,
        p,
        decided,
      });
    });
  });
  return tests;
}

/** The rows that got worse, the largest loss (mean margin over seeds) first. */
function byLoss({ table }: StatisticsInput, { of, column, previous, worse }: Regression): number[] {
  const series = SERIES.indexOf(of);
  const margins = new Map(worse.map((row) => [row, { sum: 0, seeds: 0 }]));
  for (let e = 0; e < table.count; e++) {
    if (table.earlier[e] !== previous || table.later[e] !== column) continue;
    if (table.winner[e * SERIES.length + series] === NOT_JUDGED) continue;
    const margin = margins.get(table.row[e]!);
    if (!margin) continue;
    margin.sum += table.margin[e * SERIES.length + series]!;
    margin.seeds += 1;
  }
  const mean = (row: number) => margins.get(row)!.sum / margins.get(row)!.seeds;
  return [...worse].sort((a, b) => mean(a) - mean(b) || a - b);
}
