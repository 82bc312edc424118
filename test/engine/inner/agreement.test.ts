import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchAgreement } from '../../../src/core/bench/agreement';
import type { BenchCell } from '../../../src/core/bench/report';
import { decodeEndpoints } from '../../../src/core/endpoint/config';
import type { LocalSpec } from '../../../src/core/judgeSpec';
import { weightsOf } from '../../../src/engine/local/hashing';
import { ModelRegistry } from '../../../src/engine/local/registry';
import { ServedAgreements } from '../../../src/engine/servedAgreement';
import { Judges, type JudgesPorts } from '../../../src/engine/worker/judging/judges';
import { copyOfTiny } from './localSupport';
import { refusal, removeTempDirs, tempDir } from './support';

const measuredOn = (file: string, accuracy = 0.75): BenchAgreement => {
  const measured = { file, at: '2026-01-02T00:00:00.000Z', mode: 'chain' as const };
  const cell = { set: 'lab', labelKind: 'human_pairwise', aspect: 'VF', pairs: 40, accuracy, measured };
  return { measured, cells: [cell] };
};
const files = (agreement: readonly { measured?: { file: string } }[]) =>
  agreement.map(({ measured }) => measured?.file).sort();
const FILES = Array.from({ length: 12 }, (_, i) => `pairs-${String(i).padStart(2, '0')}.csv`);

describe('what was measured of a local model', () => {
  let dir: string;
  let folder: string;
  let registry: ModelRegistry;
  beforeEach(() => {
    dir = join(tempDir(), 'models');
    folder = copyOfTiny();
    registry = new ModelRegistry(dir);
  });
  afterEach(removeTempDirs);

  it('stays when it is read again, removed and put back, and goes when its files are others', async () => {
    const { key, files: own } = await registry.add(folder);
    await registry.keepAgreement(key, weightsOf(own), measuredOn('pairs.csv'));
    assert.deepEqual(files((await registry.add(folder)).agreement), ['pairs.csv']);
    await registry.remove(key);
    await registry.restore(key);
    assert.deepEqual((await registry.get(key)).agreement, measuredOn('pairs.csv').cells);
    writeFileSync(join(folder, 'README.md'), '---\nlicense: mit\n---\n');
    assert.deepEqual((await registry.add(folder)).agreement, []);
    assert.deepEqual((await registry.get(key)).agreement, []);
    const late = registry.keepAgreement(key, weightsOf(own), measuredOn('pairs.csv'));
    await refusal(late, 'modelInvalid', 'tiny');
  });

  it('stays when the same files are downloaded again, and goes with other ones', async () => {
    const source = { url: 'https://hub.example/a/b', revision: 'c0ffee' };
    const arrive = async (more?: string) => {
      cpSync(folder, registry.incoming('a/b', 'fp32'), { recursive: true });
      if (more !== undefined) writeFileSync(join(registry.incoming('a/b', 'fp32'), 'README.md'), more);
      return registry.arrived('a/b', 'fp32', source, undefined);
    };
    const { key, files: own } = await arrive();
    await registry.keepAgreement(key, weightsOf(own), measuredOn('pairs.csv'));
    assert.deepEqual(files((await arrive()).agreement), ['pairs.csv']);
    assert.deepEqual((await arrive('another state')).agreement, []);
  });

  it('is not lost where several write at once', async () => {
    const { key, files: own } = await registry.add(folder);
    await Promise.all([
      ...FILES.map((file) => new ModelRegistry(dir).keepAgreement(key, weightsOf(own), measuredOn(file))),
      new ModelRegistry(dir).add(folder),
    ]);
    assert.deepEqual(files((await registry.get(key)).agreement), FILES);
    assert.deepEqual(readdirSync(dir), [`${key}.json`]);
  });

  it('is told of the judge from then on, which is not loaded anew for it', async () => {
    const { key } = await registry.add(folder);
    const judges = new Judges({ log: () => undefined, decodeDeadline: 20 } as unknown as JudgesPorts);
    const spec: LocalSpec = { kind: 'local', dir, key, asked: { mode: 'base' } };
    const desk = await judges.desk(spec);
    assert.deepEqual(desk.status.agreement, []);
    const cell = { kind: 'human_pairwise', source: 'lab', aspect: 'VF', pairs: 40, ties: 0 } as BenchCell;
    cell.withoutTies = { value: 0.75 };
    await desk.keepAgreement({ cells: [cell], name: 'pairs.csv', at: '2026-01-02T00:00:00.000Z' });
    const { agreement } = await judges.status(spec);
    assert.deepEqual(files(agreement), ['pairs.csv']);
    assert.equal(agreement[0]!.measured!.mode, 'base');
    assert.equal(await judges.desk(spec), desk);
    assert.deepEqual((await judges.status({ ...spec, asked: { mode: 'chain' } })).agreement, []);
  });
});

describe('what was measured of a served model', () => {
  let served: ServedAgreements;
  let dir: string;
  const at = (host: string, model = 'm') =>
    decodeEndpoints([{ name: `${host} ${model}`, url: `http://${host}/v1`, model }]);
  beforeEach(() => {
    dir = join(tempDir(), 'state', 'endpoints');
    served = new ServedAgreements(dir);
  });
  afterEach(removeTempDirs);

  it('is kept for each host that had a share in it, and for no other model or host', async () => {
    assert.deepEqual(await served.of(at('gpu1')), []);
    await served.keep([...at('gpu1'), ...at('gpu2')], measuredOn('pairs.csv'));
    const again = new ServedAgreements(dir);
    for (const endpoints of [at('gpu1'), at('gpu2'), [...at('gpu1'), ...at('gpu2')]])
      assert.deepEqual(await again.of(endpoints), measuredOn('pairs.csv').cells);
    assert.deepEqual(await again.of(at('gpu1', 'other')), []);
    assert.deepEqual(await again.of(at('gpu3')), []);
  });

  it('is not lost where several write at once, and a file that cannot be read is measured anew', async () => {
    const write = (file: string) => new ServedAgreements(dir).keep(at('gpu1'), measuredOn(file));
    await Promise.all(FILES.map(write));
    assert.deepEqual(files(await served.of(at('gpu1'))), FILES);
    const [only] = readdirSync(dir);
    writeFileSync(join(dir, only!), '{');
    assert.deepEqual(await served.of(at('gpu1')), []);
    await write('pairs.csv');
    assert.deepEqual(files(await served.of(at('gpu1'))), ['pairs.csv']);
  });
});
