import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgesReport } from '../../../src/core/judges/report';
import { standInFor } from '../../../src/cli/places';
import { CLI } from '../../support/paths';
import { judgeOf, recordIn, verdictOn, writeTwoJudges } from './judgesSupport';
import { ownFolder } from './support';

describe('aesrm judges', function () {
  this.timeout(60_000);
  let dir: string;
  let cwd: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));
  beforeEach(() => mkdirSync((cwd = join(dir, 'ws', 'below')), { recursive: true }));

  function aesrm(...args: string[]) {
    const env = { ...process.env, AESRM_CACHE: join(dir, 'cache') };
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'judges', ...args], {
      ...{ cwd, env, encoding: 'utf8' },
    });
    return { code: status, out: stdout, err: stderr };
  }

  it('tells in a terminal how the judges of the nearest record agree', async () => {
    await writeTwoJudges(logDir);
    const { code, out, err } = aesrm();
    assert.equal(code, 0, err);
    assert.match(out, /^Judges compared\nAs of /);
    assert.match(out, /one 1\.0\.0 \(one-hash\) and other 1\.0\.0 \(other-ha\), on 12 pairs in 12 groups:/);
    assert.match(out, /Overall +75\.0% \([\d.]+–[\d.]+\) +0\.0% \(0\.0–[\d.]+\) +0\.\d\d \(/);
    assert.match(out, /ann +blind +Overall +0 +one 1\.0\.0 \(one-hash\) +12 +12 +100\.0% \(/);
    assert.match(out, /ann +blind +Overall +one .* +other .* 100\.0% +75\.0% +\+25\.0 \(/);
  });

  it('writes the document, of the place beside the record too, and nothing else on stdout', async () => {
    await writeTwoJudges(logDir);
    for (const name of ['one', 'other'])
      await recordIn(standInFor(logDir)).verdict(verdictOn('a12', 'b12', judgeOf(name), 'A'));
    const { code, out, err } = aesrm('--json', '--log', logDir);
    assert.equal(code, 0, err);
    const report = JSON.parse(out) as JudgesReport;
    assert.deepEqual([report.format, report.agreements[0]!.pairs], ['aesrm.judges/1', 13]);
    assert.match(err, /^aesrm: Some of the verdicts in the record were made on another machine\.$/m);
  });

  it('says what to do where there is nothing to compare, and makes no record', () => {
    const { code, out, err } = aesrm('--json');
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      err,
      /^aesrm: The record holds no verdict, so that there are no judges to compare\. Compare videos/,
    );
    assert.ok(!existsSync(join(cwd, '.aesrm')));
  });

  it('refuses what it does not take', () => {
    for (const args of [['more'], ['--log', 'none'], ['--again'], ['--root', '.'], ['--out', 'r.md']])
      assert.equal(aesrm(...args).code, 2, args.join(' '));
  });
});
