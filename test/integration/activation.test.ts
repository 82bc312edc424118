import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, ID } from './support';

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
    const config = () => vscode.workspace.getConfiguration('aesrm');
    await assert.rejects(
      async () => config().update('ffmpegPath', '/evil/ffmpeg', vscode.ConfigurationTarget.Workspace),
      /workspace/i,
    );
    assert.equal(config().inspect('ffmpegPath')?.workspaceValue, undefined);
  });
});
