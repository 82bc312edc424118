import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME_PLAN } from '../../../src/core/plan';
import { CRITERION_IDS } from '../../../src/core/rubric';
import { loadModel } from '../../../src/engine/model/manifest';
import type { ProblemError } from '../../../src/core/problem';
import { refusal, removeTempDirs, tempDir } from './support';

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');

function entry(path: string, data: string) {
  return { path, sha256: sha256(data), bytes: Buffer.byteLength(data) };
}

/** A model folder whose files are not ONNX: the manifest's check does not look inside. */
function modelDir(change: (manifest: ReturnType<typeof manifestOf>) => void = () => {}): string {
  const dir = tempDir();
  writeFileSync(join(dir, 'encoder.onnx'), 'encoder');
  writeFileSync(join(dir, 'judge.onnx'), 'judge');
  const manifest = manifestOf();
  change(manifest);
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
  return dir;
}

function manifestOf() {
  return {
    format: 'aesrm.model/1',
    ...{ id: 'x', name: 'X', version: '1', kind: 'encoder-judge', licence: 'MIT', plan: FRAME_PLAN.id },
    encodingSize: 4,
    files: { encoder: entry('encoder.onnx', 'encoder'), judge: entry('judge.onnx', 'judge') },
    input: {
      ...{ encoder: 'frames', a: 'a', b: 'b', dtype: 'uint8', layout: 'FHWC' },
      ...{
        colourMatrix: 'bt601',
        colourRange: 'full',
        resizeFilter: 'lanczos, then lanczos',
        mean: [0, 0, 0],
        std: [1, 1, 1],
      },
    },
    output: { encoding: 'e', criteria: 'c', dimensions: 'd', overall: 'o' },
    criteria: [...CRITERION_IDS],
    claimed: [...CRITERION_IDS],
    agreement: [],
  };
}

const LEVEL = { id: 'pan', rho: 0.9, low: -1, high: 1 };
const CONCEPTS = { from: 3, classes: [], levels: [LEVEL] };

describe('model folder', () => {
  after(removeTempDirs);

  it('a good one: real paths, one hash', async () => {
    const dir = modelDir();
    const model = await loadModel(dir);
    assert.equal(readFileSync(model.encoder, 'utf8'), 'encoder');
    assert.equal(readFileSync(model.judge, 'utf8'), 'judge');
    assert.match(model.hash, /^[0-9a-f]{64}$/);
    assert.ok(model.cardPath.endsWith('MODEL_CARD.md'));
  });

  it('the hash is what a verdict depends on: weights and the manifest’s say, not its name', async () => {
    const hashOf = async (change?: Parameters<typeof modelDir>[0]) =>
      (await loadModel(modelDir(change))).hash;
    const plain = await hashOf();
    assert.equal(await hashOf((m) => (m.name = 'Y')), plain);
    const others = [
      await hashOf((m) => m.claimed.pop()),
      await hashOf((m) => (m.input.a = 'left')),
      await hashOf((m) => (m.output.overall = 'all')),
      await hashOf((m) => (m.encodingSize = 5)),
      await hashOf((m) => Object.assign(m, { concepts: CONCEPTS })),
      await hashOf((m) => Object.assign(m, { concepts: { ...CONCEPTS, levels: [{ ...LEVEL, high: 2 }] } })),
      await hashOf((m) => (m.files.encoder = entry('judge.onnx', 'judge'))),
    ];
    assert.equal(new Set([plain, ...others]).size, others.length + 1);
  });

  it('weights in another file are refused', async () => {
    const graph = 'graph\x6a\x1a\x0a\x08location\x12\x0eweights.bin';
    const dir = modelDir((m) => (m.files.encoder = entry('encoder.onnx', graph)));
    writeFileSync(join(dir, 'encoder.onnx'), graph);
    assert.match(await refusal(loadModel(dir), 'modelInvalid', 'encoder.onnx'), /another file|does not name/);
  });

  it('the advice: the setting for a folder of one’s own, the installation for the shipped one', async () => {
    const fixOf = (shipped?: boolean) =>
      loadModel('/nowhere/at/all', shipped).then(
        () => assert.fail(),
        (e: ProblemError) => e.problem.fix,
      );
    assert.match((await fixOf()) ?? '', /"aesrm\.modelPath"/);
    assert.match((await fixOf(true)) ?? '', /Install the extension again/);
  });

  it('no folder, no manifest, no file', async () => {
    await refusal(loadModel('/nowhere/at/all'), 'modelMissing', '/nowhere/at/all');
    await refusal(loadModel(tempDir()), 'modelMissing', 'manifest.json');
    const dir = modelDir();
    rmSync(join(dir, 'judge.onnx'));
    await refusal(loadModel(dir), 'modelMissing', 'judge.onnx');
  });

  it('one byte more, one byte other', async () => {
    const longer = modelDir();
    appendFileSync(join(longer, 'encoder.onnx'), 'x');
    assert.match(await refusal(loadModel(longer), 'modelInvalid', 'encoder.onnx'), /8 bytes/);
    const other = modelDir();
    writeFileSync(join(other, 'encoder.onnx'), 'Encoder');
    assert.match(await refusal(loadModel(other), 'modelInvalid', 'encoder.onnx'), /SHA-256/);
  });

  it('a manifest that is no manifest', async () => {
    for (const text of ['', '{', '[]', 'null', '{"format":"aesrm.model/2"}']) {
      const dir = modelDir();
      writeFileSync(join(dir, 'manifest.json'), text);
      await refusal(loadModel(dir), 'modelInvalid', 'manifest.json');
    }
  });

  it('another plan, another order of criteria', async () => {
    await refusal(loadModel(modelDir((m) => (m.plan = 'uniform-9x9-9'))), 'modelInvalid', 'uniform-9x9-9');
    await refusal(loadModel(modelDir((m) => m.criteria.reverse())), 'modelInvalid', 'criteria');
  });

  it('paths that leave the folder, by name or by link', async () => {
    for (const path of ['../encoder.onnx', '/etc/passwd', 'a/../../x', 'C:\\x'])
      await refusal(loadModel(modelDir((m) => (m.files.encoder.path = path))), 'modelInvalid');
    const dir = modelDir();
    const outside = join(tempDir(), 'encoder.onnx');
    writeFileSync(outside, 'encoder');
    rmSync(join(dir, 'encoder.onnx'));
    symlinkSync(outside, join(dir, 'encoder.onnx'));
    assert.match(await refusal(loadModel(dir), 'modelInvalid', 'encoder.onnx'), /leads out/);
  });

  it('links within the folder, and a linked folder, are followed', async () => {
    const dir = modelDir();
    mkdirSync(join(dir, 'v1'));
    writeFileSync(join(dir, 'v1', 'encoder.onnx'), 'encoder');
    rmSync(join(dir, 'encoder.onnx'));
    symlinkSync('v1/encoder.onnx', join(dir, 'encoder.onnx'));
    const link = join(tempDir(), 'model');
    symlinkSync(dir, link);
    assert.ok((await loadModel(link)).encoder.endsWith('v1/encoder.onnx'));
  });
});
