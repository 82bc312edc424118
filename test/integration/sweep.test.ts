import * as assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import type { SweepAction } from '../../src/protocol/sweepPage';
import { early, extension, late, until, workspaceUri } from './support';

const root = () => workspaceUri('sweep-run');
const other = () => workspaceUri('sweep-other');
const layoutFile = () => workspaceUri('.aesrm', 'sweep.json').fsPath;

/** Samples as of an hour ago: the same clips at each of so many steps. */
async function makeSweep(folder: vscode.Uri, steps: number, prompts = 2): Promise<void> {
  const then = new Date(Date.now() - 3_600_000);
  for (let step = 1; step <= steps; step++) {
    await mkdir(join(folder.fsPath, `step-${step}00`), { recursive: true });
    for (let prompt = 0; prompt < prompts; prompt++) {
      const path = join(folder.fsPath, `step-${step}00`, `prompt-${prompt}.mp4`);
      await cp((step % 2 ? early() : late()).fsPath, path);
      // A byte behind the last box: another content that looks the same.
      await writeFile(path, `${step}${prompt}`.padStart(8, '\0'), { flag: 'a' });
      await utimes(path, then, then);
    }
  }
}

suite('a sweep', () => {
  let api: TestApi;
  const viewOf = (folder = root()) => api.sweeps().find(({ name }) => folder.path.endsWith(`/${name}`))?.view;
  const phase = (want: string, folder = root()) =>
    until(`the phase ${want}, not ${viewOf(folder)?.phase}`, () => viewOf(folder)?.phase === want);
  const act = (action: SweepAction) => api.actOnSweep(root(), action);
  const open = (folder = root()) => vscode.commands.executeCommand('aesrm.openSweep', folder);
  const watching = (on: boolean | undefined) =>
    vscode.workspace.getConfiguration('aesrm').update('sweep.watch', on, vscode.ConfigurationTarget.Global);
  const closeAll = async () => {
    while (api.sweeps().length > 0) await vscode.commands.executeCommand('aesrm.sweep.close');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  };

  suiteSetup(async () => {
    api = await extension();
    await watching(false);
    await makeSweep(root(), 3);
    await makeSweep(other(), 2);
  });
  setup(closeAll);
  suiteTeardown(async () => {
    await closeAll();
    await watching(undefined);
    for (const folder of [root(), other()]) await rm(folder.fsPath, { recursive: true, force: true });
    await rm(layoutFile(), { force: true });
  });

  test('is shown before anything runs, then judged, and closed', async () => {
    await open();
    await phase('ready');
    assert.deepEqual(viewOf()?.cost?.pairs, { total: 6, judged: 0 });
    assert.equal(viewOf()?.grid?.columns.length, 3);
    await act({ type: 'start' });
    await phase('done');
    assert.deepEqual(viewOf()?.state?.pairs, { total: 6, judged: 6 });
    const [sweep] = api.sweepTree();
    assert.equal(sweep?.label, 'sweep-run');
    assert.deepEqual(
      sweep.below.map(({ label, below }) => [label, below.length]),
      [3, 2, 1].map((step) => [`step ${step}00`, 2]),
    );
    await vscode.commands.executeCommand('aesrm.sweep.close');
    assert.deepEqual([api.sweeps(), api.sweepTree()], [[], []]);
    await open();
    await phase('done');
  });

  test('pauses, goes on, and is cancelled, however fast that is asked', async () => {
    await makeSweep(root(), 6);
    await open();
    await phase('ready');
    await act({ type: 'start' });
    await act({ type: 'pause' });
    assert.equal(viewOf()?.phase, 'paused');
    await act({ type: 'start' });
    void act({ type: 'pause' });
    void act({ type: 'start' });
    await act({ type: 'cancel' });
    await until('it to stand still', () => ['stopped', 'paused'].includes(viewOf()!.phase));
    await act({ type: 'start' });
    await phase('done');
    assert.deepEqual(viewOf()?.state?.pairs, { total: 30, judged: 30 });
    const text = await readFile(workspaceUri('.aesrm', 'sweeps.jsonl').fsPath, 'utf8');
    for (const line of text.trim().split('\n')) JSON.parse(line);
  });

  test('goes on where that was asked last, while the run was still ending', async () => {
    await open();
    await until('the grid', () => viewOf()?.grid);
    await act({ type: 'start' });
    const paused = act({ type: 'pause' });
    await act({ type: 'start' });
    await paused;
    await phase('done');
  });

  test('is looked through, corrected and judged anew while it runs', async () => {
    await makeSweep(root(), 8);
    await open();
    await phase('ready');
    await act({ type: 'start' });
    await Promise.all([
      act({ type: 'rescan' }),
      act({ type: 'setBaseline', column: viewOf()!.grid!.columns[1]!.id }),
      act({ type: 'retryBroken' }),
      act({ type: 'setPairing', pairing: 'adjacent' }),
    ]);
    await phase('done');
    const view = viewOf()!;
    assert.equal(view.pairing, 'adjacent');
    assert.equal(view.layout.baseline, view.grid!.columns[1]!.id);
    assert.equal(view.state?.statistics?.baseline, 1);
    assert.deepEqual(view.state.pairs, { total: 14, judged: 14 });
    const kept = JSON.parse(await readFile(layoutFile(), 'utf8'));
    assert.equal(kept.sweeps['sweep-run'].baseline, view.layout.baseline);
    await act({ type: 'setBaseline', column: view.grid!.columns[0]!.id });
  });

  test('opens the clips that the page showed, though the grid has changed since', async () => {
    await open();
    const { grid } = await until('the grid', () => viewOf()?.grid && viewOf());
    const pathIn = (column: number) => grid!.clips.find((clip) => clip.column === column)!.path;
    const pair = { earlier: pathIn(0), later: pathIn(1) };
    await cp(join(root().fsPath, 'step-100'), join(root().fsPath, 'step-10'), { recursive: true });
    await act({ type: 'rescan' });
    assert.equal(viewOf()?.grid?.columns.length, grid!.columns.length + 1);
    await act({ type: 'openPair', pair, against: 'previous' });
    const [shown] = api.snapshots();
    assert.deepEqual(
      [shown?.sides.A.folder, shown?.sides.B.folder],
      ['sweep-run/step-100', 'sweep-run/step-200'],
    );
    assert.deepEqual([shown?.sweep?.earlier, shown?.sweep?.later], [1, 2]);
    await rm(join(root().fsPath, 'step-10'), { recursive: true });
    await act({ type: 'rescan' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await open();
    await act({ type: 'openPair', pair: { ...pair, earlier: 'step-10/prompt-0.mp4' }, against: 'previous' });
    assert.deepEqual(api.snapshots(), [], 'a clip that is gone stands for no other');
  });

  test('says that its kept layout cannot be read, and does without', async () => {
    await writeFile(layoutFile(), '{"format":"aesrm.sweep-layout/1","sweeps":{"__proto__":7}}');
    await open();
    await until('the folder to be looked through', () => viewOf()?.grid);
    assert.match(viewOf()?.layoutNotice ?? '', /sweep\.json/);
    await rm(layoutFile());
  });

  test('of a folder that is gone fails in words, and can be begun when it is back', async () => {
    const gone = workspaceUri('sweep-away');
    await makeSweep(gone, 2, 1);
    await open(gone);
    await phase('ready', gone);
    await rm(gone.fsPath, { recursive: true });
    await vscode.commands.executeCommand('aesrm.sweep.start');
    await phase('failed', gone);
    assert.equal(viewOf(gone)?.problem?.code, 'fileMissing');
    await makeSweep(gone, 2, 1);
    await vscode.commands.executeCommand('aesrm.sweep.start');
    await phase('done', gone);
    assert.equal(viewOf(gone)?.problem, undefined);
    await rm(gone.fsPath, { recursive: true });
  });

  test('survives the end of the engine, beside another sweep and a comparison', async () => {
    await makeSweep(root(), 10);
    await watching(true);
    try {
      await open(other());
      await phase('ready', other());
      await vscode.commands.executeCommand('aesrm.sweep.start');
      await phase('watching', other());
      await open();
      await phase('ready');
      await act({ type: 'start' });
      await until('an engine', () => api.enginePid());
      process.kill(api.enginePid()!, 'SIGKILL');
      await phase('watching');
      await phase('watching', other());
      process.kill(api.enginePid()!, 'SIGKILL');
      await api.engineStatus();
      await act({ type: 'pause' });
      assert.equal(viewOf()?.phase, 'paused');
      assert.equal(viewOf(other())?.phase, 'watching');
    } finally {
      await watching(false);
    }
  });

  test('that is closed while it runs lets go of everything', async () => {
    await rm(workspaceUri('.aesrm', 'sweeps.jsonl').fsPath, { force: true });
    await open();
    await phase('ready');
    await act({ type: 'start' });
    await vscode.commands.executeCommand('aesrm.sweep.close');
    assert.deepEqual(api.sweeps(), []);
    await open();
    await phase('ready');
  });
});
