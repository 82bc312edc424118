import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../src/engine/client';
import { FFMPEG } from '../../support/ffmpeg';
import { WORKER } from '../../support/paths';
import { taggedClip } from '../../support/tagged';
import { cleanUp, configIn, groupOf, isAlive, launchersOf, tempDir, until } from './support';
import { makeSweep, runOf, targetOf } from './sweepSupport';

const parentOf = (pid: number) =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

if (process.platform === 'linux')
  describe('the engine starts ffmpeg through a small process when it starts many', function () {
    this.timeout(60_000);
    let dir: string;
    beforeEach(() => {
      dir = tempDir();
      process.env.AESRM_STATE = join(dir, 'state');
    });
    afterEach(() => delete process.env.AESRM_STATE);
    after(cleanUp);

    /** An ffmpeg that writes its parent down, and decodes only after a while. */
    function slowFfmpeg(): { path: string; parents: () => number[] } {
      const path = join(dir, 'ffmpeg');
      const noted = `case "$*" in *-version*) ;; *) echo $PPID > '${dir}'/parent-$$; sleep 0.3;; esac`;
      writeFileSync(path, `#!/bin/sh\n${noted}\nexec '${FFMPEG}' "$@"\n`);
      chmodSync(path, 0o755);
      const names = () => readdirSync(dir).filter((name) => name.startsWith('parent-'));
      return { path, parents: () => names().map((name) => Number(readFileSync(join(dir, name), 'utf8'))) };
    }

    /** Starts `work`, and kills the launcher of its engine while that has an ffmpeg running. */
    async function withoutLauncher<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
      const { path, parents } = slowFfmpeg();
      const engine = createEngine({ ...configIn(dir), ffmpegPath: path }, { workerPath: WORKER });
      await engine.status();
      const worker = engine.pid!;
      const working = work(engine);
      await until('a launcher', () => launchersOf(worker).length === 1);
      const [launcher] = launchersOf(worker);
      assert.equal(parentOf(launcher!), worker);
      await until('an ffmpeg that it started', () => parents().includes(launcher!));
      process.kill(launcher!, 'SIGKILL');
      const result = await working;
      assert.equal(engine.pid, worker, 'the worker lived on');
      assert.ok(parents().includes(worker), 'the others were started by the worker');
      await engine.dispose();
      await until('all of it gone', () => groupOf(worker).length === 0);
      return result;
    }

    it('where that is killed in the midst of it, each clip is judged all the same', async () => {
      const root = makeSweep(dir, { prompts: 5 });
      const { broken, pairs } = await withoutLauncher((engine) => engine.sweepRun(runOf(root)));
      assert.deepEqual([broken, pairs.judged], [[], 15]);
    });

    it('where that is killed while tags are read, each prompt is known all the same', async () => {
      const root = makeSweep(dir, { steps: 0 });
      const names = Array.from({ length: 12 }, (_, i) => `${String.fromCharCode(97 + i)}_00001_.mp4`);
      for (const folder of ['step-100', 'step-200'])
        for (const name of names) {
          mkdirSync(join(root, folder), { recursive: true });
          taggedClip(join(root, folder, name), { prompt: `${name}, in words` });
        }
      const found = await withoutLauncher((engine) => engine.sweepPrompts(targetOf(root)));
      const prompts = found!.grid.rows.map(({ prompt }) => prompt);
      assert.deepEqual(
        prompts,
        names.map((name) => `${name}, in words`),
      );
    });

    it('it ends with the engine that is killed', async () => {
      const engine = createEngine(configIn(dir), { workerPath: WORKER });
      await engine.sweepRun(runOf(makeSweep(dir)));
      const [launcher] = launchersOf(engine.pid!);
      assert.ok(launcher !== undefined && isAlive(launcher));
      process.kill(engine.pid!, 'SIGKILL');
      await until('it ends', () => !isAlive(launcher));
      await engine.dispose();
    });
  });
