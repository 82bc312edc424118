import * as assert from 'node:assert/strict';
import { benchFigures, callRight, signRight, type JudgedLabel } from '../../../../src/core/bench/figures';
import {
  isDistinguishable,
  meanDifference,
  meanShare,
  shareOf,
  type Estimate,
  type Observation,
} from '../../../../src/core/bench/stats/bootstrap';
import { BINS, calibrationOf, LEAST_PER_BIN } from '../../../../src/core/bench/stats/calibration';
import { bothOrders, positionBias } from '../../../../src/core/bench/stats/position';
import { calibrateTies, isRight, type Leaning } from '../../../../src/core/bench/stats/ties';
import { seededRandom } from '../../../../src/core/sweep/stats/random';
import { SERIES } from '../../../../src/core/sweep/table';
import goldens from './goldens/goldens.json';

const near = (found: number, expected: number, within: number) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

/** The references draw 100,000 times: the product's fewer draws stray from them. */
function nearEstimate(found: Estimate | null, expected: { value: number; interval: number[] }): void {
  near(found!.value, expected.value, 1e-12);
  expected.interval.forEach((end, i) => near(found!.interval![i]!, end, 0.006));
}

/** The references' labels as one of the two judges has them. */
function labelsBy(judge: number): JudgedLabel[] {
  return goldens.labels.map(({ source, group, label, p }) => {
    const [a, tie, b] = p[judge] as [number, number, number];
    const facts = { kind: 'human', aspect: 'overall', row: 'overall' };
    return { ...facts, source, group, label: label as JudgedLabel['label'], p: { a, tie, b } };
  });
}
const bySource = (labels: readonly JudgedLabel[]) =>
  ['one', 'two'].map((name) => labels.filter(({ source }) => source === name));

const paired = (right: (labels: readonly JudgedLabel[]) => Observation[], source: number): Observation[] => {
  const [here, there] = [0, 1].map((judge) => right(bySource(labelsBy(judge))[source]!));
  return here!.map(({ value, group }, i) => ({ value: value - there![i]!.value, group }));
};

describe("a benchmark's statistics, against references", () => {
  const { cells, macros, calibration } = benchFigures(labelsBy(0), []);

  it('has their accuracy without and with ties, and intervals over groups', () => {
    cells.forEach((cell, i) => {
      nearEstimate(cell.withoutTies, goldens.withoutTies[i]!);
      nearEstimate(cell.withTies, goldens.withTies[i]!);
    });
    const [mean] = macros;
    nearEstimate(mean!.withoutTies, goldens.mean.withoutTies);
    nearEstimate(mean!.withTies, goldens.mean.withTies);
  });

  it('has their thresholds for ties, and what these reach', () => {
    cells.forEach(({ calibrated }, i) => {
      near(calibrated.threshold, goldens.calibrated[i]!.threshold, 1e-12);
      near(calibrated.value, goldens.calibrated[i]!.accuracy, 1e-12);
    });
  });

  it('has their calibration error and reliability table', () => {
    const { error, bins } = calibration[0]!.calibration;
    near(error, goldens.calibration.error, 1e-12);
    bins.forEach(({ pairs, confidence, accuracy }, i) => {
      const [n, mean, right] = goldens.calibration.bins[i] as [number, number, number];
      assert.equal(pairs, n);
      near(confidence, mean, 1e-12);
      near(accuracy, right, 1e-12);
    });
  });

  it('has their differences between two judges', () => {
    nearEstimate(meanDifference([paired(signRight, 0)]), goldens.difference.withoutTies);
    nearEstimate(meanDifference([paired(callRight, 0)]), goldens.difference.withTies);
    nearEstimate(meanDifference([0, 1].map((s) => paired(signRight, s))), goldens.difference.mean);
  });
});

describe('tie calibration', () => {
  it('finds what trying every threshold finds, the smallest of the best', () => {
    const random = seededRandom(5);
    for (let run = 0; run < 300; run++) {
      // Few distinct leans, so that many are equal, and some exactly none.
      const pairs = Array.from({ length: 1 + Math.floor(random() * 25) }, (): Leaning => ({
        margin: (Math.floor(random() * 9) - 4) / 4,
        label: (Math.floor(random() * 3) - 1) as Leaning['label'],
      }));
      const accuracyAt = (t: number) => pairs.filter((pair) => isRight(pair, t)).length / pairs.length;
      const tried = [0, 0.25, 0.5, 0.75, 1].map((t) => ({ threshold: t, accuracy: accuracyAt(t) }));
      const best = tried.reduce((a, b) => (b.accuracy > a.accuracy + 1e-12 ? b : a));
      assert.deepEqual(calibrateTies(pairs), best, JSON.stringify(pairs));
    }
  });

  it('of no pair is nothing', () => {
    assert.deepEqual(calibrateTies([]), { threshold: 0, accuracy: 0 });
  });
});

describe('accuracy without ties', () => {
  it('goes by the lean, not by the call, and counts no lean half', () => {
    const one = (p: [number, number, number], label: JudgedLabel['label']): JudgedLabel => ({
      ...{ kind: 'k', source: 's', aspect: 'overall', row: 'overall', group: 'g', label },
      p: { a: p[0], tie: p[1], b: p[2] },
    });
    const labels = [one([0.3, 0.5, 0.2], 1), one([0.25, 0.5, 0.25], -1), one([0.1, 0.2, 0.7], 0)];
    assert.deepEqual(
      signRight(labels).map(({ value }) => value),
      [1, 0.5],
    );
    assert.deepEqual(
      callRight(labels).map(({ value }) => value),
      [0, 0, 0],
    );
  });
});

describe('calibration', () => {
  it('says nothing of too few pairs, and what chance alone shows of many', () => {
    const few = Array.from({ length: BINS * LEAST_PER_BIN - 1 }, () => ({ confidence: 0.5, right: true }));
    assert.equal(calibrationOf(few), null);
    const random = seededRandom(11);
    const perfect = Array.from({ length: 40 }, () =>
      Array.from({ length: 600 }, () => {
        const confidence = 0.34 + 0.66 * random();
        return { confidence, right: random() < confidence };
      }),
    );
    const found = perfect.map((calls) => calibrationOf(calls)!);
    const mean = (of: (c: (typeof found)[number]) => number) =>
      found.reduce((sum, c) => sum + of(c), 0) / found.length;
    near(
      mean(({ error }) => error),
      mean(({ byChance }) => byChance),
      0.003,
    );
    const boastful = perfect.flat().map(({ right }) => ({ confidence: 0.99, right }));
    assert.ok(calibrationOf(boastful)!.error > 0.25);
  });
});

describe('intervals over groups', () => {
  const world = (groups: number, random: () => number) => {
    const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Array.from({ length: groups }, (_, g) => {
      const p = 1 / (1 + Math.exp(-(0.9 + gauss())));
      return Array.from({ length: 1 + Math.floor(6 * random()) }, () => ({
        value: Number(random() < p),
        group: String(g),
      }));
    }).flat();
  };

  it('hold the truth in 93 to 97 of 100 benchmarks of 50 groups, and of two judges that differ in nothing', function () {
    this.timeout(120_000);
    const random = seededRandom(3);
    const large = world(200_000, random);
    const truth = large.reduce((sum, { value }) => sum + value, 0) / large.length;
    const runs = 1000;
    let [held, alike] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const here = world(50, random);
      const [low, high] = shareOf(here)!.interval!;
      held += Number(low <= truth && truth <= high);
      const difference = here.map(({ value, group }) => ({ value: value - Number(random() < truth), group }));
      alike += Number(!isDistinguishable(meanDifference([difference])!));
    }
    for (const share of [held / runs, alike / runs])
      assert.ok(share >= 0.93 && share <= 0.97, `${held} and ${alike} of ${runs}`);
  });

  it('are the same every time, and none below eight groups', () => {
    const observations = world(20, seededRandom(9));
    assert.deepEqual(shareOf(observations), shareOf(observations));
    const few = observations.filter(({ group }) => Number(group) < 7);
    assert.deepEqual(Object.keys(shareOf(few)!), ['value']);
    assert.equal(isDistinguishable(shareOf(few)!), undefined);
    assert.deepEqual(Object.keys(meanShare([observations, few])!), ['value']);
    assert.equal(shareOf([]), null);
  });

  it('are not empty where all is right', () => {
    const right = Array.from({ length: 10 }, (_, g) => ({ value: 1, group: String(g) }));
    const { interval } = shareOf(right)!;
    near(interval![0], 0.7225, 1e-3);
    assert.equal(interval![1], 1);
  });
});

describe('position bias', () => {
  const p = (a: number, b: number) => ({ a, tie: 1 - a - b, b });
  const all = (call: ReturnType<typeof p>) => ({ overall: call, VA: call, VF: call, VP: call });

  it('is none for a judge that mirrors its verdict', () => {
    const pairs = Array.from({ length: 10 }, (_, g) => ({
      ...{ ab: all(p(0.7, 0.2)), ba: all(p(0.2, 0.7)), group: String(g) },
    }));
    const { verdicts, changed, first } = positionBias(pairs);
    assert.deepEqual([verdicts, changed, first!.value], [40, 0, 0.5]);
  });

  it('is found in one that prefers what comes first', () => {
    const biased = { ab: all(p(0.7, 0.2)), ba: all(p(0.6, 0.2)) };
    const tied = { ab: all(p(0.1, 0.1)), ba: all(p(0.1, 0.1)) };
    const pairs = Array.from({ length: 10 }, (_, g) => ({ ...(g < 4 ? biased : tied), group: String(g) }));
    const { pairs: count, changed, changes, first } = positionBias(pairs);
    assert.deepEqual([count, changed, changes!.value, first!.value], [10, 16, 0.4, 1]);
  });

  it('leaves out what one order does not say, and counts the pairs without a verdict there', () => {
    const flat = p(1 / 3, 1 / 3);
    const told = { ab: all(p(0.7, 0.2)), ba: all(p(0.2, 0.7)) };
    const pairs = [
      { ...told, group: 'whole' },
      { ab: all(p(0.7, 0.2)), ba: all(flat), unsaid: SERIES, group: 'none' },
      { ...told, ba: { ...told.ba, VP: flat }, unsaid: ['VP'] as const, group: 'but for one' },
    ];
    const { pairs: count, unanswered, verdicts, changed, first } = positionBias(pairs);
    assert.deepEqual([count, unanswered, verdicts, changed, first!.value], [2, 1, 7, 0, 0.5]);
  });

  it('tells what no order says from what one order says is even', () => {
    const { unsaid, unjudged } = bothOrders(
      { overall: p(1 / 3, 1 / 3), VA: p(0.7, 0.2) },
      { VA: p(0.2, 0.7) },
    );
    assert.deepEqual(
      [unsaid, unjudged],
      [
        ['overall', 'VF', 'VP'],
        ['VF', 'VP'],
      ],
    );
  });
});
