import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { decodeEndpoints } from '../../src/core/endpoint/config';
import { JudgeKeeper } from '../../src/host/judges/keeper';
import { judgeStatusItem } from '../../src/host/judges/statusItem';
import { readSettings } from '../../src/host/settings';
import { extension } from './support';

const served = () =>
  decodeEndpoints([{ name: 'here', url: 'http://127.0.0.1:8000/v1', model: 'qwen2.5-vl' }]);

function keeperOf(endpoints = served, memory = new Map<string, unknown>()) {
  const memento = {
    get: (key: string) => memory.get(key),
    update: async (key: string, value: unknown) => void memory.set(key, value),
    keys: () => [...memory.keys()],
  };
  return new JudgeKeeper(memento as unknown as vscode.Memento, '/models', endpoints, readSettings);
}

suite('the judge of a workspace', () => {
  suiteSetup(() => extension());

  test('is the compact one until another is chosen, which is remembered by name', async () => {
    const memory = new Map<string, unknown>();
    const keeper = keeperOf(served, memory);
    assert.deepEqual(keeper.spec(), { kind: 'compact' });
    let changes = 0;
    keeper.onChange(() => changes++);
    await keeper.choose({ kind: 'endpoint', name: 'qwen2.5-vl', mode: 'base' });
    const again = keeperOf(served, memory).spec();
    assert.ok(again.kind === 'endpoint');
    assert.deepEqual(
      [again.asked, again.endpoints[0]?.url],
      [{ mode: 'base', samples: 1, frames: 8 }, 'http://127.0.0.1:8000/v1'],
    );
    assert.ok(!JSON.stringify([...memory]).includes('127.0.0.1'), 'an address is the setting’s to say');
    await keeper.choose({ kind: 'endpoint', name: 'qwen2.5-vl', mode: 'base' });
    assert.equal(changes, 1, 'the same again is no change');
  });

  test('that is not there any more is said to be gone, in the status bar too', async () => {
    const keeper = keeperOf(() => []);
    await keeper.choose({ kind: 'endpoint', name: 'gone', mode: 'chain' });
    assert.throws(() => keeper.spec(), /No endpoint serves "gone"/);
    const item = judgeStatusItem(keeper);
    item.dispose();
  });

  test('has a command', async () => {
    assert.ok((await vscode.commands.getCommands(true)).includes('aesrm.selectJudge'));
  });
});
