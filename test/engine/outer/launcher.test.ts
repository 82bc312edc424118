import assert from 'node:assert/strict';
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../../src/engine/client';
import { FFMPEG } from '../../support/ffmpeg';
import { WORKER } from '../../support/paths';
import { cleanUp, configIn, groupOf, isAlive, launchersOf, tempDir, until } from './support';
import { makeSweep, runOf } from './sweepSupport';

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

    it('where that is killed in the midst of it, each clip is judged all the same', async () => {
      const { path, parents } = slowFfmpeg();
      const engine = createEngine({ ...configIn(dir), ffmpegPath: path }, { workerPath: WORKER });
      await engine.status();
      const worker = engine.pid!;
      const run = engine.sweepRun(runOf(makeSweep(dir, { prompts: 5 })));
      await until('a launcher', () => launchersOf(worker).length === 1);
      const [launcher] = launchersOf(worker);
      assert.equal(parentOf(launcher!), worker);
      await until('a clip that it started', () => parents().includes(launcher!));
      process.kill(launcher!, 'SIGKILL');
      const state = await run;
      assert.deepEqual(state.broken, []);
      assert.equal(state.pairs.judged, 15);
      assert.equal(engine.pid, worker, 'the worker lived on');
      assert.ok(parents().includes(worker), 'the others were started by the worker');
      await engine.dispose();
      await until('all of it gone', () => groupOf(worker).length === 0);
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
