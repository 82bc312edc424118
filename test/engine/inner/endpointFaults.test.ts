import assert from 'node:assert/strict';
import { retryAfter } from '../../../src/engine/worker/endpoint/failure';
import { answerTo, type Fault } from '../../support/chatServer';
import {
  always,
  ask,
  carrierTo,
  endAll,
  endpointOf,
  first,
  frame,
  freePort,
  KEY,
  problemOf,
  question,
  serve,
  until,
} from './endpointSupport';

describe('an endpoint that fails', () => {
  afterEach(endAll);

  const passing: [string, Fault][] = [
    ['is reset before a word', { kind: 'reset' }],
    ['is cut in the middle', { kind: 'cut' }],
    ['ends in the middle', { kind: 'short' }],
    ['is garbled', { kind: 'malformed' }],
    ['is shorter than it says', { kind: 'wrongLength' }],
    ['is 500', { kind: 'status', status: 500 }],
    ['is 502 with a page', { kind: 'status', status: 502, body: '<html><h1>Bad Gateway</h1></html>' }],
    ['is 429', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    [
      'is 503 with a date',
      { kind: 'status', status: 503, headers: { 'retry-after': new Date(0).toUTCString() } },
    ],
    [
      'holds an error as vLLM tells it',
      { kind: 'errorInside', error: { error: { message: 'CUDA', code: 500 } } },
    ],
    [
      'holds an error as SGLang tells it',
      { kind: 'errorInside', error: { object: 'error', message: 'x', code: 500 } },
    ],
    [
      'holds an error as OpenRouter tells it',
      {
        kind: 'errorInside',
        error: {
          error: { code: 'server_error', message: 'Provider disconnected' },
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        },
      },
    ],
    [
      'holds an error as Ollama tells it',
      { kind: 'errorInside', error: { error: 'model runner has stopped' } },
    ],
    ['has nothing in it', { kind: 'raw', text: '' }],
    ['is done without an end', { kind: 'raw', text: 'data: [DONE]\n\n' }],
  ];
  for (const [what, fault] of passing)
    it(`is asked again where the answer ${what}`, async () => {
      const server = await serve({ fault: first(fault) });
      let streamed = '';
      const answer = await ask(await carrierTo([endpointOf(server)]), {
        onText: (delta: string) => (streamed += delta),
        onRestart: () => (streamed = ''),
      });
      assert.equal(answer.text, answerTo(server.chats[0]!.body));
      assert.equal(streamed, answer.text);
      assert.equal(server.chats.length, 2);
    });

  it('begins the answer anew, or says no more of it to one who cannot forget', async () => {
    for (const hears of [true, false]) {
      const server = await serve({ fault: first({ kind: 'cut' }) });
      let streamed = '';
      let restarts = 0;
      const answer = await ask(await carrierTo([endpointOf(server)]), {
        onText: (delta: string) => (streamed += delta),
        ...(hears && { onRestart: () => restarts++ }),
      });
      assert.equal(restarts, hears ? 1 : 0);
      const lost = streamed.slice(0, hears ? -answer.text.length : undefined);
      assert.ok(
        lost.length > 0 && lost.length < answer.text.length && answer.text.startsWith(lost),
        streamed,
      );
    }
  });

  it('is given up after some times, in plain words', async () => {
    const body = JSON.stringify({ error: { message: `out of memory, ${KEY}` } });
    const server = await serve({ fault: always({ kind: 'status', status: 500, body }) });
    const { code, message, fix } = await problemOf(ask(await carrierTo([endpointOf(server)])));
    assert.equal(code, 'endpointFailed');
    assert.match(message, /^"lab" \(127\.0\.0\.1:\d+\) failed \(500\)\. It says "out of memory, …"\.$/);
    assert.ok(fix);
    assert.equal(server.chats.length, 6);
  });

  const final: [number, string, RegExp, RegExp][] = [
    [400, 'questionRefused', /does not take the request\. It says "prompt too long"\./, /smaller frames/],
    [401, 'endpointRefused', /does not accept the key/, /Set Endpoint Key/],
    [402, 'endpointRefused', /paid/, /^$/],
    [403, 'endpointRefused', /does not allow/, /Set Endpoint Key/],
    [404, 'endpointRefused', /knows no such model/, /ends in \/v1/],
    [413, 'questionRefused', /too large/, /smaller frames/],
    [422, 'questionRefused', /does not take the request/, /smaller frames/],
    [204, 'endpointRefused', /answered 204/, /^$/],
  ];
  for (const [status, code, words, fix] of final)
    it(`is not asked again after ${status}`, async () => {
      const body = status === 204 ? '' : JSON.stringify({ detail: [{ msg: 'prompt too long' }] });
      const server = await serve({ fault: always({ kind: 'status', status, body }) });
      const problem = await problemOf(ask(await carrierTo([endpointOf(server)])));
      assert.equal(problem.code, code);
      assert.match(problem.message, words);
      assert.match(problem.fix ?? '', fix);
      assert.equal(server.chats.length, 1);
    });

  it('serves again as soon as it is mended', async () => {
    const server = await serve({ fault: first({ kind: 'status', status: 401 }) });
    const carrier = await carrierTo([endpointOf(server)], { timing: { rest: 1e6, mostRest: 1e6 } });
    await problemOf(ask(carrier));
    assert.equal((await ask(carrier)).finish, 'stop');
  });

  it('does not hold up for ever: silence and slowness have their limits', async () => {
    for (const kind of ['silent', 'silentInside'] as const) {
      const server = await serve({ fault: first({ kind }) });
      const answer = await ask(await carrierTo([endpointOf(server)], { timing: { idle: 100 } }));
      assert.equal(answer.text, answerTo(server.chats[0]!.body));
      await until('the caller left', () => server.left > 0);
    }
    const server = await serve({ fault: always({ kind: 'silent' }) });
    const carrier = await carrierTo([endpointOf(server)], { timing: { idle: 50 } });
    assert.match((await problemOf(ask(carrier))).message, /sent nothing for/);
    const slow = await serve({ fault: always({ kind: 'slow', ms: 30 }) });
    const hurried = await carrierTo([endpointOf(slow)], { timing: { request: 100 } });
    assert.match((await problemOf(ask(hurried))).message, /did not answer in time/);
    const late = await carrierTo([endpointOf(slow)], { timing: { total: 200 } });
    await problemOf(ask(late));
  });

  it('is cut off where its answer has no end', async () => {
    const server = await serve({ fault: always({ kind: 'endless' }) });
    const carrier = await carrierTo([endpointOf(server)]);
    const work = carrier.ask(question('?', { maxTokens: 1 }), { frame });
    assert.match((await problemOf(work)).message, /has no end/);
    await until('the caller left', () => server.left > 0);
    assert.equal(server.chats.length, 1);
  });

  it('that forgets to hang up is left', async () => {
    const server = await serve({ fault: always({ kind: 'openEnd' }) });
    assert.equal((await ask(await carrierTo([endpointOf(server)]))).finish, 'stop');
    await until('the caller left', () => server.left > 0);
  });

  it('with a filter or a tool in mind is not asked again', async () => {
    for (const [finish, words] of [
      ['content_filter', /filter objects/],
      ['tool_calls', /call a tool/],
    ] as const) {
      const text = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: finish }] })}\n\n`;
      const server = await serve({ fault: always({ kind: 'raw', text }) });
      assert.match((await problemOf(ask(await carrierTo([endpointOf(server)])))).message, words);
      assert.equal(server.chats.length, 1);
    }
  });

  it('waits as long as it is told to', () => {
    const now = Date.parse('2025-03-01T00:00:00Z');
    assert.equal(retryAfter('7', now), 7000);
    assert.equal(retryAfter('Sat, 01 Mar 2025 00:01:00 GMT', now), 60_000);
    assert.equal(retryAfter('Sat, 01 Mar 2025 00:00:00 GMT', now + 5000), 0);
    assert.equal(retryAfter('soon', now), undefined);
    assert.equal(retryAfter(undefined, now), undefined);
  });

  const gaps = ({ chats }: { chats: readonly { time: number }[] }) =>
    chats.slice(1).map(({ time }, i) => time - chats[i]!.time);

  for (const status of [429, 500, 502, 503])
    it(`that asks to wait with ${status} is not asked before, though there is no other`, async () => {
      const server = await serve({
        fault: first({ kind: 'status', status, headers: { 'retry-after': '1' } }),
      });
      assert.equal((await ask(await carrierTo([endpointOf(server)]))).finish, 'stop');
      assert.equal(server.chats.length, 2);
      assert.ok(gaps(server)[0]! >= 990, gaps(server).join());
    });

  it('that was mended and then asks to wait is not asked before', async () => {
    const faults: (Fault | undefined)[] = [
      { kind: 'status', status: 401 },
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    ];
    const server = await serve({ fault: (n) => faults[n] });
    const carrier = await carrierTo([endpointOf(server)]);
    await problemOf(ask(carrier));
    assert.equal((await ask(carrier)).finish, 'stop');
    assert.equal(server.chats.length, 3);
    assert.ok(gaps(server)[1]! >= 990, gaps(server).join());
  });

  it('that always fails and asks to wait is given up as any other', async () => {
    const headers = { 'retry-after': '0' };
    const server = await serve({ fault: always({ kind: 'status', status: 500, headers }) });
    await problemOf(ask(await carrierTo([endpointOf(server)])));
    assert.equal(server.chats.length, 6);
  });

  it('that is busy when it is asked what it is, is asked again with the question', async () => {
    for (const status of [429, 503]) {
      const modelsFault = first({ kind: 'status', status, headers: { 'retry-after': '0' } });
      const server = await serve({ modelsFault });
      assert.equal((await ask(await carrierTo([endpointOf(server)]))).finish, 'stop');
      assert.deepEqual([server.seen.length - server.chats.length, server.chats.length], [2, 1]);
    }
    const gone = await serve({ modelsFault: always({ kind: 'status', status: 401 }) });
    assert.equal((await problemOf(carrierTo([endpointOf(gone)]))).code, 'endpointRefused');
  });

  it('rests as long as it asks to, while another one works', async () => {
    const busy = await serve({
      fault: always({ kind: 'status', status: 429, headers: { 'retry-after': '600' } }),
    });
    const free = await serve();
    const carrier = await carrierTo([
      endpointOf(busy, { name: 'a', weight: 9 }),
      endpointOf(free, { name: 'b' }),
    ]);
    for (let i = 0; i < 6; i++) await ask(carrier);
    assert.deepEqual([busy.chats.length, free.chats.length], [1, 6]);
  });

  it('that asks to wait longer than anyone would is not waited for', async () => {
    const headers = { 'retry-after': '7200' };
    const server = await serve({ fault: always({ kind: 'status', status: 429, headers }) });
    const { message } = await problemOf(ask(await carrierTo([endpointOf(server)])));
    assert.match(message, /asks for fewer requests, and to wait 120 min\./);
    assert.equal(server.chats.length, 1);
  });

  it('again and again is rested, while another one works, and comes back', async () => {
    let isUp = false;
    const ill = await serve({ fault: () => (isUp ? undefined : { kind: 'status', status: 500 }) });
    const well = await serve();
    const timing = { rest: 150, mostRest: 150 };
    const carrier = await carrierTo(
      [endpointOf(ill, { name: 'a', weight: 9 }), endpointOf(well, { name: 'b' })],
      { timing },
    );
    for (let i = 0; i < 20; i++) await ask(carrier);
    assert.equal(well.chats.length, 20);
    assert.ok(ill.chats.length < 20, `${ill.chats.length} requests to the one that fails`);
    isUp = true;
    const before = well.chats.length;
    await until('it is asked again', () => (void ask(carrier), ill.chats.length > 15));
    assert.ok(well.chats.length >= before);
  });

  it('is left out from the beginning, and the log says why', async () => {
    const port = await freePort();
    const down = endpointOf({ url: `http://127.0.0.1:${port}/v1`, model: 'qwen2.5-vl' }, { name: 'down' });
    const up = await serve();
    const said: string[] = [];
    const carrier = await carrierTo([down, endpointOf(up)], { log: (_, text) => void said.push(text) });
    assert.equal((await ask(carrier)).finish, 'stop');
    assert.ok(said.some((line) => /"down".*nothing listens there/.test(line)));
  });
});
