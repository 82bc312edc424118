import assert from 'node:assert/strict';
import { DecodeError } from '../../../src/core/decode';
import { CRITERION_IDS } from '../../../src/core/rubric';
import { winnerOf, type Probabilities, type Verdict } from '../../../src/core/verdict';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import { mirrorProbabilities } from '../../../src/core/verdictMirror';
import {
  assembleVerdict,
  callOf,
  plainWinner,
  scoreOf,
  scoreOfWinner,
  swapVerdict,
  winnerOfScore,
  type Score,
} from '../../../src/core/verdictRule';
import { A_WINS, B_WINS, measures, random, randomMeasures, TIE, verdictInput } from './samples';

const json = (v: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify(v)) as Record<string, unknown>;
const sample = () =>
  assembleVerdict(verdictInput({ 'vf.sharpness': A_WINS }, measures(), measures({ sharpness: 3 })));

function randomProbabilities(next: () => number): Probabilities {
  const [x, y, z] = [next(), next(), next()];
  return { a: x / (x + y + z), tie: y / (x + y + z), b: z / (x + y + z) };
}

/** A verdict on two random clips with random calls, and the same with the clips given the other way round. */
function randomBothWays(seed: number): [Verdict, Verdict] {
  const next = random(seed);
  const input = verdictInput({}, randomMeasures(next), randomMeasures(next));
  input.criteria = CRITERION_IDS.map(() => (next() < 0.1 ? null : randomProbabilities(next)));
  input.overall = randomProbabilities(next);
  const key = { id: 'light_key', p: 0.9, accuracy: 0.8 };
  input.concepts = { A: [{ ...key, value: 'low' }], B: [{ ...key, value: next() < 0.5 ? 'low' : 'high' }] };
  input.orders = { mode: 'both', ab: 'A', ba: 'tie', consistent: false };
  const other = {
    ...input,
    a: input.b,
    b: input.a,
    measures: { A: input.measures.B, B: input.measures.A },
    concepts: { A: input.concepts.B, B: input.concepts.A },
    criteria: input.criteria.map((p) => p && mirrorProbabilities(p)),
    overall: mirrorProbabilities(input.overall),
    dimensions: {
      VA: mirrorProbabilities(input.dimensions.VA!),
      VF: mirrorProbabilities(input.dimensions.VF!),
      VP: mirrorProbabilities(input.dimensions.VP!),
    },
    orders: { mode: 'both' as const, ab: 'tie' as const, ba: 'B' as const, consistent: false },
  };
  return [assembleVerdict(input), assembleVerdict(other)];
}

describe('winnerOf and scores', () => {
  it('takes the largest probability', () => {
    assert.deepEqual([A_WINS, TIE, B_WINS].map(winnerOf), ['A', 'tie', 'B']);
    assert.deepEqual([A_WINS, TIE, B_WINS].map(scoreOf), [1, 0, -1]);
    assert.deepEqual(callOf(B_WINS), { winner: 'B', p: B_WINS });
  });
  it('calls an exact draw a tie', () => {
    for (const p of [
      { a: 0.4, tie: 0.2, b: 0.4 },
      { a: 0.4, tie: 0.4, b: 0.2 },
      { a: 0.2, tie: 0.4, b: 0.4 },
    ])
      assert.equal(winnerOf(p), 'tie');
  });
  it('is mirrored exactly', () => {
    const next = random(1);
    for (let i = 0; i < 500; i++) {
      const p = randomProbabilities(next);
      assert.equal(scoreOf(mirrorProbabilities(p)) + scoreOf(p), 0);
    }
  });
  it('goes from winner to score and back', () => {
    for (const score of [-1, 0, 1] as Score[]) assert.equal(scoreOfWinner(winnerOfScore(score)), score);
  });
});

describe('plainWinner', () => {
  it('takes the sign of the mean of what was judged', () => {
    assert.equal(plainWinner([1, 1, 0, 0, 0]), 'A');
    assert.equal(plainWinner([-1, -1, 0, 0, 0]), 'B');
    assert.equal(plainWinner([null, null, null, null, 1]), 'A');
  });
  it('ties up to the threshold, itself included, and where nothing was judged', () => {
    assert.equal(plainWinner([1, 0, 0, 0, 0]), 'tie');
    assert.equal(plainWinner([1, -1, 0, 0, 0]), 'tie');
    assert.equal(plainWinner([null, null]), 'tie');
    assert.equal(plainWinner([1, 0, 0, 0, 0], 0.1), 'A');
  });
});

describe('assembleVerdict', () => {
  it('has the fifteen criteria in order, scored from their probabilities', () => {
    const v = sample();
    assert.deepEqual(
      v.criteria.map((c) => c.id),
      CRITERION_IDS,
    );
    const sharpness = v.criteria.find((c) => c.id === 'vf.sharpness')!;
    assert.deepEqual([sharpness.status, sharpness.score, sharpness.p], ['judged', 1, A_WINS]);
    assert.deepEqual([v.overall.winner, v.dimensions.VF.winner, v.dimensions.VP.winner], ['A', 'B', 'tie']);
    assert.equal(v.judge.device, 'cpu');
  });
  it('claims nothing for a criterion that the judge has no eyes for, whatever the model put there', () => {
    const v = assembleVerdict(verdictInput({ 'vp.language': A_WINS }));
    assert.deepEqual(v.criteria.at(-1), {
      id: 'vp.language',
      status: 'notSeen',
      score: null,
      evidence: [],
      reason: 'This judge does not speak of film language.',
    });
  });
  it('says so where a claimed criterion got no answer', () => {
    const c = assembleVerdict(verdictInput({ 'vp.camera': null })).criteria.find(
      ({ id }) => id === 'vp.camera',
    )!;
    assert.deepEqual([c.status, c.score, c.p, c.evidence], ['missing', null, undefined, []]);
  });
  it('leaves out what it was not given', () => {
    const v = sample();
    for (const key of ['prompt', 'concepts', 'calibration', 'raw']) assert.ok(!(key in v), key);
    assert.equal(assembleVerdict({ ...verdictInput(), prompt: '' }).prompt, '');
  });
  it('gives no evidence without the measures of both clips', () => {
    const v = assembleVerdict({ ...verdictInput({ 'vf.sharpness': A_WINS }), measures: { A: measures() } });
    assert.ok(v.criteria.every((c) => c.evidence.length === 0));
  });
});

describe('swapping the sides', () => {
  it('twice gives the same verdict, reasons included', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const [v] = randomBothWays(seed);
      assert.deepEqual(swapVerdict(swapVerdict(v)), v, `seed ${seed}`);
    }
  });
  it('gives what judging the clips the other way round gives: scores, evidence and words', () => {
    let evidence = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const [v, other] = randomBothWays(seed);
      assert.deepEqual(swapVerdict(v), other, `seed ${seed}`);
      evidence += v.criteria.filter((c) => c.score && c.evidence.length > 0).length;
    }
    assert.ok(evidence > 300, `only ${evidence} criteria had evidence: the property was hardly tried`);
  });
  it('exchanges clips, winners and values', () => {
    const v = sample();
    const swapped = swapVerdict(v);
    assert.deepEqual([swapped.a, swapped.b], [v.b, v.a]);
    assert.deepEqual([v.overall.winner, swapped.overall.winner], ['A', 'B']);
    const [c] = swapped.criteria.filter(({ id }) => id === 'vf.sharpness');
    assert.equal(c!.score, -1);
    assert.deepEqual([c!.evidence[0]!.side, c!.evidence[0]!.a, c!.evidence[0]!.b], ['A', 3, 8]);
    assert.match(c!.reason, /^A loses edge detail/);
  });
});

describe('decodeVerdict', () => {
  it('reads back from JSON exactly what was written', () => {
    for (let seed = 1; seed <= 40; seed++)
      for (const v of randomBothWays(seed)) assert.deepEqual(decodeVerdict(json(v)), v, `seed ${seed}`);
    const full = {
      ...sample(),
      prompt: 'a fox',
      raw: '<think>',
      calibration: 'platt',
      options: { a: 1, b: 'x', c: true },
    };
    assert.deepEqual(decodeVerdict(json(full)), full);
  });
  it('refuses another version with a sentence', () => {
    assert.throws(() => decodeVerdict({ ...sample(), format: 'aesrm.verdict/2' }), {
      name: 'DecodeError',
      message: 'this is "aesrm.verdict/2", and this version of AesRM Review reads aesrm.verdict/1',
    });
    assert.throws(() => decodeVerdict({}), DecodeError);
  });
  const breaks: [string, (v: Record<string, unknown>) => unknown][] = [
    ['a criterion gone', (v) => (v['criteria'] = sample().criteria.slice(1))],
    ['criteria out of order', (v) => (v['criteria'] = [...sample().criteria].reverse())],
    [
      'an unknown criterion',
      (v) => (v['criteria'] = sample().criteria.map((c) => ({ ...c, id: 'va.colour' }))),
    ],
    ['a score of 2', (v) => (v['criteria'] = sample().criteria.map((c) => ({ ...c, score: 2 })))],
    [
      'an unknown measure',
      (v) =>
        (v['criteria'] = sample().criteria.map((c) => ({
          ...c,
          evidence: [{ side: 'A', start: 0, end: 1, measure: 'beauty' }],
        }))),
    ],
    ['a winner C', (v) => (v['overall'] = { winner: 'C', p: TIE })],
    ['no probabilities', (v) => (v['overall'] = { winner: 'A' })],
    ['a dimension gone', (v) => (v['dimensions'] = { VA: callOf(TIE), VF: callOf(TIE) })],
    ['a probability that is no number', (v) => (v['overall'] = { winner: 'A', p: { a: '1', tie: 0, b: 0 } })],
    ['a nested option', (v) => (v['options'] = { a: {} })],
    ['a duration of null', (v) => (v['a'] = { ...sample().a, duration: null })],
    ['orders of another kind', (v) => (v['orders'] = { mode: 'one' })],
    ['a timing in words', (v) => (v['timings'] = { judge: 'long' })],
    ['a list', () => []],
  ];
  for (const [what, spoil] of breaks)
    it(`refuses ${what}`, () => {
      const v = json(sample());
      const spoiled = spoil(v);
      assert.throws(
        () => decodeVerdict(Array.isArray(spoiled) && what === 'a list' ? spoiled : v),
        DecodeError,
      );
    });
});
