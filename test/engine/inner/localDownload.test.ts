import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { offers, type HubFile, type HubModel } from '../../../src/core/local/hub';
import { download, type DownloadOptions } from '../../../src/engine/local/download';
import { lookUp } from '../../../src/engine/local/hub';
import { parseSource } from '../../../src/engine/local/source';
import { ModelRegistry } from '../../../src/engine/local/registry';
import { COMMIT, HubMirror, ID } from '../../support/hubMirror';
import { copyOfTiny, disposeCarriers, framesOf, goldens, question, TINY, tinyCarrier } from './localSupport';
import { refusal, removeTempDirs, tempDir } from './support';

const LARGE = 'onnx/vision_encoder.onnx';

describe('downloading a local model', () => {
  let mirror: HubMirror;
  let model: HubModel;
  let dir: string;

  const serve = async (folder = TINY) => {
    await mirror?.stop();
    mirror = new HubMirror(folder);
    model = parseSource(ID, await mirror.start());
  };
  beforeEach(async () => {
    dir = join(tempDir(), 'models');
    await serve();
  });
  afterEach(async () => {
    await mirror.stop();
    await disposeCarriers();
    removeTempDirs();
  });

  const filesOf = async (): Promise<HubFile[]> => {
    const { files } = await lookUp(model);
    return offers(files).find(({ dtype }) => dtype === 'fp32')!.files;
  };
  const fetchAll = async (options: DownloadOptions = {}) =>
    download(model, COMMIT, await filesOf(), dir, { pauseMs: 1, ...options });
  const isSame = (path: string) => readFileSync(join(dir, path)).equals(readFileSync(join(TINY, path)));

  it('offers each number format with its size, the licence and the family', async () => {
    const { licence, family, revision, files } = await lookUp(model);
    assert.deepEqual([licence, family, revision], ['apache-2.0', 'qwen2_vl', COMMIT]);
    const choices = offers(files);
    assert.deepEqual(
      choices.map(({ dtype }) => dtype),
      ['fp32', 'q8'],
    );
    assert.ok(choices[0]!.bytes > 2 * choices[1]!.bytes);
    assert.ok(!choices[1]!.files.some(({ path }) => path === LARGE || path.includes('goldens')));
  });

  it('fetches a model that then answers as the original', async () => {
    const registry = new ModelRegistry(dir);
    const told: number[] = [];
    await download(model, COMMIT, await filesOf(), registry.incoming(ID, 'fp32'), {
      onProgress: (_, done, total) => told.push(done / total),
    });
    const record = await registry.arrived(ID, 'fp32', { url: 'http://x', revision: COMMIT }, 'apache-2.0');
    assert.equal(told.at(-1), 1);
    assert.deepEqual([record.name, record.ours, record.licence], [ID, true, 'apache-2.0']);
    assert.deepEqual((await registry.list()).models, [record]);
    const carrier = await tinyCarrier({ record });
    assert.equal((await carrier.ask(question(), { frame: framesOf() })).text, goldens.ab.text);
  });

  it('goes on where the connection was cut, in the same download and in the next', async () => {
    const files = (await filesOf()).filter(({ path }) => path === LARGE);
    mirror.faults.push({ cutAfter: 100_000 }, { cutAfter: 200_000 });
    await download(model, COMMIT, files, dir, { pauseMs: 1 });
    assert.ok(isSame(LARGE));
    const ranges = mirror.contentRequests(LARGE).map(({ range }) => range);
    assert.equal(ranges.length, 3);
    assert.equal(ranges[0], undefined);
    for (const range of ranges.slice(1)) assert.match(range!, /^bytes=\d{5,}-$/);

    const abort = new AbortController();
    mirror.faults.push({ stallAfter: 300_000 });
    mirror.onSent = () => setTimeout(() => abort.abort(), 50);
    const other = join(dir, 'other');
    await refusal(download(model, COMMIT, files, other, { signal: abort.signal }), 'cancelled');
    mirror.onSent = undefined;
    const kept = statSync(join(other, `${LARGE}.part`)).size;
    assert.ok(kept > 0);
    await download(model, COMMIT, files, other, { pauseMs: 1 });
    assert.equal(mirror.contentRequests(LARGE).at(-1)!.range, `bytes=${kept}-`);
    assert.ok(readFileSync(join(other, LARGE)).equals(readFileSync(join(TINY, LARGE))));
  });

  it('starts again where the server knows no ranges, and where what is there is of another state', async () => {
    const files = (await filesOf()).filter(({ path }) => path === LARGE);
    mirror.faults.push({ cutAfter: 100_000 }, { ignoreRange: true });
    await download(model, COMMIT, files, dir, { pauseMs: 1 });
    assert.ok(isSame(LARGE));

    for (const length of [5000, statSync(join(TINY, LARGE)).size, statSync(join(TINY, LARGE)).size + 1]) {
      const other = join(dir, String(length));
      await download(model, COMMIT, files, other, { pauseMs: 1 });
      const path = join(other, LARGE);
      writeFileSync(`${path}.part`, Buffer.alloc(length, 1));
      truncateSync(path, 10);
      await download(model, COMMIT, files, other, { pauseMs: 1 });
      assert.ok(readFileSync(path).equals(readFileSync(join(TINY, LARGE))), String(length));
    }
  });

  it('does not fetch again what is there whole', async () => {
    await fetchAll();
    const before = mirror.requests.length;
    await fetchAll();
    // The listing, and config.json to know the family.
    assert.equal(mirror.requests.length - before, 2);
  });

  it('refuses bytes that are not what the hub announces', async () => {
    const files = (await filesOf()).filter(({ path }) => path === LARGE);
    mirror.faults.push({ otherBytes: true }, { otherBytes: true });
    await refusal(download(model, COMMIT, files, dir, { pauseMs: 1 }), 'downloadFailed', LARGE);
    assert.ok(!existsSync(join(dir, LARGE)));
    mirror.faults.push({ tooLong: true });
    await refusal(download(model, COMMIT, files, dir, { pauseMs: 1 }), 'downloadFailed', LARGE);
    mirror.faults.push({ otherBytes: true });
    await download(model, COMMIT, files, dir, { pauseMs: 1 });
    assert.ok(isSame(LARGE), 'the second try counts');
  });

  it('tries again after 503 and 429, and not for ever', async () => {
    const files = (await filesOf()).filter(({ path }) => path === LARGE);
    mirror.faults.push({ status: 503 }, { status: 429 });
    await download(model, COMMIT, files, dir, { pauseMs: 1 });
    assert.ok(isSame(LARGE));
    mirror.faults.push(...Array.from({ length: 9 }, () => ({ status: 503 })));
    const other = download(model, COMMIT, files, join(dir, 'other'), { pauseMs: 1 });
    assert.match(await refusal(other, 'downloadFailed'), /127\.0\.0\.1:\d+ answered with HTTP 503/);
    assert.equal(mirror.faults.length, 4);
  });

  it('asks for the room before it fetches', async () => {
    const files = await filesOf();
    const before = mirror.requests.length;
    const work = download(model, COMMIT, files, dir, { freeBytes: async () => 1e6 });
    assert.match(await refusal(work, 'diskFull', ID), /[\d.]+ GB more on the disk/);
    assert.equal(mirror.requests.length, before);
  });

  it('says what a hub does not have, and what could not be run', async () => {
    const { base } = model;
    await refusal(lookUp({ ...model, id: 'someone/else' }), 'downloadFailed', 'someone/else');
    await refusal(lookUp({ ...model, base: 'http://127.0.0.1:9' }), 'downloadFailed', '127.0.0.1:9');
    const listing = mirror.listing;
    mirror.listing = (siblings) =>
      listing(
        siblings.filter(({ rfilename }) => rfilename !== LARGE && !String(rfilename).includes('vision')),
      );
    assert.match(
      await refusal(lookUp({ ...model, base }), 'modelInvalid', ID),
      /no onnx\/vision_encoder\.onnx/,
    );
    mirror.listing = () => ({ sha: 'x' });
    await refusal(lookUp(model), 'modelInvalid', ID);
    mirror.listing = listing;
    const other = copyOfTiny();
    const config = JSON.parse(readFileSync(join(other, 'config.json'), 'utf8'));
    writeFileSync(join(other, 'config.json'), JSON.stringify({ ...config, model_type: 'qwen3_5' }));
    await serve(other);
    assert.match(await refusal(lookUp(model), 'modelInvalid', ID), /Qwen3\.5 is not supported yet/);
  });

  it('takes a name or the address of a page, and refuses what is neither or not encrypted', () => {
    const hub = 'https://hub.example/';
    const at = (source: string) => {
      const { base, id, revision } = parseSource(source, hub);
      return [base, id, revision];
    };
    assert.deepEqual(at(' owner/name '), ['https://hub.example', 'owner/name', 'main']);
    assert.deepEqual(at('owner/name@v1'), ['https://hub.example', 'owner/name', 'v1']);
    const page = 'https://mirror.example/hf/owner/name';
    for (const source of [page, `${page}/`, `${page}/tree/main`, `${page}?x=1#y`])
      assert.deepEqual(at(source), ['https://mirror.example/hf', 'owner/name', 'main'], source);
    const wrong = [
      '',
      'name',
      'a/b/c',
      '../x',
      'owner/na me',
      'owner/name@../x',
      'http://mirror.example/owner/name',
    ];
    for (const source of [...wrong, 'https://me:secret@mirror.example/owner/name'])
      assert.throws(() => parseSource(source, hub), { name: 'ProblemError' }, source);
    assert.throws(() => parseSource('owner/name', 'not an address'), { name: 'ProblemError' });
  });

  it('leaves out files that lead out of the folder', async () => {
    const listing = mirror.listing;
    mirror.listing = (siblings) =>
      listing([...siblings, { rfilename: '../evil', size: 1, blobId: '0'.repeat(40) }]);
    const { files } = await lookUp(model);
    assert.ok(!files.some(({ path }) => path.includes('evil')));
  });
});
