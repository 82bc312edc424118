import assert from 'node:assert/strict';
import { SELF_SIGNED } from '../../support/certificate';
import { openEndpointCarrier } from '../../../src/engine/worker/endpoint';
import {
  allowed,
  always,
  ask,
  carrierTo,
  endAll,
  endpointOf,
  first,
  freePort,
  KEY,
  problemOf,
  serve,
  until,
} from './endpointSupport';

describe('an endpoint that cannot be reached', () => {
  afterEach(endAll);

  const unreachable = async (url: string, words: RegExp, more: object = {}) => {
    const problem = await problemOf(carrierTo([endpointOf({ url, model: 'm' })], more));
    assert.equal(problem.code, 'endpointUnreachable', problem.message);
    assert.match(problem.message, words);
    assert.ok(problem.fix);
  };

  it('says why: nobody there, no such host, not encrypted', async () => {
    await unreachable(`http://127.0.0.1:${await freePort()}/v1`, /nothing listens there/);
    await unreachable('http://no-such-host.invalid/v1', /no host of that name|could not be looked up/);
    await unreachable((await serve()).url.replace('http:', 'https:'), /does not speak https/);
  });

  it('is not trusted with a certificate of its own making', async () => {
    const server = await serve({ tls: SELF_SIGNED });
    await unreachable(server.url, /certificate .* cannot be trusted/);
    assert.equal(server.seen.length, 0);
  });

  it('does not lead on to another host', async () => {
    const thief = await serve();
    for (const status of [301, 302, 307, 308]) {
      const server = await serve({
        fault: always({ kind: 'status', status, headers: { location: `${thief.url}/chat/completions` } }),
      });
      const problem = await problemOf(ask(await carrierTo([endpointOf(server)])));
      assert.equal(problem.code, 'endpointUnreachable');
      assert.match(problem.message, /sends its callers on to 127\.0\.0\.1:\d+; that is not followed/);
    }
    assert.equal(thief.seen.length, 0);
  });

  it('does not show the key in a place that it leads to', async () => {
    const escaped = [...KEY].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    for (const location of [`/login/${KEY}`, `/login/${escaped}`, `http://${KEY}.example/v1`, '/%ff']) {
      const server = await serve({ fault: always({ kind: 'status', status: 302, headers: { location } }) });
      const { message } = await problemOf(ask(await carrierTo([endpointOf(server)])));
      assert.match(message, /sends its callers on to .*; that is not followed/);
    }
  });

  it('may lead on within itself', async () => {
    const server = await serve({
      fault: first({ kind: 'status', status: 308, headers: { location: '/v1/chat/completions' } }),
    });
    assert.equal((await ask(await carrierTo([endpointOf(server)]))).finish, 'stop');
    const circle = await serve({
      fault: always({ kind: 'status', status: 308, headers: { location: '/v1/chat/completions' } }),
    });
    assert.match((await problemOf(ask(await carrierTo([endpointOf(circle)])))).message, /in circles/);
  });

  it('is no server of chat completions, or lacks the model', async () => {
    const server = await serve({ dialect: 'sglang' });
    const wrong = endpointOf({ url: server.url, model: 'gpt-9' });
    const { message, fix } = await problemOf(carrierTo([wrong]));
    assert.match(message, /has no model "gpt-9"\. It has "qwen2\.5-vl"\./);
    assert.match(fix!, /"model"/);
    const page = await serve({
      fault: always({ kind: 'raw', type: 'text/html', text: '<!DOCTYPE html><p>Hi' }),
    });
    assert.match((await problemOf(ask(await carrierTo([endpointOf(page)])))).message, /web page/);
  });

  it('is told nothing without consent, not even the key', async () => {
    const server = await serve();
    let allowed = false;
    const access = () => Promise.resolve(allowed ? { allowed, key: KEY } : { allowed });
    const problem = await problemOf(carrierTo([endpointOf(server)], { access }));
    assert.equal(problem.code, 'endpointNotAllowed');
    assert.equal(server.connections, 0);
    allowed = true;
    const carrier = await carrierTo([endpointOf(server)], { access });
    await ask(carrier);
    allowed = false;
    assert.equal((await problemOf(ask(carrier))).code, 'endpointNotAllowed');
    assert.equal(server.chats.length, 1);
  });

  it('is not sent a key that would break the header', async () => {
    const server = await serve();
    const access = () => Promise.resolve({ allowed: true, key: 'a\r\nx-evil: 1' });
    const problem = await problemOf(carrierTo([endpointOf(server)], { access }));
    assert.match(problem.message, /characters that no key has/);
    assert.equal(server.seen.length, 0);
  });
});

describe('an endpoint that is being opened', () => {
  afterEach(endAll);

  it('is let go of when it is cancelled', async () => {
    const server = await serve({ modelsFault: always({ kind: 'silent' }) });
    const leaving = new AbortController();
    const opening = openEndpointCarrier([endpointOf(server)], { access: allowed }, leaving.signal);
    await until('it was asked', () => server.seen.length > 0);
    leaving.abort();
    assert.equal((await problemOf(opening)).code, 'cancelled');
    await until('the caller left', () => server.left > 0);
  });
});

describe('a question that is cancelled', () => {
  afterEach(endAll);

  it('closes its connection, wherever it is', async () => {
    for (const fault of [{ kind: 'silent' }, { kind: 'silentInside' }, { kind: 'slow', ms: 20 }] as const) {
      const server = await serve({ fault: always(fault) });
      const carrier = await carrierTo([endpointOf(server)]);
      const stop = new AbortController();
      const work = problemOf(ask(carrier, { signal: stop.signal }));
      await until('the request', () => server.active === 1);
      stop.abort();
      assert.equal((await work).code, 'cancelled');
      await until('the connection is closed', () => server.left === 1 && server.active === 0);
      assert.equal(server.chats.length, 1);
    }
  });

  it('is not asked at all if it was cancelled before, waits in line or waits for its next try', async () => {
    const server = await serve({ fault: always({ kind: 'silent' }) });
    const carrier = await carrierTo([endpointOf(server, { concurrency: 1 })]);
    const before = problemOf(ask(carrier, { signal: AbortSignal.abort() }));
    assert.equal((await before).code, 'cancelled');
    const [a, b] = [new AbortController(), new AbortController()];
    const works = [a, b].map(({ signal }) => problemOf(ask(carrier, { signal })));
    await until('the request', () => server.active === 1);
    b.abort();
    assert.equal((await works[1]!).code, 'cancelled');
    a.abort();
    assert.equal((await works[0]!).code, 'cancelled');
    assert.equal(server.chats.length, 1);
    const ill = await serve({ fault: always({ kind: 'status', status: 500 }) });
    const patient = await carrierTo([endpointOf(ill)], { timing: { backoff: 1e6, mostBackoff: 1e6 } });
    const stop = new AbortController();
    const work = problemOf(ask(patient, { signal: stop.signal }));
    await until('the first try', () => ill.chats.length === 1 && ill.active === 0);
    stop.abort();
    assert.equal((await work).code, 'cancelled');
  });

  it('ends when its carrier is disposed of', async () => {
    const server = await serve({ fault: always({ kind: 'silent' }) });
    const carrier = await carrierTo([endpointOf(server)]);
    const work = problemOf(ask(carrier));
    await until('the request', () => server.active === 1);
    await carrier.dispose();
    assert.equal((await work).code, 'cancelled');
    await until('the connection is closed', () => server.active === 0);
  });
});
