import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import type { BenchParams, BenchProgress } from '../../../src/protocol/bench';
import { FFMPEG } from '../../support/ffmpeg';
import { END_ENGINE, cleanUp, engineIn, tempDir } from './support';
import { tiny } from './sweepSupport';

const CLIPS = 12;

describe('a benchmark in the worker', function () {
  this.timeout(120_000);
  let dir: string;
  beforeEach(() => {
    dir = tempDir();
  });
  afterEach(cleanUp);

  /** Each clip with the next one. */
  function labels(): BenchParams {
    mkdirSync(join(dir, 'clips'));
    const names = Array.from({ length: CLIPS }, (_, i) => `${i}.mp4`);
    names.forEach((name, i) => copyFileSync(tiny(1 + (i % 3), i % 4), join(dir, 'clips', name)));
    const rows = names.slice(1).map((name, i) => `${i}.mp4,${name},A,overall,human_pairwise,lab,p${i}`);
    const pairs = join(dir, 'pairs.csv');
    writeFileSync(pairs, ['a,b,preferred,aspect,label_kind,source,group', ...rows].join('\n'));
    return { pairs, root: join(dir, 'clips'), outputs: [] };
  }

  it('outlives the end of the worker, and reads no clip again that was read', async () => {
    const engine = engineIn(dir);
    const steps: BenchProgress[] = [];
    const pids = new Set<number>();
    let killed = false;
    const report = await engine.bench(labels(), {
      onProgress: (step) => {
        steps.push(step);
        if (engine.pid !== undefined) pids.add(engine.pid);
        if (killed || step.clips.done < 3) return;
        killed = true;
        process.kill(engine.pid!, 'SIGKILL');
      },
    });
    assert.ok(killed);
    assert.equal(pids.size, 2);
    assert.deepEqual([report.counts.used, report.counts.clips], [CLIPS - 1, CLIPS]);
    assert.deepEqual(steps.at(-1), {
      stage: 'counting',
      ...{ clips: { done: CLIPS, total: CLIPS, broken: 0 }, pairs: { done: CLIPS - 1, total: CLIPS - 1 } },
      ...('rate' in steps.at(-1)! ? { rate: steps.at(-1)!.rate, secondsLeft: 0 } : {}),
    });
  });

  it('leaves out a clip that ends the engine every time, and names it', async () => {
    const path = join(dir, 'ffmpeg');
    const crash = `case "$*" in *clips/5.mp4*) ${END_ENGINE}; sleep 5 ;; esac`;
    writeFileSync(path, `#!/bin/sh\n${crash}\nexec '${FFMPEG}' "$@"\n`);
    chmodSync(path, 0o755);
    const engine = engineIn(dir, { config: { ffmpegPath: path } });
    // Of a content that no other file has.
    const params = labels();
    appendFileSync(join(params.root, '5.mp4'), '\0'.repeat(8));
    const report = await engine.bench(params);
    assert.deepEqual(
      report.problems.map(({ path: clip, labels: count, problem }) => [clip, count, problem.code]),
      [['5.mp4', 2, 'workerDied']],
    );
    assert.equal(report.counts.used, CLIPS - 3);
    const left = readdirSync(join(dir, 'cache'), { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((name) => /reading|blame/.test(name)),
      [],
    );
  });

  it('is given up at once when it is cancelled', async () => {
    const engine = engineIn(dir);
    const stop = new AbortController();
    const running = engine.bench(labels(), {
      signal: stop.signal,
      onProgress: ({ clips }) => {
        if (clips.done > 0) stop.abort();
      },
    });
    await assert.rejects(running, (error) => ProblemError.is(error, 'cancelled'));
  });
});
