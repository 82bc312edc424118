import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import { recognise } from '../../../src/core/sweep/grid/recognise';
import { readLayout, writeLayout } from '../../../src/engine/sweep/layouts';
import { readTree } from '../../../src/engine/sweep/tree';
import { CLIPS } from '../../support/paths';
import { skip } from '../../support/skip';
import { cleanUp, engineIn, tempDir } from './support';
import { makeSweep, targetOf } from './sweepSupport';

function tree(...paths: string[]): string {
  const root = tempDir();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  return root;
}

const paths = async (root: string) => (await readTree(root)).files.map(({ path }) => path);
const hasCode = (code: string) => (error: unknown) => ProblemError.is(error) && error.problem.code === code;

describe('the walk over a tree', () => {
  after(cleanUp);

  it('finds videos with size and time, and side files, but not what tools keep for themselves', async () => {
    const root = tree(
      'step-1/a.mp4',
      'step-1/a.txt',
      'step-1/a.png',
      '.git/x.mp4',
      'node_modules/y.mp4',
      '.aesrm/z.mp4',
    );
    const { files, total, unreadable } = await readTree(root);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['step-1/a.mp4', 'step-1/a.txt'],
    );
    assert.equal(files[0]?.size, 'step-1/a.mp4'.length);
    assert.ok(files[0].mtimeMs > 0);
    assert.deepEqual([total, unreadable], [3, []]);
  });

  it('reads names of any kind', async () => {
    const names = ['-dash.mp4', '🐈 "cat" it\'s.mp4', 'żółw.webm', `${'p'.repeat(250)}.mp4`];
    const root = tree(...names.map((name) => `step 1/${name}`));
    assert.deepEqual((await paths(root)).sort(), names.map((name) => `step 1/${name}`).sort());
  });

  it('follows links once and out of no loop', async () => {
    const [root, other] = [tree('step-1/a.mp4'), tree('b.mp4', 'deep/c.mp4')];
    symlinkSync(root, join(root, 'step-1', 'up'));
    symlinkSync(join(root, 'step-1'), join(root, 'again'));
    symlinkSync(other, join(root, 'step-2'));
    symlinkSync(other, join(root, 'step-3'));
    symlinkSync(root, join(other, 'back'));
    symlinkSync(join(root, 'nowhere'), join(root, 'broken.mp4'));
    assert.deepEqual(await paths(root), ['step-1/a.mp4', 'step-2/b.mp4', 'step-2/deep/c.mp4']);
  });

  it('tells folders that it may not read, and reads the others', async function () {
    if (process.getuid?.() === 0) skip(this, 'the administrator may read everything');
    const root = tree('step-1/a.mp4', 'secret/b.mp4');
    chmodSync(join(root, 'secret'), 0);
    try {
      const { files, unreadable } = await readTree(root);
      assert.deepEqual(
        files.map(({ path }) => path),
        ['step-1/a.mp4'],
      );
      assert.deepEqual(unreadable, ['secret']);
    } finally {
      chmodSync(join(root, 'secret'), 0o755);
    }
  });

  it('tells a folder that lies too deep to be read, and reads the others', async function () {
    if (process.platform === 'win32') skip(this, 'paths are bounded otherwise there');
    const root = tree('step-1/a.mp4');
    const [home, name] = [process.cwd(), 'd'.repeat(200)];
    try {
      process.chdir(root);
      for (let i = 0; i < 25; i++) {
        mkdirSync(name);
        process.chdir(name);
      }
      writeFileSync('b.mp4', 'out of reach');
    } finally {
      process.chdir(home);
    }
    try {
      const { files, unreadable } = await readTree(root);
      assert.deepEqual(
        files.map(({ path }) => path),
        ['step-1/a.mp4'],
      );
      assert.equal(unreadable.length, 1);
      assert.match(unreadable[0]!, /^d{200}\/d/);
    } finally {
      // Node's own removal goes by whole paths.
      execFileSync('rm', ['-rf', join(root, name)]);
    }
  });

  it('leaves bins and hidden places of tools alone; clips of other hidden folders are set aside', async () => {
    const root = tree(
      ...['step-1/a.mp4', 'step-2/a.mp4', '.snapshots/step-1/a.mp4', 'step-1/.thumbs/a.mp4'],
      ...['.Trash/a.mp4', '$RECYCLE.BIN/a.mp4', '@eaDir/a.mp4', '.ipynb_checkpoints/a.mp4'],
    );
    const [grid] = recognise((await readTree(root)).files).grids;
    assert.deepEqual(
      grid?.clips.map(({ path }) => path),
      ['step-1/a.mp4', 'step-2/a.mp4'],
    );
    assert.deepEqual(grid.leftovers, [
      { path: '.snapshots/step-1/a.mp4', why: 'auxiliary' },
      { path: 'step-1/.thumbs/a.mp4', why: 'auxiliary' },
    ]);
  });

  it('keeps lists of prompts however many texts lie beside clips', async () => {
    const texts = Array.from({ length: 20_500 }, (_, i) => `clips/${i}.txt`);
    const root = tree('clips/a.mp4', 'clips/training_config.yaml', ...texts);
    const { files, total } = await readTree(root);
    assert.equal(total, 20_502);
    assert.equal(files.length, 20_001);
    assert.ok(files.some(({ path }) => path === 'clips/training_config.yaml'));
  });

  it('keeps what tools write about clips, and the scan reads it', async function () {
    this.timeout(20_000);
    const ids = [0, 1, 2, 3].map((n) => `0a1b2c3d-0001-4000-8000-00000000000${n}`);
    const videos = ids.map((id) => `invoke/videos/${id}.mp4`);
    const iterations = [100, 200].flatMap((s) =>
      [0, 1].map((i) => `sat/video/samples_gs-000${s}/00000${i}.mp4`),
    );
    const root = tree(...videos, ...iterations, 'sat/video_texts/00000100', 'sat/video_texts/00000200');
    mkdirSync(join(root, 'invoke/videos/sidecars'));
    ids.forEach((id, i) => {
      const metadata = { model: { name: `m${i % 2}` }, positive_prompt: `prompt ${i >> 1}`, seed: 3 };
      const sidecar = JSON.stringify({ invokeai_metadata: JSON.stringify(metadata) });
      writeFileSync(join(root, 'invoke/videos/sidecars', `${id}.json`), sidecar);
    });
    for (const step of [100, 200])
      writeFileSync(join(root, `sat/video_texts/00000${step}`), 'the first, a cat\nthe second, a dog\n');
    writeFileSync(join(root, 'sat/20260101'), 'no text of prompts');
    assert.equal((await paths(root)).includes('sat/20260101'), false);
    const engine = engineIn(tempDir());
    const scan = async (grid: string) => {
      const { grid: found } = await engine.sweepScan(targetOf(root, { layout: { grid } }));
      assert.equal(found?.id, grid);
      return [found.columns, found.rows].map((of) => of.map(({ label }) => label));
    };
    assert.deepEqual(await scan('invokeai'), [
      ['m0', 'm1'],
      ['prompt 0', 'prompt 1'],
    ]);
    assert.deepEqual(await scan('cogvideo-sat'), [
      ['step 100', 'step 200'],
      ['the first, a cat', 'the second, a dog'],
    ]);
  });

  it('says that a folder is missing', async () => {
    const root = tree('a.mp4');
    await assert.rejects(readTree(join(root, 'gone')), hasCode('fileMissing'));
    await assert.rejects(readTree(join(root, 'a.mp4')), hasCode('fileMissing'));
  });

  it('goes on when files vanish meanwhile', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `step-${i % 10}/${i}.mp4`);
    const root = tree(...names);
    const reading = readTree(root, {
      onProgress: () => rmSync(join(root, 'step-3'), { recursive: true, force: true }),
    });
    const { files } = await reading;
    assert.ok(files.length >= 450 && files.length <= 500);
    assert.equal(files.filter(({ path }) => path.startsWith('step-4/')).length, 50);
  });

  it('can be cancelled', async () => {
    await assert.rejects(readTree(tree('a.mp4'), { signal: AbortSignal.abort() }), hasCode('cancelled'));
  });

  for (const [sweep, columns, rows] of [
    ['fetv', 4, 14],
    ['mcm', 23, 13],
    ['wan-grpo', 2, 9],
  ] as const)
    it(`recognises the real sweep ${sweep}`, async function () {
      const root = join(CLIPS ?? '', 'sweeps', sweep);
      if (CLIPS === undefined || !existsSync(root)) skip(this, 'no real sweeps here');
      const [grid] = recognise((await readTree(root)).files).grids;
      assert.deepEqual([grid?.columns.length, grid?.rows.length, grid?.leftovers], [columns, rows, []]);
    });
});

describe('corrected layouts', () => {
  after(cleanUp);

  it('are kept by sweep, and taken away when empty', async () => {
    const record = join(tempDir(), '.aesrm');
    assert.deepEqual(await readLayout(record, 'runs/a'), {});
    await writeLayout(record, 'runs/a', { pattern: '{checkpoint}/{prompt}.mp4' });
    await writeLayout(record, 'runs/b', { baseline: 'base' });
    await writeLayout(record, 'runs/a', { grid: 'general' });
    assert.deepEqual(await readLayout(record, 'runs/a'), { grid: 'general' });
    await writeLayout(record, 'runs/a', {});
    assert.deepEqual(await readLayout(record, 'runs/a'), {});
    assert.deepEqual(await readLayout(record, 'runs/b'), { baseline: 'base' });
    assert.deepEqual(readdirSync(record), ['sweep.json']);
  });

  it('come back from the folder: a pattern, the grid that it makes, and what is said of a wrong one', async function () {
    this.timeout(30_000);
    const dir = tempDir();
    const root = makeSweep(dir, { steps: 2, prompts: 2 });
    const [engine, logDir] = [engineIn(dir), join(dir, 'ws', '.aesrm')];
    const kept = { pattern: 'step-{prompt}/prompt-{checkpoint}.mp4', baseline: '1' };
    await engine.sweepLayout({ logDir, name: 'run', layout: kept });
    const { layout } = await engineIn(dir).sweepLayout({ logDir, name: 'run' });
    assert.deepEqual(layout, kept);
    const { grid, message } = await engine.sweepScan(targetOf(root, { layout }));
    assert.equal(message, undefined);
    assert.deepEqual([grid?.id, grid?.pattern], ['pattern', kept.pattern]);
    assert.deepEqual(
      [grid?.columns.map(({ id }) => id), grid?.rows.map(({ id }) => id)],
      [
        ['0', '1'],
        ['100', '200'],
      ],
    );
    const wrong = { pattern: '{checkpoint}/{promt}.mp4' };
    const scan = await engine.sweepScan(targetOf(root, { layout: wrong }));
    assert.match(scan.message ?? '', /unknown placeholder \{promt\}/);
    assert.equal(scan.grid?.id, 'general');
    await engine.sweepLayout({ logDir, name: 'run', layout: {} });
    assert.deepEqual((await engine.sweepLayout({ logDir, name: 'run' })).layout, {});
  });

  it('of a later version are refused and stay as they are', async () => {
    const record = tempDir();
    const file = join(record, 'sweep.json');
    const later = JSON.stringify({ format: 'aesrm.sweep-layout/2', sweeps: {} });
    writeFileSync(file, later);
    await assert.rejects(readLayout(record, 'a'), hasCode('logCorrupt'));
    await assert.rejects(writeLayout(record, 'a', { grid: 'x' }), hasCode('logCorrupt'));
    assert.equal(readFileSync(file, 'utf8'), later);
  });

  it('that are hostile are refused, and harm nothing', async () => {
    const record = tempDir();
    const file = join(record, 'sweep.json');
    const layouts = (sweeps: string) => `{"format":"aesrm.sweep-layout/1","sweeps":${sweeps}}`;
    for (const text of ['[]', layouts('7'), layouts('{"a":{"pattern":{}}}'), ' '.repeat(5 << 20)]) {
      writeFileSync(file, text);
      await assert.rejects(readLayout(record, 'a'), hasCode('logCorrupt'));
    }
    writeFileSync(file, layouts('{"__proto__":{"pattern":"x"},"a":{"grid":"g"}}'));
    assert.deepEqual(await readLayout(record, 'a'), { grid: 'g' });
    assert.deepEqual(await readLayout(record, 'b'), {});
    assert.equal(Object.hasOwn(Object.prototype, 'pattern'), false);
  });

  it('are none where a file is in the place of the folder', async () => {
    const root = tree('.aesrm');
    assert.deepEqual(await readLayout(join(root, '.aesrm'), 'run'), {});
  });

  it('are neither read nor written through a link', async () => {
    const [record, elsewhere] = [tempDir(), tempDir()];
    writeFileSync(join(elsewhere, 'x.json'), '{}');
    symlinkSync(join(elsewhere, 'x.json'), join(record, 'sweep.json'));
    await assert.rejects(readLayout(record, 'a'), hasCode('logUnwritable'));
    await assert.rejects(writeLayout(record, 'a', { grid: 'x' }), hasCode('logUnwritable'));
    assert.equal(readFileSync(join(elsewhere, 'x.json'), 'utf8'), '{}');
  });
});
