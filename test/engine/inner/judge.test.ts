import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CRITERION_IDS, DIMENSION_IDS } from '../../../src/core/rubric';
import type { Probabilities } from '../../../src/core/verdict';
import type { JudgeClip, JudgePair } from '../../../src/engine/judge';
import { loadModel, type LoadedModel } from '../../../src/engine/model/manifest';
import { CompactJudge, PAIRS_AT_ONCE } from '../../../src/engine/worker/compactJudge';
import { listDevices, openSession, type Session } from '../../../src/engine/worker/runtime';
import { skip } from '../../support/skip';
import { hasModel, MODEL, refusal } from './support';

const FRAMES = 24;

function frames(width: number, height: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: FRAMES * width * height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

const sums = (p: Probabilities) =>
  assert.ok(Math.abs(p.a + p.tie + p.b - 1) < 1e-3 && Math.min(p.a, p.tie, p.b) >= 0);
const mirrors = (p: Probabilities, q: Probabilities) =>
  assert.ok(Math.max(Math.abs(p.a - q.b), Math.abs(p.b - q.a), Math.abs(p.tie - q.tie)) < 1e-6);

describe('compact judge', () => {
  let model: LoadedModel;
  let judge: CompactJudge;
  const told: string[] = [];
  before(async function () {
    if (!hasModel()) skip(this, 'there is no models/compact');
    model = await loadModel(MODEL);
    judge = new CompactJudge(model, { device: 'auto', log: (_, text) => told.push(text) });
  });
  after(() => judge?.dispose());

  const clipOf = (encoding: Float32Array) => ({ encoding }) as unknown as JudgeClip;
  const pairOf = (a: Float32Array, b: Float32Array): JudgePair => ({ a: clipOf(a), b: clipOf(b) });

  it('knows who it is before anything is loaded', () => {
    assert.equal(judge.info.hash, model.hash);
    assert.equal(judge.info.kind, 'compact');
  });

  it('encodes clips of any shape, the same every time', async () => {
    for (const [width, height] of [
      [256, 148],
      [8, 256],
      [256, 8],
      [256, 256],
    ] as const) {
      const [one, again] = [
        await judge.encode(frames(width, height, 1), width, height),
        await judge.encode(frames(width, height, 1), width, height),
      ];
      assert.equal(one.length, model.manifest.encodingSize);
      assert.deepEqual(one, again);
    }
    assert.ok(['cpu', 'cuda', 'directml', 'coreml', 'webgpu'].includes(judge.device));
  });

  it('gives probabilities for what it claims, and the mirror image for the swapped pair', async () => {
    const [a, b] = [
      await judge.encode(frames(256, 144, 1), 256, 144),
      await judge.encode(new Uint8Array(FRAMES * 64 * 64 * 3).fill(90), 64, 64),
    ];
    const [ab, ba] = [await judge.compare(pairOf(a, b)), await judge.compare(pairOf(b, a))];
    assert.deepEqual(
      Object.keys(ab.criteria),
      CRITERION_IDS.filter((id) => model.manifest.claimed.includes(id)),
    );
    for (const p of [ab.overall, ...Object.values(ab.dimensions), ...Object.values(ab.criteria)]) sums(p);
    mirrors(ab.overall, ba.overall);
    for (const d of DIMENSION_IDS) mirrors(ab.dimensions[d]!, ba.dimensions[d]!);
    for (const id of model.manifest.claimed) mirrors(ab.criteria[id]!, ba.criteria[id]!);
    assert.equal(ab.device, judge.device);
  });

  it('a clip against itself favours no side', async () => {
    const a = await judge.encode(frames(256, 144, 1), 256, 144);
    const { overall } = await judge.compare(pairOf(a, a));
    assert.ok(Math.abs(overall.a - overall.b) < 1e-6);
  });

  it('many pairs at once say what each says alone', async () => {
    const encodings = [1, 2, 3].map((s) =>
      Float32Array.from({ length: model.manifest.encodingSize }, (_, i) => Math.sin(s * i)),
    );
    const pairs = Array.from({ length: PAIRS_AT_ONCE + 5 }, (_, i) =>
      pairOf(encodings[i % 3]!, encodings[(i * 2 + 1) % 3]!),
    );
    const all = [];
    for await (const judgement of judge.compareMany(pairs)) all.push(judgement);
    assert.equal(all.length, pairs.length);
    for (const i of [0, 1, 2, PAIRS_AT_ONCE, PAIRS_AT_ONCE + 4]) {
      const alone = await judge.compare(pairs[i]!);
      assert.ok(Math.abs(alone.overall.a - all[i]!.overall.a) < 1e-5);
    }
  });

  it('stops between batches', async () => {
    const e = new Float32Array(model.manifest.encodingSize);
    await refusal(judge.compare(pairOf(e, e), { signal: AbortSignal.abort() }), 'cancelled');
  });

  it('a device that is not there: the processor, and the reason', async () => {
    const known = await listDevices();
    const missing = (['cuda', 'directml', 'coreml'] as const).find((d) => !known.includes(d)) ?? 'cuda';
    const words: string[] = [];
    const other = new CompactJudge(model, {
      device: missing,
      log: (level, text) => words.push(`${level}: ${text}`),
    });
    await other.encode(frames(64, 64, 1), 64, 64);
    assert.equal(other.device, 'cpu');
    assert.match(words.join(), new RegExp(`warn: The judge does not run on ${missing}: `));
    await other.dispose();
  });

  it('a device that is not there is told of even where no clip is encoded', async () => {
    const known = await listDevices();
    const missing = (['cuda', 'directml', 'coreml'] as const).find((d) => !known.includes(d));
    if (!missing) return;
    const words: string[] = [];
    const other = new CompactJudge(model, { device: missing, log: (_, text) => words.push(text) });
    const e = new Float32Array(model.manifest.encodingSize);
    assert.equal((await other.compare(pairOf(e, e))).device, 'cpu');
    assert.match(words.join(), new RegExp(`The judge does not run on ${missing}: `));
    await other.dispose();
  });

  it('a device that passes its probe and fails at a clip’s size: the processor, for good, and the reason', async () => {
    const words: string[] = [];
    let disposed = 0;
    const opened: string[] = [];
    const broken = {
      device: 'webgpu',
      run: () => Promise.reject(new Error('out of device memory')),
      dispose: async () => void disposed++,
    } as unknown as Session;
    const other = new CompactJudge(model, {
      device: 'webgpu',
      log: (level, text) => words.push(`${level}: ${text}`),
      open: (path, options) => {
        opened.push(options.device);
        return options.device === 'webgpu' ? Promise.resolve(broken) : openSession(path, options);
      },
    });
    const clip = frames(64, 64, 1);
    const [one, two] = await Promise.all([other.encodeOn(clip, 64, 64), other.encodeOn(clip, 64, 64)]);
    assert.deepEqual([one.device, two.device, other.device], ['cpu', 'cpu', 'cpu']);
    assert.deepEqual(one.encoding, two.encoding);
    await other.encode(clip, 64, 64);
    assert.deepEqual(opened, ['webgpu', 'cpu']);
    assert.equal(disposed, 1);
    assert.equal(words.length, 1);
    assert.match(
      words[0]!,
      /^warn: .*failed on webgpu: out of device memory\. .*processor instead of webgpu\.$/,
    );
    await other.dispose();
  });

  it('a file that is no model: one sentence', async () => {
    await refusal(openSession(join(MODEL, 'manifest.json'), { device: 'cpu' }), 'runtime');
  });

  it('may be used again after dispose', async () => {
    await judge.dispose();
    assert.equal((await judge.encode(frames(64, 64, 1), 64, 64)).length, model.manifest.encodingSize);
  });
});
