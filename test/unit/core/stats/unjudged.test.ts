import * as assert from 'node:assert/strict';
import { markOf } from '../../../../src/core/sweep/marks';
import { sweepMarks } from '../../../../src/core/sweep/stats/marks';
import { seededRandom } from '../../../../src/core/sweep/stats/random';
import { sweepStatistics } from '../../../../src/core/sweep/stats/statistics';
import type { StatisticsInput } from '../../../../src/core/sweep/statistics';
import { newPairTable, NOT_JUDGED, SERIES } from '../../../../src/core/sweep/table';
import { sweepOf, type World } from './world';

const WORLD: World = { strengths: [2, 1, 0], prompt: 0.5, clip: 0, nu: 0.5, seeds: 2, holes: 0 };
const [ROWS, REPLICATES] = [20, 200];
const VA = SERIES.indexOf('VA');

const whole = (): StatisticsInput => sweepOf(WORLD, ROWS, 'all', seededRandom(3));

/** The same sweep with the series not judged in some entries. */
function without(series: number, isOut: (row: number, seed: number) => boolean): StatisticsInput {
  const input = whole();
  const { table } = input;
  for (let e = 0; e < table.count; e++)
    if (isOut(table.row[e]!, table.seed[e]!)) table.winner[e * SERIES.length + series] = NOT_JUDGED;
  return input;
}

/** The sweep without those entries altogether. */
function fewer(isOut: (row: number, seed: number) => boolean): StatisticsInput {
  const { table, ...input } = whole();
  const kept = newPairTable(table.count);
  for (let e = 0; e < table.count; e++) {
    if (isOut(table.row[e]!, table.seed[e]!)) continue;
    const i = kept.count++;
    for (const key of ['earlier', 'later', 'row', 'seed'] as const) kept[key][i] = table[key][e]!;
    const at = e * SERIES.length;
    kept.winner.set(table.winner.subarray(at, at + SERIES.length), i * SERIES.length);
  }
  return { ...input, table: kept };
}

describe('a series that was not judged', () => {
  it('in any pair has no rate, ranking, best set, regression or mark; the others are as they were', () => {
    const input = without(VA, () => true);
    const [found, before] = [sweepStatistics(input, REPLICATES), sweepStatistics(whole(), REPLICATES)];
    const nothing = [null, null, null];
    assert.deepEqual(found.series.VA, {
      ...{ againstBaseline: nothing, againstPrevious: nothing, ranking: null, best: null },
    });
    assert.deepEqual([found.notJudged, before.notJudged], [['VA'], undefined]);
    for (const series of ['overall', 'VF', 'VP'] as const)
      assert.deepEqual(found.series[series], before.series[series], series);
    assert.ok(before.regressions.some(({ of }) => of === 'VA'));
    assert.ok(found.regressions.length > 0 && found.regressions.every(({ of }) => of !== 'VA'));
    assert.equal(found.tests.made, before.tests.made - 2);
    const { previous, baseline } = sweepMarks(input);
    for (let cell = 0; cell < ROWS * 3; cell++)
      assert.deepEqual([markOf(previous, cell, 'VA'), markOf(baseline, cell, 'VA')], [null, null]);
    assert.notEqual(markOf(previous, 1, 'overall'), null);
  });

  it('in some pairs rests on the others, as if those were not in the sweep', () => {
    for (const isOut of [
      (row: number) => row % 2 === 0,
      (row: number, seed: number) => (row + seed) % 3 === 0,
    ]) {
      const found = sweepStatistics(without(VA, isOut), REPLICATES);
      assert.deepEqual(found.series.VA, sweepStatistics(fewer(isOut), REPLICATES).series.VA);
      assert.deepEqual(found.series.overall, sweepStatistics(whole(), REPLICATES).series.overall);
      assert.equal(found.notJudged, undefined);
    }
  });

  it('has its worst rows by the seeds that were judged', () => {
    const input = sweepOf({ ...WORLD, strengths: [9, 0], prompt: 0, nu: 0 }, ROWS, 'all', seededRandom(5));
    const { table } = input;
    for (let e = 0; e < table.count; e++) {
      const at = e * SERIES.length + VA;
      table.winner[at] = table.row[e] === 7 && table.seed[e] === 1 ? NOT_JUDGED : -1;
      // Less than the others by the seed that was judged; more, were the other one counted as none lost.
      table.margin[at] = table.row[e] === 7 ? (table.seed[e] === 1 ? 0 : -0.9) : -0.6;
    }
    const found = sweepStatistics(input, REPLICATES).regressions.find(({ of }) => of === 'VA');
    assert.equal(found!.worse[0], 7);
  });
});
