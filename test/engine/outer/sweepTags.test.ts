import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import type { Grid } from '../../../src/core/sweep/grid';
import { FFMPEG, hasEncoder } from '../../support/ffmpeg';
import { skip } from '../../support/skip';
import { graph, taggedClip, taggedPng, taggedWebp } from '../../support/tagged';
import { END_ENGINE, cleanUp, configIn, engineIn, lines, tempDir } from './support';
import { listener, runOf, targetOf, tiny } from './sweepSupport';

const CAT = 'A cat; it = "odd" #1 \\ of [two]\nlines 🐈';
const FOLDERS = ['step-100', 'step-200'];

describe('engine sweep: prompts in tags', function () {
  this.timeout(60_000);
  let dir: string;
  let root: string;
  beforeEach(() => {
    dir = tempDir();
    root = join(dir, 'ws', 'run');
    for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  });
  afterEach(cleanUp);

  /** The same row in both folders. */
  const inBoth = (make: (folder: string) => void) => FOLDERS.forEach((folder) => make(join(root, folder)));
  const told = (grid: Grid) => grid.rows.map(({ id, prompt, promptFrom }) => [id, prompt, promptFrom]);

  /** An ffmpeg that notes its inputs. */
  function counting(): { path: string; inputs: () => string[] } {
    const [path, log] = [join(dir, 'counting'), join(dir, 'inputs')];
    writeFileSync(
      path,
      `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec "$(command -v '${FFMPEG}')" "$@"\n`,
    );
    chmodSync(path, 0o755);
    const inputs = () => (existsSync(log) ? lines(log).filter((line) => line.includes('ffmetadata')) : []);
    return { path, inputs };
  }

  it('of containers that ffmpeg writes, EXIF, and pictures beside', async function () {
    if (!hasEncoder('libwebp_anim') || !hasEncoder('libvpx'))
      skip(this, 'this ffmpeg has no libwebp or libvpx');
    inBoth((folder) => {
      taggedClip(join(folder, 'a_00001_.mp4'), { prompt: graph(CAT), workflow: '{"nodes":[]}' });
      taggedClip(join(folder, 'b_00001_.webm'), { prompt: graph('b, in a webm') });
      taggedClip(join(folder, 'c_00001_.mkv'), {
        comment: JSON.stringify({ prompt: graph('c, in a comment') }),
      });
      taggedClip(join(folder, 'd_00001_.mov'), { prompt: 'd, in plain words' });
      taggedWebp(join(folder, 'e_00001_.webp'), {
        0x010f: 'workflow:{"nodes":[]}',
        0x0110: `prompt:${graph('e, in EXIF')}`,
      });
      taggedClip(join(folder, 'f_00001_.mp4'), { title: 'says nothing' });
    });
    const engine = engineIn(dir);
    const { grid } = await engine.sweepScan(targetOf(root));
    assert.ok(grid!.rows.every(({ prompt }) => prompt === undefined));
    const found = await engine.sweepPrompts(targetOf(root));
    assert.deepEqual(told(found!.grid), [
      ['a_00001', CAT, 'step-100/a_00001_.mp4'],
      ['b_00001', 'b, in a webm', 'step-100/b_00001_.webm'],
      ['c_00001', 'c, in a comment', 'step-100/c_00001_.mkv'],
      ['d_00001', 'd, in plain words', 'step-100/d_00001_.mov'],
      ['e_00001', 'e, in EXIF', 'step-100/e_00001_.webp'],
      ['f_00001', undefined, undefined],
    ]);
    assert.equal(found!.state.gridRevision, found!.revision);
    assert.deepEqual(found!.grid.clips, grid!.clips);
    assert.ok(!found!.grid.rows[0]!.label.includes('\n'));
  });

  it('of the first frame that VideoHelperSuite keeps beside a clip', async () => {
    const texts = { x: 'tEXt', y: 'zTXt', z: 'iTXt' } as const;
    inBoth((folder) => {
      for (const [name, kind] of Object.entries(texts)) {
        taggedClip(join(folder, `${name}_00001.mp4`), {});
        taggedPng(join(folder, `${name}_00001.png`), [
          ['tEXt', 'CreationTime', '2026-08-23 10:11:12'],
          [kind, 'prompt', graph(`${name}, in ${kind} 🐈`)],
        ]);
      }
      copyFileSync(join(folder, 'x_00001.mp4'), join(folder, 'x_00001-audio.mp4'));
    });
    const found = await engineIn(dir).sweepPrompts(targetOf(root));
    assert.deepEqual(
      told(found!.grid),
      Object.entries(texts).map(([name, kind]) => [
        `${name}_00001`,
        `${name}, in ${kind} 🐈`,
        `step-100/${name}_00001.png`,
      ]),
    );
  });

  it('are read once, from one clip of a row without a better source, and found again by the next engine', async () => {
    inBoth((folder) => {
      const step = folder.slice(-3);
      for (const row of ['a', 'b', 'c'])
        taggedClip(join(folder, `${row}.mp4`), { prompt: `${row} at ${step}` });
      writeFileSync(join(folder, 'b.txt'), 'b, in a file beside');
    });
    writeFileSync(join(root, 'step-100', 'c.mp4'), '');
    const { path, inputs } = counting();
    const engine = engineIn(dir);
    engine.restart({ ...configIn(dir), ffmpegPath: path });
    const first = await engine.sweepPrompts(targetOf(root));
    const expected = [
      ['a', 'a at 100', 'step-100/a.mp4'],
      ['b', 'b, in a file beside', 'step-100/b.txt'],
      ['c', 'c at 200', 'step-200/c.mp4'],
    ];
    assert.deepEqual(told(first!.grid), expected);
    assert.equal(inputs().length, 2);
    assert.equal(await engine.sweepPrompts(targetOf(root)), null);
    const next = engineIn(dir);
    next.restart({ ...configIn(dir), ffmpegPath: path });
    const opened = await next.sweepOpen(targetOf(root));
    assert.deepEqual(told(opened.grid), expected);
    assert.equal(await next.sweepPrompts(targetOf(root)), null);
    assert.equal(inputs().length, 2);
    mkdirSync(join(root, 'step-050'));
    taggedClip(join(root, 'step-050', 'a.mp4'), { prompt: 'another' });
    assert.equal((await next.sweepScan(targetOf(root))).grid!.rows[0]!.prompt, 'a at 100');
    assert.equal(await next.sweepPrompts(targetOf(root)), null);
    taggedClip(join(root, 'step-100', 'a.mp4'), { prompt: 'a, made anew' });
    await next.sweepScan(targetOf(root));
    assert.equal((await next.sweepPrompts(targetOf(root)))!.grid.rows[0]!.prompt, 'another');
  });

  it('that end the engine every time are left out, said so, until the file changes or is asked for again', async () => {
    const then = new Date(Date.now() - 3_600_000);
    inBoth((folder) => {
      for (const row of ['a', 'b', 'c']) {
        const path = join(folder, `${row}_00001.mp4`);
        taggedClip(path, { prompt: `${row}, in words` });
        utimesSync(path, then, then);
      }
    });
    const [path, armed] = [join(dir, 'crashing'), join(dir, 'armed')];
    const crash = `case "$*" in *b_00001*ffmetadata*) [ -e '${armed}' ] && { ${END_ENGINE}; sleep 5; } ;; esac`;
    writeFileSync(path, `#!/bin/sh\n${crash}\nexec "$(command -v '${FFMPEG}')" "$@"\n`);
    chmodSync(path, 0o755);
    writeFileSync(armed, '');
    const engine = engineIn(dir);
    engine.restart({ ...configIn(dir), ffmpegPath: path });
    const all = ['a, in words', 'b, in words', 'c, in words'];
    const words = ({ rows }: Grid) => rows.map(({ prompt }) => prompt);
    const isSaid = (notes: readonly string[]) =>
      notes.some((note) => /^The engine ended again .* tags of "step-100\/b_00001\.mp4": they/.test(note));

    const found = await engine.sweepPrompts(targetOf(root));
    assert.deepEqual(words(found!.grid), [all[0], undefined, all[2]]);
    assert.ok(isSaid(found!.state.notes));
    const state = await engine.sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.broken], [{ total: 3, judged: 3 }, []], 'its pictures count');
    const ends = () => engine.said.filter((line) => /the engine ended/.test(line)).length;
    assert.equal(ends(), 2);

    rmSync(armed);
    const next = engineIn(dir);
    const opened = await next.sweepOpen(targetOf(root));
    assert.deepEqual([words(opened.grid), isSaid(opened.state.notes)], [[all[0], undefined, all[2]], true]);
    const again = await next.sweepRun({ ...runOf(root), retryBroken: true });
    const last = await next.sweepOpen(targetOf(root));
    assert.deepEqual([isSaid(again.notes), words(last.grid)], [false, all]);
  });

  it('do not keep a run from its end where they end the engine', async () => {
    const then = new Date(Date.now() - 3_600_000);
    inBoth((folder) => {
      for (const row of [0, 1]) {
        const path = join(folder, `p${row}_00001.mp4`);
        taggedClip(path, { title: path });
        utimesSync(path, then, then);
      }
    });
    const path = join(dir, 'crashing');
    const crash = `case "$*" in *p1_00001*ffmetadata*) ${END_ENGINE}; sleep 5 ;; esac`;
    writeFileSync(path, `#!/bin/sh\n${crash}\nexec "$(command -v '${FFMPEG}')" "$@"\n`);
    chmodSync(path, 0o755);
    const engine = engineIn(dir);
    engine.restart({ ...configIn(dir), ffmpegPath: path });
    const state = await engine.sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.broken], [{ total: 2, judged: 2 }, []]);
    assert.match(state.notes.join(), /tags of "step-100\/p1_00001\.mp4"/);
  });

  it('come with a run in one revision of the grid, and into what is exported', async () => {
    const then = new Date(Date.now() - 3_600_000);
    inBoth((folder) => {
      for (const row of [0, 1, 2]) {
        const path = join(folder, `p${row}_00001.mp4`);
        copyFileSync(tiny(Number(folder.slice(-3)) / 100, row), path);
        utimesSync(path, then, then);
        taggedPng(path.replace('.mp4', '.png'), [['tEXt', 'prompt', graph(`prompt ${row} in a picture`)]]);
      }
    });
    const engine = engineIn(dir);
    const { steps, onProgress } = listener();
    await engine.sweepRun(runOf(root), { onProgress });
    const grids = steps.flatMap(({ grid }) => grid ?? []);
    assert.deepEqual(
      grids.map(({ revision }) => revision),
      [1, 2],
    );
    assert.deepEqual(
      grids[1]!.grid.rows.map(({ prompt }) => prompt),
      [0, 1, 2].map((row) => `prompt ${row} in a picture`),
    );
    const target = join(dir, 'out.jsonl');
    await engine.sweepExport({ sweep: targetOf(root), format: 'jsonl', target });
    assert.equal((JSON.parse(lines(target)[0]!) as { prompt: string }).prompt, 'prompt 0 in a picture');
  });

  it('that are no prompts, too long or broken say nothing and stop nothing', async () => {
    inBoth((folder) => {
      for (const [name, prompt] of [
        ['graph', '{"3": {"inputs": {"positive": ["3", 0]}}}'],
        ['long', 'word '.repeat(5000)],
        ['torn', '{"3": '],
      ])
        taggedClip(join(folder, `${name}_00001.mp4`), { prompt: prompt! });
      writeFileSync(join(folder, 'broken_00001.mp4'), 'no video');
      taggedClip(join(folder, 'half_00001.mp4'), { prompt: 'half a prompt' });
      writeFileSync(
        join(folder, 'half_00001.png'),
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]),
      );
      const whole = readFileSync(join(folder, 'half_00001.mp4'));
      writeFileSync(join(folder, 'half_00001.mp4'), whole.subarray(0, whole.length / 2));
    });
    assert.equal(await engineIn(dir).sweepPrompts(targetOf(root)), null);
  });

  it('can be cancelled', async () => {
    inBoth((folder) => {
      for (const row of ['a', 'b']) taggedClip(join(folder, `${row}.mp4`), { prompt: row });
    });
    const slow = join(dir, 'slow');
    writeFileSync(
      slow,
      `#!/bin/sh\ncase "$*" in *ffmetadata*) exec sleep 30;; esac\nexec '${FFMPEG}' "$@"\n`,
    );
    chmodSync(slow, 0o755);
    const engine = engineIn(dir);
    engine.restart({ ...configIn(dir), ffmpegPath: slow });
    const stop = new AbortController();
    const reading = engine.sweepPrompts(targetOf(root), { signal: stop.signal });
    setTimeout(() => stop.abort(), 500);
    await assert.rejects(reading, (error: unknown) => ProblemError.is(error, 'cancelled'));
    assert.equal((await engine.sweepScan(targetOf(root))).grid!.rows.length, 2);
  });
});
