import assert from 'node:assert/strict';
import { AnswerReader } from '../../../../src/core/chain/answer';
import { MOST_TEXT } from '../../../../src/core/chain/lenientJson';
import { EVERYTHING } from '../../../../src/core/chain/wanted';
import { CRITERION_IDS } from '../../../../src/core/rubric';
import { random } from '../samples';
import { AB, CORE, DURATIONS, GOOD, read, wholeAnswer } from './support';

const WHOLE = JSON.stringify(wholeAnswer(), null, 2);
/** Its first criteria and its verdicts. */
const SHORT = WHOLE.replace(/"va\.exposure"[^]*(?="vp\.language")/, '');

describe('reading is robust', () => {
  const samples = () => [
    SHORT,
    `Well: \`\`\`json\n${SHORT.replaceAll('"score": 1', "'score': '-1',")}\n\`\`\``,
    `<think>{"a</think>{va.color: {score: 1, reason: "an "inner" quote, "so"", evidence: [{side: P, time: 1 "score": 0}`,
    `{"va.color": {"reason": "\\u00e9\\"\\\\", "score": 1}, /* x */ "VA": 'P' // y\n, [`,
  ];

  it('cut anywhere, it gives what the whole gives', () => {
    for (const text of samples()) {
      const whole = read(text);
      for (let i = 0; i <= text.length; i++)
        assert.deepEqual(read([text.slice(0, i), text.slice(i)]), whole, `cut at ${i}`);
      assert.deepEqual(read(text.split('')), whole);
    }
  });

  it('an answer that is broken off gives no more than the whole, and nothing else', () => {
    const whole = read(SHORT).criteria;
    for (let i = 0; i < SHORT.length; i++)
      for (const [id, said] of Object.entries(read(SHORT.slice(0, i)).criteria)) {
        const { choice, words, evidence } = whole[id]!;
        assert.equal(said.choice, choice);
        assert.ok(said.words === words || said.words === '', `at ${i}`);
        assert.ok(said.evidence.length <= evidence.length);
      }
  });

  it('garbage never throws, in any order of its bits, and keeps nothing that is not whole', () => {
    const bits = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      "'",
      '“',
      '\\',
      '\\u',
      '\n',
      ' ',
      '//',
      '/*',
      '*/',
      '#',
      '<think>',
      '</think>',
    ];
    bits.push(
      '"va.color"',
      'va.tone',
      '"score"',
      '-1',
      '1',
      '0',
      '"P"',
      'Q',
      'tie',
      '"evidence"',
      '"reason"',
      'null',
      '`',
      '\ud83d',
      '__proto__',
      '"overall"',
      '1e999',
      'NaN',
    );
    const next = random(7);
    for (let i = 0; i < 2000; i++) {
      const text = Array.from(
        { length: 1 + Math.floor(next() * 60) },
        () => bits[Math.floor(next() * bits.length)],
      ).join('');
      const { criteria, calls } = read(text);
      for (const [id, said] of Object.entries(criteria)) {
        assert.ok((CRITERION_IDS as readonly string[]).includes(id));
        assert.ok(['A', 'tie', 'B'].includes(said.choice));
        for (const e of said.evidence) assert.ok(e.start >= 0 && e.end <= 3 && e.start <= e.end, text);
      }
      for (const choice of Object.values(calls)) assert.ok(['A', 'tie', 'B'].includes(choice));
    }
  });

  it('a good answer with something lost or put in never throws, and mostly survives', () => {
    const next = random(11);
    let kept = 0;
    for (let i = 0; i < 200; i++) {
      const at = Math.floor(next() * WHOLE.length);
      const text = WHOLE.slice(0, at) + ['', '"', '{', ',', '\n', '}'][i % 6]! + WHOLE.slice(at + 1);
      kept += Object.keys(read(text).criteria).length;
    }
    assert.ok(kept > 200 * 15 * 0.8, `${kept / 200} of 15 on average`);
  });

  it('endless nesting and endless text are borne', () => {
    const deep = read(`{"va.color": ${'['.repeat(150_000)}`);
    assert.deepEqual(deep.criteria, {});
    assert.deepEqual(read(`{"x": ${'{"y": '.repeat(30_000)}`).criteria, {});
    const nested = read(`{"x": ${'['.repeat(60)}${']'.repeat(60)}, "va.color": {${CORE}}}`);
    assert.deepEqual(nested.criteria['va.color'], GOOD);
    const reader = new AnswerReader(AB, DURATIONS);
    for (let i = 0; i < 50; i++) reader.feed(`{"va.color": {"score": 1, "reason": "${'x'.repeat(20_000)}"}}`);
    reader.end();
    assert.match(reader.faults(reader.lacking(EVERYTHING))[0]!, /too long/);
    assert.ok(reader.criteria.get('va.color')!.words.length < 700);
    assert.ok(MOST_TEXT < 50 * 20_000);
  });

  it('an answer that is begun anew counts from there', () => {
    const reader = new AnswerReader(AB, DURATIONS);
    reader.feed('{"va.color": {"score": 1}, "va.tone": {"sc');
    reader.restart();
    assert.equal(reader.criteria.size, 0);
    reader.feed('{"va.tone": {"score": -1}}');
    reader.end();
    assert.deepEqual(
      [...reader.criteria.values()].map(({ id, choice }) => [id, choice]),
      [['va.tone', 'B']],
    );
  });
});
