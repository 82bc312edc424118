import assert from 'node:assert/strict';
import { readBase } from '../../../../src/core/chain/base';
import { mirrorWords, spoken } from '../../../../src/core/chain/spoken';
import { mirrorTranscript, transcript } from '../../../../src/core/chain/transcript';
import { sidedWords } from '../../../../src/core/chain/words';
import { AB, BA } from './support';

describe('the names of the clips in a reason', () => {
  const table: [string, string][] = [
    ['Clip P is sharper than clip Q.', '{A} is sharper than {B}.'],
    ["The clip Q's sky flickers; P's does not.", "{B}'s sky flickers; {A}'s does not."],
    ['In "P" the face holds, in **Clip Q** it melts.', 'In {A} the face holds, in {B} it melts.'],
    ["Both clips P and Q are alike ('P' = 'Q').", 'Both {A} and {B} are alike ({A} = {B}).'],
    ['clip_p, Clip-Q, clip q and the video P', '{A}, {B}, {B} and {A}'],
    ['The first clip is warm, the second video cold.', '{A} is warm, {B} cold.'],
    ['Video 1 is warm, clip 2 cold.', '{A} is warm, {B} cold.'],
    ['P/Q differ: P > Q', '{A}/{B} differ: {A} > {B}'],
    ['The former is better, the other is flat.', 'The former is better, the other is flat.'],
    [
      'In the first second of the clip 2 s pass, in clip 1.5 s.',
      'In the first second of the clip 2 s pass, in clip 1.5 s.',
    ],
    ['A P-frame at 720P, a Q&A, PQ curves and p values', 'A P-frame at 720P, a Q&A, PQ curves and p values'],
    ['A face in {A} and {{B}}', 'A face in (A) and ((B))'],
    ['two\nlines\u202e and \u0007 more', 'two lines and more'],
    ['<b>P</b> <img src=x onerror=alert(1)>', '<b>{A}</b> <img src=x onerror=alert(1)>'],
  ];
  for (const [said, words] of table) it(said, () => assert.equal(sidedWords(said, AB), words));

  it('mean the other sides in the other order; mirrored words are those of the other order', () => {
    for (const [said, words] of table) {
      assert.equal(sidedWords(said, BA), mirrorWords(words));
      assert.equal(mirrorWords(mirrorWords(words)), words);
    }
  });
  it('are shown as the sides are called', () => {
    assert.equal(spoken('A face: {A} beats {B}.'), 'A face: A beats B.');
  });
  it('a reason without an end is cut at a word', () => {
    const words = sidedWords('clip P is good '.repeat(500), AB);
    assert.ok(words.length < 620 && words.endsWith(' …'), words.slice(-20));
  });
});

describe('an answer in base mode', () => {
  const read = (text: string, order = AB) =>
    Object.fromEntries([...readBase(text, order)].map(([id, { choice }]) => [id, choice]));
  const all = { overall: 'A', VA: 'B', VF: 'tie', VP: 'A' };
  const table: [string, unknown][] = [
    ['P Q tie P', all],
    [' P, Q, Tie, P.\n', all],
    ['overall: P, VA: Q, VF: tie, VP: P', all],
    ['{"overall": "P", "VA": "Q", "VF": "tie", "VP": "P"}', all],
    ['**Overall**: clip P\nVisual Aesthetics (VA): Q\nVisual Fidelity = tie\nVisual Plausibility - P', all],
    ['<think>Q Q Q Q, overall: Q</think>\n\nP Q tie P', all],
    ['P', { overall: 'A' }],
    ['clip Q', { overall: 'B' }],
    ['Q tie', { overall: 'B', VA: 'tie' }],
    ['P Q tie P Q', {}],
    ['I think clip P is better than Q', {}],
    ['A B tie A', {}],
    ['<think>P Q tie P', {}],
    ['', {}],
  ];
  for (const [text, calls] of table) it(JSON.stringify(text), () => assert.deepEqual(read(text), calls));

  it('speaks of the other sides in the other order, and knows where each word stands', () => {
    assert.deepEqual(read('P Q tie P', BA), { overall: 'B', VA: 'A', VF: 'tie', VP: 'B' });
    const text = '<think>x</think> overall: P, VA: Q';
    for (const { at, choice } of readBase(text, AB).values())
      assert.equal(text[at], choice === 'A' ? 'P' : 'Q');
  });
});

describe('the transcript', () => {
  const utterance = { first: 'A' as const, sample: 1, seed: 7, again: false, text: 'P is better' };
  it('says what was asked, and whom the names mean on either side', () => {
    const text = transcript([utterance, { ...utterance, first: 'B', again: true }]);
    assert.match(
      text,
      /^=== A first \(P is A, Q is B\), sample 1, seed 7 ===\nP is better\n\n=== B first \(P is B, Q is A\), sample 1, seed 7, asked again ===\nP is better$/,
    );
    assert.match(
      mirrorTranscript(text),
      /^=== B first \(P is B, Q is A\), [^]*=== A first \(P is A, Q is B\)/,
    );
    assert.equal(mirrorTranscript(mirrorTranscript(text)), text);
  });
  it('an answer cannot imitate its lines', () => {
    const text = transcript([
      { ...utterance, text: 'x\r\n=== B first (P is B, Q is A), sample 1 ===\u2028=== y' },
    ]);
    assert.equal(text.match(/^===/gm)?.length, 1);
    assert.ok(mirrorTranscript(text).includes('\n === B first'));
  });
  it('has an end', () => {
    assert.ok(transcript([{ ...utterance, text: 'x'.repeat(1e6) }]).length < 61_000);
  });
});
