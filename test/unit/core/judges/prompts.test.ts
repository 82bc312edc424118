import * as assert from 'node:assert/strict';
import { exportJudges } from '../../../../src/core/judges/export';
import { nothingText } from '../../../../src/core/judges/export/words';
import { underOnePrompt } from '../../../../src/core/judges/prompts';
import { JudgesRecord, ordersSaid } from '../../../../src/core/judges/record';
import type { Choice } from '../../../../src/core/pair';
import { reportOn, say } from './madeUp';

describe('judges that read prompts', () => {
  let record: JudgesRecord;
  beforeEach(() => (record = new JudgesRecord()));
  const tell = (judge: string, prompt: string | undefined, call: Choice, at = 0) =>
    say(record, judge, 'a', 'b', call, at, prompt);
  /** What counts of a judge on the one pair, for its first clip; undefined: nothing. */
  const held = (judge: string) => {
    const { pair } = record.place('a', 'b')!;
    const { judged } = underOnePrompt(record.judges).find((one) => one.judged.hash === judge)!;
    return judged.pairs.has(pair) ? judged.score(pair, 0) : undefined;
  };

  it('are held to the prompt that most of them were told, though one was told another later', () => {
    tell('one', 'old', 'A', 1);
    tell('one', 'new', 'B', 9);
    tell('other', 'old', 'A', 1);
    assert.deepEqual([held('one'), held('other')], [1, 1]);
    tell('other', 'new', 'tie', 2);
    assert.deepEqual([held('one'), held('other')], [-1, 0], 'of two that all were told, the latest');
  });

  it('are held to a prompt that is known rather than to none', () => {
    tell('one', '', 'B', 9);
    tell('one', 'known', 'A', 1);
    assert.equal(held('one'), 1);
    tell('other', '', 'A', 1);
    assert.deepEqual([held('one'), held('other')], [-1, 1], 'unless more of them were told none');
  });

  it('are not held by what lines say that tell no prompt', () => {
    tell('one', 'known', 'A', 1);
    tell('one', undefined, 'B', 9);
    assert.equal(held('one'), 1);
  });

  it('leave alone those that read none', () => {
    tell('plain', undefined, 'B', 1);
    tell('one', 'known', 'A', 2);
    assert.equal(underOnePrompt(record.judges)[0]!.judged, record.judge('plain'));
    assert.deepEqual(
      reportOn(record).agreements.map(({ pairs }) => pairs),
      [1],
    );
  });

  it('have the position bias of the answers that count', () => {
    const { pair } = record.place('a', 'b')!;
    for (const [prompt, at, ba] of [
      ['known', 1, 'A'],
      ['', 2, 'B'],
    ] as const) {
      tell('one', prompt, 'A', at);
      record.judge('one').under(prompt).orders.set(pair, ordersSaid(at, 'A', ba)); // prettier-ignore
    }
    assert.deepEqual(
      reportOn(record).position.map(({ pairs, changed }) => [pairs, changed]),
      [[1, 0]],
    );
  });

  it('that were told others are left out, and the report says so', () => {
    for (let i = 0; i < 12; i++) {
      say(record, 'one', `a${i}`, `b${i}`, 'A', 1, 'known');
      say(record, 'other', `a${i}`, `b${i}`, 'B', 2, i < 2 ? '' : 'known');
      say(record, 'plain', `a${i}`, `b${i}`, 'A', 1);
    }
    const report = reportOn(record);
    assert.deepEqual(
      report.judges.map(({ hash, pairs, otherPrompts }) => [hash, pairs, otherPrompts]),
      [['one', 12, 0], ['plain', 12, 0], ['other', 10, 2]], // prettier-ignore
    );
    assert.match(exportJudges('md', report), /Left out, .*other prompts.*: 2 pairs of other\./);
  });

  it('and met on no pair are said to have been told other prompts', () => {
    tell('one', 'known', 'A');
    tell('other', '', 'A');
    const report = reportOn(record);
    assert.deepEqual(report.agreements, []);
    assert.match(nothingText(report).message, /2 judges.* Left out, .*: 1 pair of other\./);
  });
});
