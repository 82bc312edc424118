import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFolder } from '../../../src/engine/local/folder';
import { ModelRegistry } from '../../../src/engine/local/registry';
import {
  copyOfTiny,
  disposeCarriers,
  framesOf,
  goldens,
  question,
  recordOf,
  TINY,
  tinyCarrier,
} from './localSupport';
import { refusal, removeTempDirs, tempDir } from './support';

describe("a local model's folder", () => {
  afterEach(async () => {
    await disposeCarriers();
    removeTempDirs();
  });
  const config = (dir: string, change: Record<string, unknown>) => {
    const path = join(dir, 'config.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  };

  it('is read with family, licence and the hash of every file', async () => {
    const dir = copyOfTiny();
    writeFileSync(join(dir, 'README.md'), '---\nlibrary_name: x\nlicense: apache-2.0\n---\n# A model\n');
    const { family, licence, files } = await readFolder(dir);
    assert.deepEqual([family, licence], ['qwen2_vl', 'apache-2.0']);
    assert.equal(files.filter(({ path }) => path.startsWith('onnx/')).length, 6);
    assert.ok(!files.some(({ path }) => path.includes('goldens')));
  });

  it('is refused where something is missing, or could not be run', async () => {
    const dir = copyOfTiny();
    await refusal(readFolder(join(dir, 'none')), 'modelMissing', 'none');
    config(dir, { model_type: 'qwen3_5' });
    assert.match(await refusal(readFolder(dir), 'modelInvalid', 'tiny'), /Qwen3\.5 is not supported yet/);
    writeFileSync(join(dir, 'config.json'), '{');
    await refusal(readFolder(dir), 'modelInvalid', 'config.json');
    rmSync(join(dir, 'tokenizer.json'));
    await refusal(readFolder(dir), 'modelInvalid', 'tokenizer.json');
  });

  it('is refused where a graph keeps weights outside of it', async () => {
    const dir = copyOfTiny();
    const path = join(dir, 'onnx', 'embed_tokens.onnx');
    const name = '../../secret';
    const entry = Buffer.concat([
      Buffer.from('\x0a\x08location\x12', 'latin1'),
      Buffer.from([name.length]),
      Buffer.from(name),
    ]);
    writeFileSync(path, Buffer.concat([readFileSync(path), entry]));
    await refusal(readFolder(dir), 'modelInvalid', name);
  });

  it('answers nothing silently wrong: a mark that is missing is refused', async () => {
    const dir = copyOfTiny();
    config(dir, { vision_start_token_id: undefined });
    const carrier = await tinyCarrier({ record: await recordOf(dir) });
    await refusal(carrier.ask(question(), { frame: framesOf() }), 'modelInvalid', 'vision_start_token_id');
  });

  it('is refused once a file is another, or leads elsewhere', async () => {
    const dir = copyOfTiny();
    const record = await recordOf(dir);
    const tokenizer = join(dir, 'tokenizer.json');
    const original = readFileSync(tokenizer, 'utf8');
    const ask = async () =>
      (await tinyCarrier({ record })).ask(question({ maxTokens: 1 }), { frame: framesOf() });
    writeFileSync(tokenizer, `${original} `);
    await refusal(ask(), 'modelInvalid', 'tokenizer.json');
    rmSync(tokenizer);
    symlinkSync(join(TINY, 'tokenizer.json'), tokenizer);
    await refusal(ask(), 'modelInvalid', 'another place');
    rmSync(tokenizer);
    await refusal(ask(), 'modelMissing', 'tokenizer.json');
    writeFileSync(tokenizer, original);
    await ask();
  });

  it('may have links that led out of it when it was added, as in the cache of the hub', async () => {
    const dir = copyOfTiny();
    const blobs = join(tempDir(), 'blobs');
    mkdirSync(blobs);
    for (const name of ['config.json', 'tokenizer.json']) {
      renameSync(join(dir, name), join(blobs, name));
      symlinkSync(join(blobs, name), join(dir, name));
    }
    const record = await recordOf(dir);
    assert.equal(record.files.filter(({ at }) => at !== undefined).length, 2);
    const carrier = await tinyCarrier({ record });
    assert.equal((await carrier.ask(question(), { frame: framesOf() })).text, goldens.ab.text);
  });
});

describe('the register of local models', () => {
  afterEach(removeTempDirs);

  it('adds a folder where it lies, removes its record alone, and puts it back', async () => {
    const folder = copyOfTiny();
    const registry = new ModelRegistry(join(tempDir(), 'models'));
    const record = await registry.add(folder);
    assert.deepEqual([record.name, record.ours, record.key], [basename(folder), false, 'tiny']);
    assert.deepEqual(await registry.add(folder), record, 'added twice, it is one');
    assert.notEqual((await registry.add(copyOfTiny())).key, record.key);
    await registry.remove(record.key);
    assert.equal((await registry.list()).models.length, 1);
    assert.ok(existsSync(join(folder, 'config.json')));
    await registry.restore(record.key);
    assert.deepEqual(await registry.get(record.key), record);
    await registry.remove(record.key);
    await registry.forget(record.key);
    await assert.rejects(registry.restore(record.key));
    await refusal(registry.get(record.key), 'modelMissing', record.key);
  });

  it('tells of records that it cannot read, and lists the others', async () => {
    const dir = join(tempDir(), 'models');
    const registry = new ModelRegistry(dir);
    await registry.add(copyOfTiny());
    writeFileSync(join(dir, 'broken.json'), '{');
    const { models, problems } = await registry.list();
    assert.equal(models.length, 1);
    assert.match(problems.join(), /broken\.json" is refused: it is not JSON\.$/);
    await assert.rejects(registry.get('../broken'));
  });
});
