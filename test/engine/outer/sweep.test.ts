import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import { markOf } from '../../../src/core/sweep/marks';
import { CACHE_FOLDER, THUMBNAIL_FOLDER } from '../../../src/protocol/cacheFolders';
import { audioOnly, truncated } from '../../support/clips';
import { engineIn, lines, ownFolder, pair, tempDir, until } from './support';
import { addStep, listener, loggedPairs, makeSweep, runOf, targetOf } from './sweepSupport';

const isCancelled = (error: unknown) => ProblemError.is(error, 'cancelled');

describe('engine sweep', function () {
  this.timeout(60_000);
  let dir: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));

  it('shows the grid and its cost before it touches anything', async () => {
    const root = makeSweep(dir);
    const scan = await engineIn(dir).sweepScan(targetOf(root));
    assert.deepEqual(
      scan.grid?.columns.map(({ label }) => label),
      ['step 100', 'step 200', 'step 300'],
    );
    assert.equal(scan.grid?.rows.length, 3);
    assert.deepEqual(scan.cost, { clips: { total: 9, encoded: 0 }, pairs: { total: 9, judged: 0 } });
    assert.ok(!existsSync(logDir));
  });

  it('tells the time that a start would take once work on this machine shows it', async () => {
    const root = makeSweep(dir);
    const first = await engineIn(dir).sweepScan(targetOf(root, { pairing: 'adjacent' }));
    assert.equal(first.cost.seconds, undefined, 'not known before the first run');
    await engineIn(dir).sweepRun(runOf(root, { pairing: 'adjacent' }));
    const all = await engineIn(dir).sweepScan(targetOf(root));
    assert.deepEqual(all.cost.clips, { total: 9, encoded: 9 }, 'another pairing takes no encoding again');
    assert.deepEqual(all.cost.pairs, { total: 9, judged: 6 });
    addStep(root, 4);
    const { cost } = await engineIn(dir).sweepScan(targetOf(root));
    assert.deepEqual(cost.clips, { total: 12, encoded: 9 });
    assert.ok(cost.seconds! > 0 && cost.seconds! < 60, String(cost.seconds));
  });

  it('judges every pair once, alike a comparison of the same two clips', async () => {
    const root = makeSweep(dir);
    const engine = engineIn(dir);
    const { steps, onProgress } = listener();
    const state = await engine.sweepRun(runOf(root), { onProgress });
    assert.deepEqual(state.pairs, { total: 9, judged: 9 });
    assert.deepEqual(state.clips, { total: 9, encoded: 9 });
    assert.equal(steps.at(-1)?.pairs.done, 9);
    const pairs = loggedPairs(logDir);
    assert.equal(pairs.length, 9);
    assert.equal(new Set(pairs.map(({ key }) => key)).size, 9);
    const [a, b] = [join(root, 'step-100/prompt-0.mp4'), join(root, 'step-300/prompt-0.mp4')];
    const { verdict } = await engine.compare(pair(a, b, null));
    const sign = { A: -1, tie: 0, B: 1 }[verdict.overall.winner];
    const baseline = markOf(state.marks.baseline, 2, 'overall');
    assert.equal(baseline, sign);
    for (const hash of state.hashes) {
      const still = join(dir, 'cache', CACHE_FOLDER, THUMBNAIL_FOLDER, hash.slice(0, 2), `${hash}.jpg`);
      assert.deepEqual([...readFileSync(still).subarray(0, 3)], [0xff, 0xd8, 0xff]);
    }
  });

  it('judges nothing again: not in a fresh engine, not after renaming, only what is new', async () => {
    const root = makeSweep(dir);
    await engineIn(dir).sweepRun(runOf(root));
    const before = lines(join(logDir, 'sweeps.jsonl')).length;
    const moved = join(dir, 'ws', 'renamed');
    renameSync(root, moved);
    const again = await engineIn(dir).sweepRun(runOf(moved));
    assert.deepEqual(again.pairs, { total: 9, judged: 9 });
    assert.equal(lines(join(logDir, 'sweeps.jsonl')).length, before);
    addStep(moved, 4);
    const more = await engineIn(dir).sweepRun(runOf(moved));
    assert.deepEqual(more.pairs, { total: 18, judged: 18 });
    const pairs = loggedPairs(logDir);
    assert.equal(pairs.length, 18);
    assert.equal(new Set(pairs.map(({ key }) => key)).size, 18);
  });

  it('leaves broken clips out with their reason, and holes', async () => {
    const root = makeSweep(dir);
    writeFileSync(join(root, 'step-200/prompt-0.mp4'), '');
    copyFileSync(truncated(), join(root, 'step-200/prompt-1.mp4'));
    copyFileSync(audioOnly(), join(root, 'step-300/prompt-1.mp4'));
    rmSync(join(root, 'step-100/prompt-2.mp4'));
    const engine = engineIn(dir);
    const state = await engine.sweepRun(runOf(root));
    const codes = state.broken.map(({ problem }) => problem.code).sort();
    assert.deepEqual(codes, ['empty', 'noVideo', 'truncated']);
    assert.deepEqual(state.pairs, { total: 2, judged: 2 });
    const quick = performance.now();
    const known = await engineIn(dir).sweepRun(runOf(root));
    assert.equal(known.broken.length, 3, `${performance.now() - quick} ms`);
  });

  it('with adjacent pairs, goes over a broken clip to the next', async () => {
    const root = makeSweep(dir);
    writeFileSync(join(root, 'step-200/prompt-0.mp4'), '');
    const state = await engineIn(dir).sweepRun(runOf(root, { pairing: 'adjacent' }));
    assert.deepEqual(state.pairs, { total: 5, judged: 5 });
  });

  it('takes new samples in while it watches, and waits for one that is being written', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const stop = new AbortController();
    const { steps, onProgress } = listener();
    const params = { ...runOf(root), watch: true };
    const run = engineIn(dir).sweepRun(params, { onProgress, signal: stop.signal });
    run.catch(() => undefined);
    const last = () => steps.at(-1);
    await until('the first three', () => last()?.stage === 'watching' && last()?.pairs.done === 3);
    addStep(root, 4, 1);
    const now = new Date();
    utimesSync(join(root, 'step-400/prompt-0.mp4'), now, now);
    await until('the fresh clip to wait', () => (last()?.state?.waiting.length ?? 0) > 0);
    await until('the fourth step', () => last()?.stage === 'watching' && last()?.pairs.done === 6);
    assert.ok(steps.some(({ grid }) => grid?.grid.columns.length === 4));
    stop.abort();
    await assert.rejects(run, isCancelled);
  });

  it('pauses within a second and goes on where it was', async () => {
    const root = makeSweep(dir, { prompts: 6 });
    const engine = engineIn(dir);
    const stop = new AbortController();
    const run = engine.sweepRun(runOf(root), {
      signal: stop.signal,
      onProgress: ({ pairs }) => pairs.done >= 3 && stop.abort(),
    });
    await assert.rejects(run, isCancelled);
    const paused = await engine.sweepOpen(targetOf(root));
    assert.ok(paused.state.pairs.judged >= 3 && paused.state.pairs.judged < 18);
    const done = await engine.sweepRun(runOf(root));
    assert.deepEqual(done.pairs, { total: 18, judged: 18 });
    assert.equal(loggedPairs(logDir).length, 18);
  });

  it('two processes on one sweep: one works, the other follows, nothing is done twice', async () => {
    const root = makeSweep(dir, { prompts: 5 });
    const [one, two] = [tempDir(), tempDir()].map((own) => engineIn(own));
    const { steps, onProgress } = listener();
    const [a, b] = await Promise.all([
      one!.sweepRun(runOf(root)),
      two!.sweepRun(runOf(root), { onProgress }),
    ]);
    assert.deepEqual([a.pairs.judged, b.pairs.judged], [15, 15]);
    assert.equal(loggedPairs(logDir).length, 15);
    assert.ok(steps.length > 0);
  });

  it('keeps its rows elsewhere where the folder cannot be written, and says so', async () => {
    const root = makeSweep(dir, { prompts: 4 });
    writeFileSync(logDir, 'a file is in the way');
    const fallbackLogDir = join(dir, 'elsewhere');
    const state = await engineIn(dir).sweepRun(runOf(root, { fallbackLogDir }));
    assert.equal(state.kept.dir, fallbackLogDir);
    assert.equal(state.kept.problem?.code, 'logUnwritable');
    assert.equal(loggedPairs(fallbackLogDir).length, 12);
    const again = await engineIn(dir).sweepOpen(targetOf(root, { fallbackLogDir }));
    assert.equal(again.state.pairs.judged, 12);
    assert.equal(again.state.kept.dir, fallbackLogDir, 'told where they are, not where they should be');
    rmSync(logDir);
    makeSweep(dir, { prompts: 5 });
    const mended = await engineIn(dir).sweepRun(runOf(root, { fallbackLogDir }));
    assert.deepEqual(mended.pairs, { total: 15, judged: 15 });
    assert.equal(mended.kept.dir, logDir);
    assert.deepEqual([loggedPairs(fallbackLogDir).length, loggedPairs(logDir).length], [12, 3]);
  });

  it('ends in plain words where the folder is gone', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    rmSync(root, { recursive: true });
    await assert.rejects(engineIn(dir).sweepRun(runOf(root)), (error: unknown) => {
      assert.ok(ProblemError.is(error, 'fileMissing'), String(error));
      assert.match(error.message, /run/);
      return true;
    });
  });

  it('drops a torn last line, says so, and judges only what was in it', async () => {
    const root = makeSweep(dir, { prompts: 2 });
    await engineIn(dir).sweepRun(runOf(root));
    const file = join(logDir, 'sweeps.jsonl');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 40));
    const state = await engineIn(dir).sweepRun(runOf(root));
    assert.deepEqual(state.pairs, { total: 6, judged: 6 });
    const { state: later } = await engineIn(dir).sweepOpen(targetOf(root));
    assert.equal(later.notes.length, 1);
  });
});
