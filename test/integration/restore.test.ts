import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import type { PanelState } from '../../src/protocol/panel';
import { closeAll, compareSelected, early, extension, late, until, verdictOf, workspaceUri } from './support';

const state = (a: vscode.Uri, b: vscode.Uri, blind = false): PanelState => ({
  format: 'aesrm.panel/1',
  a: a.toString(),
  b: b.toString(),
  blind,
});
const emptyPanel = () =>
  vscode.window.createWebviewPanel('aesrm.compare', 'restored', vscode.ViewColumn.Active);

/** What the workbench does with a panel after a reload of the window. */
async function restore(api: TestApi, kept: unknown): Promise<{ disposed: boolean }> {
  const panel = emptyPanel();
  const seen = { disposed: false };
  panel.onDidDispose(() => (seen.disposed = true));
  await api.restore(panel, kept);
  return seen;
}

suite('a panel after a reload', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
  });
  setup(() => closeAll(api));
  suiteTeardown(() => closeAll(api));

  test('is restored from its clips, and answers from the record', async () => {
    await compareSelected(early(), late());
    await verdictOf(api);
    await closeAll(api);
    await restore(api, state(early(), late()));
    const { shown } = await verdictOf(api);
    assert.deepEqual([shown.fromLog, shown.sides.B.folder], [true, 'step-0400']);
  });

  test('stands as it was left: swapped, with the verdict of the record', async () => {
    await compareSelected(early(), late());
    const before = await verdictOf(api);
    await vscode.commands.executeCommand('aesrm.swapSides');
    const swapped = api.snapshots()[0];
    assert.deepEqual(swapped?.identity, { a: late().toString(), b: early().toString() });
    await closeAll(api);
    await restore(api, { ...state(early(), late()), ...swapped.identity });
    const { shown, verdict } = await verdictOf(api);
    assert.deepEqual([shown.fromLog, shown.sides.A.folder], [true, 'step-0400']);
    assert.equal(verdict.id, before.verdict.id);
    assert.equal(verdict.overall.p.a, before.verdict.overall.p.b);
    assert.deepEqual(shown.identity, swapped.identity);
    assert.match(api.titles()[0] ?? '', /^step-0400/);
  });

  test('is blind again if it was', async () => {
    await restore(api, state(early(), late(), true));
    assert.deepEqual(api.snapshots()[0]?.blind, { on: true, revealed: false });
    assert.deepEqual(api.titles(), ['Blind comparison']);
  });

  test('is left alone when it is closed while its clips are looked for', async () => {
    const panel = emptyPanel();
    const restored = api.restore(panel, state(early(), late()));
    panel.dispose();
    await restored;
    assert.equal(api.snapshots().length, 0);
  });

  test('is closed when a clip is gone, or when it cannot be understood', async () => {
    const strange = { ...state(early(), late()), a: 'https://example.org/a.mp4' };
    const old = { format: 'aesrm.panel/0' };
    for (const kept of [state(early(), workspaceUri('gone.mp4')), strange, old, undefined]) {
      const seen = await restore(api, kept);
      await until('the panel to close', () => (seen.disposed ? true : undefined));
    }
    assert.equal(api.snapshots().length, 0);
  });
});
