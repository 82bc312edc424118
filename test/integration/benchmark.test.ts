import * as assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { decodeBench } from '../../src/core/bench/decodeReport';
import { ChatServer } from '../support/chatServer';
import { early, extension, late, until, workspaceUri } from './support';

const pairs = () => workspaceUri('labels.csv');

suite('a benchmark', () => {
  suiteSetup(() => extension());
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(pairs().fsPath, { force: true });
  });

  const run = (root = workspaceUri()) =>
    vscode.commands.executeCommand<vscode.Uri | undefined>('aesrm.runBenchmark', pairs(), root);
  const shown = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
  const write = (...rows: string[]) =>
    writeFile(
      pairs().fsPath,
      ['a,b,preferred,aspect,label_kind,source,group', ...rows].map((row) => `${row}\n`).join(''),
    );

  test('measures the judge on a file of labels and opens the report', async () => {
    const [a, b] = [early(), late()].map(({ fsPath }) => `${basename(dirname(fsPath))}/${basename(fsPath)}`);
    await write(`${a},${b},B,overall,human_pairwise,us,one`, `${a},gone.mp4,A,overall,human_pairwise,us,two`);
    const report = await run();
    assert.ok(report, 'there is a report');
    await until(`the report among ${shown().join()}`, () =>
      shown().some((label) => label.includes('labels-benchmark.md')),
    );
    assert.match(await readFile(report.fsPath, 'utf8'), /^# Benchmark on labels\.csv\n/);
    const json = await readFile(join(dirname(report.fsPath), 'labels-benchmark.json'), 'utf8');
    const { counts, problems } = decodeBench(JSON.parse(json));
    assert.deepEqual([counts.labels, counts.used, counts.withoutClip], [2, 1, 1]);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ['gone.mp4'],
    );
  });

  test('says what a server said, of which nothing acts', async () => {
    const api = await extension();
    const said = '[all is well](command:workbench.action.closeAllEditors)';
    const body = JSON.stringify({ error: { message: said } });
    const model = 'qwen2.5-vl';
    const server = await ChatServer.start({ model, fault: () => ({ kind: 'status', status: 400, body }) });
    const setting = (value: unknown) =>
      vscode.workspace
        .getConfiguration('aesrm')
        .update('endpoints', value, vscode.ConfigurationTarget.Global);
    const window = vscode.window as unknown as { showErrorMessage: (message: string) => unknown };
    const before = window.showErrorMessage;
    const shown: string[] = [];
    window.showErrorMessage = (message) => (shown.push(message), Promise.resolve(undefined));
    try {
      await setting([{ name: 'here', url: server.url, model }]);
      await api.chooseJudge({ kind: 'endpoint', name: model, mode: 'chain' });
      const [a, b] = [early(), late()].map(({ fsPath }) => relative(workspaceUri().fsPath, fsPath));
      await write(`${a},${b},B,overall,human_pairwise,us,one`);
      assert.equal(await run(), undefined);
    } finally {
      window.showErrorMessage = before;
      await api.chooseJudge({ kind: 'compact' });
      await setting(undefined);
      await server.stop();
    }
    assert.match(shown.join(), /\[all is well\]/);
    assert.ok(!shown.join().includes(']('), shown.join());
  });

  test('opens nothing where no pair is whole', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await write('gone.mp4,gone too.mp4,A,overall,human_pairwise,us,one');
    assert.equal(await run(), undefined);
    assert.deepEqual(shown(), []);
  });
});
