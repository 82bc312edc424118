import * as assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { EngineHost, engineConfig } from '../../src/host/engineHost';
import { ModelManager } from '../../src/host/models/manage';
import { readSettings } from '../../src/host/settings';
import { ROOT } from '../support/paths';
import { extension, ID, until } from './support';

const TINY = vscode.Uri.file(join(ROOT, 'test', 'fixtures', 'tiny-qwen2-vl'));

suite('local models', () => {
  let dir: string;
  let engine: EngineHost;

  suiteSetup(async () => {
    await extension();
    dir = await mkdtemp(join(tmpdir(), 'aesrm-models-'));
    const { extensionPath } = vscode.extensions.getExtension(ID)!;
    const places = {
      cacheDir: join(dir, 'cache'),
      gpuDir: join(dir, 'gpu'),
      shippedModel: join(extensionPath, 'models', 'compact'),
    };
    const workerPath = join(extensionPath, 'dist', 'worker.js');
    engine = new EngineHost(() => engineConfig(readSettings(), places), { workerPath });
  });
  suiteTeardown(async () => {
    await engine.dispose();
    await rm(dir, { recursive: true, force: true });
  });

  const listed = async () => (await engine.get().models('models', { dir })).models.map(({ name }) => name);

  test('are added from a folder, tried, and removed with a way back', async () => {
    const manager = new ModelManager(engine, dir, () => readSettings().modelHub);
    const record = await manager.addFolder(TINY);
    assert.equal(record?.name, 'tiny-qwen2-vl');
    const trial = await manager.tryOut(record);
    assert.match(trial.device, /^\w+, fp32$/);
    assert.ok(trial.tokens > 1);
    // The message with Undo stays open here: nobody answers it.
    void manager.remove(record);
    let names = ['?'];
    await until('the model is gone', () => {
      void listed().then((now) => (names = now));
      return names.length === 0 ? true : undefined;
    });
    await engine.get().models('modelRestore', { dir, key: record.key });
    assert.deepEqual(await listed(), ['tiny-qwen2-vl']);
  });

  test('come from the hub of the settings, which a workspace does not set', () => {
    assert.equal(readSettings().modelHub, 'https://huggingface.co');
  });

  test('have a command that ends when its list is closed', async () => {
    let isOver = false;
    const open = Promise.resolve(vscode.commands.executeCommand('aesrm.manageModels')).then(
      () => (isOver = true),
    );
    const close = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'),
      200,
    );
    try {
      await until('the command has ended', () => (isOver ? true : undefined));
      await open;
    } finally {
      clearInterval(close);
    }
  });
});
