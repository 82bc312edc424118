import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { decodeEndpoints } from '../../src/core/endpoint/config';
import { EndpointAccessKeeper } from '../../src/host/endpoints/access';
import { EndpointCommands } from '../../src/host/endpoints/commands';
import { readEndpoints } from '../../src/host/settings';
import { extension, until } from './support';

const LOCAL = 'http://127.0.0.1:8000';
const AFAR = 'http://gpu1.lab:8000';
const endpoints = () =>
  decodeEndpoints([
    { name: 'here', url: `${LOCAL}/v1`, model: 'm' },
    { name: 'there', url: `${AFAR}/v1`, model: 'm' },
  ]);

/** What the workbench keeps, without a workbench. */
function stores() {
  const secrets = new Map<string, string>();
  const memory = new Map<string, unknown>();
  const secretStorage = {
    get: async (key: string) => secrets.get(key),
    store: async (key: string, value: string) => void secrets.set(key, value),
    delete: async (key: string) => void secrets.delete(key),
  };
  const memento = {
    get: (key: string) => memory.get(key),
    update: async (key: string, value: unknown) => void memory.set(key, value),
    keys: () => [...memory.keys()],
  };
  const keeper = () =>
    new EndpointAccessKeeper(
      secretStorage as unknown as vscode.SecretStorage,
      memento as unknown as vscode.Memento,
      endpoints,
    );
  return { secrets, memory, keeper };
}

type Window = Record<'showWarningMessage' | 'showInputBox' | 'showQuickPick', (...args: never[]) => unknown>;

/** Answers for a person; what was asked is returned. */
function answering(answers: Partial<Window>): { asked: unknown[][]; restore(): void } {
  const window = vscode.window as unknown as Window;
  const asked: unknown[][] = [];
  const before = new Map<keyof Window, Window[keyof Window]>();
  for (const [name, answer] of Object.entries(answers) as [keyof Window, Window[keyof Window]][]) {
    before.set(name, window[name]);
    window[name] = (...args: never[]) => (asked.push(args), Promise.resolve(answer(...args)));
  }
  return { asked, restore: () => before.forEach((value, name) => (window[name] = value)) };
}

suite('endpoints', () => {
  suiteSetup(() => extension());
  let restore: () => void = () => undefined;
  teardown(() => restore());

  function person(answers: Partial<Window>): unknown[][] {
    const { asked, restore: back } = answering(answers);
    restore = back;
    return asked;
  }

  test('on this machine need no consent, and unknown ones get none', async () => {
    const asked = person({ showWarningMessage: () => undefined });
    const keeper = stores().keeper();
    await keeper.setKey(LOCAL, 'sk-1');
    assert.deepEqual(await keeper.access(LOCAL), { allowed: true, key: 'sk-1' });
    assert.deepEqual(await keeper.access('http://evil.com:80'), { allowed: false });
    assert.deepEqual(await keeper.access(LOCAL.replace('http', 'https')), { allowed: false });
    assert.deepEqual(asked, []);
  });

  test('elsewhere are asked about once, in plain words, and remembered', async () => {
    const asked = person({ showWarningMessage: (...[, , allow]: never[]) => allow });
    const { keeper, secrets } = stores();
    const one = keeper();
    await one.setKey(AFAR, 'sk-2');
    const both = await Promise.all([one.access(AFAR), one.access(AFAR)]);
    assert.deepEqual(both, Array(2).fill({ allowed: true, key: 'sk-2' }));
    assert.equal(asked.length, 1);
    const [question, { modal, detail }] = asked[0] as [string, { modal: boolean; detail: string }];
    assert.match(question, /gpu1\.lab:8000/);
    assert.ok(modal);
    assert.match(detail, /leave this machine/);
    assert.match(detail, /not encrypted/);
    assert.equal((await keeper().access(AFAR)).allowed, true);
    assert.equal(asked.length, 1);
    await one.revoke(AFAR);
    assert.deepEqual(await one.access(AFAR), { allowed: false });
    assert.equal(asked.length, 1, 'who took it back is not asked at once');
    assert.deepEqual([...secrets.values()], ['sk-2']);
  });

  test('that were declined are not asked about for every pair', async () => {
    const asked = person({ showWarningMessage: () => undefined });
    const keeper = stores().keeper();
    for (let i = 0; i < 3; i++) assert.deepEqual(await keeper.access(AFAR), { allowed: false });
    assert.equal(asked.length, 1);
  });

  test('have keys that are typed unseen, and removed', async () => {
    const asked = person({
      showQuickPick: async (items: never) => {
        const all = (await items) as { origin?: string; isAnother?: boolean }[];
        return all.find(({ origin, isAnother }) => origin === AFAR || isAnother === false);
      },
      showInputBox: () => ' sk-3 ',
    });
    const { keeper, secrets } = stores();
    const commands = new EndpointCommands(keeper(), endpoints);
    await commands.setKey();
    assert.deepEqual([...secrets], [[`aesrm.endpointKey ${AFAR}`, 'sk-3']]);
    const box = asked.find(([how]) => (how as { password?: boolean }).password === true);
    const { validateInput } = box![0] as { validateInput(value: string): unknown };
    assert.equal(validateInput('sk-3'), undefined);
    assert.ok(validateInput('a b') && validateInput(''));
    await commands.setKey();
    assert.equal(secrets.size, 0);
  });

  test('are allowed and disallowed in a list', async () => {
    const { keeper } = stores();
    const one = keeper();
    const commands = new EndpointCommands(one, endpoints);
    person({
      showQuickPick: (items: never) => items,
      showWarningMessage: (...[, , allow]: never[]) => allow,
    });
    await commands.allowedHosts();
    assert.deepEqual(one.allowed, [AFAR]);
    restore();
    person({ showQuickPick: () => [] });
    await commands.allowedHosts();
    assert.deepEqual(one.allowed, []);
  });

  test('are read from the settings of the user alone', async () => {
    const config = () => vscode.workspace.getConfiguration('aesrm');
    const value = [{ name: 'here', url: `${LOCAL}/v1`, model: 'm' }];
    const target = vscode.ConfigurationTarget;
    await assert.rejects(Promise.resolve(config().update('endpoints', value, target.Workspace)));
    await config().update('endpoints', value, target.Global);
    try {
      await until('the setting', () => readEndpoints().length === 1 || undefined);
      assert.equal(readEndpoints()[0]!.address.origin, LOCAL);
    } finally {
      await config().update('endpoints', undefined, target.Global);
    }
    assert.deepEqual(readEndpoints(), []);
  });
});
