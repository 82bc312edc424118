import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EndpointAccess } from '../../../src/protocol/engine';
import { cleanUp, engineIn, tempDir } from './support';

const KEY = 'sk-secret-0123456789';

/** A worker that asks about an endpoint as soon as it is asked anything, and answers with what it heard. */
const ASKING = String.raw`
let asked;
process.on('disconnect', () => process.exit(0));
process.on('message', ({ kind, id, method, value, problem }) => {
  const ok = (to, result) => process.send({ kind: 'ok', id: to, value: result });
  if (kind === 'call' && method === 'init') return ok(id, { pid: process.pid, ffmpeg: {}, judge: {} });
  if (kind === 'call') {
    asked = id;
    return process.send({ kind: 'call', id: 1, method: 'endpointAccess', params: { origin: 'http://gpu1:8000' } });
  }
  if (id === 1) ok(asked, { path: JSON.stringify({ value, problem, argv: process.argv, env: process.env }) });
});
`;

function asking(endpointAccess?: (origin: string) => Promise<EndpointAccess>) {
  const dir = tempDir();
  const workerPath = join(dir, 'asking.js');
  writeFileSync(workerPath, ASKING);
  return engineIn(dir, { workerPath, ...(endpointAccess && { endpointAccess }) });
}

async function heard(engine: ReturnType<typeof asking>) {
  const { path } = await engine.proxy('/x');
  const { argv, env, ...answer } = JSON.parse(path) as {
    value?: unknown;
    problem?: { message: string };
    argv: unknown;
    env: unknown;
  };
  return { answer, around: JSON.stringify([argv, env]) };
}

describe('the worker asks the host about an endpoint', () => {
  afterEach(cleanUp);

  it('and hears of consent and key, by message alone', async () => {
    const origins: string[] = [];
    const engine = asking(async (origin) => {
      origins.push(origin);
      return { allowed: true, key: KEY };
    });
    const { answer, around } = await heard(engine);
    assert.deepEqual(answer, { value: { allowed: true, key: KEY } });
    assert.deepEqual(origins, ['http://gpu1:8000']);
    assert.ok(!around.includes(KEY) && !engine.said.join().includes(KEY));
  });

  it('and nothing is allowed where nobody is there to ask', async () => {
    assert.deepEqual((await heard(asking())).answer, { value: { allowed: false } });
  });

  it('and hears what is wrong with the setting', async () => {
    const engine = asking(() => Promise.reject(new Error('aesrm.endpoints[0].url is empty')));
    const { answer } = await heard(engine);
    assert.match(answer.problem?.message ?? '', /^aesrm\.endpoints\[0\]\.url is empty$/);
  });
});
