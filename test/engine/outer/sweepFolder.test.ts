import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createEngine } from '../../../src/engine/client';
import type { OpenedSweep } from '../../../src/protocol/sweep';
import { FFMPEG } from '../../support/ffmpeg';
import { WORKER } from '../../support/paths';
import { skip } from '../../support/skip';
import { configIn, engineIn, ownFolder, until } from './support';
import { addStep, listener, loggedPairs, makeSweep, runOf, targetOf, tiny } from './sweepSupport';

const contentOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

function age(path: string): void {
  const then = new Date(Date.now() - 3_600_000);
  utimesSync(path, then, then);
}

/** A sample of an hour ago. */
function put(path: string, step: number, prompt: number): void {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(tiny(step, prompt), path);
  age(path);
}

describe("a sweep's folder", function () {
  this.timeout(60_000);
  let dir: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));

  it('is shown without statistics first, unless these are at hand', async () => {
    const root = makeSweep(dir);
    const opened = async (engine: ReturnType<typeof engineIn>) => {
      const known: OpenedSweep[] = [];
      const last = await engine.sweepOpen(targetOf(root), {
        onProgress: (step) => {
          if ('known' in step) known.push(step.known);
        },
      });
      return { known, last };
    };
    assert.deepEqual((await opened(engineIn(dir))).known, [], 'nothing is judged');
    await engineIn(dir).sweepRun(runOf(root));
    const engine = engineIn(dir);
    const { known, last } = await opened(engine);
    assert.ok(last.state.statistics, 'it has them at last');
    assert.deepEqual(known, [{ ...last, state: { ...last.state, statistics: null } }]);
    const again = await opened(engine);
    assert.deepEqual([again.known, again.last], [[], last]);
  });

  it('may have a clip replaced while it is read: judged is what is there in the end', async () => {
    const root = makeSweep(dir);
    const [old, fresh] = [join(root, 'step-200/prompt-1.mp4'), join(dir, 'fresh.mp4')];
    const before = contentOf(old);
    put(fresh, 1, 2);
    const ffmpeg = join(dir, 'ffmpeg');
    const swap = `case "$*" in *step-200/prompt-1*) [ -e '${fresh}' ] && mv '${fresh}' '${old}' ;; esac`;
    writeFileSync(ffmpeg, `#!/bin/sh\n${swap}\nexec '${FFMPEG}' "$@"\n`);
    chmodSync(ffmpeg, 0o755);
    const engine = createEngine({ ...configIn(dir), ffmpegPath: ffmpeg }, { workerPath: WORKER });
    try {
      const state = await engine.sweepRun(runOf(root));
      assert.ok(!existsSync(fresh), 'it was replaced');
      assert.deepEqual([state.pairs, state.broken, state.waiting], [{ total: 9, judged: 9 }, [], []]);
      assert.ok(state.hashes.includes(contentOf(old)) && !state.hashes.includes(before));
    } finally {
      await engine.dispose();
    }
    const pairs = loggedPairs(logDir);
    assert.ok(pairs.every(({ a, b }) => a !== before && b !== before));
    const calm = makeSweep(join(dir, 'calm'));
    put(join(calm, 'step-200/prompt-1.mp4'), 1, 2);
    await engineIn(join(dir, 'calm')).sweepRun(runOf(calm));
    const words = (of: typeof pairs) => of.map(({ a, b, bytes }) => `${a} ${b} ${bytes}`).sort();
    assert.deepEqual(words(pairs), words(loggedPairs(join(dir, 'calm/ws/.aesrm'))));
  });

  it('may have a clip that grows while it is watched: it waits, and is judged once it is whole', async () => {
    const root = makeSweep(dir, { steps: 2, prompts: 1 });
    const stop = new AbortController();
    const { steps, onProgress } = listener();
    const run = engineIn(dir).sweepRun({ ...runOf(root), watch: true }, { onProgress, signal: stop.signal });
    run.catch(() => undefined);
    const last = () => steps.at(-1)!;
    await until('the first two', () => last()?.stage === 'watching' && last().pairs.done === 1);
    const whole = readFileSync(tiny(3, 0));
    const path = join(root, 'step-300/prompt-0.mp4');
    mkdirSync(dirname(path));
    const parts = 8;
    for (let part = 0; part < parts; part++) {
      appendFileSync(
        path,
        whole.subarray((part * whole.length) / parts, ((part + 1) * whole.length) / parts),
      );
      await delay(1000);
      assert.deepEqual([last().pairs.done, last().clips.broken], [1, 0]);
    }
    assert.ok(
      steps.some(({ state }) => state?.waiting.length === 1),
      'it was seen, and waited',
    );
    await until('the third', () => last().stage === 'watching' && last().pairs.done === 3);
    assert.ok(steps.every(({ clips }) => clips.broken === 0));
    stop.abort();
    await assert.rejects(run);
    const contents = new Set(loggedPairs(logDir).flatMap(({ a, b }) => [a, b]));
    assert.deepEqual([contents.size, contents.has(contentOf(path))], [3, true]);
  });

  it('may have half a clip that rests: left out with its reason until the rest comes', async () => {
    const root = makeSweep(dir, { steps: 2, prompts: 1 });
    const whole = readFileSync(tiny(3, 0));
    const path = join(root, 'step-300/prompt-0.mp4');
    mkdirSync(dirname(path));
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    age(path);
    const engine = engineIn(dir);
    const half = await engine.sweepRun(runOf(root));
    assert.deepEqual(
      [half.pairs, half.broken.map(({ problem }) => problem.code)],
      [{ total: 1, judged: 1 }, ['truncated']],
    );
    appendFileSync(path, whole.subarray(whole.length / 2));
    age(path);
    const state = await engine.sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.broken], [{ total: 3, judged: 3 }, []]);
  });

  it('may come from a clock that is ahead: nothing waits for hours', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const ahead = new Date(Date.now() + 3 * 3_600_000);
    utimesSync(join(root, 'step-200/prompt-0.mp4'), ahead, ahead);
    const state = await engineIn(dir).sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.waiting], [{ total: 3, judged: 3 }, []]);
  });

  it('may hold prompts of 300 characters with slashes and emoji, beside the clips', async () => {
    const root = makeSweep(dir, { prompts: 2 });
    const long = (start: string) => `${start} 🐈‍⬛ "and/or" ${'über '.repeat(80)}`.slice(0, 299) + '.';
    const prompts = [long('A cat / a dog'), long('A dog \\ a cat')];
    for (const step of [100, 200, 300])
      prompts.forEach((prompt, i) =>
        writeFileSync(join(root, `step-${step}/prompt-${i}.txt`), `${prompt}\n`),
      );
    const engine = engineIn(dir);
    const state = await engine.sweepRun(runOf(root));
    assert.deepEqual(state.pairs, { total: 6, judged: 6 });
    const { grid } = await engine.sweepOpen(targetOf(root));
    assert.deepEqual(
      grid.rows.map(({ prompt, promptFrom }) => [prompt, promptFrom]),
      prompts.map((prompt, i) => [prompt, `step-100/prompt-${i}.txt`]),
    );
    assert.ok(grid.rows.every(({ label, prompt }) => prompt!.length === 300 && !/\n/.test(label)));
    const target = join(dir, 'out.json');
    await engine.sweepExport({ sweep: targetOf(root), format: 'json', target });
    const { grid: exported } = JSON.parse(readFileSync(target, 'utf8')) as { grid: typeof grid };
    assert.deepEqual(exported.rows, grid.rows);
  });

  it('may be mounted read-only: results go elsewhere, said so, and nothing in it changes', async function () {
    const root = makeSweep(dir, { prompts: 2 });
    const mount = (...args: string[]) => spawnSync('mount', args).status === 0;
    if (!mount('--bind', root, root)) skip(this, 'nothing can be mounted here');
    try {
      assert.ok(mount('-o', 'remount,ro,bind', root));
      assert.throws(() => writeFileSync(join(root, 'x'), ''), { code: 'EROFS' });
      const fallbackLogDir = join(dir, 'elsewhere');
      const places = { logDir: join(root, '.aesrm'), fallbackLogDir };
      const state = await engineIn(dir).sweepRun(runOf(root, places));
      assert.deepEqual(state.pairs, { total: 6, judged: 6 });
      assert.equal(state.kept.dir, fallbackLogDir);
      assert.match(state.kept.problem!.message, /\.aesrm\/sweeps\.jsonl in .* cannot be written/);
      assert.equal(loggedPairs(fallbackLogDir).length, 6);
      assert.ok(!existsSync(join(root, '.aesrm')));
      const again = await engineIn(dir).sweepRun(runOf(root, places));
      assert.deepEqual(again.pairs, state.pairs);
      assert.equal(loggedPairs(fallbackLogDir).length, 6);
    } finally {
      spawnSync('umount', [root]);
    }
  });

  it('may hold two layouts: each can be chosen, and the results of both are kept', async () => {
    const root = join(dir, 'ws', 'run');
    for (const step of [1, 2, 3])
      for (const prompt of [0, 1]) put(join(root, `samples/step_000${step}00_${prompt}.mp4`), step, prompt);
    for (const [column, model] of ['ltx', 'wan'].entries())
      for (const [row, prompt] of ['cat', 'dog', 'cow'].entries())
        put(join(root, `renders/${model}/${prompt}.mp4`), column + 1, row + 3);
    const engine = engineIn(dir);
    const { grids } = await engine.sweepScan(targetOf(root));
    const sizes = grids.map(({ columns, rows, clips }) => [columns, rows, clips]).sort();
    assert.deepEqual(sizes, [
      [2, 3, 6],
      [3, 2, 6],
    ]);
    const expected = new Map([
      ['2:3', 3],
      ['3:2', 6],
    ]);
    for (const { id, columns, rows } of grids) {
      const { pairs } = await engine.sweepRun(runOf(root, { layout: { grid: id } }));
      const total = expected.get(`${columns}:${rows}`);
      assert.deepEqual(pairs, { total, judged: total });
    }
    const fresh = engineIn(dir);
    for (const { id, columns, rows } of grids) {
      const { grid, state } = await fresh.sweepOpen(targetOf(root, { layout: { grid: id } }));
      const total = expected.get(`${columns}:${rows}`);
      assert.deepEqual([grid.id, state.pairs], [id, { total, judged: total }]);
    }
    const keys = loggedPairs(logDir).map(({ key }) => key);
    assert.deepEqual([keys.length, new Set(keys).size], [9, 9]);
  });

  it('may be renamed while it is watched: said so, and known under its new name', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const engine = engineIn(dir);
    const { steps, onProgress } = listener();
    const run = engine.sweepRun({ ...runOf(root), watch: true }, { onProgress });
    run.catch(() => undefined);
    await until('it watches', () => steps.at(-1)?.stage === 'watching');
    const moved = join(dir, 'ws', 'moved');
    renameSync(root, moved);
    await assert.rejects(run, /The folder .*run does not exist/);
    addStep(moved, 4, 1);
    const state = await engine.sweepRun(runOf(moved));
    assert.deepEqual(state.pairs, { total: 6, judged: 6 });
    assert.equal(loggedPairs(logDir).length, 6);
  });
});
