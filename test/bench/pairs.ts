import type * as Runtime from 'onnxruntime-node';
import { clipRecord, measures } from '../unit/core/samples';
import type { JudgePair } from '../../src/engine/judge';
import { loadModel } from '../../src/engine/model/manifest';
import { CompactJudge, PAIRS_AT_ONCE } from '../../src/engine/worker/compactJudge';
import { best, MODEL_DIR, timed, type Figure } from './setting';

const PAIRS = 20 * PAIRS_AT_ONCE;
const RUNS = 5;

/** Judging from encodings, as a sweep does, beside the bare graph on the same numbers. */
export async function judging(): Promise<Figure[]> {
  const model = await loadModel(MODEL_DIR);
  const judge = new CompactJudge(model, { device: 'cpu' });
  const pairs = randomPairs(model.manifest.encodingSize);
  const bare = await bareRun(model.judge, model.manifest.input, model.manifest.encodingSize);
  const drain = async () => {
    for await (const _ of judge.compareMany(pairs));
  };
  await drain();
  const [mine, alone]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    mine.push(await timed(drain));
    alone.push(await timed(bare));
  }
  await judge.dispose();
  const note = `batches of ${PAIRS_AT_ONCE}`;
  const perSecond = PAIRS / (best(mine) / 1000);
  return [
    { name: 'judging from encodings', value: perSecond, unit: 'pairs/s', target: { atLeast: 50_000 }, note },
    { name: 'judging over the bare model', value: best(mine) / best(alone), unit: 'x', note },
  ];
}

function randomPairs(size: number): JudgePair[] {
  const clip = () => {
    const encoding = Float32Array.from({ length: size }, () => Math.random() * 2 - 1);
    return { path: '/x.mp4', record: clipRecord('x.mp4'), measures: measures(), encoding };
  };
  const clips = Array.from({ length: 64 }, clip);
  return Array.from({ length: PAIRS }, (_, i) => ({ a: clips[i % 64]!, b: clips[(i * 7 + 1) % 64]! }));
}

async function bareRun(
  path: string,
  input: { a: string; b: string },
  size: number,
): Promise<() => Promise<void>> {
  const ort = require('onnxruntime-node') as typeof Runtime;
  const session = await ort.InferenceSession.create(path);
  const tensor = (): Runtime.Tensor =>
    new ort.Tensor('float32', Float32Array.from({ length: PAIRS_AT_ONCE * size }, Math.random), [
      PAIRS_AT_ONCE,
      size,
    ]);
  const feeds = { [input.a]: tensor(), [input.b]: tensor() };
  return async () => {
    for (let n = 0; n < PAIRS; n += PAIRS_AT_ONCE) await session.run(feeds);
  };
}
