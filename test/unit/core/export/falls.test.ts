import assert from 'node:assert/strict';
import { fallsText } from '../../../../src/core/sweep/reportWords';
import { isFlat, type Rate } from '../../../../src/core/sweep/statistics';
import { regression, sweepGrid, sweepStatistics } from '../../../support/sweepSnapshot';

describe('what fell without proof', () => {
  const grid = sweepGrid(4, 10);
  const rate = (value: number, interval?: [number, number]): Rate => ({
    ...sweepStatistics(grid).series.overall.againstPrevious[1]!,
    value,
    interval,
  });

  function statistics(previous: (Rate | null)[], regressions = [] as ReturnType<typeof regression>[]) {
    const made = sweepStatistics(grid, { regressions, tests: { made: 12, detectable: null } });
    for (const { againstPrevious } of Object.values(made.series)) againstPrevious.fill(null);
    made.series.overall.againstPrevious = previous;
    return made;
  }

  it('is said with its rate and interval, where the interval lies below one half', () => {
    const fell = statistics([null, rate(0.45, [0.3, 0.6]), rate(0.1, [0.01, 0.4]), rate(0.9, [0.6, 0.99])]);
    assert.equal(
      fallsText(grid, fell),
      'Worse than the column before, perhaps by chance among 12 tests: step 3000 in Overall, 10% (1–40%).',
    );
  });

  it('is not said of what is a regression, nor without an interval', () => {
    const certain = regression({ of: 'overall', column: 2, previous: 1 });
    assert.equal(
      fallsText(grid, statistics([null, null, rate(0.1, [0.01, 0.4]), null], [certain])),
      undefined,
    );
    assert.equal(fallsText(grid, statistics([null, null, rate(0), null])), undefined);
  });
});

describe('win rates against a baseline', () => {
  const rates = (...values: (number | null)[]) =>
    values.map((value) => (value === null ? null : { prompts: 10, value }));

  it('are flat where three columns or more all win, or all lose, almost everywhere', () => {
    assert.equal(isFlat(rates(null, 1, 0.95, 0.9)), true);
    assert.equal(isFlat(rates(null, 0, 0.1, 0.05)), true);
    assert.equal(isFlat(rates(null, 1, 0.95, 0.4)), false);
    assert.equal(isFlat(rates(null, 1, 1, 0)), false);
    assert.equal(isFlat(rates(null, 1, 1)), false);
  });
});
