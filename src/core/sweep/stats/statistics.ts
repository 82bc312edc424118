import {
  STATISTICS_METHOD,
  type Rate,
  type SeriesStatistics,
  type StatisticsInput,
  type SweepStatistics,
} from '../statistics';
import { SERIES } from '../table';
import { bestByBaseline, bestByRanking } from './best';
import { gatherCells, previousColumns, signsByRow, type SeriesCells } from './cells';
import { rateOf } from './interval';
import { rankSeries } from './ranking';
import { findRegressions } from './regressions';

/** So many pairs of columns, summed over the replicates, are a fraction of a second. */
const WORK = 4e6;
export const LEAST_REPLICATES = 200;
const MOST_REPLICATES = 2000;

/**
 * All statistics of a sweep; the same input gives the same numbers. Pairs missing from the table are holes: each number
 * rests on the prompts that it has. So are, for one series, the pairs that were not judged in it.
 *
 * @param replicates of the bootstrap; by the size of the sweep unless given
 */
export function sweepStatistics(input: StatisticsInput, replicates = replicatesFor(input)): SweepStatistics {
  const cells = gatherCells(input);
  const previous = previousColumns(cells);
  const baseline = new Array<number>(input.columns).fill(input.baseline);
  // What is judged first is no sample of the rest, so that half a sweep would rank some columns by other prompts.
  const comparable = input.pairing === 'all' && input.unjudged === 0;
  const ranked = comparable ? rankSeries(cells.series, replicates) : [];
  const series = SERIES.map((name, s): [typeof name, SeriesStatistics] => {
    const [of, found] = [cells.series[s]!, ranked[s]];
    return [
      name,
      {
        againstBaseline: ratesAgainst(of, baseline),
        againstPrevious: ratesAgainst(of, previous),
        ranking: found?.ranking ?? null,
        best: found ? bestByRanking(of, found) : bestByBaseline(of, input.baseline, replicates),
      },
    ];
  });
  const notJudged = cells.pairs === 0 ? [] : SERIES.filter((_, s) => cells.series[s]!.pairs === 0);
  return {
    method: STATISTICS_METHOD,
    baseline: input.baseline,
    pairing: input.pairing,
    pairs: input.table.count,
    unjudged: input.unjudged,
    series: Object.fromEntries(series) as SweepStatistics['series'],
    ...(notJudged.length > 0 ? { notJudged } : {}),
    ...findRegressions(input, cells),
    replicates,
  };
}

function replicatesFor({ columns, pairing }: StatisticsInput): number {
  const pairs = pairing === 'all' ? (columns * (columns - 1)) / 2 : columns;
  return Math.round(Math.min(MOST_REPLICATES, Math.max(LEAST_REPLICATES, WORK / Math.max(1, pairs))));
}

function ratesAgainst(cells: SeriesCells, references: readonly (number | null)[]): (Rate | null)[] {
  return references.map((reference, column) => {
    if (reference === null) return null;
    const signs = signsByRow(cells, column, reference);
    return signs.length ? rateOf(signs.map(({ sign }) => (1 + sign) / 2)) : null;
  });
}
