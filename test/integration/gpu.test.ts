import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
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
});
