import assert from 'node:assert/strict';
import { reasonFor } from '../../../src/core/reasons';
import { WORDS } from '../../../src/core/reasonWords';
import { CRITERION_IDS, type CriterionId } from '../../../src/core/rubric';
import type { CriterionVerdict, Probabilities } from '../../../src/core/verdict';
import { assembleVerdict } from '../../../src/core/verdictRule';
import {
  amount,
  atSecond,
  momentOf,
  percent,
  probability,
  sensible,
  spanOf,
} from '../../../src/core/wording';
import { WITNESSES } from '../../../src/core/witnesses';
import {
  A_WINS,
  B_WINS,
  during,
  measures,
  random,
  randomMeasures,
  TIE,
  verdictInput,
  type SeriesOverride,
} from './samples';

/** The reason of one criterion for two made-up clips. */
function reason(id: CriterionId, p: Probabilities, a: SeriesOverride = {}, b: SeriesOverride = {}): string {
  const v = assembleVerdict(verdictInput({ [id]: p }, measures(a), measures(b)));
  return v.criteria.find((c) => c.id === id)!.reason;
}

const SLIGHT_A: Probabilities = { a: 0.45, tie: 0.3, b: 0.25 };

describe('reasons', () => {
  it('name side, moment and quantity', () => {
    assert.equal(
      reason('vf.sharpness', A_WINS, {}, { sharpness: during(1, 1.5, 3.2, 8) }),
      "B loses edge detail between 1.0 s and 1.5 s: its sharpness is 40% of A's.",
    );
    assert.equal(
      reason('vp.camera', B_WINS, { shake: during(0.5, 0.75, 1.3, 0.1) }),
      "A's camera shakes more around 0.6 s: camera shake 1.3% of width, against 0.1% of width in B.",
    );
    assert.equal(
      reason('va.color', A_WINS, {}, { saturation: 60 }),
      'B is over-saturated throughout: saturation 60%, against 20% in A.',
    );
    assert.equal(
      reason('vf.artifacts', B_WINS, { noise: 4 }, { noise: 2 }),
      "A shows more noise in flat areas throughout: its noise is 2.0 times B's.",
    );
  });
  it('give both values where a share would be of next to nothing', () => {
    assert.equal(
      reason('vf.artifacts', B_WINS, { noise: 3 }, { noise: 0.1 }),
      'A shows more noise in flat areas throughout: noise 3.0, against 0.1 in B.',
    );
  });
  it('word the direction of a fault', () => {
    assert.match(
      reason('va.exposure', A_WINS, {}, { brightness: 12 }),
      /^B is darker than a middle exposure throughout/,
    );
    assert.match(
      reason('va.exposure', A_WINS, {}, { brightness: 88 }),
      /^B is brighter than a middle exposure/,
    );
    assert.match(
      reason('va.color', A_WINS, {}, { warmth: -30 }),
      /^B has a cold cast throughout: warmth -30%/,
    );
    assert.match(reason('va.color', A_WINS, {}, { saturation: 1 }), /^B's colours are dull/);
  });
  it('name two places, and the worst of the two', () => {
    const flicker = (t: number) => during(0.25, 0.5, 3, 0)(t) + during(1.25, 1.5, 4, 0)(t) + 0.1;
    assert.equal(
      reason('vf.flicker', A_WINS, {}, { flicker }),
      "B's brightness jumps around 0.4 s, and around 1.4 s: at worst, brightness flicker 4.1%, against 0.1% in A.",
    );
  });
  it('name the worst place of side A as of side B', () => {
    const flicker = (t: number) => during(0.25, 0.5, 3, 0)(t) + during(1.25, 1.5, 4, 0)(t) + 0.1;
    assert.match(
      reason('vf.flicker', B_WINS, { flicker }),
      /at worst, brightness flicker 4\.1%, against 0\.1% in B\.$/,
    );
  });
  it('add a second measure in a second sentence', () => {
    assert.equal(
      reason('vf.texture', A_WINS, {}, { noise: 5, residual: 2 }),
      "B's flat areas are noisier throughout: its noise is 10 times A's. Camera motion aside, B is busier from frame to " +
        "frame throughout: its change left after camera motion is 2.0 times A's.",
    );
  });
  it('say when a measure says otherwise', () => {
    assert.equal(
      reason('vf.sharpness', B_WINS, {}, { sharpness: during(1, 1.5, 4, 8) }),
      'The judge prefers B, though its measured sharpness is lower between 1.0 s and 1.5 s: 4.0 against 8.0.',
    );
  });
  it('never take a measure that says otherwise for the reason', () => {
    assert.equal(
      reason('vf.sharpness', B_WINS, { sharpness: 8 }, { sharpness: 5.1 }),
      'The judge prefers B, though its measured sharpness is lower: 5.1 against 8.0.',
    );
    assert.match(
      reason('va.exposure', B_WINS, {}, { brightness: 12 }),
      /is further from a middle exposure: 12% against 45%/,
    );
    assert.match(
      reason('vf.sharpness', SLIGHT_A, { sharpness: 5 }, { sharpness: 8 }),
      /^The judge slightly prefers A \(p 0\.45\), though/,
    );
  });
  it('add what speaks against the winner to what speaks for it', () => {
    const text = reason('va.tone', A_WINS, { highlights: 9 }, { contrast: 12 });
    assert.match(
      text,
      /^B's tonal range is narrower throughout: .* Against A: its share of clipped highlights is higher: 9\.0% against 0\.2%\.$/,
    );
  });
  it('say so where no measure takes a side', () => {
    assert.equal(
      reason('vf.sharpness', B_WINS),
      'The judge favours B here (p 0.70); none of the measures recorded for it clearly favours a side.',
    );
    assert.match(reason('vf.sharpness', SLIGHT_A), /^The judge slightly favours A here \(p 0\.45\); none/);
  });
  it('call a slight preference slight', () => {
    assert.match(
      reason('vf.sharpness', SLIGHT_A, {}, { sharpness: 4 }),
      /50% of A's \(a slight preference, p 0\.45\)\.$/,
    );
    assert.doesNotMatch(reason('vf.sharpness', A_WINS, {}, { sharpness: 4 }), /slight/);
  });
  it('describe composition without calling it better', () => {
    assert.equal(
      reason('vp.composition', A_WINS, {}, { weightX: 34 }),
      'The judge favours A here (p 0.70). What differs: visual weight lies near the centre (50% across) in A, ' +
        'near the left third (34% across) in B.',
    );
  });
  it('word ties: nothing amiss, alike, or different all the same', () => {
    assert.equal(
      reason('vf.flicker', TIE),
      'Neither flickers visibly: brightness flicker 0.1% in A, 0.1% in B.',
    );
    assert.equal(
      reason('vf.sharpness', TIE, {}, { sharpness: 7.9 }),
      'Both are about equally sharp: sharpness 8.0 in A, 7.9 in B.',
    );
    assert.equal(
      reason('vf.sharpness', TIE, {}, { sharpness: during(1, 1.5, 4, 8) }),
      "Called a tie, though B loses edge detail between 1.0 s and 1.5 s: its sharpness is 50% of A's.",
    );
    assert.match(reason('vf.flicker', TIE, { flicker: 2 }, { flicker: 2.1 }), /^Both flicker about equally/);
    assert.match(reason('vp.composition', TIE), /^Both are alike: .* in both\.$/);
    assert.match(reason('vp.composition', TIE, {}, { weightX: 70 }), /^Both are alike|^A tie to the judge/);
  });
  it('a tie names the side that shows a fault, in a sentence', () => {
    assert.equal(
      reason('va.tone', TIE, { shadows: during(0.5, 1, 20, 0.5) }),
      "Called a tie, though more of A's shadows are crushed between 0.5 s and 1.0 s: share of crushed shadows 20%, " +
        'against 0.5% in B.',
    );
  });
  it('a tie tells where the judge leans, unless a measure already names the worse side', () => {
    const leaning = { a: 0.3, tie: 0.65, b: 0.05 };
    assert.equal(
      reason('vf.flicker', leaning),
      'Neither flickers visibly: brightness flicker 0.1% in A, 0.1% in B. The judge leans to A (p 0.30).',
    );
    assert.match(
      reason('vp.composition', leaning, {}, { weightX: 70 }),
      /\. The judge leans to A \(p 0\.30\)\.$/,
    );
    const mirrored = { a: 0.05, tie: 0.65, b: 0.3 };
    assert.match(reason('vf.flicker', mirrored), /The judge leans to B \(p 0\.30\)\.$/);
    for (const p of [TIE, { a: 0.09, tie: 0.91, b: 0 }, { a: 0.3, tie: 0.55, b: 0.15 }])
      assert.doesNotMatch(reason('vf.flicker', p), /leans/);
    assert.doesNotMatch(reason('vf.sharpness', leaning, { sharpness: 4 }), /leans/);
  });
  it('a tie tells of the measure that takes a side most visibly', () => {
    assert.match(reason('va.tone', TIE, { shadows: 3, highlights: 20 }), /clipped throughout/);
  });
  it('tell what differs where no measure has a better side', () => {
    assert.equal(
      reason('va.color', A_WINS, { warmth: 2 }, { warmth: during(1, 1.5, -10, 2) }),
      'The judge favours A here (p 0.70). What differs: warmth between 1.0 s and 1.5 s is 2.0% in A, -10% in B.',
    );
    assert.equal(
      reason('vf.artifacts', B_WINS, { noise: 0.5, sharpness: 6 }, { noise: 3 }),
      'The judge favours B here (p 0.70). What differs: sharpness is 6.0 in A, 8.0 in B. ' +
        'Against B: its noise is higher: 3.0 against 0.5.',
    );
  });
  it('do not call values equal that differ without a better side', () => {
    const text = reason('va.exposure', TIE, { brightness: 36 }, { brightness: 44 });
    assert.equal(text, 'The judge sees no difference here: mean brightness 36% in A, 44% in B.');
  });
  it('word what was not judged', () => {
    const base: CriterionVerdict = {
      id: 'vp.camera',
      status: 'notSeen',
      score: null,
      reason: '',
      evidence: [],
    };
    assert.equal(reasonFor(base), 'This judge does not speak of camera movement.');
    assert.equal(reasonFor({ ...base, status: 'missing' }), 'The judge gave no answer on camera movement.');
    assert.equal(reasonFor({ ...base, status: 'judged', score: 0 }), 'The judge sees no difference here.');
  });
  it('pass over evidence that the tables do not know', () => {
    const c: CriterionVerdict = {
      id: 'vf.sharpness',
      status: 'judged',
      score: 1,
      reason: 'x',
      evidence: [
        { side: 'B', start: 0, end: 1 },
        { side: 'B', start: 0, end: 1, measure: 'shake', a: 1, b: 2 },
      ],
    };
    assert.match(reasonFor(c), /^The judge favours A here; none/);
  });
  it('have words for every measure of every criterion', () => {
    for (const id of CRITERION_IDS)
      for (const { measure, sense } of WITNESSES[id]) {
        if (sense.better !== 'describes') assert.ok(WORDS[id][measure], `${id} ${measure}`);
        if (sense.better === 'nearer')
          assert.ok(WORDS[id][measure]?.off, `${id} ${measure} further from what?`);
      }
  });
  it('are whole sentences without a broken number, whatever the clips', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const input = verdictInput({}, randomMeasures(next), randomMeasures(next));
      input.criteria = CRITERION_IDS.map(() => [A_WINS, SLIGHT_A, TIE, B_WINS][Math.floor(next() * 4)]!);
      for (const c of assembleVerdict(input).criteria) {
        assert.match(c.reason, /^[A-Z].*\.$/);
        assert.doesNotMatch(c.reason, /NaN|undefined|Infinity|null|  |\.\.|e[+-]\d|[^a-z]-0\b/);
        assert.ok(c.reason.length < 260, c.reason);
      }
    }
  });
});

describe('wording', () => {
  it('rounds numbers to what a reader can use', () => {
    const values = [0, 0.04, 0.4, 5.14, 12.3, 340.2, -30.4, 0.001, -0.001];
    assert.deepEqual(values.map(sensible), ['0', '0.04', '0.4', '5.1', '12', '340', '-30', '0', '0']);
  });
  it('writes amounts with their unit', () => {
    assert.deepEqual(
      [
        amount('flicker', 6),
        amount('detail', 4.1),
        amount('shake', 1.2),
        amount('sharpness', 8),
        amount('repeat', 0.5),
      ],
      ['6.0%', '4.1 bit', '1.2% of width', '8.0', '50%'],
    );
  });
  it('writes ratios as shares, from about two on as times', () => {
    assert.deepEqual([0.4, 1.4, 1.94, 2.1, 12].map(percent), [
      '40% of',
      '140% of',
      '194% of',
      '2.1 times',
      '12 times',
    ]);
  });
  it('never rounds a probability to certainty', () => {
    assert.deepEqual([0.71, 0.999, 1, 0.001, 0].map(probability), ['0.71', '>0.99', '1.00', '<0.01', '0.00']);
  });
  it('writes times and places', () => {
    assert.deepEqual([0, 1.25, 59.94, 59.96, 65.2, 3725].map(atSecond), [
      '0.0 s',
      '1.3 s',
      '59.9 s',
      '1:00.0',
      '1:05.2',
      '62:05.0',
    ]);
    assert.equal(momentOf({ start: 1, end: 1.3 }), 'around 1.2 s');
    assert.equal(momentOf({ start: 1, end: 1.4 }), 'between 1.0 s and 1.4 s');
    assert.equal(momentOf({ start: 0, end: 2, whole: true }), 'throughout');
    assert.deepEqual(
      [spanOf({ start: 1.2, end: 2 }), spanOf({ start: 0, end: 2, whole: true })],
      ['1.2–2.0 s', 'whole clip'],
    );
    assert.deepEqual(
      [spanOf({ start: 59, end: 61 }), spanOf({ start: 1, end: 1.04 })],
      ['59.0 s–1:01.0', '1.0 s'],
    );
  });
});
