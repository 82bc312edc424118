import * as assert from 'node:assert/strict';
import { exportJudges } from '../../../../src/core/judges/export';
import { nothingText } from '../../../../src/core/judges/export/words';
import { JudgesRecord } from '../../../../src/core/judges/record';
import { comparesNothing } from '../../../../src/core/judges/report';
import type { Choice } from '../../../../src/core/pair';
import { JUDGE } from '../samples';
import { cast, reportOn, say, vote } from './madeUp';

const HASHES = ['0123456789abcdef', 'fedcba9876543210'] as const;

function twoJudges(pairs: number): JudgesRecord {
  const record = new JudgesRecord();
  for (let i = 0; i < pairs; i++) {
    const calls: [Choice, Choice] = [i % 2 ? 'A' : 'B', i % 5 ? (i % 2 ? 'A' : 'B') : 'tie'];
    HASHES.forEach((hash, j) => say(record, hash, `a${i}`, `b${i}`, calls[j]!));
  }
  return record;
}

describe('the report on judges', () => {
  it('is made of text that renders as itself, whatever the record holds', () => {
    const record = twoJudges(20);
    const { version, kind, capabilities } = JUDGE;
    record.judge(HASHES[0]).name = {
      name: '<b>[x](http://y)</b> | `z`\n# h',
      version,
      kind,
      capabilities,
      at: 0,
    };
    const votes = Array.from({ length: 20 }, (_, i) => vote(`a${i}`, `b${i}`, 'A', { by: '![i](u) | @all' }));
    const report = reportOn(record, cast(record, votes));
    const md = exportJudges('md', report);
    assert.ok(
      md.includes('&lt;b&gt;\\[x\\](http:\u2060//y)&lt;/b&gt; \\| \\`z\\` \\# h 1.0.0 (01234567)'),
      md,
    );
    assert.ok(!/<b>|!\[i\]\(|[^\\]\| @all|\n# h/.test(md), md);
    assert.match(md, /!\\\[i\\\]\(u\) \\\| @\u2060all/);
  });

  it('names a judge by its hash where no verdict does', () => {
    const md = exportJudges('md', reportOn(twoJudges(20)));
    assert.match(md, /^# Judges compared\n/);
    assert.match(md, /\| 01234567 \| not known: no verdict in full names it \| 20 \|/);
    assert.match(md, /01234567 and fedcba98, on 20 pairs in 20 groups:/);
    assert.match(
      md,
      /\| Overall \| 80\.0% \([\d.]+–[\d.]+\) \| 0\.0% \([\d.]+–[\d.]+\) \| 0\.6\d \(0\.\d\d to 0\.\d\d\) \|/,
    );
    assert.match(md, /There is no vote in force on a pair that a judge judged\./);
    assert.match(md, /A group is what hangs together by clips that pairs share/);
  });

  it('gives the number and no figure where pairs are too few, and no interval where groups are', () => {
    assert.match(
      exportJudges('md', reportOn(twoJudges(9))),
      /01234567 and fedcba98: 9 pairs: too few for a figure, which takes 10\./,
    );
    const record = new JudgesRecord();
    for (let i = 0; i < 12; i++)
      for (const hash of HASHES) say(record, hash, 'hub', `b${i}`, i % 2 ? 'A' : 'B');
    const md = exportJudges('md', reportOn(record));
    assert.match(md, /on 12 pairs in 1 group:/);
    assert.match(md, /\| Overall \| 100\.0% \| 0\.0% \| 1\.00 \|/);
    assert.match(md, /No intervals: they take 8 groups\./);
  });

  it('says that judges are not distinguishable where the interval holds 0', () => {
    const record = twoJudges(20);
    const votes = Array.from({ length: 20 }, (_, i) => vote(`a${i}`, `b${i}`, i % 2 ? 'B' : 'A'));
    const md = exportJudges('md', reportOn(record, cast(record, votes)));
    assert.match(
      md,
      /\| ann \| blind \| Overall \| 01234567 \| fedcba98 \| 20 \| 20 \| 0\.0% \| 0\.0% \| 0\.0 \(0\.0 to 0\.0\): not distinguishable \|/,
    );
  });

  it('is JSON with its format', () => {
    const report = reportOn(twoJudges(20));
    assert.deepEqual(JSON.parse(exportJudges('json', report)), report);
    assert.equal(report.format, 'aesrm.judges/1');
  });
});

describe('a record that compares nothing', () => {
  it('says what it holds, and what would compare', () => {
    const empty = reportOn(new JudgesRecord());
    assert.ok(comparesNothing(empty));
    assert.match(nothingText(empty).message, /^The record holds no verdict, so that there are no judges/);
    const alone = new JudgesRecord();
    say(alone, HASHES[0], 'a', 'b', 'A');
    assert.ok(comparesNothing(reportOn(alone)));
    assert.match(nothingText(reportOn(alone)).message, /verdicts of one judge only, 01234567, and no vote/);
    say(alone, HASHES[1], 'a', 'c', 'A');
    assert.match(nothingText(reportOn(alone)).message, /verdicts of 2 judges, but no pair that two of them/);
    say(alone, HASHES[1], 'b', 'a', 'A');
    assert.ok(!comparesNothing(reportOn(alone)));
  });
});
