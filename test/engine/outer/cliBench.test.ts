import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeBench } from '../../../src/core/bench/decodeReport';
import { textFile } from '../../support/clips';
import { CLI } from '../../support/paths';
import { cleanUp, tempDir } from './support';
import { tiny } from './sweepSupport';

/** Groups enough for intervals. */
const PROMPTS = 9;
const HEAD = 'a,b,preferred,aspect,label_kind,source,group';

describe('aesrm bench', function () {
  this.timeout(120_000);
  let cwd: string;
  beforeEach(() => {
    cwd = tempDir();
  });
  afterEach(cleanUp);

  const env = () => ({ ...process.env, AESRM_CACHE: join(cwd, 'cache'), AESRM_STATE: join(cwd, 'state') });

  function aesrm(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd,
      env: env(),
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  function place(path: string, clip: string): void {
    mkdirSync(dirname(join(cwd, 'clips', path)), { recursive: true });
    copyFileSync(clip, join(cwd, 'clips', path));
  }

  function write(rows: readonly string[], name = 'pairs.csv'): void {
    writeFileSync(join(cwd, name), `${[HEAD, ...rows].join('\n')}\n`);
  }

  /** Of `tiny`'s steps 1 is the worst and 3 the best; sides alternate. */
  function labels(label = 'right'): string[] {
    return Array.from({ length: PROMPTS }, (_, p) => {
      const [good, bad] = [`good/${p}.mp4`, `bad/${p}.mp4`];
      place(good, tiny(3, p));
      place(bad, tiny(1, p));
      const goodIsA = p % 2 === 0;
      const sides = goodIsA ? [good, bad] : [bad, good];
      const preferred = label === 'tie' ? 'tie' : goodIsA ? 'A' : 'B';
      return `${sides.join()},${preferred},VF,degradation,lab,prompt ${p}`;
    });
  }

  const encodings = () =>
    existsSync(join(cwd, 'cache'))
      ? readdirSync(join(cwd, 'cache'), { recursive: true, encoding: 'utf8' }).filter((path) =>
          /encodings[\\/]..[\\/]/.test(path),
        )
      : [];

  it('measures the judge, names what it left out, and writes JSON on stdout and nothing else', () => {
    const known = labels();
    place('broken.mp4', textFile());
    write([
      ...known,
      'good/0.mp4,good/0.mp4,tie,overall,human_pairwise,lab,same',
      'good/1.mp4,missing.mp4,A,VF,degradation,lab,missing',
      'good/1.mp4,broken.mp4,A,VF,degradation,lab,broken',
      'good/2.mp4,bad/2.mp4,A,charm,human_pairwise,lab,charm',
      'good/2.mp4,bad/2.mp4,A,text_alignment,human_pairwise,lab,text',
      'good/2.mp4,bad/2.mp4,first,VF,degradation,lab,bad line',
    ]);
    const files = ['--out', 'r.md', '--out', 'r.html', '--out', 'r.json'];
    const { code, out, err } = aesrm('bench', 'pairs.csv', '--root', 'clips', '--json', ...files);
    assert.equal(code, 0, err);
    const report = decodeBench(JSON.parse(out));
    assert.deepEqual(report.counts, {
      ...{
        labels: PROMPTS + 5,
        used: PROMPTS + 2,
        noneOfOurs: 1,
        withoutClip: 2,
        notJudged: 0,
        clips: 2 * PROMPTS,
      },
    });
    const [human, charm, damage] = report.cells;
    assert.deepEqual([human!.aspect, human!.ties, human!.withTies.value], ['overall', 1, 1]);
    assert.equal(charm!.aspect, 'charm');
    assert.deepEqual([damage!.pairs, damage!.groups, damage!.withoutTies!.value], [PROMPTS, PROMPTS, 1]);
    assert.ok(damage!.withoutTies!.interval![0] > 0.6);
    assert.deepEqual([report.position.pairs, report.position.changed], [PROMPTS + 1, 0]);
    assert.deepEqual(
      report.problems.map(({ path, labels, problem }) => [path, labels, problem.code]),
      [
        ['missing.mp4', 1, 'fileMissing'],
        ['broken.mp4', 1, report.problems[1]!.problem.code],
      ],
    );
    assert.match(err, /^aesrm: missing\.mp4: .*does not exist/m);
    assert.match(err, /^aesrm: broken\.mp4: /m);
    assert.match(err, /^aesrm: Line 16 is left out: preferred is "first"/m);
    assert.match(err, /does not have "charm"/);
    assert.deepEqual(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')), JSON.parse(out));
    assert.match(readFileSync(join(cwd, 'r.md'), 'utf8'), /\| VF \| lab \| 9 \| 9 \| 100\.0% \(/);
    assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), /^<!doctype html>/);
    assert.equal(existsSync(join(cwd, '.aesrm')), false, 'a benchmark leaves no record');
  });

  it('reads a public set in its own layout, one row for several labels', () => {
    labels();
    const row = (p: number) =>
      `videos/good/${p}.mp4,videos/bad/${p}.mp4,kling,gen2,prompt ${p},A,same,B,A,24,48,24,48`;
    const head =
      'path_A,path_B,A_model,B_model,prompt,VQ,MQ,TA,Overall,fps_A,num_frames_A,fps_B,num_frames_B';
    const rows = Array.from({ length: PROMPTS }, (_, p) => row(p));
    writeFileSync(join(cwd, 'videogen-rewardbench.csv'), `${[head, ...rows].join('\n')}\n`);
    renameSync(join(cwd, 'clips'), join(cwd, 'videos'));
    const { code, out, err } = aesrm('bench', 'videogen-rewardbench.csv', '--json');
    assert.equal(code, 0, err);
    const { counts, cells } = decodeBench(JSON.parse(out));
    assert.deepEqual(counts, { labels: 4 * PROMPTS, used: 3 * PROMPTS, noneOfOurs: PROMPTS, withoutClip: 0, notJudged: 0, clips: 2 * PROMPTS }); // prettier-ignore
    assert.deepEqual(
      cells.map(({ source, aspect, kind, pairs, ties }) => [source, aspect, kind, pairs, ties]),
      [
        ['VideoGen-RewardBench', 'VQ', 'human_pairwise', PROMPTS, 0],
        ['VideoGen-RewardBench', 'MQ', 'human_pairwise', PROMPTS, PROMPTS],
        ['VideoGen-RewardBench', 'overall', 'human_pairwise', PROMPTS, 0],
      ],
    );
    assert.match(err, /Read as VideoGen-RewardBench: 36 labels\./);
  });

  it('tells in a terminal what it measured, and compares with an earlier report', () => {
    write(labels());
    assert.equal(aesrm('bench', 'pairs.csv', '--root', 'clips', '--out', 'before.json').code, 0);
    const again = aesrm('bench', 'pairs.csv', '--root', 'clips', '--compare', 'before.json');
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /^Benchmark on pairs\.csv\nJudge: Compact judge /);
    assert.match(again.out, /The figures rest on 9 of 9 labels; 18 clips were read\./);
    assert.match(again.out, /VF +lab +9 +9 +100\.0%/);
    assert.match(again.out, /9 labels are in both, on the same clips by content\./);
    assert.match(again.out, /0\.0 \(0\.0 to 0\.0\): not distinguishable/);
    assert.match(again.out, /0 of 36 verdicts changed/);
  });

  it('refuses what is no file of labels, no report, no folder or holds no whole pair, and says so', () => {
    write(['a.mp4,b.mp4,A,VF,human,lab,g']);
    write(['a.mp4,b.mp4,A,text_alignment,human,lab,g'], 'text.csv');
    writeFileSync(join(cwd, 'other.csv'), 'left,right\n1,2\n');
    writeFileSync(join(cwd, 'other.json'), '{"format":"aesrm.verdict/1"}');
    const cases: [args: string[], says: RegExp][] = [
      [['pairs.csv'], /Of no pair in pairs\.csv both clips could be read\. First a\.mp4: /],
      [['text.csv'], /No label in text\.csv is of an aspect that a verdict speaks of/],
      [
        ['other.csv'],
        /The columns of "other\.csv" \(left, right\) fit no known layout: the plain one \(a, b, preferred/,
      ],
      [['none.csv'], /"none\.csv" does not exist/],
      [['pairs.csv', '--root', 'nowhere'], /The folder .*nowhere does not exist/],
      [
        ['pairs.csv', '--compare', 'other.json'],
        /other\.json is no report of a benchmark: this is "aesrm\.verd/,
      ],
    ];
    for (const [args, says] of cases) {
      const { code, out, err } = aesrm('bench', ...args, '--json');
      assert.equal(code, 1, err);
      assert.equal(out, '');
      assert.match(err, says);
    }
    for (const args of [
      [],
      ['pairs.csv', '--out', 'r.txt'],
      ['pairs.csv', '--log', 'none'],
      ['pairs.csv', '--judge', 'other'],
      ['pairs.csv', '--watch'],
    ])
      assert.equal(aesrm('bench', ...args).code, 2, args.join(' '));
    assert.equal(aesrm('judge', 'pairs.jsonl', '--out', 'r.md').code, 2);
  });

  it('keeps what it read when it is stopped, says so, and goes on from there', async () => {
    write(labels());
    const child = spawn(process.execPath, [CLI, 'bench', 'pairs.csv', '--root', 'clips', '--json'], {
      ...{ cwd, env: env() },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    while (encodings().length < 2 && child.exitCode === null)
      await new Promise((done) => setTimeout(done, 5));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    assert.equal(code, 130, err);
    assert.equal(out, '');
    assert.match(
      err,
      /stopped; the clips that were read stay in the cache\. The same command goes on from there/,
    );
    const kept = encodings();
    assert.ok(kept.length >= 2 && kept.length < 2 * PROMPTS, `${kept.length} were kept`);
    const rest = aesrm('bench', 'pairs.csv', '--root', 'clips', '--json');
    assert.equal(rest.code, 0, rest.err);
    assert.equal(decodeBench(JSON.parse(rest.out)).counts.used, PROMPTS);
    assert.equal(encodings().length, 2 * PROMPTS);
  });

  it('decodes nothing again: with all in the cache it needs no ffmpeg', () => {
    write(labels('tie'));
    assert.equal(aesrm('bench', 'pairs.csv', '--root', 'clips').code, 0);
    const { status, stdout } = spawnSync(
      process.execPath,
      [CLI, 'bench', 'pairs.csv', '--root', 'clips', '--json'],
      { cwd, env: { ...env(), FFMPEG_BIN: join(cwd, 'no-ffmpeg'), PATH: '' }, encoding: 'utf8' },
    );
    assert.equal(status, 0);
    const [cell] = decodeBench(JSON.parse(stdout)).cells;
    assert.deepEqual([cell!.ties, cell!.withoutTies], [PROMPTS, null]);
  });
});
