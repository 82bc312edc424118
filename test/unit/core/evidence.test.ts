import assert from 'node:assert/strict';
import { evidenceFor, measuredPair } from '../../../src/core/evidence';
import { MEASURE_IDS, type ClipMeasures } from '../../../src/core/measures';
import type { Choice } from '../../../src/core/pair';
import { CRITERION_IDS, type CriterionId } from '../../../src/core/rubric';
import type { Evidence } from '../../../src/core/verdict';
import {
  cost,
  differs,
  gain,
  takesSide,
  VISIBILITY,
  visibleStep,
  WITNESSES,
  witnessOf,
} from '../../../src/core/witnesses';
import { during, measures, random, randomMeasures } from './samples';

const find = (id: CriterionId, winner: Choice, a: ClipMeasures, b: ClipMeasures) =>
  evidenceFor(id, winner, measuredPair(a, b));
const near = (actual: number, expected: number, slack: number) =>
  assert.ok(Math.abs(actual - expected) <= slack, `${actual} is not within ${slack} of ${expected}`);

describe('witnesses', () => {
  it('has a visibility for every measure and names no measure twice in a criterion', () => {
    for (const id of MEASURE_IDS) assert.ok(VISIBILITY[id].absolute > 0, id);
    for (const id of CRITERION_IDS)
      assert.equal(new Set(WITNESSES[id].map((w) => w.measure)).size, WITNESSES[id].length, id);
  });
  it('costs: lower, higher up to a limit, nearer to the ordinary, none for a description', () => {
    assert.ok(cost({ better: 'lower' }, 1) < cost({ better: 'lower' }, 2));
    assert.ok(cost({ better: 'higher' }, 2) < cost({ better: 'higher' }, 1));
    assert.equal(cost({ better: 'higher', below: 30 }, 40), cost({ better: 'higher', below: 30 }, 30));
    const nearer = { better: 'nearer', to: 45, within: 8 } as const;
    assert.deepEqual(
      [45, 37, 53, 33, 57].map((v) => cost(nearer, v)),
      [0, 0, 0, 4, 4],
    );
    assert.equal(cost({ better: 'describes' }, 3), cost({ better: 'describes' }, 90));
  });
  it('sees a difference only above both floors', () => {
    assert.ok(!differs('sharpness', 1, 1.4), 'under the absolute floor');
    assert.ok(!differs('sharpness', 20, 21), 'under the relative floor');
    assert.ok(differs('sharpness', 8, 5));
    assert.equal(visibleStep('sharpness', 20, 10), 2.4);
  });
  it('is antisymmetric to the last bit', () => {
    const next = random(5);
    for (const id of CRITERION_IDS)
      for (const w of WITNESSES[id])
        for (let i = 0; i < 50; i++) {
          const [x, y] = [next() * 60, next() * 60];
          assert.equal(gain(w, x, y) + gain(w, y, x), 0);
        }
  });
});

describe('evidence for a winner', () => {
  it('finds the time where the loser falls short, with the means over it', () => {
    const [e, ...rest] = find(
      'vf.sharpness',
      'A',
      measures(),
      measures({ sharpness: during(1, 1.5, 3.2, 8) }),
    );
    assert.deepEqual(e, { side: 'B', start: 1, end: 1.5, measure: 'sharpness', a: 8, b: 3.2 });
    assert.deepEqual(rest, []);
  });
  it('is the mirror image for the other side', () => {
    const [e] = find('vf.sharpness', 'B', measures({ sharpness: during(1, 1.5, 3.2, 8) }), measures());
    assert.deepEqual(e, { side: 'A', start: 1, end: 1.5, measure: 'sharpness', a: 3.2, b: 8 });
  });
  it('says whole where the difference is steady', () => {
    const [e] = find('va.lighting', 'A', measures({ contrast: 20 }), measures({ contrast: 12 }));
    assert.deepEqual(e, {
      side: 'B',
      start: 0,
      end: 2,
      measure: 'contrast',
      a: 20,
      b: 12,
      unit: '%',
      whole: true,
    });
  });
  it('names two places at most, the strongest, in order of time', () => {
    const long = { fps: 16, frames: 80 };
    const shake = (t: number) =>
      during(0.25, 0.5, 2, 0)(t) + during(1, 1.25, 1.3, 0)(t) + during(1.75, 2, 2.2, 0)(t) + 0.1;
    const found = find('vp.camera', 'A', measures({}, long), measures({ shake }, long));
    assert.deepEqual(
      found.map((e) => [e.start, e.end, e.b]),
      [
        [0.25, 0.5, 2.1],
        [1.75, 2, 2.3],
      ],
    );
  });
  it('leaves out a place under half of the strongest', () => {
    const shake = (t: number) => during(0.25, 0.5, 0.9, 0)(t) + during(1.25, 1.5, 2.2, 0)(t) + 0.1;
    const found = find('vp.camera', 'A', measures(), measures({ shake }));
    assert.deepEqual(
      found.map((e) => e.start),
      [1.25],
    );
  });
  it('widens a single frame to a place that can be looked at', () => {
    const [e] = find('vf.flicker', 'A', measures(), measures({ flicker: during(1, 1.05, 6, 0.1) }));
    assert.ok(e!.end - e!.start >= 0.15);
    assert.ok(e!.start <= 1 && e!.end >= 1.0625);
    near(e!.b!, (6 + 0.1 + 0.1) / 3, 1e-3);
  });
  it('takes two frames at least of a slow clip', () => {
    const slow = { fps: 5, frames: 10 };
    const [e] = find(
      'vf.flicker',
      'A',
      measures({}, slow),
      measures({ flicker: during(1, 1.1, 6, 0.1) }, slow),
    );
    near(e!.end - e!.start, 0.4, 1e-9);
  });
  it('names the strongest places of many, where all together hardly show over the clip', () => {
    const long = { fps: 16, frames: 160 };
    const flicker = (t: number) => ({ 1: 4, 3: 5, 6: 4, 9: 5 })[t] ?? 0.1;
    const found = find('vf.flicker', 'A', measures({}, long), measures({ flicker }, long));
    assert.deepEqual(
      found.map((e) => [e.whole, Math.round(e.start)]),
      [
        [undefined, 3],
        [undefined, 9],
      ],
    );
  });
  it('takes places less than a third of a second apart for one', () => {
    const repeat = (t: number) => during(0.5, 0.75, 1, 0)(t) + during(0.95, 1.2, 1, 0)(t);
    const [e, ...rest] = find('vf.flicker', 'A', measures(), measures({ repeat }));
    assert.deepEqual([e!.measure, e!.start, e!.end, rest.length], ['repeat', 0.5, 1.25, 0]);
  });
  it('sees what comes back all over the clip as whole: every other frame repeated', () => {
    const [e] = find('vf.flicker', 'A', measures(), measures({ repeat: (t) => Math.round(t * 16) % 2 }));
    assert.deepEqual([e!.measure, e!.whole, e!.b], ['repeat', true, 0.5]);
  });
  it('finds nothing where nothing differs visibly, or no measure speaks of it', () => {
    assert.deepEqual(find('vf.sharpness', 'A', measures(), measures({ sharpness: 7.7 })), []);
    assert.deepEqual(find('vp.language', 'A', measures(), measures({ sharpness: 1 })), []);
  });
  it('does not pick one of two equal faults: each clip is soft once', () => {
    const [a, b] = [
      measures({ sharpness: during(0, 0.5, 4, 8) }),
      measures({ sharpness: during(1, 1.5, 4, 8) }),
    ];
    assert.deepEqual(find('vf.sharpness', 'A', a, b), []);
    assert.deepEqual(find('vf.sharpness', 'B', a, b), []);
  });
  it('does not take a measure for a reason that speaks against it for more than half as long', () => {
    const b = measures({ sharpness: during(1, 1.75, 4, 8) });
    assert.deepEqual(find('vf.sharpness', 'A', measures({ sharpness: during(0, 0.5, 4, 8) }), b), []);
    assert.equal(find('vf.sharpness', 'A', measures({ sharpness: during(0, 0.25, 4, 8) }), b).length, 1);
  });
  it('gives the strongest of the places that speak otherwise', () => {
    const soft = (t: number) => Math.min(during(0.25, 0.5, 5, 8)(t), during(1.25, 1.5, 3, 8)(t));
    const found = find('vf.sharpness', 'B', measures(), measures({ sharpness: soft }));
    assert.deepEqual(
      found.map((e) => [e.side, e.start, e.b]),
      [['B', 1.25, 3]],
    );
  });
  it('keeps a measure that says otherwise apart: the worse side is the winner', () => {
    const [e, ...rest] = find('vf.sharpness', 'B', measures({ sharpness: 8 }), measures({ sharpness: 5 }));
    assert.deepEqual([e!.side, e!.a, e!.b, rest.length], ['B', 8, 5, 0]);
  });
  it('puts what supports first, strongest first, then what says otherwise', () => {
    const b = measures({ shadows: 20, contrast: 12, highlights: 0 });
    const found = find('va.tone', 'A', measures({ highlights: 9 }), b);
    assert.deepEqual(
      found.map((e) => [e.measure, e.side]),
      [
        ['shadows', 'B'],
        ['contrast', 'B'],
        ['highlights', 'A'],
      ],
    );
  });
  it('describes without a better side', () => {
    const [e] = find('vp.composition', 'A', measures({ weightX: 50 }), measures({ weightX: 34 }));
    assert.deepEqual([e!.side, e!.measure, e!.a, e!.b], ['both', 'weightX', 50, 34]);
  });
  it('takes no side by values beyond what matters: both over-contrasty, both well exposed', () => {
    const sides = (found: readonly Evidence[]) => found.map((e) => [e.side, e.measure, e.a, e.b]);
    assert.deepEqual(
      sides(find('va.lighting', 'A', measures({ contrast: 40 }), measures({ contrast: 32 }))),
      [['both', 'contrast', 40, 32]],
    );
    assert.deepEqual(
      sides(find('va.exposure', 'A', measures({ brightness: 52 }), measures({ brightness: 38 }))),
      [['both', 'brightness', 52, 38]],
    );
  });
});

describe('evidence for a tie', () => {
  it('is of both, over the whole clip, with both values', () => {
    const found = find('vf.sharpness', 'tie', measures({ sharpness: 8 }), measures({ sharpness: 7.9 }));
    assert.deepEqual(found, [
      { side: 'both', start: 0, end: 2, measure: 'sharpness', a: 8, b: 7.9, whole: true },
    ]);
  });
  it('never holds -0, which JSON would not give back', () => {
    const [e] = find('vp.composition', 'tie', measures({ weightX: -0.00001 }), measures({ weightX: 0 }));
    assert.ok(Object.is(e!.a, 0));
  });
  it('prefers a measure that differs all the same, at its place', () => {
    const found = find('vf.flicker', 'tie', measures(), measures({ repeat: during(1, 1.5, 1, 0) }));
    assert.deepEqual(
      found.map((e) => [e.side, e.measure, e.start, e.end]),
      [['both', 'repeat', 1, 1.5]],
    );
  });
});

describe('clips that are not alike', () => {
  it('compares clips of different rate in seconds', () => {
    const b = measures({ sharpness: during(1, 1.5, 3, 8) }, { fps: 8, frames: 16 });
    const [e] = find('vf.sharpness', 'A', measures({}, { fps: 24, frames: 48 }), b);
    near(e!.start, 1, 1 / 24);
    near(e!.end, 1.5, 1 / 24);
    near(e!.b!, 3, 0.2);
  });
  it('does not compare frame-to-frame change at different rates', () => {
    const slow = measures({ residual: 4, shake: 2 }, { fps: 8, frames: 16 });
    assert.deepEqual(find('vf.structure', 'A', measures(), slow), []);
    assert.deepEqual(find('vp.camera', 'A', measures(), slow), []);
    assert.equal(find('vf.structure', 'A', measures(), measures({ residual: 4 })).length, 1);
  });
  it('compares up to the end of the shorter clip', () => {
    const b = measures({ contrast: (t) => (t < 1 ? 12 : 20) }, { fps: 16, frames: 64 });
    const [e] = find('va.lighting', 'A', measures({}, { fps: 16, frames: 16 }), b);
    assert.deepEqual([e!.start, e!.end, e!.b, e!.whole], [0, 1, 12, true]);
  });
  it('takes clips of one frame, and of none', () => {
    const one = { fps: 16, frames: 1 };
    const [e] = find('vf.sharpness', 'A', measures({}, one), measures({ sharpness: 2 }, one));
    assert.deepEqual([e!.a, e!.b, e!.whole], [8, 2, true]);
    assert.deepEqual(find('vf.sharpness', 'A', measures({}, { fps: 16, frames: 0 }), measures()), []);
  });
  it('does not read across the gaps of a clip measured in windows', () => {
    const windows = (over: Parameters<typeof measures>[0]) => {
      const m = measures(over, { fps: 10, frames: 400 });
      const keep = m.times.map((t) => t % 5 < 0.5);
      const kept = (xs: number[]) => xs.filter((_, i) => keep[i]);
      const series = Object.fromEntries(MEASURE_IDS.map((id) => [id, kept(m.series[id])]));
      return { times: kept(m.times), series: series as ClipMeasures['series'] };
    };
    const found = find('vf.sharpness', 'A', windows({}), windows({ sharpness: (t) => (t < 10 ? 3 : 8) }));
    assert.deepEqual(
      found.map((e) => [e.start, e.end, e.b]),
      [
        [0, 0.5, 3],
        [5, 5.5, 3],
      ],
    );
  });
  it('falls back on the means of two long clips whose windows share no time', () => {
    const late = measures({ contrast: (t) => (t < 1 ? 14 : 10) });
    late.times = late.times.map((t) => t + 10);
    const [e] = find('va.lighting', 'A', measures(), late);
    assert.deepEqual([e!.a, e!.b, e!.whole], [20, 12, true]);
  });
  it('leaves out values that are none: the first frame has no change, and a wire turns NaN to null', () => {
    const b = measures({ residual: 4 });
    b.series.residual[0] = NaN;
    b.series.residual[1] = null as unknown as number;
    const [e] = find('vf.structure', 'A', measures(), b);
    assert.deepEqual([e!.a, e!.b], [1, 4]);
  });
});

describe('any evidence', () => {
  const mirrored = ({ a, b, side, ...rest }: Evidence): Evidence => ({
    ...rest,
    side: side === 'both' ? 'both' : side === 'A' ? 'B' : 'A',
    a: b!,
    b: a!,
  });
  const other = { A: 'B', B: 'A', tie: 'tie' } as const;

  for (let seed = 1; seed <= 40; seed++)
    it(`holds its promises for random clips, seed ${seed}`, () => {
      const next = random(seed);
      const [a, b] = [randomMeasures(next), randomMeasures(next)];
      const shared = Math.min(a.times.at(-1)!, b.times.at(-1)!) + 0.2;
      for (const id of CRITERION_IDS)
        for (const winner of ['A', 'tie', 'B'] as const) {
          const found = find(id, winner, a, b);
          assert.deepEqual(find(id, other[winner], b, a), found.map(mirrored), `${id} ${winner} mirrored`);
          assert.ok(found.length <= 4);
          for (const e of found) {
            assert.ok(e.start >= 0 && e.start < e.end && e.end <= shared, JSON.stringify(e));
            const witness = witnessOf(id, e.measure)!;
            if (winner !== 'tie' && e.side !== 'both')
              assert.ok(
                takesSide(witness, e.a!, e.b!) !== 0 ||
                  Math.abs(gain(witness, e.a!, e.b!)) > 0.9 * visibleStep(e.measure!, e.a!, e.b!),
                `${id} ${JSON.stringify(e)} is not visible`,
              );
            if (winner !== 'tie' && witness.sense.better === 'describes')
              assert.ok(differs(e.measure!, e.a!, e.b!));
          }
        }
    });
});
