import * as assert from 'node:assert/strict';
import { ordinalAlpha, voteAgreement } from '../../../../src/core/sweep/stats/agreement';
import { detectableShare, holm, upperTail } from '../../../../src/core/sweep/stats/binomial';
import { fit } from '../../../../src/core/sweep/stats/davidson';
import { rateOf, studentQuantile, Z_TWO_SIDED } from '../../../../src/core/sweep/stats/interval';
import { seededRandom } from '../../../../src/core/sweep/stats/random';
import { sweepStatistics } from '../../../../src/core/sweep/stats/statistics';
import alphas from './goldens/goldens-alpha.json';
import rankings from './goldens/goldens-r.json';
import goldens from './goldens/goldens.json';
import { sweepOf, type World } from './world';

const near = (found: number, expected: number, within: number) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

/** Columns from the worst to the best, on prompts that differ a little. */
const WORLD: World = { strengths: [0, 1], prompt: 1, clip: 0, nu: 0.5, seeds: 1, holes: 0 };

/** Davidson's outcomes of `[earlier, later, later wins, ties, earlier wins]`, each counted `times` over. */
function outcomesOf(columns: number, pairs: number[][], times = 1) {
  const net = new Float64Array(columns);
  let tied = 0;
  for (const [a, b, up, even, down] of pairs) {
    net[b!]! += (times * (up! - down!)) / 2;
    net[a!]! -= (times * (up! - down!)) / 2;
    tied += times * even!;
  }
  return {
    columns,
    earlier: pairs.map(([a]) => a!),
    later: pairs.map(([, b]) => b!),
    weight: Float64Array.from(pairs, ([, , up, even, down]) => times * (up! + even! + down!)),
    net,
    ties: tied,
  };
}

describe('sweep statistics', () => {
  it('fits the reference Davidson strengths', () => {
    for (const { columns, pairs, strengths, ties } of Object.values(goldens.davidson)) {
      const start = new Float64Array(columns + (ties > 0 ? 1 : 0));
      const { at } = fit(outcomesOf(columns, pairs as number[][]), start, 1e-9);
      strengths.forEach((strength, i) => near(at[i]!, strength, 1e-4));
      if (ties > 0) near(Math.exp(at[columns]!) / ties, 1, 1e-4);
    }
  });

  it("fits R's strengths without a prior: BradleyTerry2's, and psychotools' with ties", () => {
    // So many times over that the prior says nothing.
    const MANY = 1e4;
    for (const { pairs, strengths, ties } of Object.values(rankings)) {
      const columns = strengths.length;
      const start = new Float64Array(columns + (ties > 0 ? 1 : 0));
      const { at } = fit(outcomesOf(columns, pairs, MANY), start, 1e-10);
      strengths.forEach((strength, i) => near(at[i]!, strength, 1e-6));
      if (ties > 0) near(Math.exp(at[columns]!), ties, 1e-6);
    }
  });

  it('agrees with scipy on the intervals of win rates', () => {
    for (const { k, n, interval } of goldens.wilson) {
      const found = rateOf([...new Array<number>(k).fill(1), ...new Array<number>(n - k).fill(0)]).interval!;
      interval.forEach((end, i) => near(found[i]!, end, 1e-9));
    }
    for (const { shares, interval } of goldens.rates) {
      const found = rateOf(shares).interval!;
      interval.forEach((end, i) => near(found[i]!, end, 1e-4));
    }
  });

  it("agrees with NLTK and with Krippendorff's own example on alpha, votes missing", () => {
    for (const { levels, units, alpha, published } of alphas as {
      levels: number;
      units: number[][];
      alpha: number;
      published?: number;
    }[]) {
      near(ordinalAlpha(units, levels)!, alpha, 1e-12);
      if (published !== undefined) near(ordinalAlpha(units, levels)!, published, 5e-4);
    }
  });

  it('agrees with scipy on the sign test, Holm, power and quantiles', () => {
    for (const { k, n, p } of goldens.sign) near(upperTail(k, n, 0.5) / p, 1, 1e-9);
    holm(goldens.holm.p).forEach((p, i) => near(p, goldens.holm.adjusted[i]!, 1e-12));
    for (const { n, level, share } of goldens.detectable) {
      const found = detectableShare(n, level);
      if (share === null) assert.equal(found, null);
      else near(found!, share, 1e-8);
    }
    for (const { freedom, quantile } of goldens.student)
      near(studentQuantile(Z_TWO_SIDED, freedom), quantile, 2e-3);
  });

  it('has an alpha of 1 for agreement, below 0 for opposition, none without variation', () => {
    assert.equal(ordinalAlpha([[2, 2], [0, 0], [1, 1]]), 1); // prettier-ignore
    assert.ok(ordinalAlpha([[2, 0], [0, 2]])! < 0); // prettier-ignore
    assert.equal(ordinalAlpha([[2, 2], [2, 2]]), null); // prettier-ignore
  });

  it('shows no interval below eight prompts and none of zero width', () => {
    for (const rows of [1, 7]) {
      const { overall } = sweepStatistics(sweepOf(WORLD, rows, 'all', seededRandom(3)), 100).series;
      assert.equal(overall.againstBaseline[1]!.interval, undefined);
      assert.equal(overall.ranking!.strengths[1]!.interval, undefined);
      assert.equal(overall.best, null);
    }
  });

  it('gives a column that won everything a finite strength, and an interval that owns up to it', () => {
    const certain = { ...WORLD, strengths: [0, 60], prompt: 0, nu: 0 };
    const sure = sweepStatistics(sweepOf(certain, 20, 'all', seededRandom(3)), 100).series.overall;
    const { value, interval } = sure.ranking!.strengths[1]!;
    assert.ok(value > 1 && value < 5, `${value}`);
    assert.ok(interval![0] > 0 && interval![1] - interval![0] > 1, `${interval}`);
    assert.deepEqual(sure.best, { columns: [1], by: 'ranking', thin: [] });
  });

  it('leaves a column with too few prompts out of the best set and says so', () => {
    for (const pairing of ['all', 'baseline'] as const) {
      const input = sweepOf({ ...WORLD, strengths: [0, 1, 2] }, 20, pairing, seededRandom(3));
      const { table } = input;
      // The last column has three prompts: later entries are another prompt's.
      for (let e = 0; e < table.count; e++)
        if (table.later[e] === 2 && table.row[e]! > 2) [table.earlier[e], table.later[e]] = [0, 1];
      const { best } = sweepStatistics(input, 100).series.overall;
      assert.deepEqual(best?.thin, [2]);
      assert.ok(!best.columns.includes(2));
    }
  });

  it('ranks nothing where columns share no prompts, not even by way of a third', () => {
    const input = sweepOf({ ...WORLD, strengths: [0, 1, 2, 3] }, 20, 'all', seededRandom(3));
    const { table } = input;
    for (let e = 0; e < table.count; e++) [table.earlier[e], table.later[e]] = e % 2 ? [0, 1] : [2, 3];
    const { overall } = sweepStatistics(input, 100).series;
    assert.equal(overall.ranking, null);
    assert.equal(overall.best, null);
    assert.ok(overall.againstPrevious[3]?.interval);
  });

  it('ranks nothing while pairs are still to be judged, and measures the best against the baseline', () => {
    const input = sweepOf({ ...WORLD, strengths: [0, 1, 2] }, 20, 'all', seededRandom(3));
    assert.ok(sweepStatistics(input, 100).series.VA.ranking);
    const { series, unjudged } = sweepStatistics({ ...input, unjudged: 4 }, 100);
    assert.equal(unjudged, 4);
    for (const { ranking, best } of Object.values(series)) {
      assert.equal(ranking, null);
      assert.equal(best!.by, 'baseline');
    }
  });

  it('tells among people, with the judge, and of who was asked again', () => {
    const votes = Array.from({ length: 10 }, (_, row) =>
      ['Ada', 'Bob'].map((by) => {
        const overall = by === 'Bob' && row === 9 ? (-1 as const) : (1 as const);
        return { earlier: 0, later: 1, row, seed: 0, by, overall, at: `2026-01-01T00:00:${10 + row}Z` };
      }),
    ).flat();
    const again = { ...votes[0]!, overall: -1 as const, at: '2025-12-31T00:00:00Z' };
    const found = voteAgreement([...votes, again], ({ row }) => (row < 5 ? 1 : -1));
    assert.deepEqual(found.annotators, ['Ada', 'Bob']);
    assert.equal(found.shared, 10);
    assert.ok(found.alpha!.value <= 0 && found.alpha!.interval![0] < found.alpha!.value);
    assert.deepEqual(
      found.judge.map(({ by, pairs, agreement }) => [by, pairs, agreement.value]),
      [[null, 20, 0.55], ['Ada', 10, 0.5], ['Bob', 10, 0.6]], // prettier-ignore
    );
    assert.deepEqual(found.repeats, [{ by: 'Ada', pairs: 1, same: 0 }]);
  });
});
