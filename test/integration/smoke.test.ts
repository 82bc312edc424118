import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

const ID = 'aesrm-review.aesrm-review';

suite('the extension in its host', () => {
  test('registers the commands that the manifest contributes, and no others', async () => {
    const contributed = vscode.extensions.getExtension(ID)?.packageJSON.contributes.commands ?? [];
    const registered = (await vscode.commands.getCommands(true)).filter((id) =>
      /^aesrm\.(sweep\.)?\w+$/.test(id),
    );
    assert.deepEqual(registered.sort(), contributed.map((c: { command: string }) => c.command).sort());
  });

  test('sees clips in nested folders', async () => {
    const clips = await vscode.workspace.findFiles('**/step-*/*.mp4');
    assert.ok(clips.length >= 2, `${clips.length} clips`);
  });

  // Asked for by the test of the runner itself: a host that dies must fail the run.
  if (process.env['AESRM_CRASH_HOST'])
    test('dies', () => {
      process.kill(process.pid, 'SIGKILL');
    });
});
