import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeProxy } from '../../../src/engine/ffmpeg/proxy';
import type { DecodeProgress } from '../../../src/engine/ports';
import * as clips from '../../support/clips';
import { FFMPEG, hasEncoder } from '../../support/ffmpeg';
import { skip } from '../../support/skip';
import {
  assertNoChildren,
  decode,
  fakeFfmpeg,
  ffmpeg,
  refusal,
  removeTempDirs,
  waitFor,
  tempDir,
} from './support';

describe('proxies', () => {
  before(function () {
    if (!hasEncoder('libx264') && !hasEncoder('libopenh264')) skip(this, 'this ffmpeg has no H.264 encoder');
  });
  after(removeTempDirs);
  afterEach(assertNoChildren);

  async function proxyOf(path: string, more: Parameters<typeof makeProxy>[1] = {}): Promise<string> {
    const target = join(tempDir(), 'a b.mp4');
    await makeProxy({ ffmpeg: await ffmpeg(), path, target, deadline: 20 }, more);
    assert.deepEqual(readdirSync(join(target, '..')), ['a b.mp4'], 'nothing but the proxy');
    return target;
  }
  const describeFile = (path: string) =>
    spawnSync(FFMPEG, ['-hide_banner', '-i', path], { encoding: 'utf8' }).stderr;

  for (const [name, make] of Object.entries({
    GIF: clips.gif,
    'odd sizes': clips.oddSize,
    'one pixel': clips.onePixel,
    rotated: clips.rotated,
    transparency: clips.alpha,
    HDR: clips.hdr,
    sound: clips.withAudio,
  }))
    it(`${name}: H.264, even, eight bits, no sound, index in front`, async () => {
      const proxy = await proxyOf(make());
      const said = describeFile(proxy);
      assert.match(said, /Video: h264 .*yuv420p[(,]/);
      assert.doesNotMatch(said, /Audio:/);
      const original = await decode(make());
      const { size, frames } = await decode(proxy);
      const even = (n: number) => 2 * Math.max(1, Math.round(n / 2));
      assert.deepEqual(size, { width: even(original.size.width), height: even(original.size.height) });
      assert.equal(frames, original.frames);
      const mp4 = execFileSync('head', ['-c', '4096', proxy]);
      assert.ok(mp4.indexOf('moov') > 0 && mp4.indexOf('moov') < mp4.indexOf('mdat'), 'faststart');
    });

  it('at most 1280 wide', async () => {
    const wide = clips.clip('very-wide', { width: 2000, height: 100, fps: 4, seconds: 1 });
    const { size } = await decode(await proxyOf(wide));
    assert.deepEqual(size, { width: 1280, height: 64 });
  });

  it('time stamps are kept', async () => {
    const [original, proxy] = [await decode(clips.vfr()), await decode(await proxyOf(clips.vfr()))];
    assert.equal(proxy.frames, original.frames);
    proxy.measures.times.forEach((t, i) => assert.ok(Math.abs(t - original.measures.times[i]!) < 1e-3));
  });

  it('an animated WebP keeps its duration', async function () {
    if (!hasEncoder('libwebp_anim')) skip(this, 'this ffmpeg has no libwebp_anim');
    const [original, proxy] = [await decode(clips.webp()), await decode(await proxyOf(clips.webp()))];
    assert.ok(Math.abs(proxy.duration - original.duration) < 0.15);
  });

  it('reports how far it is', async () => {
    const seen: DecodeProgress[] = [];
    await proxyOf(clips.long(), { onProgress: (p) => seen.push(p) });
    assert.ok(seen.length > 0 && seen.every((p) => p.of === 3600 && p.seconds <= 3601));
  });

  it('cancelled: no process, no file', async () => {
    const dir = tempDir();
    const controller = new AbortController();
    const request = { ffmpeg: await ffmpeg(), path: clips.long(), target: join(dir, 'p.mp4'), deadline: 60 };
    const work = makeProxy(request, { signal: controller.signal });
    await waitFor(() => readdirSync(dir).length > 0);
    controller.abort();
    await refusal(work, 'cancelled');
    assert.deepEqual(readdirSync(dir), []);
  });

  it('what a killed process leaves bears a name that the cache sweeps', async () => {
    const target = join(tempDir(), 'p.mp4');
    const file = 'for a; do last=$a; done; echo x > "$(echo "$last" | cut -c6-)"';
    const controller = new AbortController();
    const work = makeProxy(
      { ffmpeg: fakeFfmpeg(`${file}; exec sleep 60`), path: clips.h264(), target, deadline: 20 },
      { signal: controller.signal },
    );
    work.catch(() => undefined);
    const left = () => readdirSync(join(target, '..'));
    await waitFor(() => left().length > 0);
    const [name = ''] = left();
    assert.match(name, new RegExp(`^p\\.mp4\\.${process.pid}-[0-9a-f]{8}\\.making$`));
    controller.abort();
    await refusal(work, 'cancelled');
    assert.deepEqual(left(), []);
  });

  it('refuses what is no video', async () => {
    for (const [path, code] of [
      [clips.textFile(), 'notVideo'],
      [clips.audioOnly(), 'noVideo'],
      [clips.empty(), 'empty'],
      [clips.directory(), 'notAFile'],
    ] as const) {
      const target = join(tempDir(), 'p.mp4');
      await refusal(makeProxy({ ffmpeg: await ffmpeg(), path, target, deadline: 20 }), code);
      assert.ok(!existsSync(target));
    }
  });

  it('a full disk, a hung ffmpeg, one without an H.264 encoder', async () => {
    const target = join(tempDir(), 'p.mp4');
    for (const [script, code] of [
      ['echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1', 'diskFull'],
      ['exec sleep 60', 'deadline'],
      ['echo "Unknown encoder \'x\'" >&2; exit 1', 'ffmpegFailed'],
    ] as const)
      await refusal(
        makeProxy({ ffmpeg: fakeFfmpeg(script), path: clips.h264(), target, deadline: 0.5 }),
        code,
      );
    assert.deepEqual(readdirSync(join(target, '..')), []);
  });

  it('takes the next encoder where one is missing', async function () {
    if (!hasEncoder('libx264')) skip(this, 'this ffmpeg has no libx264');
    const real = await ffmpeg();
    const script = `case "$*" in *libx264*) echo "Unknown encoder 'libx264'" >&2; exit 1;; esac
exec ${real.path} -v error -f lavfi -i color=s=16x16:d=0.2 -f mp4 -y "$(for a; do last=$a; done; echo "$last")"`;
    const dir = tempDir();
    mkdirSync(join(dir, 'p'));
    const target = join(dir, 'p', 'p.mp4');
    await makeProxy({ ffmpeg: fakeFfmpeg(script), path: clips.h264(), target, deadline: 20 });
    assert.deepEqual(readdirSync(join(dir, 'p')), ['p.mp4']);
  });
});
