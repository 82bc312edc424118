import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conceptNumbers } from '../../../src/core/modelManifest';
import type { Probabilities } from '../../../src/core/verdict';
import { DIMENSION_IDS } from '../../../src/core/rubric';
import type { JudgeClip } from '../../../src/engine/judge';
import { loadModel } from '../../../src/engine/model/manifest';
import { CompactJudge } from '../../../src/engine/worker/compactJudge';
import { skip } from '../../support/skip';
import { hasModel, MODEL } from './support';

const FRAMES = 24;

interface GoldenInput {
  name: string;
  height: number;
  width: number;
  x: number;
  y: number;
  f: number;
  c: number;
  /** Some of its encoding: the first number, and one in every `every` after it. */
  encoding: number[];
  /** What its encoding says in words: the numbers of the concepts, which end it. */
  told: number[];
}
interface Goldens {
  tolerance: number;
  every: number;
  inputs: GoldenInput[];
  pairs: { a: string; b: string; criteria: number[][]; dimensions: number[][]; overall: number[] }[];
}

/** The goldens' own recipe: (x*X + y*Y + f*F + c*C) mod 256. */
function pattern(g: GoldenInput): Uint8Array {
  const at = (i: number) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % g.width, Math.floor(i / 3 / g.width) % g.height];
    return x * g.x + y * g.y + Math.floor(i / 3 / g.width / g.height) * g.f + c * g.c;
  };
  return Uint8Array.from({ length: FRAMES * g.height * g.width * 3 }, (_, i) => at(i) % 256);
}

/** The largest difference, against the largest value wanted where that is above 1. */
function distance(got: ArrayLike<number>, wanted: readonly number[]): number {
  const largest = Math.max(1, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((v, i) => Math.abs(v - got[i]!))) / largest;
}

const row = (p: Probabilities) => [p.a, p.tie, p.b];
const read = (name: string) => readFileSync(join(MODEL, name));

describe('the shipped model', () => {
  before(function () {
    if (!hasModel()) skip(this, 'there is no models/compact');
  });

  it('is the one that its manifest and its card describe', async () => {
    const { manifest } = await loadModel(MODEL);
    const card = read('MODEL_CARD.md').toString();
    const described = [...card.matchAll(/^\| (\w+\.onnx) \| ([\d,]+) \| [\d,]+ \| `([0-9a-f]{64})` \|$/gm)];
    const files = Object.values(manifest.files).map(({ path }) => {
      const data = read(path);
      return [path, data.length, createHash('sha256').update(data).digest('hex')];
    });
    assert.deepEqual(
      Object.values(manifest.files).map(({ path, bytes, sha256 }) => [path, bytes, sha256]),
      files,
    );
    assert.deepEqual(
      described.map(([, path, bytes, hash]) => [path, Number(bytes!.replaceAll(',', '')), hash]),
      files,
    );
  });

  it('says on the processor what its goldens say', async () => {
    const { tolerance, every, inputs, pairs } = JSON.parse(read('goldens.json').toString()) as Goldens;
    assert.ok(tolerance <= 1e-4 && inputs.length > 0 && pairs.length > 0);
    const model = await loadModel(MODEL);
    const concepts = model.manifest.concepts!;
    const judge = new CompactJudge(model, { device: 'cpu', log: () => {} });
    const clips = new Map<string, JudgeClip>();
    for (const input of inputs) {
      const encoding = await judge.encode(pattern(input), input.width, input.height);
      clips.set(input.name, { encoding } as unknown as JudgeClip);
      assert.equal(input.encoding.length, Math.ceil(concepts.from / every), 'some of every network');
      const some = input.encoding.map((_, i) => encoding[i * every]!);
      assert.ok(distance(some, input.encoding) < tolerance, input.name);
      assert.equal(input.told.length, conceptNumbers(concepts), input.name);
      // Each by itself: beside a large level the probabilities would count for nothing.
      input.told.forEach((wanted, i) =>
        assert.ok(distance([encoding[concepts.from + i]!], [wanted]) < tolerance, `${input.name}, told ${i}`),
      );
    }
    for (const pair of pairs) {
      const said = await judge.compare({ a: clips.get(pair.a)!, b: clips.get(pair.b)! });
      const got = [said.overall, ...DIMENSION_IDS.map((d) => said.dimensions[d]!)];
      const wanted = [pair.overall, ...pair.dimensions];
      model.manifest.criteria.forEach((id, i) => {
        const criterion = said.criteria[id as keyof typeof said.criteria];
        if (criterion) {
          got.push(criterion);
          wanted.push(pair.criteria[i]!);
        }
      });
      assert.equal(got.length, 1 + DIMENSION_IDS.length + model.manifest.claimed.length);
      assert.ok(distance(got.flatMap(row), wanted.flat()) < tolerance, `${pair.a} against ${pair.b}`);
    }
    await judge.dispose();
  });
});
