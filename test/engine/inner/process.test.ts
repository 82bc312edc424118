import assert from 'node:assert/strict';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { isAtLeast, locateFfmpeg } from '../../../src/engine/ffmpeg/locate';
import { FrameReader } from '../../../src/engine/sample/frameReader';
import { StderrReader, type FrameInfo } from '../../../src/engine/sample/header';
import { runPass } from '../../../src/engine/sample/pass';
import { h264, long, withAudio } from '../../support/clips';
import { skip } from '../../support/skip';
import {
  assertNoChildren,
  children,
  decode,
  fakeFfmpeg,
  ffmpeg,
  refusal,
  removeTempDirs,
  sleep,
  tempDir,
  waitFor,
} from './support';

describe('finding ffmpeg', () => {
  after(removeTempDirs);
  afterEach(assertNoChildren);
  const path = process.env['PATH'];
  afterEach(() => (process.env['PATH'] = path));

  it('says its version and where it came from', async () => {
    const found = await ffmpeg();
    assert.match(found.version, /\d/);
    assert.ok(readdirSync(join(found.path, '..')).length > 0);
  });

  it('the setting comes first', async () => {
    const own = fakeFfmpeg('exit 1', 'ffmpeg version n7.1-5-gabc Copyright');
    const found = await locateFfmpeg(own.path);
    assert.deepEqual(found, { path: own.path, version: 'n7.1-5-gabc', origin: 'setting' });
  });

  it('a setting that is no ffmpeg is passed over, and said so', async () => {
    const own = fakeFfmpeg('exit 1', 'cat version 1');
    const told: string[] = [];
    const found = await locateFfmpeg(own.path, (_, text) => told.push(text));
    assert.notEqual(found.origin, 'setting');
    assert.match(told.join(), /passed over: did not answer as ffmpeg does/);
  });

  it('one that does not answer is ended', async function () {
    this.timeout(15_000);
    const own = join(tempDir(), 'ffmpeg');
    writeFileSync(own, '#!/bin/sh\nexec sleep 60\n');
    chmodSync(own, 0o755);
    const told: string[] = [];
    await locateFfmpeg(own, (_, text) => told.push(text));
    assert.match(told.join(), /did not answer within 5 s/);
  });

  it('nothing found: a problem that says what was tried and what to do', async function () {
    const { FFMPEG_BIN } = process.env;
    process.env['PATH'] = '';
    delete process.env['FFMPEG_BIN'];
    const found = await locateFfmpeg('/nowhere/ffmpeg').catch((e: unknown) => e);
    if (FFMPEG_BIN !== undefined) process.env['FFMPEG_BIN'] = FFMPEG_BIN;
    if (!(found instanceof Error)) skip(this, 'there is one that PATH does not name');
    const message = await refusal(Promise.reject(found), 'ffmpegMissing');
    assert.match(message, /\/nowhere\/ffmpeg.*not there/);
  });

  it('versions', () => {
    assert.ok(isAtLeast('5.1.9-0+deb12u1', 5, 1));
    assert.ok(!isAtLeast('5.0.1', 5, 1));
    assert.ok(isAtLeast('n6.1', 5, 1));
    assert.ok(isAtLeast('7.0.2-static', 5, 1));
    assert.ok(!isAtLeast('4.4.2-0ubuntu0.22.04.1', 5, 1));
    assert.ok(isAtLeast('N-109542-g1bf1f90d3a', 5, 1));
    assert.ok(isAtLeast('2024-05-01-git-abc', 5, 1));
  });
});

describe('ffmpeg on a short leash', () => {
  after(removeTempDirs);
  afterEach(assertNoChildren);

  it('one that gives no frame is ended at the deadline', async () => {
    const hung = fakeFfmpeg('exec sleep 600');
    await refusal(decode(h264(), { ffmpeg: hung, deadline: 0.5 }), 'deadline', 'h264.mp4');
  });

  it('one whose own children hold the pipes open is ended all the same', async () => {
    const hung = fakeFfmpeg('sleep 600; exit 0');
    await refusal(decode(h264(), { ffmpeg: hung, deadline: 0.5 }), 'deadline');
  });

  it('one that dies of a signal is a failure of ffmpeg, not of the file', async () => {
    const dying = fakeFfmpeg('echo "  Stream #0:0: Video: h264" >&2; kill -SEGV $$');
    assert.match(await refusal(decode(withAudio(), { ffmpeg: dying }), 'ffmpegFailed'), /SIGSEGV/);
  });

  it('one that talks without end does not fill the memory', async () => {
    const chatty = fakeFfmpeg('yes "a line of no interest, again and again" | head -c 60000000 >&2; exit 1');
    const before = process.memoryUsage().heapUsed;
    await refusal(decode(withAudio(), { ffmpeg: chatty }), 'noVideo');
    assert.ok(process.memoryUsage().heapUsed - before < 60e6);
  });

  it('a line without end neither', async () => {
    const chatty = fakeFfmpeg("head -c 60000000 /dev/zero | tr '\\0' x >&2; exit 1");
    const before = process.memoryUsage().heapUsed;
    await refusal(decode(withAudio(), { ffmpeg: chatty }), 'noVideo');
    assert.ok(process.memoryUsage().heapUsed - before < 60e6);
  });

  it('an abort kills it at once', async () => {
    const hung = fakeFfmpeg('exec sleep 60');
    const controller = new AbortController();
    const work = decode(h264(), { ffmpeg: hung, signal: controller.signal });
    await waitFor(() => children().length > 0);
    controller.abort();
    await refusal(work, 'cancelled');
    await assertNoChildren();
  });

  it('an abort in the middle of a clip, and of windows', async () => {
    for (const path of [h264(), long()]) {
      const controller = new AbortController();
      const work = decode(path, { signal: controller.signal });
      await waitFor(() => children().some((name) => name.startsWith('ffmpeg')));
      controller.abort();
      await refusal(work, 'cancelled');
      await assertNoChildren();
    }
  });

  it('an abort beforehand starts nothing that stays', async () => {
    await refusal(decode(h264(), { signal: AbortSignal.abort() }), 'cancelled');
  });

  it('a fault in what takes the frames ends it, and is not lost', async () => {
    const path = h264();
    const found = await ffmpeg();
    const onFrame = () => {
      throw new Error('full');
    };
    await assert.rejects(runPass({ ffmpeg: found, path, deadline: 20, onFrame }), /full/);
  });

  it('nothing is read ahead while nobody takes frames', async function () {
    this.timeout(30_000);
    const source = `exec dd if=/dev/zero bs=1M count=64 2>/dev/null`;
    const fake = fakeFfmpeg(source); // frames without a single line about them: they can never be handed on
    const before = process.memoryUsage().arrayBuffers;
    const work = decode(withAudio(), { ffmpeg: fake, deadline: 1.5 });
    await sleep(1000);
    assert.ok(process.memoryUsage().arrayBuffers - before < 20e6);
    await refusal(work, 'deadline');
  });
});

describe('joining frames and their lines', () => {
  const size = { width: 2, height: 1 };
  const frame = (v: number) => new Array<number>(6).fill(v);

  function reader() {
    const stream = new PassThrough();
    const seen: [number, number | undefined][] = [];
    let known = false;
    const frames = new FrameReader(
      stream,
      () => (known ? size : undefined),
      (rgb, info) => seen.push([rgb[0]!, info.time]),
    );
    const add = (info: FrameInfo) => ((known = true), frames.add(info));
    return { stream, seen, add };
  }

  it('in any order of arrival, whatever the chunks', async () => {
    const { stream, seen, add } = reader();
    stream.write(Buffer.from(frame(1).slice(0, 4)));
    await sleep(5);
    add({ time: 0 });
    add({ time: 1 });
    stream.write(Buffer.from([...frame(1).slice(4), ...frame(2), ...frame(3), ...frame(4).slice(0, 1)]));
    await sleep(5);
    assert.deepEqual(seen, [
      [1, 0],
      [2, 1],
    ]);
    add({ time: 2 });
    add({ time: 3 });
    stream.end(Buffer.from(frame(4).slice(1)));
    await sleep(5);
    assert.deepEqual(seen.slice(2), [
      [3, 2],
      [4, 3],
    ]);
  });
});

describe('reading what ffmpeg says', () => {
  it('takes no line for a frame that does not carry the secret word', () => {
    const seen: FrameInfo[] = [];
    const reader = new StderrReader((info) => seen.push(info));
    const word = /showinfo@(\w+)frame/.exec(reader.filters('null', true))?.[1];
    const line = (name: string) =>
      `[${name} @ 0x5] n:   0 pts:   2048 pts_time:1 fmt:rgb24 sar:1/1 s:256x144 i:P `;
    reader.read(line('Parsed_showinfo_1'));
    reader.read(line('showinfo@frame'));
    reader.read(`    title           : ${line(`showinfo@${word}frame`)}`);
    assert.equal(seen.length, 0);
    reader.read(`[showinfo@${word}frame @ 0x5] config in time_base: 1/2048, frame_rate: 16/1`);
    reader.read(line(`showinfo@${word}frame`));
    assert.deepEqual(seen, [{ time: 1 }]);
    assert.deepEqual(reader.analysed, { width: 256, height: 144 });
  });

  it('the word is another each time', () => {
    const words = [1, 2].map(() => new StderrReader(() => {}).filters('null', true));
    assert.notEqual(words[0], words[1]);
  });
});
