import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { EngineHost } from '../../src/host/engineHost';
import type { GpuAction } from '../../src/host/gpu/actions';
import { GpuSetUp } from '../../src/host/gpu/setUp';
import { readSettings } from '../../src/host/settings';
import { whole } from '../unit/core/gpu/samples';
import { extension, until, workspaceUri } from './support';

suite('setting up the GPU', () => {
  const config = () => vscode.workspace.getConfiguration('aesrm');
  const name = (dir: string | undefined) =>
    config().update('gpuLibraries', dir, vscode.ConfigurationTarget.Global);
  const run = () => vscode.commands.executeCommand<vscode.Uri | undefined>('aesrm.setUpGpu');
  const shown = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
  const folder = () => workspaceUri('gpu libraries').fsPath;

  suiteSetup(() => extension());
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await name(undefined);
    await rm(folder(), { recursive: true, force: true });
  });

  test('opens a report of what is there, what is missing and what to do', async () => {
    const report = await run();
    assert.ok(report, 'there is a report');
    await until(`the report among ${shown().join()}`, () =>
      shown().some((label) => label.includes('gpu-report.md')),
    );
    const text = await readFile(report.fsPath, 'utf8');
    assert.match(text, /^# GPU for the judge\n\n\*\*/);
    assert.match(text, /\| ✓ there \| Trial on cpu \|/);
    assert.match(text, /\n## What to do\n/);
    assert.ok(!existsSync(join(dirname(report.fsPath), 'gpu')), 'looking writes nothing');
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  test('says of a folder without the libraries why it is refused', async () => {
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), 'libonnxruntime_providers_cuda.so'), 'not a library');
    await name(folder());
    const report = await run();
    assert.ok(report, 'there is a report');
    const text = await readFile(report.fsPath, 'utf8');
    assert.match(text, /\| ✗ missing \| CUDA provider of ONNX Runtime \| .*is no shared library/);
    assert.match(text, /`aesrm\.gpuLibraries` names .*Undo: \*Stop Using the Folder\*/);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  suite('step by step', () => {
    type Answer = (...args: never[]) => unknown;
    const window = vscode.window as unknown as Record<string, Answer>;
    const before = { ...window };
    const named = () => readSettings().gpuLibraries;
    const fetched = { dir: '/fetched', version: '1.30.0', bytes: 1 };
    let removed = 0;

    /** A machine that takes any folder. */
    const engine = {
      get: () => ({
        gpuProbe: () => {
          const { chosen: _none, ...facts } = whole();
          return Promise.resolve({
            ...{ ...facts, fetched },
            ...(named() === '' ? {} : { chosen: { dir: named(), files: [], proof: 'it says so' } }),
          });
        },
        gpuCheck: () => Promise.resolve({}),
        gpuRemove: () => Promise.resolve({ bytes: ++removed, files: 1 }),
      }),
    } as unknown as EngineHost;

    teardown(async () => {
      for (const name of ['showQuickPick', 'showOpenDialog']) window[name] = before[name]!;
      await name(undefined);
    });

    /** Takes these actions, one after the other, as a person does; what each of them said it does. */
    async function take(setUp: GpuSetUp, ...acts: { action: GpuAction; folder?: string }[]) {
      const details: (string | undefined)[] = [];
      const left = [...acts];
      let isOver = false;
      window['showOpenDialog'] = () => Promise.resolve([vscode.Uri.file(acts[details.length - 1]!.folder!)]);
      window['showQuickPick'] = async (...[items]: never[]) => {
        const act = left.shift();
        if (!act) return void (isOver = true);
        const all = items as unknown as { action: GpuAction; detail?: string }[];
        const item = all.find(({ action }) => action === act.action);
        assert.ok(item, `${act.action} is not among ${all.map(({ action }) => action).join()}`);
        details.push(item.detail);
        return item;
      };
      await setUp.run();
      await until(`the end, ${left.length} before it`, () => isOver);
      return details;
    }

    function made(): GpuSetUp {
      const memory = new Map<string, unknown>();
      const memento = {
        get: (key: string) => memory.get(key),
        update: async (key: string, value: unknown) => void memory.set(key, value),
        keys: () => [...memory.keys()],
      };
      return new GpuSetUp(engine, workspaceUri('gpu storage').fsPath, memento as unknown as vscode.Memento);
    }

    suiteTeardown(() => rm(workspaceUri('gpu storage').fsPath, { recursive: true, force: true }));

    test('a folder that was chosen gives way to what the setting named before', async () => {
      await name('/own');
      const setUp = made();
      await take(setUp, { action: 'choose', folder: '/a' }, { action: 'choose', folder: '/b' });
      assert.equal(named(), '/b');
      const [detail] = await take(setUp, { action: 'stop' });
      assert.match(detail!, /back to \/a; nothing is deleted in \/b/);
      assert.equal(named(), '/a');
      await take(setUp, { action: 'stop' });
      assert.equal(named(), '/own');
    });

    test('what stood in the setting is taken out, and put back', async () => {
      await name('/own');
      const setUp = made();
      const [detail] = await take(setUp, { action: 'stop' });
      assert.match(detail!, /^Empties/);
      assert.equal(named(), '');
      await take(setUp, { action: 'stop' });
      assert.equal(named(), '/own');
    });

    test('what was fetched is removed, and nothing leads back to it', async () => {
      await name('/own');
      const setUp = made();
      await take(setUp, { action: 'use' }, { action: 'choose', folder: '/b' }, { action: 'remove' });
      assert.equal(removed, 1);
      assert.equal(named(), '/b');
      await take(setUp, { action: 'stop' });
      assert.equal(named(), '/own');
    });
  });
});
