import * as assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { JudgeKeeper } from '../../src/host/judges/keeper';
import { readSettings } from '../../src/host/settings';
import { SweepTree } from '../../src/host/sweep/tree';
import { madeWindow, noMemento } from './madeWindow';
import { extension, ID, until, workspaceUri } from './support';

/** Loaded libraries of this process, by path. */
function libraries(): string[] {
  return (process.report.getReport() as unknown as { sharedObjects: string[] }).sharedObjects;
}

let engineAtFirst: number | undefined;

// Before any test of any file.
suiteSetup(async () => {
  engineAtFirst = (await extension()).enginePid();
});

suite('activation', () => {
  test('starts no engine and loads nothing native', async () => {
    await extension();
    assert.equal(engineAtFirst, undefined);
    assert.deepEqual(
      libraries().filter((path) => /onnxruntime|ffmpeg|libav/i.test(path)),
      [],
    );
  });

  test('comes with a workspace that holds a judged sweep', () => {
    const { activationEvents } = vscode.extensions.getExtension(ID)!.packageJSON;
    assert.ok(activationEvents.includes('workspaceContains:.aesrm/sweeps.jsonl'));
  });

  for (const running of [false, true])
    test(`${running ? 'goes on with' : 'starts no engine for'} a remembered sweep that was ${running ? '' : 'not '}running`, async () => {
      const dir = await mkdtemp(join(tmpdir(), 'aesrm-remembered-'));
      const root = vscode.Uri.file(join(dir, 'run'));
      for (const step of ['step-0100', 'step-0400'])
        await cp(workspaceUri(step).fsPath, join(root.fsPath, step), { recursive: true });
      await mkdir(join(dir, 'sweeps'));
      const kept = JSON.stringify([{ root: root.toString(), running }]);
      await writeFile(join(dir, 'sweeps', '999999999-x.json'), kept);
      const judges = new JudgeKeeper(noMemento, join(dir, 'models'), () => [], readSettings);
      const { engine, sweeps, end } = madeWindow(dir, judges);
      const tree = new SweepTree(sweeps, () => 'me');
      try {
        const restored = sweeps.restore();
        await until('it to be remembered', () => sweeps.all.length === 1 || undefined);
        const [session] = sweeps.all;
        if (running) await until('the engine to work', () => engine.pid);
        else {
          await restored;
          await new Promise((resolve) => setTimeout(resolve, 1000));
          assert.deepEqual(
            [engine.pid, session!.isLoaded, session!.view.files],
            [undefined, false, undefined],
          );
          tree.getChildren();
        }
        await until('the grid, once someone looks', () => session!.view.grid);
        assert.equal(session!.isWanted, running);
      } finally {
        tree.dispose();
        await end();
        await rm(dir, { recursive: true, force: true, maxRetries: 5 });
      }
    });

  test('runs where the files are, and says what a workspace may not decide', () => {
    const found = vscode.extensions.getExtension(ID);
    assert.equal(found?.extensionKind, vscode.ExtensionKind.Workspace);
    const { untrustedWorkspaces } = found.packageJSON.capabilities;
    assert.equal(untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, [
      'aesrm.ffmpegPath',
      'aesrm.modelPath',
      'aesrm.gpuLibraries',
      'aesrm.endpoints',
      'aesrm.modelHub',
      'aesrm.chain.samples',
      'aesrm.chain.frames',
      'aesrm.chain.protocol',
    ]);
  });

  test('takes no program from the settings of a workspace', async () => {
    const api = await extension();
    const config = () => vscode.workspace.getConfiguration('aesrm');
    const { ffmpeg: own, judge } = await api.engineStatus();
    const evil = workspaceUri('evil').fsPath;
    const file = workspaceUri('.vscode', 'settings.json').fsPath;
    const before = await readFile(file, 'utf8').catch(() => undefined);
    const hostile = {
      'aesrm.ffmpegPath': evil,
      'aesrm.modelPath': evil,
      'aesrm.gpuLibraries': evil,
      'aesrm.reviewer': 'evil',
    };
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(file, JSON.stringify(hostile));
      // What a workspace may decide tells that the file was read.
      await until('the settings to be read', () => config().get('reviewer') === 'evil' || undefined);
      // The engine that starts now is told what the settings are now.
      await config().update('decodeDeadlineSeconds', 22, vscode.ConfigurationTarget.Global);
      const status = await api.engineStatus();
      assert.deepEqual([status.ffmpeg, status.judge], [own, judge]);
      assert.equal(readSettings().gpuLibraries, '');
      assert.ok('origin' in own && !('problem' in judge), JSON.stringify([own, judge]));
    } finally {
      await config().update('decodeDeadlineSeconds', undefined, vscode.ConfigurationTarget.Global);
      if (before === undefined) await rm(file);
      else await writeFile(file, before);
      await until('the settings to be as they were', () => config().get('reviewer') !== 'evil' || undefined);
    }
  });
});
