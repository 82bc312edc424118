import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import { cleanUp, configIn, engineIn, groupOf, isAlive, tempDir, until } from './support';

/** A worker without an engine: every request does what its path says. */
const FAKE = String.raw`
const { appendFileSync } = require('node:fs');
const { basename, dirname } = require('node:path');
let device;
appendFileSync(process.env.FAKE_LOG ?? __filename + '.log', process.pid + '\n');
const send = (m) => process.send(m);
process.on('disconnect', () => process.exit(0));
process.on('message', ({ kind, id, method, params }) => {
  if (kind !== 'call') return;
  if (method === 'init') device = params.device;
  if (method === 'init') return params.modelDir.endsWith('mute') ? undefined : send({ kind: 'ok', id, value: { pid: process.pid, ffmpeg: {}, judge: {} } });
  const what = basename(params?.path ?? params?.a?.path ?? 'answer');
  if (what === 'answer') return setTimeout(() => send({ kind: 'ok', id, value: { path: String(process.pid) } }), 20);
  if (what === 'gpu') {
    if (device === 'cpu') return send({ kind: 'ok', id, value: { path: 'cpu' } });
    send({ kind: 'call', id: 1, method: 'log', params: { level: 'debug', text: 'opening webgpu', opening: 'webgpu' } });
    if (dirname(params.path) === '/opened')
      send({ kind: 'call', id: 2, method: 'log', params: { level: 'debug', text: 'tried', opening: null } });
    return setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 20);
  }
  if (what === 'thinks') {
    send({ kind: 'call', id: 1, method: 'log', params: { level: 'debug', text: 'asking', weighs: 'a model' } });
    return setTimeout(() => { const end = Date.now() + 1500; while (Date.now() < end);
      send({ kind: 'ok', id, value: { path: String(process.pid) } }); }, 20);
  }
  if (what === 'slow') return setTimeout(() => send({ kind: 'ok', id, value: { path: String(process.pid) } }), 300);
  if (what === 'crash') return setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 50);
  if (what === 'busy') { const end = Date.now() + 60000; while (Date.now() < end); }
  if (what === 'garbage') { send('what?'); send({ kind: 'ok' }); send({ kind: 'ok', id, value: { path: 'x' } }); }
  if (what === 'alive') { let n = 0; const t = setInterval(() => { send({ kind: 'progress', id, value: n });
    if (++n === 10) { clearInterval(t); send({ kind: 'ok', id, value: { path: 'x' } }); } }, 200); }
});
`;

function fake(timing: object = {}) {
  const dir = tempDir();
  const workerPath = join(dir, 'fake.js');
  writeFileSync(workerPath, FAKE);
  writeFileSync(`${workerPath}.log`, '');
  const engine = engineIn(dir, { workerPath, timing });
  const births = () => readFileSync(`${workerPath}.log`, 'utf8').split('\n').slice(0, -1).map(Number);
  return { engine, births, dir };
}

const rejectsWith =
  (code: string, words: RegExp = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.problem.code, code);
    assert.match(error.problem.message, words);
    return true;
  };

describe('supervisor', () => {
  afterEach(cleanUp);

  it('starts nothing before the first request, and one worker for many', async () => {
    const { engine, births } = fake();
    assert.deepEqual(births(), []);
    await Promise.all([engine.proxy('/answer'), engine.proxy('/answer'), engine.proxy('/slow')]);
    assert.equal(births().length, 1);
  });

  it('refuses with a sentence when its program is missing', async () => {
    const engine = engineIn(tempDir(), { workerPath: '/nowhere/worker.js' });
    await assert.rejects(engine.status(), rejectsWith('internal', /\/nowhere\/worker\.js is missing/));
  });

  it('gives up a request that kills the worker, after two more tries, and saves the one beside it', async () => {
    const { engine, births } = fake();
    const crash = engine.proxy('/clips/crash');
    const beside = engine.proxy('/slow');
    await assert.rejects(crash, rejectsWith('workerDied', /preparing crash .*SIGSEGV/));
    await beside;
    await engine.proxy('/answer');
    // Together once, then alone: the bystander finishes, the culprit has its tries.
    assert.ok(births().length <= 5, String(births().length));
  });

  it('goes on without a device that a worker did not survive opening', async () => {
    const { engine, births, dir } = fake();
    engine.restart({ ...configIn(dir), device: 'auto' });
    assert.equal((await engine.proxy('/gpu')).path, 'cpu');
    assert.equal(births().length, 2);
    assert.ok(
      engine.said.some((line) => /^warn: .*opening webgpu.*processor/.test(line)),
      engine.said.join(),
    );
    engine.restart({ ...configIn(dir), device: 'webgpu' });
    await assert.rejects(engine.proxy('/opened/gpu'), rejectsWith('workerDied'));
  });

  it('outlives an exit while idle', async () => {
    const { engine, births } = fake();
    await engine.proxy('/answer');
    process.kill(engine.pid!, 'SIGKILL');
    await until('it is noticed', () => engine.pid === undefined);
    await engine.proxy('/answer');
    assert.equal(births().length, 2);
  });

  it('cancels at once, and ends a worker that cannot listen; the others are taken up', async () => {
    const { engine, births } = fake({ grace: 2000 });
    const beside = engine.proxy('/slow');
    const abort = new AbortController();
    const busy = engine.proxy('/busy', { signal: abort.signal });
    await until('the worker runs', () => births().length === 1);
    abort.abort();
    await assert.rejects(busy, rejectsWith('cancelled'));
    assert.ok(isAlive(births()[0]!), 'the answer does not wait for the end of the worker');
    assert.notEqual(Number((await beside).path), births()[0]);
    assert.ok(!isAlive(births()[0]!));
  });

  it('lets a local model think on when another request is cancelled, and ends it when its own is', async () => {
    const { engine, births } = fake({ grace: 200 });
    const judge = { kind: 'local', dir: '/models', key: 'a', asked: {} } as const;
    const clip = { path: '/thinks', name: 'thinks' };
    const ask = (signal?: AbortSignal) =>
      engine.compare({ a: clip, b: clip, judge, logDir: null, again: false }, signal ? { signal } : {});
    const answer = ask();
    await until('the worker runs', () => births().length === 1);
    const other = new AbortController();
    const small = engine.proxy('/never', { signal: other.signal });
    setTimeout(() => other.abort(), 150);
    await assert.rejects(small, rejectsWith('cancelled'));
    await answer;
    assert.equal((await engine.proxy('/answer')).path, String(births()[0]));
    const own = new AbortController();
    const mine = ask(own.signal);
    setTimeout(() => own.abort(), 150);
    await assert.rejects(mine, rejectsWith('cancelled'));
    assert.equal((await engine.proxy('/answer')).path, String(births()[1]));
  });

  it('ends a worker that falls silent', async () => {
    const { engine } = fake({ silence: 1500 });
    await assert.rejects(engine.proxy('/a/busy'), rejectsWith('deadline', /preparing busy/));
    await engine.proxy('/answer');
  });

  it('takes progress for a sign of life', async () => {
    const { engine } = fake({ silence: 1500 });
    const heard: unknown[] = [];
    await engine.proxy('/alive', { onProgress: (value) => heard.push(value) });
    assert.equal(heard.length, 10);
  });

  it('ends a worker whose handshake is not answered', async () => {
    const { engine, births, dir } = fake({ init: 1000 });
    engine.restart({ ...configIn(dir), modelDir: join(dir, 'mute') });
    await assert.rejects(engine.proxy('/a/busy'), rejectsWith('workerDied', /did not start in time/));
    assert.equal(births().length, 3);
  });

  it('leaves after a while without work', async () => {
    const { engine } = fake({ linger: 100 });
    await engine.proxy('/answer');
    const { pid } = engine;
    await until('the worker is gone', () => !isAlive(pid!));
    await engine.proxy('/answer');
  });

  it('takes up what is outstanding under new settings', async () => {
    const { engine, births, dir } = fake();
    const slow = engine.proxy('/slow');
    await until('the worker runs', () => births().length === 1);
    engine.restart({ ...configIn(dir), modelDir: dir });
    assert.equal(Number((await slow).path), births()[1]);
  });

  it('shrugs at garbage', async () => {
    const { engine } = fake();
    await engine.proxy('/garbage');
    assert.ok(engine.said.some((line) => /unknown/.test(line)));
  });

  it('takes everything with it when disposed', async () => {
    const { engine, births } = fake();
    const slow = assert.rejects(engine.proxy('/slow'), rejectsWith('cancelled'));
    await until('the worker runs', () => births().length === 1);
    const pid = engine.pid!;
    await engine.dispose();
    await slow;
    assert.deepEqual(groupOf(pid), []);
    await assert.rejects(engine.status(), rejectsWith('cancelled'));
  });

  it('passes on nothing that a debugger left in the environment', async () => {
    const dir = tempDir();
    const workerPath = join(dir, 'fake.js');
    const seen = join(dir, 'seen');
    const dump = `require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));`;
    writeFileSync(workerPath, `${dump}\n${FAKE}`);
    appendFileSync(`${workerPath}.log`, '');
    process.env.NODE_OPTIONS = '--max-old-space-size=4096';
    process.env.VSCODE_INSPECTOR_OPTIONS = '{}';
    try {
      await engineIn(dir, { workerPath }).proxy('/answer');
    } finally {
      delete process.env.NODE_OPTIONS;
      delete process.env.VSCODE_INSPECTOR_OPTIONS;
    }
    const env = JSON.parse(readFileSync(seen, 'utf8'));
    assert.equal(env.NODE_OPTIONS, undefined);
    assert.equal(env.VSCODE_INSPECTOR_OPTIONS, undefined);
    assert.equal(env.PATH, process.env.PATH);
  });
});
