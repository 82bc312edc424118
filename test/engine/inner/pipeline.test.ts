import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FRAME_PLAN } from '../../../src/core/plan';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import type { CachedClip, EncodingCache, PipelineOptions } from '../../../src/engine/ports';
import { createPipeline } from '../../../src/engine/worker/pipeline';
import { SharedWork } from '../../../src/engine/worker/shared';
import type { CompareProgress } from '../../../src/protocol/engine';
import * as clips from '../../support/clips';
import { skip } from '../../support/skip';
import {
  assertNoChildren,
  children,
  fakeFfmpeg,
  hasModel,
  MODEL,
  refusal,
  removeTempDirs,
  sleep,
  waitFor,
  tempDir,
} from './support';

const BASE: PipelineOptions = {
  modelDir: MODEL,
  device: 'cpu',
  decodeDeadline: 20,
  ffmpegPath: process.env['FFMPEG_BIN'],
};
const request = (path: string, name = path.split('/').at(-1) ?? path) => ({ path, name });

class MemoryCache implements EncodingCache {
  readonly entries = new Map<string, CachedClip>();
  get = async (...key: string[]) => this.entries.get(key.join());
  put = async (hash: string, model: string, plan: string, clip: CachedClip) =>
    void this.entries.set([hash, model, plan].join(), clip);
}

describe('pipeline', () => {
  before(function () {
    if (!hasModel()) skip(this, 'there is no models/compact');
  });
  after(removeTempDirs);
  afterEach(assertNoChildren);

  it('analyses a clip: record, measures, encoding', async () => {
    const pipeline = createPipeline(BASE);
    const { record, measures, encoding, cached } = await pipeline.analyse(
      request(clips.h264(), 'runs/a.mp4'),
    );
    const hash = createHash('sha256').update(readFileSync(clips.h264())).digest('hex');
    assert.deepEqual(record, {
      path: 'runs/a.mp4',
      hash,
      duration: 2,
      fps: 16,
      width: 832,
      height: 480,
      frames: 32,
    });
    assert.equal(measures.times.length, 32);
    assert.ok(encoding.length > 0 && encoding.every(Number.isFinite));
    assert.ok(!cached);
    await pipeline.dispose();
  });

  it('asks the cache by content, whatever the path', async () => {
    const cache = new MemoryCache();
    const pipeline = createPipeline({ ...BASE, cache });
    const first = await pipeline.analyse(request(clips.withAudio()));
    const copy = join(tempDir(), 'copy.mp4');
    copyFileSync(clips.withAudio(), copy);
    const blind = createPipeline({ ...BASE, cache, ffmpegPath: fakeFfmpeg('exit 1').path });
    const again = await blind.analyse(request(copy));
    assert.ok(again.cached && !first.cached);
    assert.equal(again.record.path, 'copy.mp4');
    assert.deepEqual(again.encoding, first.encoding);
    assert.deepEqual(
      [...cache.entries.keys()].map((k) => k.split(',')[2]),
      [FRAME_PLAN.id],
    );
    await Promise.all([pipeline.dispose(), blind.dispose()]);
  });

  it('a large file that is hashed gives signs of life', async () => {
    const path = join(tempDir(), 'large.mp4');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30);
    const pipeline = createPipeline({ ...BASE, ffmpegPath: fakeFfmpeg('exit 1').path });
    const seen: CompareProgress[] = [];
    const pair = { a: request(path), b: request(path) };
    await pipeline.compare(pair, { onProgress: (p) => seen.push(p) }).catch(() => undefined);
    assert.ok(seen.some((p) => p.stage === 'decoding' && p.seconds === 0));
    let signs = 0;
    const fresh = createPipeline(BASE);
    await fresh.identify(path, undefined, () => signs++);
    assert.ok(signs > 0);
    await Promise.all([pipeline.dispose(), fresh.dispose()]);
  });

  it('the verdict names the device that encoded, be it in the past', async () => {
    const cache = new MemoryCache();
    const pipeline = createPipeline({ ...BASE, cache });
    const pair = { a: request(clips.h264()), b: request(clips.degraded()) };
    assert.equal((await pipeline.compare(pair)).verdict.judge.device, 'cpu');
    assert.deepEqual(
      [...cache.entries.values()].map((clip) => clip.device),
      ['cpu', 'cpu'],
    );
    for (const clip of cache.entries.values()) clip.device = 'cuda';
    assert.equal((await pipeline.compare(pair)).verdict.judge.device, 'cuda');
    await pipeline.dispose();
  });

  it('compares: a whole verdict, each clip shown when it is ready', async () => {
    const pipeline = createPipeline(BASE);
    const seen: CompareProgress[] = [];
    const pair = { a: request(clips.h264()), b: request(clips.ruined()), prompt: 'a test' };
    const { verdict, measures } = await pipeline.compare(pair, { onProgress: (p) => seen.push(p) });
    assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(verdict))), JSON.parse(JSON.stringify(verdict)));
    assert.equal(verdict.prompt, 'a test');
    assert.equal(verdict.judge.device, 'cpu');
    assert.deepEqual(
      seen
        .filter((p) => p.stage === 'clip')
        .map((p) => p.stage === 'clip' && p.side)
        .sort(),
      ['A', 'B'],
    );
    assert.equal(seen.at(-1)?.stage, 'judging');
    assert.equal(measures.A.times.length, 32);
    const { status } = verdict.criteria.find((c) => c.id === 'vp.language')!;
    assert.equal(
      status,
      (await pipeline.judgeStatus()).claimed.includes('vp.language') ? 'judged' : 'notSeen',
    );
    await pipeline.dispose();
  });

  it('the swapped pair gets the mirrored probabilities', async () => {
    const pipeline = createPipeline({ ...BASE, cache: new MemoryCache() });
    const [a, b] = [request(clips.h264()), request(clips.degraded())];
    const [ab, ba] = [
      (await pipeline.compare({ a, b })).verdict,
      (await pipeline.compare({ a: b, b: a })).verdict,
    ];
    assert.ok(Math.abs(ab.overall.p.a - ba.overall.p.b) < 1e-5);
    await pipeline.dispose();
  });

  it('the same content on both sides is decoded once', async () => {
    let puts = 0;
    const cache: EncodingCache = { get: async () => undefined, put: async () => void puts++ };
    const pipeline = createPipeline({ ...BASE, cache });
    const copy = join(tempDir(), 'copy.mp4');
    copyFileSync(clips.withAudio(), copy);
    const { verdict } = await pipeline.compare({ a: request(clips.withAudio()), b: request(copy) });
    assert.equal(puts, 1);
    assert.equal(verdict.a.hash, verdict.b.hash);
    assert.deepEqual([verdict.a.path, verdict.b.path], ['with-audio.mp4', 'copy.mp4']);
    await pipeline.dispose();
  });

  it('a bad clip names its side, and the good one is shown all the same', async () => {
    const pipeline = createPipeline(BASE);
    const seen: CompareProgress[] = [];
    const pair = { a: request(clips.withAudio()), b: request(clips.textFile()) };
    const work = pipeline.compare(pair, { onProgress: (p) => seen.push(p) });
    const error = await work.catch((e: { problem?: { side?: string } }) => e);
    assert.equal((error as { problem: { side: string } }).problem.side, 'B');
    await refusal(work, 'notVideo', 'text.mp4');
    assert.ok(seen.some((p) => p.stage === 'clip' && p.side === 'A'));
    await pipeline.dispose();
  });

  it('inspects without a model; compares not, and says why', async () => {
    const pipeline = createPipeline({ ...BASE, modelDir: '/nowhere' });
    const { record, measures } = await pipeline.inspect(request(clips.withAudio()));
    assert.equal(record.frames, measures.times.length);
    await refusal(pipeline.judgeStatus(), 'modelMissing');
    const pair = { a: request(clips.withAudio()), b: request(clips.h264()) };
    await refusal(pipeline.compare(pair), 'modelMissing', '/nowhere');
    await pipeline.dispose();
  });

  it('a cancelled comparison leaves nothing running', async () => {
    const pipeline = createPipeline({ ...BASE, ffmpegPath: fakeFfmpeg('exec sleep 60').path });
    const controller = new AbortController();
    const pair = { a: request(clips.h264()), b: request(clips.degraded()) };
    const work = pipeline.compare(pair, { signal: controller.signal });
    work.catch(() => undefined);
    await waitFor(() => children().length === 2);
    controller.abort();
    await refusal(work, 'cancelled');
    await assertNoChildren();
    await pipeline.dispose();
  });

  it('dispose ends what runs', async () => {
    const pipeline = createPipeline({ ...BASE, ffmpegPath: fakeFfmpeg('exec sleep 60').path });
    const work = pipeline.inspect(request(clips.h264()));
    work.catch(() => undefined);
    await waitFor(() => children().length === 1);
    await pipeline.dispose();
    await refusal(work, 'cancelled');
  });

  it('clip after clip: memory stays where it was', async function () {
    this.timeout(120_000);
    const pipeline = createPipeline(BASE);
    for (let i = 0; i < 5; i++) await pipeline.analyse(request(clips.h264()));
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) await pipeline.analyse(request(clips.h264()));
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 150e6, `${(grown / 1e6).toFixed(0)} MB more`);
    await pipeline.dispose();
  });
});

describe('shared work', () => {
  it('runs once for two, and goes on when one leaves', async () => {
    const shared = new SharedWork<number>();
    let runs = 0;
    let aborted = false;
    const work = async (signal: AbortSignal) => {
      runs++;
      signal.addEventListener('abort', () => (aborted = true));
      await sleep(30);
      return 7;
    };
    const leaving = new AbortController();
    const [one, other] = [shared.run('k', work, { signal: leaving.signal }), shared.run('k', work)];
    leaving.abort();
    await refusal(one, 'cancelled');
    assert.equal(aborted, false);
    assert.equal(await other, 7);
    assert.equal(runs, 1);
    assert.equal(await shared.run('k', work), 7);
    assert.equal(runs, 2, 'what is done is not kept');
  });

  it('is given up when the last one leaves, and a newcomer starts afresh', async () => {
    const shared = new SharedWork<string>();
    const leaving = new AbortController();
    let given: AbortSignal | undefined;
    const never = (signal: AbortSignal) => ((given = signal), new Promise<string>(() => {}));
    const one = shared.run('k', never, { signal: leaving.signal });
    leaving.abort();
    await refusal(one, 'cancelled');
    assert.ok(given?.aborted);
    assert.equal(await shared.run('k', async () => 'new'), 'new');
  });
});
