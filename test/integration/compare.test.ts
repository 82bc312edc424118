import * as assert from 'node:assert/strict';
import { copyFile, rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import { degraded, h264 } from '../support/clips';
import { skip } from '../support/skip';
import {
  closeAll,
  compareSelected,
  done,
  early,
  extension,
  late,
  logLines,
  snapshot,
  verdictOf,
  workspaceUri,
} from './support';

suite('a comparison', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
  });
  setup(() => closeAll(api));
  suiteTeardown(() => closeAll(api));

  test('shows the clips at once, then a verdict, and keeps it', async () => {
    await rm(workspaceUri('.aesrm').fsPath, { recursive: true, force: true });
    await compareSelected(early(), late());
    const [first] = api.snapshots();
    assert.deepEqual([first?.sides.A.folder, first?.sides.B.folder], ['step-0100', 'step-0400']);
    assert.deepEqual(api.titles(), ['step-0100 ↔ step-0400: ribbons-of-colour.mp4']);
    const { shown, verdict } = await verdictOf(api);
    assert.equal(verdict.format, 'aesrm.verdict/1');
    assert.equal(verdict.criteria.length, 15);
    assert.equal(verdict.a.path, 'step-0100/ribbons-of-colour.mp4');
    assert.match(shown.sides.A.uri ?? '', /ribbons-of-colour\.mp4\?v=\d+-\d+$/);
    assert.ok(shown.sides.A.measures && shown.sides.B.measures);
    const kept = await logLines('verdicts.jsonl');
    assert.deepEqual(
      kept.map((line) => line['id']),
      [verdict.id],
    );
    const judge = await snapshot(api, (s) => s.judge !== undefined);
    assert.equal(judge.judge?.device, verdict.judge.device);
  });

  test('answers from the record the second time, whatever the order', async () => {
    await compareSelected(early(), late());
    const first = await verdictOf(api);
    await closeAll(api);
    await compareSelected(late(), early());
    const { shown, verdict } = await verdictOf(api);
    assert.equal(shown.fromLog, true);
    assert.equal(verdict.id, first.verdict.id);
    assert.equal(verdict.overall.p.a, first.verdict.overall.p.b);
    assert.equal(verdict.a.path, 'step-0400/ribbons-of-colour.mp4');
    await snapshot(api, (s) => s.sides.A.measures !== undefined && s.sides.B.measures !== undefined);
  });

  test('swaps the sides without judging', async () => {
    await compareSelected(early(), late());
    const before = await verdictOf(api);
    const lines = (await logLines('verdicts.jsonl')).length;
    await vscode.commands.executeCommand('aesrm.swapSides');
    const [after] = api.snapshots();
    assert.equal(after?.sides.A.folder, 'step-0400');
    assert.equal(after.verdict?.overall.p.a, before.verdict.overall.p.b);
    assert.equal(after.verdict?.id, before.verdict.id);
    assert.match(api.titles()[0] ?? '', /^step-0400/);
    assert.equal((await logLines('verdicts.jsonl')).length, lines);
  });

  test('judges again when asked to', async () => {
    await compareSelected(early(), late());
    const before = await verdictOf(api);
    await vscode.commands.executeCommand('aesrm.rejudge');
    const after = await snapshot(api, (s) => done(s) && s.verdict?.id !== before.verdict.id);
    assert.equal(after.fromLog, false);
    assert.deepEqual(after.verdict?.overall.winner, before.verdict.overall.winner);
  });

  test('is cancelled at once, and can be taken up again', async () => {
    const clips = ['zoom-into-a-fractal-coast.mp4'] as const;
    await compareSelected(early(...clips), late(...clips));
    await api.act(0, { type: 'cancel' });
    const stopped = await snapshot(api, (s) => s.phase === 'cancelled' || done(s));
    assert.equal(stopped.phase, 'cancelled');
    await api.act(0, { type: 'rejudge' });
    await verdictOf(api);
  });

  test('is shown in one panel per pair, and pairs side by side', async () => {
    const other = 'a-garden-of-cells.mp4';
    await compareSelected(early(), late());
    await compareSelected(early(other), late(other));
    await compareSelected(late(), early());
    assert.equal(api.snapshots().length, 2);
    const [one, two] = [await verdictOf(api, 0), await verdictOf(api, 1)];
    assert.match(one.verdict.a.path, /ribbons/);
    assert.match(two.verdict.a.path, /garden/);
  });

  test('comes from Select for Compare too', async () => {
    await vscode.commands.executeCommand('aesrm.selectForCompare', early());
    await vscode.commands.executeCommand('aesrm.compareWithSelected', late());
    assert.equal(api.snapshots()[0]?.sides.A.folder, 'step-0100');
    await verdictOf(api);
  });

  test('comes from the palette: the selected clip first, then one of a list', async () => {
    await vscode.commands.executeCommand('aesrm.selectForCompare', early());
    const asked = vscode.commands.executeCommand('aesrm.compareVideos');
    // Nothing tells from outside when a quick pick has its items.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await asked;
    const [shown] = api.snapshots();
    assert.equal(shown?.sides.A.folder, 'step-0100');
    assert.notDeepEqual([shown.sides.B.name, shown.sides.B.folder], [shown.sides.A.name, 'step-0100']);
  });

  test('forgets the selected clip when that is gone', async () => {
    const copy = workspaceUri('marked.mp4');
    await copyFile(early().fsPath, copy.fsPath);
    await vscode.commands.executeCommand('aesrm.selectForCompare', copy);
    await rm(copy.fsPath);
    await vscode.commands.executeCommand('aesrm.compareWithSelected', late());
    assert.equal(api.snapshots().length, 0);
    await copyFile(early().fsPath, copy.fsPath);
    try {
      await vscode.commands.executeCommand('aesrm.compareWithSelected', late());
      assert.equal(api.snapshots().length, 0);
    } finally {
      await rm(copy.fsPath);
    }
  });

  test('refuses what are not two videos', async () => {
    for (const selection of [[early()], [early(), early()], [early(), workspaceUri('notes.md')]])
      // The message waits for an answer that nobody gives: the command must not.
      await vscode.commands.executeCommand('aesrm.compareSelected', early(), selection);
    assert.equal(api.snapshots().length, 0);
  });

  test('copies the verdict as Markdown', async function () {
    await compareSelected(early(), late());
    await verdictOf(api);
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('aesrm.copyVerdict');
    const text = await vscode.env.clipboard.readText();
    if (text === '') skip(this, 'this window gives no access to the clipboard');
    assert.match(text, /Visual Aesthetics/);
  });

  test('leaves the host free', async () => {
    const [a, b] = [vscode.Uri.file(h264()), vscode.Uri.file(degraded())];
    const { waited, worked } = await longestTurn(async () => {
      await compareSelected(a, b);
      await verdictOf(api);
    });
    const told = `${worked.toFixed(0)} ms of work in one turn, ${waited.toFixed(0)} ms from turn to turn`;
    console.log(`      the host's longest during a comparison: ${told}`);
    // On a busy machine a process waits though it does nothing: what counts is its own work.
    assert.ok(worked < 50, told);
  });
});

/**
 * The longest turn of this thread's event loop, milliseconds: by the clock, and by what the thread itself did
 * (the whole process, where Node does not know it by thread).
 */
async function longestTurn(during: () => Promise<void>): Promise<{ waited: number; worked: number }> {
  const cpu = (process as { threadCpuUsage?: typeof process.cpuUsage }).threadCpuUsage ?? process.cpuUsage;
  const longest = { waited: 0, worked: 0 };
  let at = performance.now();
  let before = cpu.call(process);
  const turn = setInterval(() => {
    const now = performance.now();
    const { user, system } = cpu.call(process, before);
    longest.waited = Math.max(longest.waited, now - at);
    longest.worked = Math.max(longest.worked, (user + system) / 1000);
    [at, before] = [now, cpu.call(process)];
  }, 2);
  await during();
  clearInterval(turn);
  return longest;
}
