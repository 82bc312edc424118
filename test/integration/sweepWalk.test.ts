import * as assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { clip } from '../support/clips';
import {
  closeAll,
  compareSelected,
  done,
  early,
  extension,
  late,
  logLines,
  snapshot,
  until,
  verdictOf,
  workspaceUri,
} from './support';

const FIRST = { earlier: 0, later: 1, row: 0, seed: 0 };
const place = ({ sweep }: PanelSnapshot) => sweep && [sweep.earlier, sweep.later, sweep.row.index];
const at =
  (...wanted: number[]) =>
  (s: PanelSnapshot) =>
    place(s)?.join() === wanted.join();
const step = (to: string) => vscode.commands.executeCommand(`aesrm.sweep.${to}`);

/** Four steps on three prompts, as of an hour ago. */
function makeSweep(root: string): void {
  const then = new Date(Date.now() - 3_600_000);
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 3; row++) {
      const filter = `gblur=sigma=${4 - column},hue=h=${90 * row}`;
      const made = clip(`walk-${column}-${row}`, { width: 128, height: 96, fps: 8, seconds: 1, filter });
      const path = join(root, `step-0${column + 1}00`, `prompt-${row}.mp4`);
      mkdirSync(join(path, '..'), { recursive: true });
      copyFileSync(made, path);
      utimesSync(path, then, then);
    }
}

suite('a comparison opened from a sweep', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
    rmSync(workspaceUri('.aesrm').fsPath, { recursive: true, force: true });
    makeSweep(workspaceUri('walk').fsPath);
    await vscode.commands.executeCommand('aesrm.openSweep', workspaceUri('walk'));
    await until('the grid', () => api.sweeps()[0]?.view.phase === 'ready');
  });
  setup(() => closeAll(api));
  suiteTeardown(async () => {
    await closeAll(api);
    await vscode.commands.executeCommand('aesrm.sweep.close');
    rmSync(workspaceUri('walk').fsPath, { recursive: true, force: true });
    rmSync(workspaceUri('.aesrm').fsPath, { recursive: true, force: true });
  });

  test('goes from pair to pair in one panel, each with its verdict, and back at once', async () => {
    await api.openPair(0, FIRST);
    const first = await verdictOf(api);
    assert.deepEqual(place(first.shown), [0, 1, 0]);
    assert.equal(first.shown.sweep?.columns.length, 4);
    assert.deepEqual(first.shown.sweep?.sides, { A: 'earlier', B: 'later' });
    await step('nextCheckpoint');
    const second = await snapshot(api, (s) => at(1, 2, 0)(s) && done(s));
    assert.equal(api.snapshots().length, 1);
    assert.equal(second.sides.A.folder, first.shown.sides.B.folder);
    assert.equal(second.sides.A.uri, first.shown.sides.B.uri);
    assert.notEqual(second.verdict?.id, first.verdict.id);
    await step('nextPrompt');
    await snapshot(api, (s) => at(1, 2, 1)(s) && done(s));
    await step('previousPrompt');
    const back = api.snapshots()[0]!;
    assert.ok(at(1, 2, 0)(back));
    assert.equal(back.phase, 'done');
    assert.equal(back.verdict?.id, second.verdict?.id);
    assert.equal((await logLines('verdicts.jsonl')).length, 3);
  });

  test('makes ready what the next steps show, and nothing more of it', async () => {
    await api.openPair(0, FIRST);
    await verdictOf(api);
    // Clips become ready one by one: the last of the next steps' may be any of them.
    const wanted = ['step-0200/prompt-0', 'step-0300/prompt-0', 'step-0100/prompt-1', 'step-0200/prompt-1'];
    const shown = await snapshot(api, ({ preload = [] }) =>
      wanted.every((name) => preload.some((uri) => uri.includes(name))),
    );
    const lines = (await logLines('verdicts.jsonl')).length;
    await step('nextCheckpoint');
    const next = await snapshot(api, at(1, 2, 0));
    for (const side of ['A', 'B'] as const)
      assert.ok([...shown.preload!, shown.sides.B.uri].includes(next.sides[side].uri), side);
    await snapshot(api, (s) => at(1, 2, 0)(s) && done(s));
    assert.ok((await logLines('verdicts.jsonl')).length <= lines + 1);
  });

  test('has a stand-in made of a clip that is next and does not play', async () => {
    await api.openPair(0, FIRST);
    await verdictOf(api);
    const { preload } = await snapshot(api, (s) => (s.preload?.length ?? 0) > 0);
    await api.act(0, { type: 'unplayableAhead', uri: preload![0]! });
    const ready = await snapshot(api, (s) => s.preload?.some((uri) => uri.includes('/proxies/')) ?? false);
    assert.ok(!ready.preload!.includes(preload![0]!));
    assert.equal(ready.sides.A.media, 'video');
  });

  test('stands still at the edge of the grid, and says so where it is of no sweep', async () => {
    await api.openPair(0, FIRST);
    await verdictOf(api);
    assert.ok(!api.snapshots()[0]!.sweep!.can.includes('previousPrompt'));
    await step('previousPrompt');
    assert.ok(at(0, 1, 0)(api.snapshots()[0]!));
    await closeAll(api);
    await compareSelected(early(), late());
    await verdictOf(api);
    assert.equal(api.snapshots()[0]!.sweep, undefined);
    await step('nextPrompt');
    assert.equal(api.snapshots()[0]!.sweep, undefined);
  });

  test('takes the panel that the sweep has for the next cell', async () => {
    await api.openPair(0, FIRST);
    await verdictOf(api);
    await api.openPair(0, { earlier: 2, later: 3, row: 2, seed: 0 });
    await snapshot(api, (s) => at(2, 3, 2)(s) && done(s));
    assert.equal(api.snapshots().length, 1);
    assert.match(api.titles()[0]!, /step-0300 ↔ step-0400/);
  });

  test('stays blind from pair to pair, and shows each after its vote', async () => {
    await api.openPair(0, FIRST);
    await verdictOf(api);
    await vscode.commands.executeCommand('aesrm.toggleBlind');
    await step('nextPrompt');
    const hidden = await snapshot(api, (s) => at(0, 1, 1)(s) && done(s));
    assert.deepEqual(hidden.blind, { on: true, revealed: false });
    assert.equal(hidden.verdict, undefined);
    assert.equal(hidden.sweep?.sides, undefined);
    assert.ok(hidden.sweep?.marks.every((mark) => mark === null));
    assert.ok(!hidden.sweep?.can.some((to) => /Regression|Disagreement/.test(to)));
    const ready = await snapshot(api, (s) => (s.preload?.length ?? 0) >= 2);
    assert.ok(ready.preload!.every((uri) => !uri.includes('step-0')));
    await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
    const seen = await snapshot(api, (s) => s.blind.revealed && s.verdict !== undefined);
    assert.ok(seen.sweep?.sides);
    assert.ok(!seen.sweep.can.some((to) => /Regression|Disagreement/.test(to)));
    await step('nextPrompt');
    const next = await snapshot(api, (s) => at(0, 1, 2)(s) && done(s));
    assert.deepEqual([next.blind, next.verdict], [{ on: true, revealed: false }, undefined]);
    const votes = await until('the vote in the sweep', () => {
      const found = api.sweeps()[0]?.view.state?.votes ?? [];
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      votes.map(({ earlier, later, row }) => [earlier, later, row]),
      [[0, 1, 1]],
    );
    assert.equal((await logLines('votes.jsonl')).length, 1);
  });

  test('keeps a vote on clips that are still being read, though the reader steps on', async () => {
    const before = (await logLines('votes.jsonl')).length;
    await api.openPair(0, { earlier: 0, later: 3, row: 1, seed: 0 });
    await api.act(0, { type: 'vote', of: 'overall', choice: 'B' });
    await step('nextPrompt');
    const votes = await until('the vote in the sweep', () => {
      const found = (api.sweeps()[0]?.view.state?.votes ?? []).filter(({ later }) => later === 3);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      votes.map(({ earlier, row, overall }) => [earlier, row, overall]),
      [[0, 1, 1]],
    );
    assert.ok(at(0, 3, 2)(api.snapshots()[0]!));
    const lines = async () => (await logLines('votes.jsonl')).length;
    for (let i = 0; i < 250 && (await lines()) === before; i++) await new Promise((go) => setTimeout(go, 20));
    assert.equal(await lines(), before + 1);
  });

  function restored(a: string, b: string): Promise<void> {
    const panel = vscode.window.createWebviewPanel('aesrm.compare', '', vscode.ViewColumn.One);
    return api.restore(panel, {
      format: 'aesrm.panel/1',
      a: workspaceUri('walk', a, 'prompt-0.mp4').toString(),
      b: workspaceUri('walk', b, 'prompt-0.mp4').toString(),
      blind: false,
      sweep: workspaceUri('walk').toString(),
    });
  }

  test('says which side is which after a reload with the sides swapped, and keeps them so', async () => {
    await restored('step-0300', 'step-0200');
    const shown = await snapshot(api, (s) => s.sweep !== undefined && done(s));
    assert.deepEqual(shown.sweep?.sides, { A: 'later', B: 'earlier' });
    assert.equal(shown.sides.A.folder.split('/').at(-1), 'step-0300');
    await step('nextPrompt');
    const next = await snapshot(api, at(1, 2, 1));
    assert.deepEqual(next.sweep?.sides, { A: 'later', B: 'earlier' });
    assert.equal(next.sides.A.folder.split('/').at(-1), 'step-0300');
  });

  test('finds its place again after a reload', async () => {
    await restored('step-0200', 'step-0300');
    const shown = await snapshot(api, (s) => s.sweep !== undefined && done(s));
    assert.deepEqual([shown.sweep?.earlier, shown.sweep?.later], [1, 2]);
    await step('nextCheckpoint');
    await snapshot(api, (s) => s.sweep?.later === 3);
  });
});
