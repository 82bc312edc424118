import * as assert from 'node:assert/strict';
import { copyFile, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import { gif } from '../support/clips';
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

suite('trouble', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
  });
  setup(() => closeAll(api));
  suiteTeardown(() => closeAll(api));

  test('with one clip leaves the other', async () => {
    await compareSelected(early(), workspaceUri('broken.mp4'));
    const shown = await snapshot(api, done);
    assert.equal(shown.phase, 'failed');
    assert.ok(shown.sides.B.problem, 'no problem on side B');
    assert.match(shown.sides.B.problem.message, /broken\.mp4/);
    assert.deepEqual([shown.sides.A.problem, shown.sides.A.media], [undefined, 'video']);
    await snapshot(api, (s) => s.sides.A.clip !== undefined);
  });

  test('with the engine is survived', async () => {
    await compareSelected(early(), late());
    await verdictOf(api);
    const before = api.enginePid();
    assert.ok(before, 'no engine runs');
    // Killed before it is asked, as nobody knows yet: one that knows both clips would answer before it could be killed.
    process.kill(before, 'SIGKILL');
    await api.act(0, { type: 'rejudge' });
    await snapshot(api, (s) => s.phase !== 'done');
    await verdictOf(api);
    assert.notEqual(api.enginePid(), before);
  });

  test('with an engine that dies every time is said, and Retry is a new attempt', async () => {
    await compareSelected(early(), late());
    await verdictOf(api);
    const killed = new Set<number>();
    const end = () => {
      const pid = api.enginePid();
      if (pid === undefined || killed.has(pid)) return;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    };
    // The engine at hand knows both clips and would answer within a tick.
    end();
    const kill = setInterval(end, 5);
    try {
      await api.act(0, { type: 'rejudge' });
      const failed = await snapshot(api, (s) => s.phase === 'failed');
      assert.equal(failed.problem?.code, 'workerDied');
      assert.equal(failed.verdict, undefined);
      assert.deepEqual([failed.sides.A.media, failed.sides.B.media], ['video', 'video']);
      assert.ok(killed.size > 2, `${killed.size} workers were ended`);
    } finally {
      clearInterval(kill);
    }
    await api.act(0, { type: 'rejudge' });
    const { shown } = await verdictOf(api);
    assert.equal(shown.problem, undefined);
  });

  test('with settings: the engine takes them up', async () => {
    const config = vscode.workspace.getConfiguration('aesrm');
    const before = (await api.engineStatus()).pid;
    await config.update('decodeDeadlineSeconds', 21, vscode.ConfigurationTarget.Global);
    try {
      await until('the engine to leave', () => (api.enginePid() === before ? undefined : true));
      await compareSelected(early(), late());
      await api.act(0, { type: 'rejudge' });
      await verdictOf(api);
    } finally {
      await config.update('decodeDeadlineSeconds', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('with a file that goes and comes back is told and forgotten', async () => {
    const copy = workspaceUri('copy.mp4');
    await copyFile(late().fsPath, copy.fsPath);
    try {
      await compareSelected(early(), copy);
      const first = await verdictOf(api);
      await rm(copy.fsPath);
      const gone = await snapshot(api, (s) => s.sides.B.problem?.code === 'fileMissing');
      assert.deepEqual([gone.sides.A.problem, gone.sides.B.media], [undefined, 'none']);
      await copyFile(early().fsPath, copy.fsPath);
      const back = await snapshot(api, (s) => s.sides.B.problem === undefined);
      assert.equal(back.sides.B.clip, undefined);
      const votes = (await logLines('votes.jsonl')).length;
      await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
      assert.equal((await logLines('votes.jsonl')).length, votes);
      await api.act(0, { type: 'rejudge' });
      const isNew = (hash: string | undefined) => hash !== undefined && hash !== first.verdict.b.hash;
      const voted = await snapshot(api, (s) => isNew(s.vote?.b.hash));
      assert.equal(voted.vote?.b.hash, voted.sides.B.clip?.hash);
      assert.equal(back.sides.B.media, 'video');
      assert.match(back.notice ?? '', /copy\.mp4/);
    } finally {
      await rm(copy.fsPath, { force: true });
    }
  });

  test('with a file that goes while it plays, and comes back, is forgotten too', async () => {
    const copy = workspaceUri('copy-playing.mp4');
    await copyFile(late().fsPath, copy.fsPath);
    try {
      await compareSelected(early(), copy);
      await verdictOf(api);
      const { uri } = (await snapshot(api, (s) => s.sides.B.media === 'video')).sides.B;
      await rm(copy.fsPath);
      // The page cannot read on before anyone has told of the file.
      await api.act(0, { type: 'unplayable', side: 'B', uri: uri! });
      await snapshot(api, (s) => s.sides.B.problem !== undefined);
      await copyFile(early().fsPath, copy.fsPath);
      await snapshot(api, (s) => s.sides.B.problem === undefined && s.sides.B.media === 'video');
    } finally {
      await rm(copy.fsPath, { force: true });
    }
  });

  test('with a GIF is a proxy that the page may load', async () => {
    const animated = vscode.Uri.file(gif());
    await compareSelected(early(), animated);
    const shown = await snapshot(api, (s) => s.sides.B.media === 'proxy' || s.sides.B.problem !== undefined);
    assert.equal(shown.sides.B.problem, undefined);
    assert.match(shown.sides.B.uri ?? '', /aesrm-cache-1\/proxies\/[^/]+\.mp4\?v=\d+-\d+$/);
    assert.ok(shown.sides.B.note);
  });

  test('with playing one clip is a proxy for that clip', async () => {
    await compareSelected(early(), late());
    const before = await snapshot(api, (s) => s.sides.A.uri !== undefined);
    await api.act(0, { type: 'unplayable', side: 'A', uri: before.sides.A.uri ?? '' });
    const after = await snapshot(api, (s) => s.sides.A.media === 'proxy');
    assert.equal(after.sides.B.media, 'video');
    // A report on what is no longer shown changes nothing.
    await api.act(0, { type: 'unplayable', side: 'A', uri: before.sides.A.uri ?? '' });
    assert.equal(api.snapshots()[0]?.sides.A.media, 'proxy');
  });
});
