import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/testApi';
import type { PanelSnapshot } from '../../src/protocol/panel';

export const ID = 'aesrm-review.aesrm-review';
const SLOW_MS = 45_000;

export async function extension(): Promise<TestApi> {
  const found = vscode.extensions.getExtension<TestApi>(ID);
  assert.ok(found, `${ID} is not there`);
  return found.activate();
}

export function workspaceUri(...parts: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, ...parts);
}

/** Two clips of the same name, of an early and of a late checkpoint. */
export const early = (name = 'ribbons-of-colour.mp4') => workspaceUri('step-0100', name);
export const late = (name = 'ribbons-of-colour.mp4') => workspaceUri('step-0400', name);

export async function until<T>(what: string, look: () => T | undefined, ms = SLOW_MS): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Opens a pair as the Explorer's context menu does. */
export async function compareSelected(a: vscode.Uri, b: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('aesrm.compareSelected', b, [a, b]);
}

/** The panel's snapshot once it satisfies `test`; shows the last one where that does not come. */
export async function snapshot(
  api: TestApi,
  test: (s: PanelSnapshot) => boolean,
  { panel = 0, ms = SLOW_MS } = {},
): Promise<PanelSnapshot> {
  const look = () => {
    const s = api.snapshots()[panel];
    return s && test(s) ? s : undefined;
  };
  try {
    return await until('a snapshot', look, ms);
  } catch (error) {
    const shown = api
      .snapshots()
      .map(({ phase, problem, notice, progress }) => ({ phase, problem, notice, progress }));
    throw new Error(`${String(error)}\n${test.toString()}\n${JSON.stringify(shown)}`, { cause: error });
  }
}

export const done = (s: PanelSnapshot) => s.phase === 'done' || s.phase === 'failed';

export async function verdictOf(api: TestApi, panel = 0) {
  const shown = await snapshot(api, done, { panel });
  assert.equal(shown.phase, 'done', shown.problem?.message);
  assert.ok(shown.verdict);
  return { shown, verdict: shown.verdict };
}

export async function closeAll(api: TestApi): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await until('all panels closed', () => (api.snapshots().length === 0 ? true : undefined));
}

/** The lines of a log of the workspace, as JSON. */
export async function logLines(name: 'verdicts.jsonl' | 'votes.jsonl'): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(workspaceUri('.aesrm').fsPath, name), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
