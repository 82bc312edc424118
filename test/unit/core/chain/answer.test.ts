import assert from 'node:assert/strict';
import { AnswerReader } from '../../../../src/core/chain/answer';
import { CRITERION_IDS } from '../../../../src/core/rubric';
import { AB, BA, CORE, DURATIONS, GOOD, read, wholeAnswer } from './support';

const WHOLE = JSON.stringify(wholeAnswer(), null, 2);
const one = (text: string, id = 'va.color') => read(text).criteria[id];

describe('an answer in the form that was asked for', () => {
  it('is read whole, with nothing at fault, each criterion told as it is closed', () => {
    const result = read(WHOLE);
    assert.deepEqual(Object.keys(result.criteria), CRITERION_IDS);
    assert.deepEqual(result.told, CRITERION_IDS);
    assert.deepEqual(result.calls, { VA: 'A', VF: 'A', VP: 'A', overall: 'A' });
    assert.deepEqual(result.faults, []);
    assert.deepEqual(result.criteria['va.tone'], {
      choice: 'A',
      words: '{A} holds va.tone better than {B}.',
      evidence: [{ side: 'B', start: 1.25, end: 1.25 }],
    });
  });

  it('speaks of the other sides where they were shown the other way round', () => {
    const result = read(WHOLE, BA);
    assert.deepEqual(result.calls, { VA: 'B', VF: 'B', VP: 'B', overall: 'B' });
    assert.deepEqual(result.criteria['va.tone'], {
      choice: 'B',
      words: '{B} holds va.tone better than {A}.',
      evidence: [{ side: 'A', start: 1.25, end: 1.25 }],
    });
  });

  it('tells a criterion before the answer is over', () => {
    const reader = new AnswerReader(AB, DURATIONS);
    reader.feed(WHOLE.slice(0, WHOLE.indexOf('va.tone')));
    assert.deepEqual([...reader.criteria.keys()], ['va.color', 'va.lighting']);
  });

  it('knows where a verdict stands in the text', () => {
    const reader = new AnswerReader(AB, DURATIONS);
    const text = `{"criteria": {"va.color": {"score": -1}}, "overall": "Q"}`;
    reader.feed(text);
    assert.equal(text.slice(reader.criteria.get('va.color')!.at).slice(0, 2), '-1');
    assert.equal(text[reader.calls.get('overall')!.at], 'Q');
  });
});

describe('answers as models really give them', () => {
  const table: [string, string][] = [
    ['a fence', `\`\`\`json\n{"criteria": {"va.color": {${CORE}}}}\n\`\`\``],
    [
      'words around it',
      `Sure! Here is my [careful] view {as asked}:\n{"criteria": {"va.color": {${CORE}}}}\nHope it helps {really}.`,
    ],
    [
      'a thought before it',
      `<think>Clip P {"va.color": {"score": -1}} hmm [{no}]</think>{"va.color": {${CORE}}}`,
    ],
    [
      'a thought without its beginning',
      `so {"va.color": {"score": -1}} maybe.</think>\n{"va.color": {${CORE}}}`,
    ],
    ['trailing commas', `{"criteria": {"va.color": {${CORE},},},}`],
    ['a list of criteria', `{"criteria": [{"id": "va.color", ${CORE}}]}`],
    ['a list and nothing around it', `[{"criterion": "va.color", ${CORE}}]`],
    ['one object a line', `{"id": "va.color", ${CORE}}\n{"id": "va.tone", "score": 0}`],
    ['names for ids', `{"criteria": [{"name": "Color Harmony", ${CORE}}]}`],
    ['British names, numbered', `{"1. Colour harmony": {${CORE}}}`],
    ['an id in other spelling', `{"VA_Colour": {${CORE}}}`],
    ['ids under their dimension', `{"VA": {"color": {${CORE}}}}`],
    [
      'single quotes, Python style',
      `{'va.color': {'reason': 'Clip P is warmer.', 'score': 1, 'evidence': [{'side': 'Q', 'time': 1.5}], 'note': None}}`,
    ],
    [
      'an apostrophe in single quotes',
      `{'va.tone': {'reason': 'it's P's tone', 'score': 0}, 'va.color': {${CORE}}}`,
    ],
    [
      'curly quotes',
      `{“va.color”: {“reason”: “Clip P is warmer.”, “score”: 1, “evidence”: [{“side”: “Q”, “time”: 1.5}]}}`,
    ],
    [
      'keys without quotes',
      `{criteria: {va.color: {reason: "Clip P is warmer.", score: 1, evidence: [{side: Q, time: 1.5}]}}}`,
    ],
    ['comments', `{"va.color": { // the first\n${CORE} /* done */ }} # end`],
    [
      'no comma between lines',
      `{"va.color": {"reason": "Clip P is warmer."\n"score": 1\n"evidence": [{"side": "Q" "time": 1.5}]}}`,
    ],
    [
      'quotes inside a reason',
      `{"va.tone": {"reason": "the "hero" shot, "they" say", "score": 0}, "va.color": {${CORE}}}`,
    ],
    [
      'a raw new line in a reason',
      `{"va.color": {"reason": "Clip P\nis warmer.", "score": 1, "evidence": [{"side": "Q", "time": 1.5}]}}`,
    ],
    [
      'a plus before the score',
      `{"va.color": {"reason": "Clip P is warmer.", "score": +1, "evidence": [{"side": "Q", "time": 1.5}]}}`,
    ],
    [
      'the score as a string',
      `{"va.color": {"reason": "Clip P is warmer.", "score": "1", "evidence": [{"side": "Q", "time": 1.5}]}}`,
    ],
    [
      'the score as 1.0',
      `{"va.color": {"reason": "Clip P is warmer.", "score": 1.0, "evidence": [{"side": "Q", "time": 1.5}]}}`,
    ],
    [
      'the score as a name',
      `{"va.color": {"reason": "Clip P is warmer.", "winner": "Clip P is better", "evidence": [{"side": "Q", "time": 1.5}]}}`,
    ],
    [
      'a list that was not closed',
      `{"va.color": {"reason": "Clip P is warmer.", "evidence": [{"side": "Q", "time": 1.5}, "score": 1}}`,
    ],
    [
      'an object that was not closed',
      `{"criteria": [{"id": "va.tone", "score": 0, {"id": "va.color", ${CORE}}]}`,
    ],
    ['brackets too many', `{"va.color": {${CORE}}}}]}}`],
    ['the wrong bracket', `{"criteria": [{"id": "va.color", ${CORE}]}`],
    [
      'a word for a time',
      `{"va.color": {"reason": "Clip P is warmer.", "score": 1, "evidence": [{"side": "Q", "time": "1.5s"}]}}`,
    ],
    [
      'a clock',
      `{"va.color": {"reason": "Clip P is warmer.", "score": 1, "evidence": [{"clip": "clip Q", "timestamp": "0:01.5"}]}}`,
    ],
    [
      'evidence in words',
      `{"va.color": {"reason": "Clip P is warmer.", "score": 1, "evidence": ["Q at 1.5 s"]}}`,
    ],
    [
      'a single place',
      `{"va.color": {"reason": "Clip P is warmer.", "score": 1, "evidence": {"side": "Q", "time": 1.5}}}`,
    ],
    [
      'other keys',
      `{"va.color": {"Rationale": "Clip P is warmer.", "Rating": 1, "Evidence": [{"video": "second", "t": 1.5}]}}`,
    ],
    ['cut right after', `{"criteria": {"va.color": {${CORE}}, "va.tone": {"reason": "and th`],
    ['cut in the evidence', `{"criteria": {"va.color": {${CORE.slice(0, -1)}, {"side": "P", "ti`],
    [
      'a draft and its revision',
      `{"va.color": {"score": -1, "reason": "Clip Q"}}\nOn second thought:\n{"va.color": {${CORE}}}`,
    ],
    ['bare scores after the reasons', `{"criteria": {"va.color": {${CORE}}}, "scores": {"va.color": 1}}`],
    ['a half escape', `{"va.tone": {"reason": "a \\uZZ \\x", "score": 0}, "va.color": {${CORE}}}`],
  ];
  for (const [what, text] of table) it(what, () => assert.deepEqual(one(text), GOOD));

  const calls: [string, string][] = [
    ['under a key of their own', '{"dimensions": {"VA": "P"}, "overall": "P"}'],
    ['by their names', '{"Visual Aesthetics": "clip P", "Overall verdict": "the first clip"}'],
    ['as objects', '{"VA": {"winner": "P", "confidence": 0.8}, "overall": {"verdict": "P"}}'],
    ['as a list', '{"dimensions": [{"dimension": "VA", "winner": "P"}], "winner": "P"}'],
    ['as scores', '{"VA": 1, "overall": 1}'],
  ];
  for (const [what, text] of calls)
    it(`verdicts ${what}`, () => assert.deepEqual(read(text).calls, { VA: 'A', overall: 'A' }));

  it('keeps the inner quotes of a reason', () => {
    const said = one('{"va.color": {"reason": "the "hero" shot, says P", "score": 0}}');
    assert.equal(said?.words, 'the "hero" shot, says {A}');
  });
});

describe('what makes no sense is not kept, and is said', () => {
  const table: [string, string, RegExp][] = [
    [
      'a score of 2',
      '{"va.color": {"reason": "x", "score": 2}}',
      /^the score of "va.color" is 2, and it has to be/,
    ],
    ['a score of a half', '{"va.color": {"score": 0.5}}', /is 0.5/],
    ['a score in words', '{"va.color": {"score": "quite good"}}', /is "quite good"/],
    ['no score', '{"va.color": {"reason": "P"}}', /is missing, and it has to be/],
    ['a side that was never named', '{"va.color": {"score": "A"}}', /is "A"/],
    ['a contradiction', '{"va.color": {"score": 1, "winner": "Q"}}', /^"va.color" contradicts itself/],
    ['a score that is a list', '{"va.color": {"score": [1]}}', /is a list/],
    ['nothing', '', /^"va.color" is missing$/],
    ['a thought without an end', '<think>{"va.color": {"score": 1}}', /^"va.color" is missing$/],
    ['a score that was cut', '{"va.color": {"reason": "P", "score": 1', /is missing/],
  ];
  for (const [what, text, fault] of table)
    it(what, () => {
      const result = read(text);
      assert.deepEqual(result.criteria, {});
      assert.match(result.faults[0]!, fault);
    });

  it('a verdict that names no clip', () => {
    const { calls, faults } = read('{"VA": "A", "VF": 0.7, "overall": "video 3", "VP": "P"}');
    assert.deepEqual(calls, { VP: 'A' });
    assert.deepEqual(faults.slice(-3), [
      '"VA" is "A", which is none of the answers allowed',
      '"VF" is 0.7, which is none of the answers allowed',
      '"overall" is "video 3", which is none of the answers allowed',
    ]);
  });

  it('the words inside a criterion are no verdict', () => {
    assert.deepEqual(read('{"va.color": {"score": 0, "VA": "P", "overall": "Q"}}').calls, {});
  });

  it('places: outside the clip they are moved to its edge, without a clip or a time they are left out', () => {
    const evidence = (list: string) => one(`{"va.color": {"score": 1, "evidence": ${list}}}`)?.evidence;
    const at = (side: string, start: number, end = start) => ({ side, start, end });
    assert.deepEqual(evidence('[{"side": "P", "time": 99}, {"side": "Q", "time": -1}]'), [
      at('A', 2),
      at('B', 0),
    ]);
    assert.deepEqual(evidence('[{"side": "both", "time": 2.5}]'), [at('both', 2)]);
    assert.deepEqual(evidence('[{"side": "Q", "start": 1, "end": 2.2}]'), [at('B', 1, 2.2)]);
    assert.deepEqual(evidence('[{"side": "Q", "time": [2.5, 0.5]}]'), [at('B', 0.5, 2.5)]);
    assert.deepEqual(evidence('[{"side": "Q", "time": "0.5-1.5 s"}]'), [at('B', 0.5, 1.5)]);
    assert.deepEqual(
      evidence(
        '[{"side": "A", "time": 1}, {"time": 1}, {"side": "P"}, {"side": "P", "time": "frame 3"}, 7, null]',
      ),
      [],
    );
    assert.deepEqual(evidence('[{"side": "P", "time": 1}, {"side": "P", "time": 1.0}]'), [at('A', 1)]);
    assert.equal(
      evidence(`[${[0, 1, 2, 3, 4, 5].map((t) => `{"side": "Q", "time": ${t / 2}}`).join()}]`)?.length,
      4,
    );
    assert.deepEqual(evidence('null'), []);
  });
});
