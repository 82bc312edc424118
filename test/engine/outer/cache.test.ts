import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FRAME_PLAN } from '../../../src/core/plan';
import type { Json } from '../../../src/core/decode';
import { packBlob, unpackBlob } from '../../../src/engine/cache/blob';
import { ClipCache } from '../../../src/engine/cache/clips';
import { HashMemo } from '../../../src/engine/cache/hashes';
import { ProxyCache } from '../../../src/engine/cache/proxies';
import { FileStore } from '../../../src/engine/cache/store';
import type { CachedClip } from '../../../src/engine/ports';
import { clipRecord, measures } from '../../unit/core/samples';
import { cleanUp, tempDir } from './support';

const MODEL = 'm'.repeat(64);
const PLAN = FRAME_PLAN.id;

function cached(hash = 'a'.repeat(64)): CachedClip {
  const { path: _, ...record } = clipRecord('x.mp4', { hash });
  const series = measures({ shake: (t) => Math.sin(t) / 3 });
  return { record, measures: series, encoding: Float32Array.from({ length: 640 }, (_, i) => Math.cos(i)) };
}

const files = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name));

const age = (path: string, hours: number) => {
  const then = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, then, then);
};

describe('clip cache', () => {
  afterEach(cleanUp);

  it('gives back what was put, to the bit, by content, model and plan', async () => {
    const store = new FileStore(tempDir(), 1e9);
    const cache = new ClipCache(store);
    const clip = { ...cached(), device: 'cuda' };
    const { hash } = clip.record;
    await cache.put(hash, MODEL, PLAN, clip);
    assert.deepEqual(await new ClipCache(store).get(hash, MODEL, PLAN), clip);
    assert.equal(await cache.get(hash, 'n'.repeat(64), PLAN), undefined);
    assert.equal(await cache.get(hash, MODEL, 'another'), undefined);
    assert.deepEqual((await cache.getMeasured(hash, PLAN))?.measures, clip.measures);
  });

  it('takes measures anew that were taken by another definition', async () => {
    const dir = tempDir();
    const cache = new ClipCache(new FileStore(dir, 1e9));
    const { hash } = cached().record;
    await cache.put(hash, MODEL, PLAN, cached());
    const path = files(dir).find((p) => p.includes('measures'))!;
    const { header, bytes } = unpackBlob(readFileSync(path))!;
    const again = (measures: unknown) =>
      writeFileSync(path, packBlob({ ...(header as Json), measures }, new Float64Array(bytes)));
    again((header as Json).measures);
    assert.ok(await cache.getMeasured(hash, PLAN));
    again('0123456789abcdef');
    assert.equal(await cache.getMeasured(hash, PLAN), undefined);
  });

  it('removes a spoilt file and answers as if there were none', async () => {
    const dir = tempDir();
    const cache = new ClipCache(new FileStore(dir, 1e9));
    const clip = cached();
    const { hash } = clip.record;
    const spoil: ((data: Buffer) => Buffer)[] = [
      (d) => d.subarray(0, d.length >> 1),
      () => Buffer.alloc(0),
      (d) => (d.writeUInt8(d.readUInt8(d.length - 30) ^ 1, d.length - 30), d),
      (d) => (d.writeUInt32LE(0xffffffff, 8), d),
    ];
    for (const how of spoil) {
      await cache.put(hash, MODEL, PLAN, clip);
      const path = files(dir).find((p) => p.includes('encodings'))!;
      writeFileSync(path, how(readFileSync(path)));
      assert.equal(await cache.get(hash, MODEL, PLAN), undefined);
      assert.ok(!existsSync(path));
    }
  });

  it('keeps within its bounds, the least recently used going first, abandoned scratch files too', async () => {
    const dir = tempDir();
    const store = new FileStore(dir, 100_000);
    for (let i = 0; i < 10; i++) {
      await store.write(`k/${i}`, Buffer.alloc(10_000));
      age(store.path(`k/${i}`), 20 - i);
    }
    await store.read('k/0');
    writeFileSync(join(dir, 'k', 'x.1-2.making'), 'abandoned');
    age(join(dir, 'k', 'x.1-2.making'), 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.write('k/new', Buffer.alloc(10_000));
    await store.sweep();
    const left = files(dir).map((p) => p.split('/').at(-1)!);
    assert.ok(left.includes('0') && left.includes('new') && left.includes('9'), left.join());
    assert.ok(!left.includes('1') && !left.some((name) => name.endsWith('.making')), left.join());
    assert.ok(left.length <= 9);
  });

  it('is rid of the scratch files of processes that are no more', async () => {
    const store = new FileStore(tempDir(), 1e9);
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    await store.write('k/a', 'a');
    const scratch = (pid: number) => store.path(`k/b.${pid}-0a1b2c3d.making`);
    for (const pid of [dead, process.pid]) writeFileSync(scratch(pid), '');
    await store.tidy();
    assert.deepEqual(files(store.dir).sort(), [store.path('k/a'), scratch(process.pid)]);
  });

  it('is cleared of its own files, and tells how much that was', async () => {
    const dir = tempDir();
    const store = new FileStore(join(dir, 'own'), 1e9);
    writeFileSync(join(dir, 'notes.txt'), 'mine');
    await store.write('a/b', 'xyz');
    await store.write('c', 'xy');
    assert.deepEqual(await store.clear(), { files: 2, bytes: 5 });
    assert.deepEqual(files(dir), [join(dir, 'notes.txt')]);
    assert.deepEqual(await store.clear(), { files: 0, bytes: 0 });
  });

  it('does without where nothing can be written', async () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    const said: string[] = [];
    const store = new FileStore(join(file, 'cache'), 1e9, (text) => said.push(text));
    const cache = new ClipCache(store);
    await cache.put('a'.repeat(64), MODEL, PLAN, cached());
    assert.equal(await cache.get('a'.repeat(64), MODEL, PLAN), undefined);
    assert.deepEqual(await store.clear(), { files: 0, bytes: 0 });
    assert.equal(said.length, 2);
  });
});

describe('hash memo', () => {
  afterEach(cleanUp);

  it('knows a file until it changes', async () => {
    const dir = tempDir();
    const memo = new HashMemo(new FileStore(join(dir, 'cache'), 1e9));
    const path = join(dir, 'clip.mp4');
    writeFileSync(path, 'frames');
    await memo.put(path, await memo.fingerprint(path), 'f'.repeat(64));
    assert.equal(await memo.get(path), undefined, 'a file that changed a moment ago may change again unseen');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await memo.put(path, await memo.fingerprint(path), 'f'.repeat(64));
    assert.equal(await memo.get(path), 'f'.repeat(64));
    linkSync(path, join(dir, 'other.mp4'));
    assert.equal(await memo.get(join(dir, 'other.mp4')), undefined);
    writeFileSync(path, 'FRAMES');
    assert.equal(await memo.get(path), undefined);
    assert.equal(await memo.get(join(dir, 'none')), undefined);
  });
});

describe('proxy cache', () => {
  afterEach(cleanUp);

  it('makes a proxy once per content', async () => {
    const proxies = new ProxyCache(new FileStore(tempDir(), 1e9));
    let made = 0;
    const make = async (target: string) => {
      made++;
      mkdirSync(`${target}.d`);
      writeFileSync(join(`${target}.d`, 'x'), 'mp4');
      renameSync(join(`${target}.d`, 'x'), target);
    };
    const path = await proxies.find('h', make, {});
    assert.equal(await proxies.find('h', make, {}), path);
    assert.equal(made, 1);
    writeFileSync(path, '');
    await proxies.find('h', async (target) => writeFileSync(target, 'again'), {});
    assert.equal(readFileSync(path, 'utf8'), 'again');
  });
});
