import * as assert from 'node:assert/strict';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import {
  closeAll,
  compareSelected,
  early,
  extension,
  late,
  logLines,
  snapshot,
  verdictOf,
  workspaceUri,
} from './support';

suite('votes', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
  });
  setup(async () => {
    await closeAll(api);
    await compareSelected(early(), late());
    await verdictOf(api);
  });
  suiteTeardown(() => closeAll(api));

  test('are appended, changed and taken back, and nothing is rewritten', async () => {
    const before = (await logLines('votes.jsonl')).length;
    await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
    await api.act(0, { type: 'vote', of: 'overall', choice: 'B' });
    await api.act(0, { type: 'vote', of: 'VA', choice: 'tie' });
    assert.deepEqual(api.snapshots()[0]?.vote?.dimensions, { VA: 'tie' });
    await vscode.commands.executeCommand('aesrm.undoVote');
    const lines = (await logLines('votes.jsonl')).slice(before);
    assert.deepEqual(
      lines.map((l) => [l['overall'], l['withdrawn'] ?? false]),
      [
        ['A', false],
        ['B', false],
        ['B', false],
        [undefined, true],
      ],
    );
    const ids = lines.map((l) => l['id']);
    assert.deepEqual(lines.map((l) => l['supersedes']).slice(1), ids.slice(0, 3));
    assert.equal(lines[0]?.['modelShown'], true);
    assert.equal(api.snapshots()[0]?.vote?.overall, 'B');
  });

  test('are there when the pair is opened again, in either order', async () => {
    await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
    await closeAll(api);
    await compareSelected(late(), early());
    const shown = await snapshot(api, (s) => s.vote !== undefined);
    assert.equal(shown.vote?.overall, 'B');
    assert.equal(shown.canUndoVote, true);
  });

  test('that come before the clips are read are kept as soon as they are', async () => {
    await closeAll(api);
    await compareSelected(early('a-garden-of-cells.mp4'), late('zoom-into-a-fractal-coast.mp4'));
    assert.equal(api.snapshots()[0]?.sides.A.clip, undefined);
    await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
    assert.ok(api.snapshots()[0]?.notice);
    const shown = await snapshot(api, (s) => s.vote !== undefined);
    assert.deepEqual([shown.vote?.overall, shown.notice], ['A', undefined]);
  });

  test('are not kept where no record is, and the panel says so', async () => {
    const config = vscode.workspace.getConfiguration('aesrm');
    await config.update('record.location', 'none', vscode.ConfigurationTarget.Workspace);
    try {
      const before = (await logLines('votes.jsonl')).length;
      await api.act(0, { type: 'vote', of: 'overall', choice: 'tie' });
      const [shown] = api.snapshots();
      assert.equal(shown?.vote?.overall, 'tie');
      assert.match(shown.notice ?? '', /aesrm\.record\.location/);
      assert.equal((await logLines('votes.jsonl')).length, before);
    } finally {
      await config.update('record.location', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('of a blind comparison see neither names nor verdict, and reveal both', async () => {
    await vscode.commands.executeCommand('aesrm.toggleBlind');
    const [hidden] = api.snapshots();
    assert.ok(hidden);
    assert.doesNotMatch(JSON.stringify(hidden), /ribbons|step-0/);
    assert.deepEqual([hidden.verdict, hidden.vote], [undefined, undefined]);
    assert.deepEqual(api.titles(), ['Blind comparison']);
    await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
    const [shown] = api.snapshots();
    assert.equal(shown?.blind.revealed, true);
    assert.ok(shown.verdict && shown.sides.A.name);
    const last = (await logLines('votes.jsonl')).at(-1);
    assert.deepEqual([last?.['blind'], last?.['modelShown']], [true, false]);
    assert.match(api.titles()[0] ?? '', /step-0/);
  });

  test('are kept elsewhere where the record cannot be written, said so, and are there again', async () => {
    const pair = [early('a-garden-of-cells.mp4'), late('zoom-into-a-fractal-coast.mp4')] as const;
    const [log, aside] = [workspaceUri('.aesrm', 'votes.jsonl').fsPath, workspaceUri('aside').fsPath];
    await rename(log, aside);
    await mkdir(log);
    try {
      for (const choice of ['B', 'tie'] as const) {
        await closeAll(api);
        await compareSelected(...pair);
        await verdictOf(api);
        await api.act(0, { type: 'vote', of: 'overall', choice });
        assert.match(api.snapshots()[0]!.notice!, /cannot be written.* Your votes are kept in .* instead/);
      }
      await closeAll(api);
      await compareSelected(...pair);
      const shown = await snapshot(api, (s) => s.vote !== undefined);
      assert.deepEqual([shown.vote?.overall, shown.notice], ['tie', undefined]);
    } finally {
      await rmdir(log);
      await rename(aside, log);
    }
    await closeAll(api);
    await compareSelected(...pair);
    const both = await snapshot(api, (s) => s.vote !== undefined);
    assert.equal(both.vote?.overall, 'tie', 'the newest of both places');
    await vscode.commands.executeCommand('aesrm.undoVote');
    assert.equal((await logLines('votes.jsonl')).at(-1)?.['withdrawn'], true);
    assert.equal(api.snapshots()[0]?.vote?.overall, 'B');
  });
});
