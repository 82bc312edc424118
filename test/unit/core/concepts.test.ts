import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodePairConcepts,
  holdsConcepts,
  mirrorConcepts,
  SAID,
  saidConcepts,
  type PairConcepts,
  type SaidConcept,
} from '../../../src/core/concepts';
import { decodeModelManifest, type ModelConcepts } from '../../../src/core/modelManifest';
import { conceptAccuracy, conceptSentence, describedClip } from '../../../src/core/conceptWords';
import { verdictMarkdown } from '../../../src/core/markdown';
import type { Verdict } from '../../../src/core/verdict';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import { assembleVerdict, swapVerdict } from '../../../src/core/verdictRule';
import { verdictText } from '../../../src/core/verdictText';
import { verdictInput } from './samples';
import { ROOT } from '../../support/paths';

const COMPOSITION = { id: 'composition', values: ['centred', 'thirds', 'symmetric', 'diagonal'] };
const CONCEPTS: ModelConcepts = {
  from: 2,
  classes: [
    { ...COMPOSITION, accuracy: 0.65, chance: 0.28, pairs: 400 },
    { id: 'light_key', values: ['low', 'high'], accuracy: 0.9, chance: 0.5 },
  ],
  levels: [{ id: 'saturation', rho: 0.94, low: 0.2, high: 0.8 }],
};
/** Two numbers without names, composition, light key, saturation. */
const encoding = (...tail: number[]) => Float32Array.from([5, -7, ...tail]);
const SURE = encoding(0.05, 0.8, 0.1, 0.05, 0.97, 0.03, 0.85);

describe('concepts', () => {
  it('are said in the order of the manifest, with how often they are right', () => {
    assert.deepEqual(saidConcepts(SURE, CONCEPTS), [
      { id: 'composition', value: 'thirds', p: 0.8, accuracy: 0.65, chance: 0.28 },
      { id: 'light_key', value: 'low', p: 0.97, accuracy: 0.9, chance: 0.5 },
      { id: 'saturation', value: 'high', amount: 0.85, rho: 0.94 },
    ]);
  });
  it('are not said where the judge is not sure, or the amount is ordinary', () => {
    assert.deepEqual(saidConcepts(encoding(0.25, 0.25, 0.25, 0.25, 0.59, 0.41, 0.5), CONCEPTS), []);
  });
  it('are not said where nobody measured them, or what was measured is hardly above chance', () => {
    const unmeasured = { ...CONCEPTS, classes: [COMPOSITION, { id: 'light_key', values: ['low', 'high'] }] };
    assert.deepEqual(
      saidConcepts(SURE, unmeasured).map((c) => c.id),
      ['saturation'],
    );
    const chance = 0.5;
    const weak = (by: number) => ({
      ...CONCEPTS,
      classes: [
        { ...COMPOSITION, accuracy: 0.3, chance: 0.28 },
        { id: 'light_key', values: ['low', 'high'], accuracy: chance + SAID.aboveChance + by, chance },
      ],
      levels: [{ id: 'saturation', rho: SAID.rho + by, low: 0.2, high: 0.8 }],
    });
    assert.deepEqual(saidConcepts(SURE, weak(-0.01)), []);
    assert.deepEqual(
      saidConcepts(SURE, weak(0.01)).map((c) => c.id),
      ['light_key', 'saturation'],
    );
  });
  it('a level is remarkable from its bounds on', () => {
    const said = (amount: number) =>
      saidConcepts([0, 0, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, amount], CONCEPTS).map((c) => c.value);
    assert.deepEqual([0.2, 0.21, 0.79, 0.8].map(said), [['low'], [], [], ['high']]);
  });
  it('an encoding that does not end as the manifest says is told', () => {
    assert.ok(holdsConcepts(SURE, CONCEPTS));
    assert.ok(!holdsConcepts(SURE.subarray(1), CONCEPTS), 'one number short');
    assert.ok(!holdsConcepts(encoding(0.05, 0.8, 0.1, 0.15, 0.97, 0.03, 0.85), CONCEPTS), 'a sum of 1.1');
    assert.ok(!holdsConcepts(encoding(0.05, 0.8, 0.1, 0.05, 1.2, -0.2, 0.85), CONCEPTS), 'below 0');
  });
  it('of a pair survive JSON, and are mirrored', () => {
    const pair: PairConcepts = { A: saidConcepts(SURE, CONCEPTS), B: [] };
    assert.deepEqual(decodePairConcepts(JSON.parse(JSON.stringify(pair)), 'concepts'), pair);
    assert.deepEqual(mirrorConcepts(pair), { A: [], B: pair.A });
    assert.throws(() => decodePairConcepts({ A: [] }, 'concepts'), /concepts\.B is not a list/);
    assert.throws(
      () => decodePairConcepts({ A: [{ id: 'x' }], B: [] }, 'concepts'),
      /concepts\.A\[0\]\.value is not a string/,
    );
  });
});

describe('what a judge says of a clip, in words', () => {
  const said = (values: Record<string, string>): SaidConcept[] =>
    Object.entries(values).map(([id, value]) => ({ id, value, p: 0.9, accuracy: 0.65, chance: 0.28 }));
  const DARK = said({
    composition: 'centred',
    light_key: 'low',
    shot_scale: 'medium',
    camera_move: 'static',
  });
  const BRIGHT = said({ light_key: 'high', light_direction: 'left' });

  it('is one line', () => {
    assert.equal(describedClip(DARK), 'centred medium shot, low key, static camera');
    assert.equal(describedClip(said({ composition: 'thirds' })), 'thirds composition');
    assert.equal(describedClip([]), '');
  });
  it('a move is said with its way, a way never without its move', () => {
    assert.equal(describedClip(said({ camera_move: 'tilt', tilt: 'high', pan: 'low' })), 'tilt down');
    assert.equal(describedClip(said({ camera_move: 'zoom' })), 'zoom');
    assert.equal(describedClip(said({ camera_move: 'static', pan: 'low' })), 'static camera');
    assert.equal(describedClip(said({ pan: 'low' })), '');
  });
  it('passes over what it has no words for', () => {
    assert.equal(describedClip(said({ mood: 'low', light_key: 'neon', saturation: 'low' })), 'muted colours');
    assert.equal(conceptAccuracy(said({ mood: 'low' })), '');
  });
  it('goes with how often it is right', () => {
    const level = { id: 'tonal_range', value: 'low', amount: 0.1, rho: 0.94 };
    assert.equal(
      conceptAccuracy([...said({ light_key: 'low' }), level]),
      'light key right in 65% (chance 28%); tonal range rank correlation 0.9',
    );
  });
  it('follows the reason of its criterion where it tells the clips apart, as the judge’s word', () => {
    const concepts = { A: DARK, B: BRIGHT };
    const differs = 'To the judge, A: low key; B: high key, light from the left.';
    assert.equal(conceptSentence('va.lighting', concepts, false), differs);
    const v = assembleVerdict({ ...verdictInput(), concepts });
    const reasonOf = (of: Verdict, id: string) => of.criteria.find((c) => c.id === id)!.reason;
    assert.ok(reasonOf(v, 'va.lighting').endsWith(` ${differs}`));
    assert.match(reasonOf(swapVerdict(v), 'va.lighting'), /To the judge, A: high key, .*; B: low key\.$/);
    assert.doesNotMatch(reasonOf(v, 'vf.sharpness'), /To the judge/);
    assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(v))), v);
    assert.deepEqual(swapVerdict(swapVerdict(v)), v);
  });
  it('what is said of one clip only is no difference, and is told where the reason has nothing else', () => {
    const concepts = { A: DARK, B: BRIGHT };
    assert.equal(conceptSentence('vp.camera', concepts, false), '');
    assert.equal(conceptSentence('vp.camera', concepts, true), 'To the judge, A: static camera.');
    assert.equal(conceptSentence('vp.camera', { A: DARK, B: DARK }, false), '');
    assert.equal(conceptSentence('vp.language', concepts, true), '');
    assert.equal(conceptSentence('vp.camera', undefined, true), '');
  });
  it('is a line for each clip in the exports, and none of an old verdict', () => {
    const v = assembleVerdict({ ...verdictInput(), concepts: { A: DARK, B: [] } });
    const line =
      'as the judge describes it: centred medium shot, low key, static camera (measured: composition right';
    assert.ok(verdictMarkdown(v).includes(`- **A**, ${line}`));
    assert.ok(verdictText(v, { width: 999 }).includes(`A, ${line}`));
    for (const text of [verdictMarkdown(v), verdictText(v)]) assert.doesNotMatch(text, /B\W*, as the judge/);
    const old = assembleVerdict(verdictInput());
    for (const text of [verdictMarkdown(old), verdictText(old)])
      assert.doesNotMatch(text, /as the judge describes/);
  });
});

describe('concepts in a model manifest', () => {
  const shipped = JSON.parse(
    readFileSync(join(ROOT, 'models', 'compact', 'manifest.json'), 'utf8'),
  ) as object;
  const decoded = (concepts: unknown) =>
    decodeModelManifest({ ...shipped, encodingSize: 9, concepts }).concepts;
  const refused = (change: object, why: RegExp) =>
    assert.throws(() => decoded({ ...CONCEPTS, ...change }), why);

  it('are read as they are', () => assert.deepEqual(decoded(CONCEPTS), CONCEPTS));
  it('are not there in a model without them', () => {
    assert.ok(!('concepts' in decodeModelManifest({ ...shipped, concepts: undefined })));
  });
  it('are refused with a sentence', () => {
    refused({ from: 3 }, /take 7 numbers from index 3, which does not end an encoding of 9/);
    refused({ from: 1.5 }, /from index 1.5/);
    refused({ levels: {} }, /concepts\.levels is not a list/);
    refused(
      { levels: [{ id: 'pan', low: 1, high: 1 }] },
      /levels\[0\]\.low is 1, which is not below its high/,
    );
    refused({ levels: [{ id: 'composition', low: 0, high: 1 }] }, /names "composition" twice/);
    refused({ classes: [{ ...COMPOSITION, values: ['one'] }] }, /classes\[0\]\.values are not two or more/);
    refused({ classes: [{ ...COMPOSITION, accuracy: 65 }] }, /accuracy is 65, expected a share from 0 to 1/);
  });
});
