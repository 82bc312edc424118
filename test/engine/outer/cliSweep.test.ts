import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SweepDocument } from '../../../src/core/sweep/document';
import { decodeSweepDocument } from '../../../src/core/sweep/export';
import { degraded, h264, ruined, textFile } from '../../support/clips';
import { CLI } from '../../support/paths';
import { cleanUp, lines, tempDir } from './support';
import { tiny } from './sweepSupport';

/** Enough that a real regression is found among the tests of two columns. */
const PROMPTS = 12;

describe('aesrm sweep', function () {
  this.timeout(120_000);
  let cwd: string;
  beforeEach(() => {
    cwd = tempDir();
  });
  afterEach(cleanUp);

  function env() {
    return { ...process.env, AESRM_CACHE: join(cwd, 'cache'), AESRM_STATE: join(cwd, 'state') };
  }

  function aesrm(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd,
      env: env(),
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  function place(step: string, name: string, clip: string): void {
    mkdirSync(join(cwd, 'run', step), { recursive: true });
    copyFileSync(clip, join(cwd, 'run', step, `${name}.mp4`));
  }

  describe('of two columns and a dozen prompts', () => {
    /** Of `tiny`'s steps 1 is the worst and 3 the best. */
    function run(...steps: number[]) {
      steps.forEach((step, i) => {
        for (let p = 0; p < PROMPTS; p++) place(`step-${i + 1}00`, `prompt ${p}`, tiny(step, p));
      });
    }

    it('exits with 3 where a checkpoint got worse, names the prompts, and says so beside JSON too', () => {
      run(3, 1);
      const { code, out, err } = aesrm('sweep', 'run', '--fail-on-regression');
      assert.equal(code, 3, err);
      assert.match(out, /Visual Fidelity: step 200 lost to step 100 on \d+ of 12 prompts/);
      assert.match(out, /a loss on \d+% of the prompts without a tie is found 4 times out of 5/);
      assert.match(out, /\n    prompt 7\n/);

      const json = aesrm('sweep', 'run', '--fail-on-regression', '--json');
      assert.equal(json.code, 3, json.err);
      const doc = decodeSweepDocument(JSON.parse(json.out));
      assert.ok(doc.statistics!.regressions.length > 0);
      assert.match(json.err, /^aesrm: \d regressions? found\.$/m);

      assert.equal(aesrm('sweep', 'run').code, 0, 'not asked to fail');
      assert.equal(aesrm('sweep', 'run', '--fail-on-regression', '--export', 'nothing=x').code, 2);
    });

    it('tells of an export that cannot be made, and makes the others and its own words all the same', () => {
      run(1, 3);
      const { code, out, err } = aesrm(
        'sweep',
        'run',
        '--export',
        'diffusers=d.jsonl',
        '--export',
        'csv=p.csv',
      );
      assert.equal(code, 1);
      assert.match(err, /^aesrm: diffusers: Nothing to export/m);
      assert.equal(lines(join(cwd, 'p.csv')).length, PROMPTS + 1);
      assert.match(out, /Win rates against step 100/);
    });

    it('exits with 0 where it got better, and with 1 where no clip or no folder is left', () => {
      run(1, 3);
      const { code, out } = aesrm('sweep', 'run', '--fail-on-regression');
      assert.equal(code, 0);
      assert.match(out, /No regression was found in \d tests/);

      for (const step of ['step-100', 'step-200'])
        for (const name of ['a', 'b']) {
          mkdirSync(join(cwd, 'broken', step), { recursive: true });
          copyFileSync(textFile(), join(cwd, 'broken', step, `${name}.mp4`));
        }
      const broken = aesrm('sweep', 'broken', '--fail-on-regression');
      assert.equal(broken.code, 1);
      assert.match(broken.err, /no clip of the grid could be read/);
      mkdirSync(join(cwd, 'empty'));
      for (const dir of ['empty', 'missing']) {
        const none = aesrm('sweep', dir, '--fail-on-regression', '--json');
        assert.equal(none.code, 1);
        assert.equal(none.out, '');
        assert.match(none.err, /^aesrm: /);
      }
    });

    it('tells how two people agree, with each other and with the judge, wherever it tells the numbers', () => {
      run(3, 1);
      const first = decodeSweepDocument(JSON.parse(aesrm('sweep', 'run', '--json').out));
      assert.equal(first.agreement, null);
      const cast = votesOn(first);
      writeFileSync(
        join(cwd, '.aesrm', 'votes.jsonl'),
        cast.map((vote) => `${JSON.stringify(vote)}\n`).join(''),
      );

      const { out } = aesrm('sweep', 'run', '--export', 'html=r.html', '--export', 'trl=p.jsonl');
      assert.match(
        out,
        /Among people: Krippendorff's alpha 0\.\d\d \(-?\d\.\d\d to \d\.\d\d\) on 12 shared pairs/,
      );
      assert.match(out, /Ada and the judge: the same on \d+% \(\d+–\d+%\) of 12 decided pairs/);
      assert.match(out, /Ada, asked again: the same answer on 0 of 1 pair\./);
      const report = readFileSync(join(cwd, 'r.html'), 'utf8');
      assert.match(report, /Krippendorff&#39;s alpha/);
      assert.match(report, /<img alt="" src="data:image\/jpeg;base64,/);
      const { agreement, votes } = decodeSweepDocument(JSON.parse(aesrm('sweep', 'run', '--json').out));
      assert.deepEqual(agreement!.annotators, ['Ada', 'Bob']);
      assert.equal(agreement!.shared, PROMPTS);
      assert.equal(votes.length, 2 * PROMPTS);
      const [pair] = lines(join(cwd, 'p.jsonl')).map((line) => JSON.parse(line) as { source: string });
      assert.match(pair!.source, /^vote:/);
    });

    it('names the seed of each hole where there are several', () => {
      for (const [i, step] of ['step-100', 'step-200'].entries())
        for (const seed of [7, 8]) place(step, `a cat_${seed}`, tiny(i + 1, seed));
      rmSync(join(cwd, 'run', 'step-200', 'a cat_8.mp4'));
      const asked = ['--pattern', '{checkpoint}/{prompt}_{seed}.mp4', '--export', 'html=r.html'];
      const { code, out, err } = aesrm('sweep', 'run', ...asked);
      assert.equal(code, 0, err);
      assert.match(out, /^Holes: 1\n {2}step 200: a cat, seed 8$/m);
      assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), />step 200: a cat, seed 8</);
    });

    it('keeps what is judged when it is stopped, says how to go on, and goes on', async () => {
      run(3, 2, 1);
      const log = join(cwd, '.aesrm', 'sweeps.jsonl');
      const child = spawn(process.execPath, [CLI, 'sweep', 'run', '--json'], { cwd, env: env() });
      let [out, err] = ['', ''];
      child.stdout.on('data', (text) => (out += text));
      child.stderr.on('data', (text) => (err += text));
      while (!(existsSync(log) && lines(log).length > 0) && child.exitCode === null)
        await new Promise((done) => setTimeout(done, 20));
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      assert.equal(code, 130, err);
      assert.equal(out, '');
      assert.match(
        err,
        /stopped; what was judged is kept in .*\.aesrm\. The same command goes on from there/,
      );
      const before = lines(log);
      assert.ok(before.length > 0);

      const rest = aesrm('sweep', 'run', '--json');
      assert.equal(rest.code, 0, rest.err);
      assert.equal(decodeSweepDocument(JSON.parse(rest.out)).pairs.count, 3 * PROMPTS);
      assert.deepEqual(lines(log).slice(0, before.length), before);
    });
  });

  it('says of one column that there is nothing to judge, and asks nobody to read shares', () => {
    for (const take of [1, 2, 3]) {
      mkdirSync(join(cwd, 'run'), { recursive: true });
      copyFileSync(tiny(1, take), join(cwd, 'run', `clip_0000${take}_.mp4`));
    }
    const { code, out } = aesrm('sweep', 'run');
    assert.equal(code, 0);
    assert.match(out, /^There is no pair of samples to judge\.$/m);
    assert.doesNotMatch(out, /yet|Read the shares/);
  });

  describe('of three columns and two prompts', () => {
    beforeEach(() => {
      const clips = { 'step-100': h264(), 'step-200': degraded(), 'step-300': ruined() };
      for (const [step, clip] of Object.entries(clips))
        for (const name of ['a cat', 'a dog']) place(step, name, clip);
    });

    it('prints the document and nothing else, and writes what is asked for', () => {
      const { code, out, err } = aesrm(
        'sweep',
        'run',
        '--json',
        '--baseline',
        '200',
        '--export',
        'html=r.html',
      );
      assert.equal(code, 0, err);
      const doc = decodeSweepDocument(JSON.parse(out));
      assert.equal(doc.pairs.count, 6);
      assert.equal(doc.grid.columns.find(({ id }) => id === doc.baseline)?.value, 200);
      assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), /default-src 'none'/);
    });

    it('keeps the record elsewhere where its folder cannot be, says where, and finds it again', () => {
      writeFileSync(join(cwd, '.aesrm'), 'a file is in the way');
      const records = join(cwd, 'state', 'records');
      const first = aesrm('sweep', 'run');
      assert.equal(first.code, 0, first.err);
      const made = readdirSync(records);
      assert.equal(made.length, 1);
      const dir = join(records, made[0]!);
      assert.match(first.err, /^aesrm: .*cannot be written: .*\.aesrm is not a folder/m);
      assert.ok(first.err.includes(`kept in ${dir} instead of ${join(cwd, '.aesrm')}`), first.err);
      assert.ok(first.out.endsWith(`The record is in ${dir}.\n`), first.out);
      const rows = lines(join(dir, 'sweeps.jsonl'));
      assert.ok(rows.length > 0);

      assert.match(aesrm('sweep', 'run', '--scan').out, /0 of 6 clips to encode, 0 of 6 pairs to judge/);
      const second = aesrm('sweep', 'run', '--json');
      assert.equal(second.code, 0, second.err);
      assert.ok(second.err.includes(`kept in ${dir} instead of`), second.err);
      assert.equal(decodeSweepDocument(JSON.parse(second.out)).pairs.count, 6);
      assert.deepEqual(lines(join(dir, 'sweeps.jsonl')), rows, 'nothing is judged twice');
      assert.deepEqual(readdirSync(records), made);

      const other = aesrm('sweep', 'run', '--log', join(cwd, '.aesrm', 'deeper'));
      assert.equal(other.code, 0, other.err);
      assert.equal(readdirSync(records).length, 2, 'one for each record that cannot be written');
    });

    it('shows the grid without judging, and names the columns to whoever asks for another', () => {
      assert.match(aesrm('sweep', 'run', '--scan').out, /6 of 6 pairs to judge/);
      assert.equal(existsSync(join(cwd, '.aesrm')), false);
      const { code, err } = aesrm('sweep', 'run', '--baseline', '999');
      assert.equal(code, 2);
      assert.match(err, /100.*200.*300/);
    });

    it('says that more records of a tool lie there than are read', () => {
      const folder = join(cwd, 'many', 'one');
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i <= 4000; i++)
        for (const end of ['mp4', 'swarm.json']) writeFileSync(join(folder, `${i}-x-one.${end}`), 'x');
      const { code, out, err } = aesrm('sweep', 'many', '--scan');
      assert.equal(code, 0, err);
      assert.match(out, /^4001 files say .* more than the 4000 that are read: only names count here\./m);
    });

    it('refuses a pattern that fits nothing, instead of judging in another layout', () => {
      for (const pattern of ['{prompt}', '{checkpoint}/nowhere/{prompt}.mp4']) {
        const { code, out, err } = aesrm('sweep', 'run', '--scan', '--pattern', pattern);
        assert.equal(code, 1, err);
        assert.match(err, /^aesrm: The pattern .* (has no \{checkpoint\}|fits no clip)/);
        assert.equal(out, '');
      }
    });

    it('tells of a broken clip, leaves it out, and says that two prompts are few', () => {
      copyFileSync(textFile(), join(cwd, 'run', 'step-300', 'a dog.mp4'));
      const { code, out, err } = aesrm('sweep', 'run', '--log', 'none');
      assert.equal(code, 0, err);
      assert.match(err, /a dog\.mp4/);
      assert.match(out, /no intervals are shown/);
    });
  });
});

/** Ada and Bob on every pair; Bob differs on two, and Ada once thought otherwise. */
function votesOn({ grid, clips }: SweepDocument) {
  const clipOf = (row: number, column: number) => {
    const index = grid.clips.findIndex((c) => c.row === row && c.column === column);
    return { path: grid.clips[index]!.path, hash: clips[index]!.hash };
  };
  const vote = (by: string, row: number, overall: 'A' | 'B', at: string) => ({
    ...{ format: 'aesrm.vote/1', id: `${by}-${row}-${at}`, at: `2026-01-01T00:${at}:00.000Z`, by },
    ...{ a: clipOf(row, 0), b: clipOf(row, 1), overall, blind: true, modelShown: false },
  });
  return grid.rows.flatMap((_, row) => [
    ...(row === 0 ? [vote('Ada', row, 'B', '00')] : []),
    vote('Ada', row, row % 3 === 2 ? 'B' : 'A', '01'),
    vote('Bob', row, row % 3 === 2 || row < 2 ? 'B' : 'A', '02'),
  ]);
}
