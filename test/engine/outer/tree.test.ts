import assert from 'node:assert/strict';
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
import { cleanUp, tempDir } from './support';

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

  it('are neither read nor written through a link', async () => {
    const [record, elsewhere] = [tempDir(), tempDir()];
    writeFileSync(join(elsewhere, 'x.json'), '{}');
    symlinkSync(join(elsewhere, 'x.json'), join(record, 'sweep.json'));
    await assert.rejects(readLayout(record, 'a'), hasCode('logUnwritable'));
    await assert.rejects(writeLayout(record, 'a', { grid: 'x' }), hasCode('logUnwritable'));
    assert.equal(readFileSync(join(elsewhere, 'x.json'), 'utf8'), '{}');
  });
});
