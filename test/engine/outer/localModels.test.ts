import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/client';
import { ROOT } from '../../support/paths';
import { COMMIT, HubMirror, ID } from '../../support/hubMirror';
import { cleanUp, engineIn, isAlive, tempDir, until } from './support';

const TINY = join(ROOT, 'test', 'fixtures', 'tiny-qwen2-vl');
const ASKING = 'asking tiny-qwen2-vl';

describe('local models in the engine', () => {
  let engine: Engine | undefined;
  let dir: string;
  /** Hears every line of the engine's log. */
  let onLine: (text: string) => void;

  beforeEach(async () => {
    const root = tempDir();
    dir = join(root, 'models');
    onLine = () => undefined;
    engine = engineIn(root, { log: (_, text) => onLine(text) });
  });
  afterEach(cleanUp);

  const add = async () => (await engine!.models('modelAdd', { dir, folder: TINY })).key;
  /** As the system does with a process that takes too much. */
  const killWhileAsking = (times: number) => {
    let left = times;
    onLine = (text) => {
      if (text === ASKING && left-- > 0) process.kill(engine!.pid!, 'SIGKILL');
    };
  };
  const code = (wanted: string) => (error: unknown) => {
    assert.equal((error as { problem?: { code: string } }).problem?.code, wanted, String(error));
    return true;
  };

  it('are added, listed, asked with a stream, and removed', async () => {
    const key = await add();
    const { models } = await engine!.models('models', { dir });
    assert.deepEqual(
      models.map(({ name, family }) => [name, family]),
      [['tiny-qwen2-vl', 'qwen2_vl']],
    );
    const said: string[] = [];
    const onProgress = ({ text }: { text: string }) => said.push(text);
    const trial = await engine!.models('modelTry', { dir, key }, { onProgress });
    assert.equal(trial.device, 'cpu, fp32');
    assert.equal(said.join(''), trial.text);
    assert.ok(trial.tokens > 1 && said.length > 1);
    await engine!.models('modelRemove', { dir, key });
    assert.deepEqual((await engine!.models('models', { dir })).models, []);
    await engine!.models('modelRestore', { dir, key });
    assert.equal((await engine!.models('models', { dir })).models.length, 1);
  });

  it('come from a hub by way of the worker', async () => {
    const mirror = new HubMirror(TINY);
    try {
      const hub = await mirror.start();
      const offer = await engine!.models('modelOffer', { source: ID, hub });
      assert.deepEqual([offer.name, offer.family, offer.licence], [ID, 'Qwen2-VL', 'apache-2.0']);
      const { dtype } = offer.choices.at(-1)!;
      const params = { dir, source: ID, hub, revision: COMMIT, dtype };
      const record = await engine!.models('modelFetch', params);
      const trial = await engine!.models('modelTry', { dir, key: record.key });
      assert.equal(trial.device, 'cpu, q8');
    } finally {
      await mirror.stop();
    }
  });

  it('come in one format, though a download in another was left in the middle', async () => {
    const mirror = new HubMirror(TINY);
    try {
      const hub = await mirror.start();
      const offer = await engine!.models('modelOffer', { source: ID, hub });
      const params = { dir, source: ID, hub, revision: COMMIT };
      const [large, small] = [offer.choices[0]!, offer.choices.at(-1)!];
      const abort = new AbortController();
      mirror.faults.push(...Array(large.files - 1).fill({ ignoreRange: true }), { stallAfter: 10 });
      const left = engine!.models('modelFetch', { ...params, dtype: large.dtype }, { signal: abort.signal });
      const ended = assert.rejects(left, code('cancelled'));
      await until('it stalls', () => mirror.faults.length === 0);
      abort.abort();
      await ended;
      const { files } = await engine!.models('modelFetch', { ...params, dtype: small.dtype });
      assert.equal(files.length, small.files);
    } finally {
      await mirror.stop();
    }
  });

  it('are shown fewer frames after a death of memory, then also read from smaller files', async () => {
    const key = await add();
    killWhileAsking(1);
    const fewer = await engine!.models('modelTry', { dir, key });
    assert.equal(fewer.device, 'cpu, fp32');
    assert.match(fewer.reduced!, /4 frames were not shown/);
    killWhileAsking(1);
    const smaller = await engine!.models('modelTry', { dir, key });
    assert.equal(smaller.device, 'cpu, q8');
    assert.match(smaller.reduced!, /4 frames were not shown/);
  });

  it('are given up with a sentence after three such deaths, and refused without another', async () => {
    const key = await add();
    killWhileAsking(3);
    await assert.rejects(engine!.models('modelTry', { dir, key }), (error: Error) => {
      assert.match(error.message, /"tiny-qwen2-vl" is too large for this machine's memory/);
      return code('outOfMemory')(error);
    });
    onLine = () => undefined;
    await assert.rejects(engine!.models('modelTry', { dir, key }), code('outOfMemory'));
  });

  it('end with the worker when they cannot listen to a cancellation', async () => {
    const key = await add();
    const abort = new AbortController();
    let pid: number | undefined;
    onLine = (text) => {
      if (text !== ASKING || pid !== undefined) return;
      pid = engine!.pid!;
      // As deaf as in a long run of the graph.
      process.kill(pid, 'SIGSTOP');
      abort.abort();
    };
    await assert.rejects(
      engine!.models('modelTry', { dir, key }, { signal: abort.signal }),
      code('cancelled'),
    );
    await until('the worker is gone', () => !isAlive(pid!));
    onLine = () => undefined;
    const after = await engine!.models('modelTry', { dir, key });
    assert.equal(after.reduced, undefined);
  });
});
