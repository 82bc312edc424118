import * as assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
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
  test('is quick, starts no engine and loads nothing native', async () => {
    const api = await extension();
    assert.ok(api.activationMs < 50, `${api.activationMs} ms`);
    assert.equal(engineAtFirst, undefined);
    assert.deepEqual(
      libraries().filter((path) => /onnxruntime|ffmpeg|libav/i.test(path)),
      [],
    );
  });

  test('runs where the files are, and says what a workspace may not decide', () => {
    const found = vscode.extensions.getExtension(ID);
    assert.equal(found?.extensionKind, vscode.ExtensionKind.Workspace);
    const { untrustedWorkspaces } = found.packageJSON.capabilities;
    assert.equal(untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, ['aesrm.ffmpegPath', 'aesrm.modelPath']);
  });

  test('takes no program from the settings of a workspace', async () => {
    const api = await extension();
    const config = () => vscode.workspace.getConfiguration('aesrm');
    const { ffmpeg: own, judge } = await api.engineStatus();
    const evil = workspaceUri('evil').fsPath;
    const file = workspaceUri('.vscode', 'settings.json').fsPath;
    const before = await readFile(file, 'utf8').catch(() => undefined);
    const hostile = { 'aesrm.ffmpegPath': evil, 'aesrm.modelPath': evil, 'aesrm.reviewer': 'evil' };
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(file, JSON.stringify(hostile));
      // What a workspace may decide tells that the file was read.
      await until('the settings to be read', () => config().get('reviewer') === 'evil' || undefined);
      // The engine that starts now is told what the settings are now.
      await config().update('decodeDeadlineSeconds', 22, vscode.ConfigurationTarget.Global);
      const status = await api.engineStatus();
      assert.deepEqual([status.ffmpeg, status.judge], [own, judge]);
      assert.ok('origin' in own && !('problem' in judge), JSON.stringify([own, judge]));
    } finally {
      await config().update('decodeDeadlineSeconds', undefined, vscode.ConfigurationTarget.Global);
      if (before === undefined) await rm(file);
      else await writeFile(file, before);
      await until('the settings to be as they were', () => config().get('reviewer') !== 'evil' || undefined);
    }
  });
});
