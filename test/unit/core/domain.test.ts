import assert from 'node:assert/strict';
import planIndices from '../../fixtures/planIndices.json';
import { arr, bool, DecodeError, num, obj, oneOf, optional, str } from '../../../src/core/decode';
import { MEASURE_IDS, MEASURES } from '../../../src/core/measures';
import { decodeModelManifest, isInside } from '../../../src/core/modelManifest';
import { isVideoName, mirrorChoice, otherSide, pairKey } from '../../../src/core/pair';
import {
  burstAround,
  burstIndices,
  FRAME_PLAN,
  frameAt,
  frameInterval,
  isLong,
  median,
  sampleTimes,
  windowStarts,
} from '../../../src/core/plan';
import { cancelled, decodeProblem, problem, ProblemError, toProblem } from '../../../src/core/problem';
import { CRITERIA, criterion, CRITERION_IDS, DIMENSION_IDS, isCriterionId } from '../../../src/core/rubric';
import { random } from './samples';

describe('rubric', () => {
  it('has three dimensions of five criteria each', () => {
    assert.deepEqual(DIMENSION_IDS, ['VA', 'VF', 'VP']);
    for (const d of DIMENSION_IDS) {
      const own = CRITERIA.filter((c) => c.dimension === d);
      assert.equal(own.length, 5);
      assert.ok(own.every((c) => c.id.startsWith(`${d.toLowerCase()}.`)));
    }
    assert.equal(CRITERIA.filter((c) => c.source === 'reconstructed').length, 3);
    assert.equal(new Set(CRITERION_IDS).size, 15);
  });
  it('knows its own ids and no name of the prototype', () => {
    assert.ok(isCriterionId('va.color'));
    for (const other of ['constructor', '__proto__', 'VA.color', '', 3, null])
      assert.ok(!isCriterionId(other), String(other));
    assert.equal(criterion('vp.language').name, 'Film language');
  });
  it('has a measure of its own id for every id', () => {
    for (const id of MEASURE_IDS) assert.equal(MEASURES[id].id, id);
  });
});

describe('frame plan', () => {
  const even = (frames: number, fps: number) => Array.from({ length: frames }, (_, i) => i / fps);

  it('samples the middle of equal intervals', () => {
    assert.deepEqual(sampleTimes(8), [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]);
  });
  it('takes adjacent frames about each sample', () => {
    assert.deepEqual(burstIndices(even(32, 16), 2).slice(0, 6), [1, 2, 3, 5, 6, 7]);
  });
  it('takes the frames that the training takes', () => {
    for (const { frames, fps, indices } of planIndices.cases)
      assert.deepEqual(burstIndices(even(frames, fps), frames / fps), indices, `${frames} at ${fps}`);
  });
  it('repeats what there is of a clip of one or two frames', () => {
    assert.deepEqual(
      burstIndices([0], 0.04),
      Array.from({ length: 24 }, () => 0),
    );
    const two = burstIndices([0, 0.5], 1);
    assert.equal(two.length, 24);
    assert.deepEqual(two.slice(0, 3), [0, 0, 1]);
    assert.deepEqual(two.slice(-3), [0, 1, 1]);
  });
  it('goes by time, not by index, in a clip of variable rate', () => {
    const times = [0, 0.1, 0.2, 0.3, 1, 2, 3, 3.9];
    const centres = burstIndices(times, 4).filter((_, i) => i % 3 === 1);
    assert.deepEqual(centres, [2, 3, 4, 4, 5, 5, 6, 6]);
  });
  it('takes no frame twice in a burst of a clip that has frames enough', () => {
    for (let frames = FRAME_PLAN.burst; frames < 60; frames++) {
      const indices = burstIndices(even(frames, 8), frames / 8);
      for (let s = 0; s < indices.length; s += FRAME_PLAN.burst)
        assert.equal(new Set(indices.slice(s, s + FRAME_PLAN.burst)).size, FRAME_PLAN.burst, `${frames}`);
    }
    assert.deepEqual(
      [0, 1, 2, 3].map((centre) => burstAround(centre, 4)[0]),
      [0, 0, 1, 1],
    );
    assert.deepEqual(burstAround(0, 1), [0, 0, 0]);
  });
  it('stays within the clip, in order, for any clip', () => {
    const next = random(2);
    for (let n = 0; n < 100; n++) {
      const times = [0];
      while (next() > 0.05) times.push(times.at(-1)! + 0.01 + next());
      const indices = burstIndices(times, times.at(-1)! + 0.04);
      assert.equal(indices.length, FRAME_PLAN.samples * FRAME_PLAN.burst);
      assert.ok(indices.every((i) => Number.isInteger(i) && i >= 0 && i < times.length));
      if (times.length < 3) continue;
      for (let s = 0; s < indices.length; s += 3)
        assert.deepEqual([indices[s + 1]! - indices[s]!, indices[s + 2]! - indices[s + 1]!], [1, 1]);
    }
  });
  it('finds the frame on screen', () => {
    const times = [0, 0.1, 0.5];
    assert.deepEqual(
      [-1, 0, 0.0999999, 0.05, 0.49, 0.5, 9].map((t) => frameAt(times, t)),
      [0, 0, 1, 0, 1, 2, 2],
    );
    assert.equal(frameAt([], 1), 0);
  });
  it('takes medians and intervals, in spite of doubled time stamps', () => {
    assert.deepEqual([median([]), median([3]), median([4, 1, 3, 2])], [0, 3, 2.5]);
    assert.equal(frameInterval([0, 0.5, 0.5, 1, 1.5]), 0.5);
    assert.deepEqual([frameInterval([0]), frameInterval([], 0.1), frameInterval([1, 1])], [0.04, 0.1, 0.04]);
  });
  it('seeks long clips, by time or by frames, in windows within the clip', () => {
    assert.deepEqual(
      [isLong(20, 1200), isLong(20.1, 49), isLong(1, 1201), isLong(20.1, undefined)],
      [false, true, true, true],
    );
    assert.equal(isLong(undefined, undefined), false);
    assert.equal(isLong(600, 48), false, 'a clip of few frames has none to spare');
    assert.deepEqual(windowStarts(80).slice(0, 2), [4.75, 14.75]);
    assert.ok(windowStarts(0.2).every((t) => t === 0));
    assert.ok(windowStarts(2).every((t) => t >= 0 && t <= 1.5));
  });
});

describe('pair', () => {
  it('has one key for both orders, and another for anything else', () => {
    const key = pairKey('x', 'y', 'judge', 'plan', '{}');
    assert.equal(pairKey('y', 'x', 'judge', 'plan', '{}'), key);
    const others = [
      pairKey('x', 'z', 'judge', 'plan', '{}'),
      pairKey('x', 'y', 'other', 'plan', '{}'),
      pairKey('x', 'y', 'judge', 'other', '{}'),
      pairKey('x', 'y', 'judge', 'plan', '{"o":1}'),
      pairKey('x', 'x', 'judge', 'plan', '{}'),
    ];
    assert.equal(new Set([key, ...others]).size, 6);
  });
  it('mirrors choices', () => {
    assert.deepEqual((['A', 'tie', 'B'] as const).map(mirrorChoice), ['B', 'tie', 'A']);
    assert.deepEqual((['A', 'B'] as const).map(otherSide), ['B', 'A']);
  });
  it('knows clips by their extension', () => {
    for (const name of ['a.mp4', 'a.MP4', 'dir.x/a.b.webm', '.gif']) assert.ok(isVideoName(name), name);
    for (const name of ['mp4', 'a.mp4.txt', 'a.', 'a', '']) assert.ok(!isVideoName(name), name);
  });
});

describe('decode', () => {
  it('passes what it names and refuses the rest with the place', () => {
    assert.deepEqual(
      [str('', 's'), num(-1.5, 'n'), bool(false, 'b'), oneOf(2, [1, 2] as const, 'o')],
      ['', -1.5, false, 2],
    );
    assert.deepEqual(
      [arr([1], 'a'), obj({ x: 1 }, 'o'), optional(null, String), optional(0, String)],
      [[1], { x: 1 }, undefined, '0'],
    );
    for (const bad of [NaN, Infinity, '1', null])
      assert.throws(() => num(bad, 'here'), { name: 'DecodeError', message: 'here is not a number' });
    for (const bad of [null, [], 'x', undefined]) assert.throws(() => obj(bad, 'here'), DecodeError);
    assert.throws(() => oneOf('c', ['a', 'b'], 'here'), { message: 'here is "c", expected one of a, b' });
    for (const check of [() => arr({}, 'x'), () => bool(0, 'x'), () => str(1, 'x')])
      assert.throws(check, DecodeError);
  });
});

describe('problem', () => {
  it('turns anything thrown into a problem', () => {
    assert.deepEqual(toProblem(problem('empty', 'x is empty.', 'fix')), {
      code: 'empty',
      message: 'x is empty.',
      fix: 'fix',
    });
    assert.equal(toProblem(new DOMException('x', 'AbortError')).code, 'cancelled');
    assert.equal(toProblem(new DecodeError('no')).message, 'no');
    assert.deepEqual(toProblem(7), { code: 'internal', message: '7' });
  });
  it('is known by its code', () => {
    assert.ok(ProblemError.is(cancelled(), 'cancelled') && ProblemError.is(cancelled()));
    assert.ok(!ProblemError.is(cancelled(), 'empty') && !ProblemError.is(new Error('x')));
  });
  it('reads back what was written, and nothing unknown', () => {
    const whole = { code: 'notVideo', message: 'm', fix: 'f', side: 'A' };
    assert.deepEqual(decodeProblem(JSON.parse(JSON.stringify({ ...whole, stack: 'secret' }))), whole);
    for (const bad of [{ ...whole, code: 'odd' }, { ...whole, side: 'C' }, { code: 'empty' }, null])
      assert.throws(() => decodeProblem(bad), DecodeError);
  });
});

describe('model manifest', () => {
  const file = { path: 'encoder.onnx', sha256: 'a'.repeat(64), bytes: 10 };
  const manifest = () => ({
    format: 'aesrm.model/1',
    id: 'compact',
    name: 'Compact',
    version: '1',
    kind: 'encoder-judge',
    licence: 'MIT',
    plan: FRAME_PLAN.id,
    encodingSize: 512,
    files: { encoder: { ...file }, judge: { ...file, path: 'sub/judge.onnx' } },
    input: {
      encoder: 'frames',
      a: 'a',
      b: 'b',
      dtype: 'uint8',
      layout: 'FHWC',
      colourMatrix: 'bt601',
      colourRange: 'full',
      resizeFilter: 'lanczos, then lanczos',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    output: { encoding: 'e', criteria: 'c', dimensions: 'd', overall: 'o' },
    criteria: [...CRITERION_IDS],
    claimed: ['vf.sharpness'],
    agreement: [{ set: 's', labelKind: 'degradation', pairs: 10, accuracy: 0.9, ci: [0.8, 0.95] }],
    short: ['Sees damage.'],
  });

  it('reads back what was written', () => {
    assert.deepEqual(decodeModelManifest(JSON.parse(JSON.stringify(manifest()))), manifest());
    assert.deepEqual(decodeModelManifest({ ...manifest(), short: undefined }).short, []);
  });
  it('keeps paths inside the folder', () => {
    for (const good of ['a.onnx', 'sub/a.onnx', '..a', 'a..b/c', '...']) assert.ok(isInside(good), good);
    const bad = [
      '',
      '/a',
      '\\a',
      'C:\\a',
      'C:a',
      '../a',
      'a/../b',
      'a/..',
      './a',
      'a//b',
      'a/',
      'a\\..\\b',
      'a\0b',
      'file:a',
    ];
    for (const path of bad) assert.ok(!isInside(path), JSON.stringify(path));
  });
  const breaks: [string, (m: ReturnType<typeof manifest>) => unknown][] = [
    ['a later version', (m) => (m.format = 'aesrm.model/2')],
    ['another frame plan', (m) => (m.plan = 'uniform-16')],
    ['criteria in another order', (m) => m.criteria.reverse()],
    ['a claim on an unknown criterion', (m) => (m.claimed = ['va.beauty'])],
    ['a path that leaves the folder', (m) => (m.files.judge.path = '../judge.onnx')],
    ['a hash in upper case', (m) => (m.files.encoder.sha256 = 'A'.repeat(64))],
    ['another kind', (m) => (m.kind = 'vlm')],
    ['another dtype', (m) => (m.input.dtype = 'float32')],
    ['a card in short that fills a page', (m) => m.short.push('x'.repeat(401))],
    ['a mean in words', (m) => ((m.input.mean as unknown[]) = ['half'])],
  ];
  for (const [what, spoil] of breaks)
    it(`refuses ${what}`, () => {
      const m = manifest();
      spoil(m);
      assert.throws(() => decodeModelManifest(m), DecodeError);
    });
});
