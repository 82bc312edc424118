import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import type { JudgesReport } from '../../../src/core/judges/report';
import { EVEN } from '../../../src/core/verdict';
import { promptKey } from '../../../src/engine/worker/chain/identity';
import { judgeOf, recordIn, rowOf, verdictOn, voteOn, writeTwoJudges } from './judgesSupport';
import { engineIn, ownFolder } from './support';

describe('judges compared on a record', function () {
  this.timeout(60_000);
  let dir: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));

  const ask = (more: string[] = [], outputs: { format: 'md' | 'json'; path: string }[] = []) =>
    engineIn(dir).judges({ logDirs: [logDir, ...more], outputs });
  const names = ({ judges }: JudgesReport) =>
    judges.map(({ known, hash }) => known?.name ?? hash.slice(0, 8));

  it('meets two judges and a person on the same pairs, whichever clip is called A', async () => {
    await writeTwoJudges(logDir);
    const path = join(dir, 'report.md');
    const report = await ask([], [{ format: 'md', path }]);
    assert.deepEqual(names(report).sort(), ['one', 'other']);
    const [agreement] = report.agreements;
    assert.deepEqual([agreement!.pairs, agreement!.groups], [12, 12]);
    assert.deepEqual(
      [agreement!.figures!.VP!.same.value, agreement!.figures!.overall!.opposite.value],
      [9 / 12, 0],
    );
    const [set, ...rest] = report.votes;
    assert.deepEqual(rest, []);
    const rights = set!.judges.map(({ judge, right }) => [names(report)[judge], right!.value]);
    assert.deepEqual(new Map(rights as [string, number][]), new Map([['one', 1], ['other', 0.75]])); // prettier-ignore
    assert.match(readFileSync(path, 'utf8'), /^# Judges compared\n/);
    assert.match(report.notes.join(), /made on another machine/);
  });

  it('knows a judge of a sweep by its hash, and takes the latest word of verdicts and rows', async () => {
    const record = recordIn(logDir);
    const pairs = Array.from({ length: 12 }, (_, i) => rowOf(`a${i}`, `b${i}`, 'A'));
    await record.rows('feed'.padEnd(64, '0'), pairs);
    // Rows are as of now; these verdicts are older.
    const one = judgeOf('one');
    for (let i = 0; i < 12; i++) await record.verdict(verdictOn(`a${i}`, `b${i}`, one, 'B'));
    await record.rows(one.hash, pairs.slice(0, 8));
    const report = await ask();
    assert.deepEqual(names(report).sort(), ['feed0000', 'one']);
    assert.equal(report.judges.find(({ hash }) => hash.startsWith('feed'))!.known, null);
    assert.equal(report.agreements[0]!.figures!.overall!.same.value, 8 / 12);
    assert.equal(report.agreements[0]!.figures!.VA!.opposite.value, 4 / 12);
  });

  it('counts a dimension that was not judged as no call, in verdicts and in rows', async () => {
    const record = recordIn(logDir);
    const even = { winner: 'tie' as const, p: EVEN, unjudged: true as const };
    const silent = { dimensions: { VA: even, VF: even, VP: even } };
    for (let i = 0; i < 12; i++) {
      const [a, b] = [`a${i}`, `b${i}`];
      await record.verdict({ ...verdictOn(a, b, judgeOf('one'), 'A'), ...silent });
      await record.verdict(verdictOn(b, a, judgeOf('other'), 'B'));
    }
    const rows = Array.from({ length: 12 }, (_, i) => rowOf(`a${i}`, `b${i}`, 'A'));
    const onWhole = rows.map((row) => ({ ...row, judgement: { ...row.judgement, dimensions: {} } }));
    await record.rows('feed'.padEnd(64, '0'), onWhole);
    const { agreements } = await ask();
    for (const { figures } of agreements) {
      assert.equal(figures!.overall!.same.value, 1);
      assert.deepEqual([figures!.VA, figures!.VF, figures!.VP], [null, null, null]);
    }
    assert.equal(agreements.length, 3);
  });

  it('reads both places as one, votes that were changed or taken back in force as they are', async () => {
    await writeTwoJudges(logDir);
    const elsewhere = join(dir, 'elsewhere');
    const [here, there] = [recordIn(logDir), recordIn(elsewhere)];
    for (let i = 12; i < 14; i++) {
      await there.verdict(verdictOn(`a${i}`, `b${i}`, judgeOf('one'), 'A'));
      await there.verdict(verdictOn(`a${i}`, `b${i}`, judgeOf('other'), 'A'));
    }
    const wrong = voteOn('a12', 'b12', 'B');
    await here.vote(wrong);
    await there.vote(voteOn('b12', 'a12', 'B', { supersedes: wrong.id }));
    const taken = voteOn('a13', 'b13', 'A');
    await there.vote(taken);
    await here.vote(voteOn('a13', 'b13', 'A', { supersedes: taken.id, withdrawn: true }));
    const report = await ask([elsewhere, elsewhere]);
    assert.equal(report.agreements[0]!.pairs, 14);
    assert.equal(report.votes[0]!.votes, 13);
    assert.equal(
      report.votes[0]!.judges.find(({ judge }) => names(report)[judge] === 'one')!.right!.value,
      1,
    );
  });

  it('tells the position bias that is recorded, without orders that got no answer', async () => {
    const record = recordIn(logDir);
    const asked = judgeOf('asked', { kind: 'endpoint' });
    for (let i = 0; i < 12; i++)
      await record.verdict(
        verdictOn(`a${i}`, `b${i}`, asked, 'tie', {
          ...{ mode: 'both', ab: 'A', ba: i < 3 ? 'B' : 'A', consistent: i >= 3 },
          ...(i === 11 ? { unanswered: 'ba' as const, consistent: false } : {}),
        }),
      );
    const { position } = await ask();
    assert.deepEqual([position[0]!.pairs, position[0]!.changed], [11, 3]);
    assert.equal(position[0]!.first!.value, 14 / 22);
  });

  it('holds judges that read prompts to the prompt of a pair, in verdicts and in rows of sweeps', async () => {
    const record = recordIn(logDir);
    const [compact, one, other] = [
      judgeOf('compact'),
      judgeOf('one', { kind: 'endpoint' }),
      judgeOf('other', { kind: 'local-vlm' }),
    ];
    const told = (prompt: string | undefined, ...said: Parameters<typeof verdictOn>) => {
      const made = verdictOn(...said);
      return { ...made, options: { ...made.options, ...(prompt === undefined ? {} : { prompt }) } };
    };
    const pairs = Array.from({ length: 12 }, (_, i) => [`a${i}`, `b${i}`] as const);
    await record.rows(one.hash, pairs.map(([a, b]) => rowOf(a, b, 'A')), promptKey('a fox')); // prettier-ignore
    for (const [a, b] of pairs) {
      await record.verdict(verdictOn(a, b, compact, 'A'));
      await record.verdict(told(promptKey('a fox'), a, b, other, 'A'));
      // Later, as where a pair is opened whose files tell no prompt.
      await record.verdict({ ...told(undefined, a, b, one, 'B'), at: '2999-01-01T00:00:00.000Z' });
      await record.verdict({ ...told(promptKey('an old fox'), a, b, other, 'B'), at: '2999-01-01T00:00:00.000Z' }); // prettier-ignore
    }
    await record.verdict(told(undefined, 'lone', 'pair', one, 'A'));
    await record.verdict(told(promptKey('a fox'), 'lone', 'pair', other, 'B'));
    const { judges, agreements, notes } = await ask();
    assert.deepEqual(notes.length, 1, notes.join());
    assert.deepEqual(
      new Map(judges.map(({ known, pairs: n, otherPrompts }) => [known!.name, [n, otherPrompts]])),
      new Map([['compact', [12, 0]], ['one', [12, 1]], ['other', [13, 0]]]), // prettier-ignore
    );
    assert.deepEqual(
      agreements.map(({ pairs: n, figures }) => [n, figures!.overall!.same.value]),
      [[12, 1], [12, 1], [12, 1]], // prettier-ignore
    );
  });

  it('leaves out torn and strange lines, and says so', async () => {
    await writeTwoJudges(logDir);
    const verdicts = join(logDir, 'verdicts.jsonl');
    truncateSync(verdicts, readFileSync(verdicts).length - 50);
    appendFileSync(verdicts, '\nnonsense\n');
    writeFileSync(join(logDir, 'sweeps.jsonl'), '{"format":"aesrm.sweep-rows/1","machine":"","key":"');
    appendFileSync(join(logDir, 'votes.jsonl'), '{"format":"aesrm.vote/9"}\n');
    const spoilt = readFileSync(verdicts, 'utf8').replace('"rubric":', '"rubrik":');
    writeFileSync(verdicts, spoilt);
    const report = await ask();
    assert.equal(report.agreements[0]!.pairs, 10, 'neither the first nor the last');
    const notes = report.notes.join('\n');
    assert.match(notes, /3 lines, the first of them line \d+, of \.aesrm\/verdicts\.jsonl could not be used/);
    assert.match(
      notes,
      /Line 13 of \.aesrm\/votes\.jsonl could not be used \(of the format "aesrm\.vote\/9"/,
    );
  });

  it('ends in a sentence where there is nothing to compare, and reads no link', async () => {
    const refused = async (says: RegExp) =>
      assert.rejects(ask(), (error) => {
        assert.ok(ProblemError.is(error, 'empty'), String(error));
        assert.match(error.message, says);
        assert.match(error.problem.fix!, /vote/);
        return true;
      });
    await refused(/^The record holds no verdict/);
    await recordIn(logDir).verdict(verdictOn('a', 'b', judgeOf('lonely'), 'A'));
    await refused(/^The record holds verdicts of one judge only, lonely 1\.0\.0 \(lonely-h\)/);
    const other = join(dir, 'other', '.aesrm');
    await writeTwoJudges(join(dir, 'real'));
    mkdirSync(join(dir, 'other'));
    symlinkSync(join(dir, 'real'), other);
    logDir = other;
    await refused(/^The record holds no verdict.*is a link\./);
  });

  it('stops when it is told to', async () => {
    await writeTwoJudges(logDir);
    const stop = new AbortController();
    const asked = engineIn(dir).judges(
      { logDirs: [logDir], outputs: [] },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    await assert.rejects(asked, (error) => ProblemError.is(error, 'cancelled'));
  });
});
