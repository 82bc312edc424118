import assert from 'node:assert/strict';
import { ProblemError, problem, type Problem } from '../../../src/core/problem';
import {
  decodeEnvelope,
  Endpoint,
  type Envelope,
  type Handlers,
  type Transport,
} from '../../../src/protocol/rpc';

interface Calc {
  add: { params: { x: number; y: number }; progress: number; result: number };
  fail: { params: null; progress: never; result: never };
  forever: { params: null; progress: string; result: never };
}
type Nothing = Record<never, never>;

const GONE: Problem = { code: 'workerDied', message: 'The worker ended.' };

/** Two transports joined back to back; messages cross as JSON, later, as on a real wire. */
function wire() {
  const listeners: ((m: unknown) => void)[] = [];
  const sent: Envelope[] = [];
  const end = (at: 0 | 1): Transport => ({
    send(message) {
      sent.push(message);
      const copy: unknown = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => listeners[1 - at]?.(copy));
    },
    receive(listener) {
      listeners[at] = listener;
    },
  });
  return {
    caller: end(0),
    callee: end(1),
    sent,
    toCaller: (m: unknown) => listeners[0]?.(m),
    toCallee: (m: unknown) => listeners[1]?.(m),
  };
}

function calculator(over: Partial<Handlers<Calc>> = {}) {
  const { caller, callee, ...rest } = wire();
  const garbage: unknown[] = [];
  const aborted: string[] = [];
  const handlers: Handlers<Calc> = {
    async add(params, { progress }) {
      const { x, y } = params as { x: number; y: number };
      progress(0.5);
      progress(1);
      return x + y;
    },
    fail: async () => Promise.reject(problem('notVideo', 'a.txt is not a video.', 'Choose another file.')),
    forever: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push('forever');
          reject(new Error('stopped'));
        });
      }),
    ...over,
  };
  const local = new Endpoint<Nothing, Calc>(callee, handlers, (e) => garbage.push(e));
  const remote = new Endpoint<Calc, Nothing>(caller, {}, (e) => garbage.push(e));
  return { local, remote, garbage, aborted, ...rest };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ProblemError, `not a ProblemError: ${String(error)}`);
    return error.problem;
  }
  throw new Error('the call did not fail');
}

describe('Endpoint', () => {
  it('answers calls, each with its own result', async () => {
    const { remote } = calculator();
    const results = await Promise.all([
      remote.call('add', { x: 1, y: 2 }),
      remote.call('add', { x: 10, y: 20 }),
    ]);
    assert.deepEqual(results, [3, 30]);
  });

  it('passes progress on in order, before the result', async () => {
    const { remote } = calculator();
    const seen: unknown[] = [];
    seen.push(await remote.call('add', { x: 1, y: 2 }, { onProgress: (p) => seen.push(p) }));
    assert.deepEqual(seen, [0.5, 1, 3]);
  });

  it('sends no progress after the result', async () => {
    let late: (value: number) => void = () => undefined;
    const { remote, sent } = calculator({ add: async (_, { progress }) => ((late = progress), 7) });
    await remote.call('add', { x: 0, y: 0 });
    const before = sent.length;
    late(0.9);
    assert.equal(sent.length, before);
  });

  it('carries a problem whole', async () => {
    const { remote } = calculator();
    assert.deepEqual(await problemOf(remote.call('fail', null)), {
      code: 'notVideo',
      message: 'a.txt is not a video.',
      fix: 'Choose another file.',
    });
  });

  it('turns any thrown value into a problem', async () => {
    for (const thrown of [new Error('boom'), 'boom']) {
      const { remote } = calculator({ add: () => Promise.reject(thrown) });
      assert.deepEqual(await problemOf(remote.call('add', { x: 0, y: 0 })), {
        code: 'internal',
        message: 'boom',
      });
    }
  });

  it('cancels: the caller is told at once and the handler is aborted', async () => {
    const { remote, aborted, garbage } = calculator();
    const controller = new AbortController();
    const call = remote.call('forever', null, { signal: controller.signal });
    await turns();
    controller.abort();
    assert.equal((await problemOf(call)).code, 'cancelled');
    await turns();
    assert.deepEqual(aborted, ['forever']);
    assert.deepEqual(garbage, []);
  });

  it('sends nothing for a signal that is aborted already', async () => {
    const { remote, sent } = calculator();
    assert.equal(
      (await problemOf(remote.call('add', { x: 0, y: 0 }, { signal: AbortSignal.abort() }))).code,
      'cancelled',
    );
    assert.equal(sent.length, 0);
  });

  it('sends no cancel for a call that has ended', async () => {
    const { remote, sent } = calculator();
    const controller = new AbortController();
    await remote.call('add', { x: 1, y: 1 }, { signal: controller.signal });
    controller.abort();
    assert.equal(sent.filter((m) => m.kind === 'cancel').length, 0);
  });

  it('rejects every outstanding call when closed, and every later one', async () => {
    const { remote } = calculator();
    const outstanding = [remote.call('forever', null), remote.call('forever', null)];
    const caught = outstanding.map(problemOf);
    remote.close(GONE);
    remote.close({ code: 'internal', message: 'a second word' });
    assert.deepEqual(await Promise.all(caught), [GONE, GONE]);
    assert.deepEqual(await problemOf(remote.call('add', { x: 0, y: 0 })), GONE);
  });

  it('aborts its running handlers when closed, and answers no more', async () => {
    const { local, remote, aborted, sent } = calculator();
    void remote.call('forever', null).catch(() => undefined);
    await turns();
    local.close(GONE);
    await turns();
    assert.deepEqual(aborted, ['forever']);
    assert.deepEqual(
      sent.map((m) => m.kind),
      ['call'],
    );
  });

  it('reports garbage and goes on', async () => {
    const { remote, toCallee, garbage } = calculator();
    const junk = [
      null,
      7,
      'call',
      [],
      {},
      { kind: 'call' },
      { kind: 'call', id: 1 },
      { kind: 'shout', id: 1 },
      { kind: 'ok', id: NaN },
    ];
    junk.forEach(toCallee);
    assert.equal(garbage.length, junk.length);
    assert.equal(await remote.call('add', { x: 2, y: 2 }), 4);
  });

  it('ignores answers to calls that it never made', async () => {
    const { remote, toCaller, garbage } = calculator();
    const call = remote.call('add', { x: 2, y: 3 });
    toCaller({ kind: 'ok', id: 99, value: 'forged' });
    toCaller({ kind: 'progress', id: 99, value: 'forged' });
    assert.equal(await call, 5);
    assert.deepEqual(garbage, []);
  });

  it('has no method but its own: names of the prototype are unknown', async () => {
    const { remote } = calculator();
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '', 'Add']) {
      const failed = await problemOf(remote.call(name as 'add', { x: 0, y: 0 }));
      assert.deepEqual([failed.code, failed.message], ['internal', `unknown method "${name}"`]);
    }
  });

  it('ends a call whose problem it cannot read', async () => {
    const { remote, toCaller } = calculator();
    const call = problemOf(remote.call('forever', null));
    toCaller({ kind: 'err', id: 1, problem: { code: 'ofALaterVersion', message: 'x' } });
    assert.equal((await call).code, 'internal');
  });

  it('fails a call that the transport refuses, and keeps nothing of it', async () => {
    const refusing: Transport = { send: () => assert.fail('channel closed'), receive: () => undefined };
    const controller = new AbortController();
    const failed = await problemOf(
      new Endpoint<Calc, Nothing>(refusing, {}).call('add', { x: 0, y: 0 }, { signal: controller.signal }),
    );
    assert.deepEqual(failed, { code: 'internal', message: 'channel closed' });
    controller.abort();
  });

  it('reports an answer that cannot be sent instead of throwing it at nobody', async () => {
    let deliver: (m: unknown) => void = () => undefined;
    const broken: Transport = { send: () => assert.fail('channel closed'), receive: (l) => (deliver = l) };
    const garbage: unknown[] = [];
    new Endpoint<Nothing, { now: Calc['add'] }>(broken, { now: async () => 1 }, (e) => garbage.push(e));
    deliver({ kind: 'call', id: 1, method: 'now', params: null });
    await turns();
    assert.match(String(garbage[0]), /channel closed/);
  });
});

describe('decodeEnvelope', () => {
  it('keeps what belongs to a message and nothing else', () => {
    assert.deepEqual(decodeEnvelope({ kind: 'cancel', id: 3, extra: 1 }), { kind: 'cancel', id: 3 });
    assert.deepEqual(decodeEnvelope({ kind: 'ok', id: 3, value: null, method: 'x' }), {
      kind: 'ok',
      id: 3,
      value: null,
    });
  });
});
