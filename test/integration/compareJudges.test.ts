import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { JudgesReport } from '../../src/core/judges/report';
import type { TestApi } from '../../src/host/testApi';
import { closeAll, compareSelected, early, extension, late, until, verdictOf } from './support';

suite('judges compared', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
    await closeAll(api);
    await compareSelected(early(), late());
    await verdictOf(api);
  });
  suiteTeardown(() => closeAll(api));

  const shown = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

  test('opens the report on the judges of the workspace and the votes on what they judged', async () => {
    await api.act(0, { type: 'vote', of: 'overall', choice: 'A' });
    const report = await vscode.commands.executeCommand<vscode.Uri | undefined>('aesrm.compareJudges');
    assert.ok(report, 'there is a report');
    await until(`the report among ${shown().join()}`, () =>
      shown().some((label) => label.includes('judges-compared.md')),
    );
    assert.match(await readFile(report.fsPath, 'utf8'), /^# Judges compared\n[^]*Compact judge \d/);
    const json = await readFile(join(dirname(report.fsPath), 'judges-compared.json'), 'utf8');
    const { format, judges, votes } = JSON.parse(json) as JudgesReport;
    assert.equal(format, 'aesrm.judges/1');
    assert.ok(judges.some(({ known, pairs }) => known?.kind === 'compact' && pairs > 0));
    assert.ok(votes.length > 0 && votes.every(({ judges: held }) => held.length > 0));
    await api.act(0, { type: 'undoVote' });
  });
});
