import * as assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { decodeEndpoints } from '../../src/core/endpoint/config';
import { JudgeKeeper } from '../../src/host/judges/keeper';
import { readSettings } from '../../src/host/settings';
import { servedJudge } from '../support/chatJudge';
import { ChatServer } from '../support/chatServer';
import { madeWindow } from './madeWindow';
import { early, late, until } from './support';

const MODEL = 'qwen2.5-vl';

type Answer = (...args: never[]) => unknown;

suite('what a sweep may cost, over a reload of the window', () => {
  const window = vscode.window as unknown as Record<string, Answer>;
  const warning = window['showWarningMessage']!;
  const questions: string[] = [];
  const person: { answer: string | undefined } = { answer: undefined };
  let dir: string;
  let server: ChatServer;
  /** Milliseconds before each answer: a sweep is to be found at work. */
  let delay: number;
  let price: number;
  let opened: ReturnType<typeof madeWindow> | undefined;

  const root = () => vscode.Uri.file(join(dir, 'run'));
  const session = () => opened!.sweeps.find(root())!;
  const watching = (on: boolean | undefined) =>
    vscode.workspace.getConfiguration('aesrm').update('sweep.watch', on, vscode.ConfigurationTarget.Global);

  async function sample(prompt: string) {
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const [step, clip] of [
      ['step-100', early()],
      ['step-200', late()],
    ] as const) {
      const path = join(root().fsPath, step, `${prompt}.mp4`);
      await mkdir(dirname(path), { recursive: true });
      await cp(clip.fsPath, path);
      await utimes(path, longAgo, longAgo);
    }
  }

  /** The window that was open ends, another takes its place. */
  async function reload() {
    await opened?.end();
    const chosen = { kind: 'endpoint', name: MODEL, mode: 'base' };
    const memento = { get: () => chosen, update: async () => undefined, keys: () => [] };
    const endpoints = () =>
      decodeEndpoints([
        { name: 'here', url: server.url, model: MODEL, price: { prompt: price, completion: price } },
      ]);
    const judges = new JudgeKeeper(
      memento as unknown as vscode.Memento,
      join(dir, 'models'),
      endpoints,
      readSettings,
    );
    opened = madeWindow(dir, judges);
    await opened.sweeps.restore();
  }

  /** A person agrees to a sweep, and it waits for its first answer. */
  async function atWork() {
    await reload();
    opened!.sweeps.add(root());
    await session().load();
    delay = 60_000;
    person.answer = 'Start';
    session().start();
    await until('a question to the model', () => server.active > 0, 20_000);
    assert.equal(questions.length, 1);
    assert.match(questions[0]!, /^Put 2 requests/);
    person.answer = undefined;
    delay = 0;
  }

  suiteSetup(async () => {
    await watching(false);
    server = await ChatServer.start({
      model: MODEL,
      answer: servedJudge(),
      fault: () => (delay > 0 ? { kind: 'late', ms: delay } : undefined),
    });
  });
  setup(async () => {
    questions.length = 0;
    [delay, price] = [0, 1];
    dir = await mkdtemp(join(tmpdir(), 'aesrm-consent-'));
    await sample('one');
    window['showWarningMessage'] = async (...args: never[]) => {
      questions.push(`${args[0]}`);
      return person.answer;
    };
  });
  teardown(async () => {
    window['showWarningMessage'] = warning;
    await opened?.end();
    opened = undefined;
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });
  suiteTeardown(async () => {
    await watching(undefined);
    await server.stop();
  });

  test('is not asked again where it was agreed to, and forgotten with the end of the sweep', async () => {
    await atWork();
    await reload();
    await until(`the end, not ${session().view.phase}`, () => session().view.phase === 'done');
    assert.deepEqual(session().view.state?.pairs, { total: 1, judged: 1 });
    assert.equal(questions.length, 1);
    assert.equal(session().agreement, undefined);
    await sample('two');
    await reload();
    await session().load();
    session().start();
    await until('another question', () => questions.length === 2);
    assert.match(questions[1]!, /^Put 2 requests/, 'as many as were agreed to, and for another pair');
  });

  test('is asked again where it is more', async () => {
    await atWork();
    await sample('two');
    await reload();
    await until('another question', () => questions.length === 2);
    assert.match(questions[1]!, /^Put 4 requests/);
    await until('the refusal', () => !session().isWanted);
    assert.equal(server.active, 0);
  });

  test('is asked again at another price', async () => {
    await atWork();
    price = 2;
    await reload();
    await until('another question', () => questions.length === 2);
    await until('the refusal', () => !session().isWanted);
  });

  test('is forgotten where the sweep is cancelled', async () => {
    await atWork();
    await session().end('stopped');
    assert.equal(session().agreement, undefined);
    await reload();
    await session().load();
    session().start();
    await until('another question', () => questions.length === 2);
  });
});
