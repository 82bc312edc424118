import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ProblemError, type ProblemCode } from '../../../src/core/problem';
import { FFMPEG } from '../../support/ffmpeg';
import { skip } from '../../support/skip';
import { END_ENGINE, configIn, engineIn, ownFolder, until } from './support';
import { addStep, listener, loggedPairs, makeSweep, runOf, targetOf, tiny } from './sweepSupport';

const says = (code: ProblemCode, words: RegExp) => (error: unknown) => {
  assert.ok(ProblemError.is(error, code), String(error));
  assert.match(error.message, words);
  return true;
};

/** An ffmpeg that runs `script` first when it is to decode. */
function ffmpegThat(dir: string, script: string): string {
  const path = join(dir, 'ffmpeg');
  const on = `case "$*" in *-version*) ;; *) ${script} ;; esac`;
  writeFileSync(path, `#!/bin/sh\n${on}\nexec '${FFMPEG}' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a sweep in trouble', function () {
  this.timeout(90_000);
  let dir: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));

  it('leaves a clip out that ends the engine every time, and judges the others', async () => {
    const root = makeSweep(dir, { prompts: 2 });
    const crash = `case "$*" in *step-200/prompt-0*) ${END_ENGINE}; sleep 5 ;; esac`;
    const engine = engineIn(dir, { config: { ffmpegPath: ffmpegThat(dir, crash) } });
    const state = await engine.sweepRun(runOf(root));
    assert.deepEqual(
      state.broken.map(({ problem }) => [problem.code, /step-200\/prompt-0\.mp4/.test(problem.message)]),
      [['workerDied', true]],
    );
    assert.deepEqual(state.pairs, { total: 4, judged: 4 });
  });

  it('leaves a clip that can be read no more out of all numbers, those of earlier too', async () => {
    const root = makeSweep(dir, { steps: 2, prompts: 2 });
    await engineIn(dir).sweepRun(runOf(root));
    addStep(root, 3, 2);
    const ffmpegPath = ffmpegThat(dir, 'case "$*" in *step-100/prompt-0*) exit 1 ;; esac');
    const config = { ffmpegPath, cacheDir: join(dir, 'emptied cache') };
    const state = await engineIn(dir, { config }).sweepRun(runOf(root));
    assert.equal(state.broken.length, 1);
    assert.deepEqual(state.pairs, { total: 4, judged: 4 });
    assert.equal(state.statistics?.pairs, 4);
    const again = await engineIn(dir).sweepRun({ ...runOf(root), retryBroken: true });
    assert.deepEqual([again.broken.length, again.statistics?.pairs], [0, 6]);
  });

  it('watches in silence for longer than an engine may be silent', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const engine = engineIn(dir, { timing: { silence: 4000 } });
    const stop = new AbortController();
    const { steps, onProgress } = listener();
    const run = engine.sweepRun({ ...runOf(root), watch: true }, { onProgress, signal: stop.signal });
    let ended: unknown;
    run.catch((error: unknown) => (ended = error));
    await until('it watches', () => steps.at(-1)?.stage === 'watching');
    await new Promise((resolve) => setTimeout(resolve, 7000));
    assert.equal(ended, undefined);
    stop.abort();
    await assert.rejects(run);
  });

  it('keeps nobody waiting who asks beside a watch that has seen an engine end', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const engine = engineIn(dir);
    const stop = new AbortController();
    const { steps, onProgress } = listener();
    const run = engine.sweepRun({ ...runOf(root), watch: true }, { onProgress, signal: stop.signal });
    run.catch(() => undefined);
    await until('it watches', () => steps.at(-1)?.stage === 'watching');
    process.kill(engine.pid!, 'SIGKILL');
    await engine.status();
    await engine.sweepOpen(targetOf(root));
    stop.abort();
  });

  it('says that its folder went while it ran, leaves none behind, and knows all when it is back', async () => {
    const root = makeSweep(dir, { prompts: 8 });
    const moved = join(dir, 'ws', 'elsewhere');
    const engine = engineIn(dir);
    const run = engine.sweepRun(runOf(root), {
      onProgress: ({ pairs }) => {
        if (pairs.done > 0 && existsSync(root)) renameSync(root, moved);
      },
    });
    await assert.rejects(run, says('fileMissing', /The folder .*run does not exist/));
    assert.deepEqual(readdirSync(join(dir, 'ws')).sort(), ['.aesrm', 'elsewhere']);
    renameSync(moved, root);
    const state = await engineIn(dir).sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.broken], [{ total: 24, judged: 24 }, []]);
    assert.equal(loggedPairs(logDir).length, 24);
  });

  it('takes a clip that vanishes for a hole', async () => {
    const root = makeSweep(dir, { prompts: 4 });
    const last = join(root, 'step-300/prompt-3.mp4');
    const onProgress = () => rmSync(last, { force: true });
    const state = await engineIn(dir).sweepRun(runOf(root), { onProgress });
    assert.deepEqual([state.pairs, state.broken], [{ total: 10, judged: 10 }, []]);
  });

  it('takes one for a hole too that vanishes when ffmpeg is to open it', async () => {
    const root = makeSweep(dir, { prompts: 2 });
    const gone = join(root, 'step-200/prompt-0.mp4');
    const engine = engineIn(dir, {
      config: { ffmpegPath: ffmpegThat(dir, `case "$*" in *step-200/prompt-0*) rm -f '${gone}' ;; esac`) },
    });
    const state = await engine.sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.broken], [{ total: 4, judged: 4 }, []]);
  });

  it('judges a pair of contents once, in however many places it is', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    for (const step of [400, 500])
      cpSync(join(root, 'step-100'), join(root, `step-${step}`), { recursive: true });
    const then = new Date(Date.now() - 3_600_000);
    for (const step of [400, 500]) utimesSync(join(root, `step-${step}/prompt-0.mp4`), then, then);
    const state = await engineIn(dir).sweepRun(runOf(root));
    assert.deepEqual(state.pairs, { total: 10, judged: 10 });
    const pairs = loggedPairs(logDir);
    assert.equal(new Set(pairs.map(({ key }) => key)).size, pairs.length);
  });

  it('reads around hostile lines of its log, and says so', async () => {
    const root = makeSweep(dir, { prompts: 2 });
    const before = await engineIn(dir).sweepRun(runOf(root));
    const file = join(logDir, 'sweeps.jsonl');
    const pairs = loggedPairs(logDir);
    const head = { format: 'aesrm.sweep-rows/1', judge: before.judge.hash, plan: 'x' };
    const line = (more: object) => `${JSON.stringify({ ...head, ...more })}\n`;
    const { plan } = JSON.parse(readFileSync(file, 'utf8').split('\n')[0]!) as {
      plan: string;
    };
    const far = Buffer.alloc(38, 0xff).toString('base64');
    appendFileSync(file, line({ plan, clips: [pairs[0]!.a], pairs: far }));
    appendFileSync(file, line({ plan, clips: [pairs[0]!.a, pairs[0]!.b], pairs: 'AAAA' }));
    appendFileSync(file, line({ plan, clips: 7, pairs: {} }));
    appendFileSync(file, `{"__proto__":{"format":"x"}}\n${'['.repeat(100_000)}\n`);
    const { state } = await engineIn(dir).sweepOpen(targetOf(root));
    assert.deepEqual(state.statistics, before.statistics);
    assert.deepEqual(state.pairs, before.pairs);
    assert.match(state.notes.join(' '), /lines.*could not be used/);
  });

  it('names the model, or the ffmpeg, that is missing or wrong', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const nowhere = join(dir, 'nowhere');
    await assert.rejects(
      engineIn(dir, { config: { modelDir: nowhere } }).sweepRun(runOf(root)),
      says('modelMissing', /nowhere/),
    );
    const wrong = join(dir, 'wrong');
    cpSync(configIn(dir).modelDir, wrong, { recursive: true });
    for (const name of readdirSync(wrong).filter((n) => n.endsWith('.onnx')))
      writeFileSync(join(wrong, name), 'x');
    await assert.rejects(
      engineIn(dir, { config: { modelDir: wrong } }).sweepRun(runOf(root)),
      says('modelInvalid', /onnx/),
    );
    const noProgram = join(dir, 'no-ffmpeg');
    writeFileSync(noProgram, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { PATH: path, FFMPEG_BIN: named } = process.env;
    process.env.PATH = '/nowhere';
    delete process.env.FFMPEG_BIN;
    try {
      const lost = engineIn(dir, { config: { ffmpegPath: noProgram, cacheDir: join(dir, 'empty') } });
      await assert.rejects(lost.sweepRun(runOf(root)), says('ffmpegMissing', /ffmpeg/));
    } finally {
      process.env.PATH = path;
      if (named !== undefined) process.env.FFMPEG_BIN = named;
    }
    assert.ok(!existsSync(join(logDir, 'sweeps.jsonl')));
  });

  it('judges prompts with emoji, quotes and long names, among links in a circle', async () => {
    const root = join(dir, 'ws', 'run');
    const names = ['🐈 "cat" it\'s 100%.mp4', `${'a long prompt '.repeat(17)}.mp4`, '-dash; $(rm).mp4'];
    const then = new Date(Date.now() - 3_600_000);
    for (const step of [1, 2])
      names.forEach((name, prompt) => {
        mkdirSync(join(root, `step-${step}`), { recursive: true });
        const path = join(root, `step-${step}`, name);
        copyFileSync(tiny(step, prompt), path);
        utimesSync(path, then, then);
      });
    spawnSync('ln', ['-s', root, join(root, 'step-1', 'up')]);
    const state = await engineIn(dir).sweepRun(runOf(root));
    assert.deepEqual([state.pairs, state.broken], [{ total: 3, judged: 3 }, []]);
  });

  it('ends in words on a full disk, and goes on when there is room', async function () {
    const disk = join(dir, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    if (mounted.status !== 0) skip(this, 'nothing can be mounted here');
    try {
      const root = makeSweep(dir, { prompts: 2 });
      const full = join(disk, '.aesrm');
      writeFileSync(join(disk, 'filler'), Buffer.alloc(64 * 1024 - 8192));
      appendUntilFull(join(disk, 'filler'));
      const run = engineIn(dir).sweepRun(runOf(root, { logDir: full }));
      await assert.rejects(run, says('diskFull', /no space left/));
      rmSync(join(disk, 'filler'));
      const state = await engineIn(dir).sweepRun(runOf(root, { logDir: full }));
      assert.deepEqual(state.pairs, { total: 6, judged: 6 });
      assert.equal(loggedPairs(full).length, 6);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

function appendUntilFull(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096));
  } catch {
    // It is full.
  }
}
