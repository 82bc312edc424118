import * as assert from 'node:assert/strict';
import { cp, mkdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { decodeEndpoints, endpointSetting } from '../../src/core/endpoint/config';
import type { EngineHost } from '../../src/host/engineHost';
import { JudgeKeeper } from '../../src/host/judges/keeper';
import { SelectJudge } from '../../src/host/judges/select';
import { judgeStatusItem } from '../../src/host/judges/statusItem';
import { readSettings } from '../../src/host/settings';
import { CostConsent } from '../../src/host/judges/costConsent';
import type { TestApi } from '../../src/host/testApi';
import { servedJudge } from '../support/chatJudge';
import { ChatServer } from '../support/chatServer';
import {
  closeAll,
  compareSelected,
  early,
  extension,
  late,
  snapshot,
  until,
  verdictOf,
  workspaceUri,
} from './support';

const MODEL = 'qwen2.5-vl';
const served = (url = 'http://127.0.0.1:8000/v1', more: object = {}) =>
  decodeEndpoints([{ name: 'here', url, model: MODEL, ...more }]);

function keeperOf(endpoints = () => served(), memory = new Map<string, unknown>()) {
  const memento = {
    get: (key: string) => memory.get(key),
    update: async (key: string, value: unknown) => void memory.set(key, value),
    keys: () => [...memory.keys()],
  };
  return new JudgeKeeper(memento as unknown as vscode.Memento, '/models', endpoints, readSettings);
}

type Answer = (...args: never[]) => unknown;

suite('the judge of a workspace', () => {
  let api: TestApi;
  const window = vscode.window as unknown as Record<string, Answer>;
  const before = { ...window };
  suiteSetup(async () => void (api = await extension()));
  teardown(() => {
    for (const name of ['showQuickPick', 'showWarningMessage']) window[name] = before[name]!;
  });

  test('is the compact one until another is chosen, which is remembered by name', async () => {
    const memory = new Map<string, unknown>();
    const keeper = keeperOf(undefined, memory);
    assert.deepEqual(keeper.spec(), { kind: 'compact' });
    let changes = 0;
    keeper.onChange(() => changes++);
    await keeper.choose({ kind: 'endpoint', name: MODEL, mode: 'base' });
    const again = keeperOf(undefined, memory).spec();
    assert.ok(again.kind === 'endpoint');
    assert.deepEqual(
      [again.asked, again.endpoints[0]?.url],
      [{ mode: 'base', samples: 1, frames: 8 }, 'http://127.0.0.1:8000/v1'],
    );
    assert.ok(!JSON.stringify([...memory]).includes('127.0.0.1'), 'an address is the setting’s to say');
    await keeper.choose({ kind: 'endpoint', name: MODEL, mode: 'base' });
    assert.equal(changes, 1, 'the same again is no change');
  });

  test('that is not there any more is said to be gone', async () => {
    const keeper = keeperOf(() => []);
    await keeper.choose({ kind: 'endpoint', name: 'gone', mode: 'chain' });
    assert.throws(() => keeper.spec(), /No endpoint serves "gone"/);
    judgeStatusItem(keeper).dispose();
  });

  test('is picked: the judge, then how it is asked', async () => {
    const keeper = keeperOf();
    const measured = { file: 'pairs.csv', at: '2026-01-02T12:00:00.000Z', mode: 'base' };
    const cell = {
      set: 'lab',
      labelKind: 'human_pairwise',
      aspect: 'VF',
      pairs: 40,
      accuracy: 0.75,
      measured,
    };
    let agreement: object[] = [];
    const none = {
      models: async (method: string) =>
        method === 'models' ? { models: [], problems: [] } : [{ model: MODEL, agreement }],
    };
    const engine = { get: () => none } as unknown as EngineHost;
    const lists: string[][] = [];
    const details: (string | undefined)[] = [];
    window['showQuickPick'] = async (...[given]: never[]) => {
      const items = (await given) as unknown as { label: string; detail?: string }[];
      lists.push(items.map(({ label }) => label));
      details.push(items.find(({ label }) => label === MODEL)?.detail);
      return items.find(({ label }) => label === MODEL || label === 'Verdict only');
    };
    await new SelectJudge(keeper, engine, '/models', () => served()).run();
    assert.deepEqual(keeper.chosen, { kind: 'endpoint', name: MODEL, mode: 'base' });
    assert.ok(lists[0]!.includes('compact') && lists[0]!.some((label) => label.includes('Name an Endpoint')));
    assert.deepEqual(lists[1], ['With reasons', 'Verdict only', 'Overall verdict only']);
    assert.match(details[0]!, /Agreement with people: not measured$/);
    agreement = [{ ...cell, ci: [0.6, 0.86] }];
    await new SelectJudge(keeper, engine, '/models', () => served()).run();
    assert.match(details[2]!, /Agreement with people: lab, VF 75\.0% \(60\.0–86\.0\) of 40 pairs$/);
    window['showQuickPick'] = () => Promise.resolve(undefined);
    await new SelectJudge(keeper, engine, '/models', () => served()).run();
    assert.deepEqual(
      keeper.chosen,
      { kind: 'endpoint', name: MODEL, mode: 'base' },
      'dismissed, nothing changes',
    );
  });

  test('on another machine, or with a price, costs what was agreed to, asked once', async () => {
    const questions: string[] = [];
    const person: { answer?: string } = {};
    window['showWarningMessage'] = async (...args: never[]) => {
      questions.push(`${args[0]} ${(args[1] as unknown as { detail: string }).detail}`);
      return person.answer;
    };
    const consent = new CostConsent(() => ({ kind: 'endpoint', name: MODEL, mode: 'chain' }));
    const asks = { requests: 18, frames: 288, tokens: { prompt: 90_000, completion: 21_600 }, bytes: 12e6 };
    let total = 9;
    const cost = () => Promise.resolve({ pairs: { total }, asks });
    const spec = (endpoints = served('https://gpu.example/v1')) =>
      ({ kind: 'endpoint', endpoints: endpoints.map(endpointSetting), asked: {} }) as const;
    assert.equal(await consent.given({ kind: 'compact' }, cost), true);
    assert.equal(await consent.given(spec(served()), cost), true);
    assert.deepEqual(questions, []);
    assert.equal(await consent.given(spec(), cost), false);
    assert.match(questions[0]!, /18 requests to qwen2\.5-vl\? About 288 frames \(12 MB\), 90,000 tokens in/);
    assert.match(questions[0]!, /not known/);
    person.answer = 'Start';
    assert.equal(await consent.given(spec(), cost), true);
    assert.equal(await consent.given(spec(), cost), true);
    assert.equal(questions.length, 2, 'what is left of the same pairs was agreed to');
    total = 12;
    assert.equal(await consent.given(spec(), cost), true);
    assert.equal(questions.length, 3, 'more pairs are another question');
    const priced = served(undefined, { price: { prompt: 1, completion: 1 } });
    assert.equal(await consent.given(spec(priced), cost), true);
    assert.equal(questions.length, 4);
    consent.forget();
    assert.equal(await consent.given(spec(priced), cost), true);
    assert.equal(questions.length, 5, 'once it is over it is asked about again');
  });

  suite('that a server has', () => {
    let server: ChatServer;
    const run = () => workspaceUri('asked-run');
    const setting = (value: unknown) =>
      vscode.workspace
        .getConfiguration('aesrm')
        .update('endpoints', value, vscode.ConfigurationTarget.Global);
    const watching = (on: boolean | undefined) =>
      vscode.workspace.getConfiguration('aesrm').update('sweep.watch', on, vscode.ConfigurationTarget.Global);

    suiteSetup(async () => {
      server = await ChatServer.start({
        model: MODEL,
        answer: servedJudge(),
        fault: () => ({ kind: 'slow', ms: 5 }),
      });
      await setting([{ name: 'here', url: server.url, model: MODEL }]);
      await watching(false);
      const then = new Date(Date.now() - 3_600_000);
      for (const [step, clip] of [
        ['step-100', early()],
        ['step-200', late()],
      ] as const) {
        await mkdir(join(run().fsPath, step), { recursive: true });
        const path = join(run().fsPath, step, 'prompt.mp4');
        await cp(clip.fsPath, path);
        await utimes(path, then, then);
      }
      await closeAll(api);
    });
    suiteTeardown(async () => {
      await api.chooseJudge({ kind: 'compact' });
      while (api.sweeps().length > 0) await vscode.commands.executeCommand('aesrm.sweep.close');
      await closeAll(api);
      await setting(undefined);
      await watching(undefined);
      await server.stop();
      await rm(run().fsPath, { recursive: true, force: true });
    });

    test('takes the place of the one before in an open comparison, criterion by criterion', async () => {
      await compareSelected(early(), late());
      assert.equal((await verdictOf(api)).verdict.judge.kind, 'compact');
      await api.chooseJudge({ kind: 'endpoint', name: MODEL, mode: 'chain' });
      const live = await snapshot(api, ({ live: written }) => (written?.length ?? 0) > 0);
      assert.equal(live.phase, 'judging');
      assert.match(live.live![0]!.reason, /keeps its detail/);
      const shown = await snapshot(
        api,
        ({ phase, verdict }) => phase === 'done' && verdict?.judge.kind === 'endpoint',
      );
      assert.deepEqual(
        [shown.verdict?.judge.name, shown.judge?.hasCard, shown.live],
        [MODEL, false, undefined],
      );
      assert.equal(shown.verdict?.orders.mode, 'both');
      assert.equal(server.chats.length, 2);
      await api.chooseJudge({ kind: 'compact' });
      const back = await snapshot(
        api,
        ({ phase, verdict }) => phase === 'done' && verdict?.judge.kind === 'compact',
      );
      assert.equal(back.fromLog, true);
      await api.chooseJudge({ kind: 'endpoint', name: MODEL, mode: 'chain' });
      const again = await snapshot(
        api,
        ({ phase, verdict }) => phase === 'done' && verdict?.judge.kind === 'endpoint',
      );
      assert.equal(again.fromLog, true);
      assert.equal(server.chats.length, 2, 'what the record knows is not asked again');
    });

    test('judges a sweep that is open, once it is started, and tells what it will ask', async () => {
      await vscode.commands.executeCommand('aesrm.openSweep', run());
      const view = () => api.sweeps()[0]?.view;
      await until('the grid', () => view()?.phase === 'ready');
      assert.deepEqual([view()?.state?.judge.name, view()?.cost?.asks?.requests], [MODEL, 2]);
      const asked = server.chats.length;
      await vscode.commands.executeCommand('aesrm.sweep.start');
      await until(`the end, not ${view()?.phase}`, () => view()?.phase === 'done');
      assert.deepEqual(view()?.state?.pairs, { total: 1, judged: 1 });
      assert.equal(server.chats.length, asked, 'the record has these two clips from the comparison');
      await api.chooseJudge({ kind: 'compact' });
      await until(
        'the other judge’s look',
        () => view()?.phase === 'ready' && view()?.state?.judge.kind === 'compact',
      );
      assert.equal(view()?.state?.pairs.judged, 0);
    });
  });
});
