import * as assert from 'node:assert/strict';
import { ordinalAlpha } from '../../../../src/core/sweep/stats/agreement';
import { detectableShare, holm, upperTail } from '../../../../src/core/sweep/stats/binomial';
import { fit } from '../../../../src/core/sweep/stats/davidson';
import { studentQuantile, Z_TWO_SIDED } from '../../../../src/core/sweep/stats/interval';
import { seededRandom } from '../../../../src/core/sweep/stats/random';
import { sweepStatistics } from '../../../../src/core/sweep/stats/statistics';
import type { StatisticsInput } from '../../../../src/core/sweep/statistics';
import { newPairTable, SERIES } from '../../../../src/core/sweep/table';
import goldens from './goldens/goldens.json';

const near = (found: number, expected: number, within: number) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

/** All pairs of some columns; each prompt moves each strength by its own normal-like amount. */
function sweep(strengths: number[], rows: number, prompt: number, tie: number, random: () => number) {
  const columns = strengths.length;
  const table = newPairTable((rows * columns * (columns - 1)) / 2);
  const noise = () => random() + random() + random() - 1.5;
  for (let row = 0; row < rows; row++) {
    const here = strengths.map((strength) => strength + prompt * noise());
    for (let a = 0; a < columns; a++) {
      for (let b = a + 1; b < columns; b++) {
        const e = table.count++;
        table.earlier[e] = a;
        table.later[e] = b;
        table.row[e] = row;
        for (let s = 0; s < SERIES.length; s++) {
          const up = Math.exp((here[b]! - here[a]!) / 2);
          const at = random() * (up + 1 / up + tie);
          table.winner[e * SERIES.length + s] = at < up ? 1 : at < up + tie ? 0 : -1;
        }
      }
    }
  }
  return { columns, rows, seeds: 1, table, baseline: 0, pairing: 'all' } satisfies StatisticsInput;
}

describe('sweep statistics', () => {
  it('fits the reference Davidson strengths', () => {
    for (const { columns, pairs, strengths, ties } of Object.values(goldens.davidson)) {
      const net = new Float64Array(columns);
      let tied = 0;
      for (const [a, b, up, even, down] of pairs as number[][]) {
        net[b!]! += (up! - down!) / 2;
        net[a!]! -= (up! - down!) / 2;
        tied += even!;
      }
      const outcomes = {
        columns,
        earlier: pairs.map(([a]) => a!),
        later: pairs.map(([, b]) => b!),
        weight: Float64Array.from(pairs, ([, , up, even, down]) => up! + even! + down!),
        net,
        ties: tied,
      };
      const { at } = fit(outcomes, new Float64Array(columns + (ties > 0 ? 1 : 0)), 1e-9);
      strengths.forEach((strength, i) => near(at[i]!, strength, 1e-4));
      if (ties > 0) near(Math.exp(at[columns]!) / ties, 1, 1e-4);
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
    assert.equal(ordinalAlpha([[1, 1], [-1, -1], [0, 0]]), 1); // prettier-ignore
    assert.ok(ordinalAlpha([[1, -1], [-1, 1]])! < 0); // prettier-ignore
    assert.equal(ordinalAlpha([[1, 1], [1, 1]]), null); // prettier-ignore
  });

  it('shows no interval below eight prompts and none of zero width', () => {
    for (const rows of [1, 7]) {
      const { overall } = sweepStatistics(sweep([0, 1], rows, 1, 0.5, seededRandom(3)), 100).series;
      assert.equal(overall.againstBaseline[1]!.interval, undefined);
      assert.equal(overall.best, null);
    }
    const sure = sweepStatistics(sweep([0, 60], 20, 0, 0, seededRandom(3)), 100).series.overall;
    assert.ok(Number.isFinite(sure.ranking!.strengths[1]!.value));
    assert.equal(sure.ranking!.strengths[1]!.interval, undefined);
    assert.deepEqual(sure.best, { columns: [1], by: 'ranking' });
  });

  // Fewer replicates than in use, the same code.
  it('covers, and raises no false regressions, in 300 runs with prompt effects', function () {
    this.timeout(300_000);
    const truth = [-0.8, 0, 0.8];
    const random = seededRandom(11);
    const large = sweepStatistics(sweep(truth, 20_000, 1, 0.5, random), 2).series.overall;
    const hits = { rate: 0, strength: 0, alarms: 0 };
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const { overall } = sweepStatistics(sweep(truth, 50, 1, 0.5, random), 60).series;
      for (let i = 0; i < 3; i++) {
        const { interval } = overall.ranking!.strengths[i]!;
        const strength = large.ranking!.strengths[i]!.value;
        hits.strength += interval && interval[0] <= strength && strength <= interval[1] ? 1 : 0;
        if (i === 0) continue;
        const [low, high] = overall.againstBaseline[i]!.interval!;
        const rate = large.againstBaseline[i]!.value;
        hits.rate += low <= rate && rate <= high ? 1 : 0;
      }
      const still = sweep([0, 0, 0], 50, 1, 0.5, random);
      hits.alarms += sweepStatistics({ ...still, pairing: 'adjacent' }, 2).regressions.length ? 1 : 0;
    }
    const rate = hits.rate / (2 * runs);
    const strength = hits.strength / (3 * runs);
    const told = `rates ${rate}, strengths ${strength}, alarms ${hits.alarms / runs}`;

    assert.ok(rate >= 0.93 && rate <= 0.97, told);
    assert.ok(strength >= 0.93 && strength <= 0.97, told);
    assert.ok(hits.alarms / runs <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), told);
  });
});
