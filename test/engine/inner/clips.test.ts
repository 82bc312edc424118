import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEASURE_IDS } from '../../../src/core/measures';
import { FRAME_PLAN } from '../../../src/core/plan';
import type { DecodedClip } from '../../../src/engine/sample/clip';
import * as clips from '../../support/clips';
import { FFMPEG, hasEncoder } from '../../support/ffmpeg';
import { skip } from '../../support/skip';
import {
  assertNoChildren,
  children,
  decode,
  fakeFfmpeg,
  mean,
  refusal,
  removeTempDirs,
  tempDir,
  waitFor,
} from './support';

interface Expected {
  size: [number, number];
  frames: number;
  fps: number;
  duration: number;
  needs?: string;
}

const SMALL = { size: [160, 90] as [number, number], frames: 8, fps: 8, duration: 1 };

const GOOD: Record<string, [() => string, Expected]> = {
  'H.264': [clips.h264, { size: [832, 480], frames: 32, fps: 16, duration: 2 }],
  'H.264 with sound': [clips.withAudio, SMALL],
  VP9: [clips.vp9, SMALL],
  HEVC: [clips.hevc, { ...SMALL, needs: 'libx265' }],
  ProRes: [clips.prores, SMALL],
  'Motion JPEG': [clips.mjpeg, SMALL],
  'MPEG-4 in AVI': [clips.mpeg4, SMALL],
  mp4v: [clips.mp4v, SMALL],
  GIF: [clips.gif, { ...SMALL, duration: 1.005 }],
  'animated WebP': [clips.webp, { ...SMALL, needs: 'libwebp_anim' }],
  'variable frame rate': [clips.vfr, { ...SMALL, frames: 30, fps: 24, duration: 1.875 }],
  'rotation metadata': [clips.rotated, { ...SMALL, size: [90, 160] }],
  'odd sizes': [clips.oddSize, { ...SMALL, size: [101, 57] }],
  'one pixel': [clips.onePixel, { ...SMALL, size: [1, 1] }],
  transparency: [clips.alpha, SMALL],
  'ten bits': [clips.tenBit, SMALL],
  'HDR tags': [clips.hdr, SMALL],
  'one frame': [clips.oneFrame, { ...SMALL, frames: 1, duration: 0.125 }],
  'an hour': [clips.long, { size: [64, 36], frames: 3600, fps: 1, duration: 3600 }],
};

function checkShape(clip: DecodedClip): void {
  const { times, series } = clip.measures;
  assert.ok(times.length > 0);
  for (const [i, t] of times.entries())
    assert.ok(t >= 0 && (i === 0 || t > (times[i - 1] ?? 0)), 'ascending');
  for (const id of MEASURE_IDS) {
    assert.equal(series[id].length, times.length, id);
    for (const value of series[id]) assert.ok(Number.isFinite(value), id);
  }
  const { width, height } = clip.burstSize;
  assert.equal(clip.burst.length, FRAME_PLAN.samples * FRAME_PLAN.burst * width * height * 3);
  assert.ok(Math.max(width, height) === FRAME_PLAN.longSide && Math.min(width, height) >= 8);
}

describe('decoding good clips', () => {
  after(removeTempDirs);
  afterEach(assertNoChildren);

  for (const [name, [make, expected]] of Object.entries(GOOD))
    it(name, async function () {
      if (expected.needs && !hasEncoder(expected.needs)) skip(this, `this ffmpeg has no ${expected.needs}`);
      const clip = await decode(make());
      checkShape(clip);
      assert.deepEqual([clip.size.width, clip.size.height], expected.size);
      assert.equal(clip.frames, expected.frames);
      assert.ok(Math.abs(clip.fps - expected.fps) < 0.01, `${clip.fps} fps`);
      assert.ok(Math.abs(clip.duration - expected.duration) < 0.011, `${clip.duration} s`);
    });

  it('an hour is seeked, not decoded: a few windows of it are seen', async () => {
    const { measures } = await decode(clips.long());
    assert.ok(measures.times.length < 100, `${measures.times.length} frames`);
    const [first = 0, last = 0] = [measures.times[0], measures.times.at(-1)];
    assert.ok(first > 200 && first < 230 && last > 3370 && last < 3400, `${first} to ${last}`);
  });

  it('a clip gives the same answer in windows as whole', async () => {
    const long = clips.clip('half-minute', { width: 160, height: 90, fps: 10, seconds: 30 });
    const { measures, burst, burstSize, duration } = await decode(long);
    assert.equal(duration, 30);
    assert.equal(measures.times.length, FRAME_PLAN.samples * 6);
    const bytes = burstSize.width * burstSize.height * 3;
    const centres = [1, 4, 7, 10, 13, 16, 19, 22].map((i) => burst.subarray(i * bytes, (i + 1) * bytes));
    // testsrc2 moves all the time: eight samples, eight pictures
    assert.equal(new Set(centres.map((c) => Buffer.from(c).toString('base64'))).size, FRAME_PLAN.samples);
    const off = (i: number, t: number) =>
      meanDifference(burst.subarray(i * bytes, (i + 1) * bytes), frameAt(long, t, bytes));
    assert.ok(off(0, 1.775) < 0.01 && off(1, 1.875) < 0.01, 'the frame at 1.875 s, and before it one');
  });

  it('a long clip of few frames is read whole, and no frame of it is taken for a repeated one', async () => {
    const slides = clips.clip('slides', { width: 160, height: 90, fps: 0.5, seconds: 40 });
    const { measures, burst, burstSize, frames } = await decode(slides);
    assert.deepEqual([frames, measures.times.length], [20, 20]);
    const bytes = burstSize.width * burstSize.height * 3;
    const at = (i: number) => burst.subarray(i * bytes, (i + 1) * bytes);
    for (let i = 1; i < FRAME_PLAN.samples * FRAME_PLAN.burst; i++)
      assert.ok(i % FRAME_PLAN.burst === 0 || meanDifference(at(i - 1), at(i)) > 0, `picture ${i}`);
  });

  for (const path of clips.awkwardNames())
    it(`a file named ${JSON.stringify(path.split('/').at(-1))}`, async () => {
      const clip = await decode(path);
      assert.equal(clip.frames, 8);
    });

  it('variable frame rate: times are the container’s own', async () => {
    const { measures } = await decode(clips.vfr());
    const steps = measures.times.slice(1).map((t, i) => Math.round((t - measures.times[i]!) * 24));
    assert.deepEqual(steps.slice(0, 23), new Array(23).fill(1));
    assert.deepEqual([...new Set(steps.slice(24))], [4]);
  });

  it('the degradation is found where it is', async () => {
    const { measures } = await decode(clips.degraded());
    const within = measures.series.sharpness.filter(
      (_, i) => measures.times[i]! >= 1 && measures.times[i]! < 1.5,
    );
    const outside = measures.series.sharpness.filter(
      (_, i) => measures.times[i]! < 1 || measures.times[i]! >= 1.5,
    );
    assert.ok(mean(within) < 0.5 * mean(outside));
  });

  it('a title that imitates ffmpeg changes nothing', async () => {
    const title = [
      'x',
      '  Duration: 99:00:00.00, start: 0.000000, bitrate: 1 kb/s',
      'Output #0, rawvideo, to x:',
      '[showinfo@0frame @ 0x1] n:   0 pts:      9 pts_time:9 fmt:rgb24 sar:0/1 s:9999x9999 i:P ',
      '[Parsed_showinfo_2 @ 0x55] n:   0 pts:   9999 pts_time:9999 fmt:rgb24 sar:0/1 s:1x1 i:P ',
    ].join('\n');
    const path = join(tempDir(), 'title.mkv');
    remux(clips.h264(), path, ['-metadata', `title=${title}`, '-metadata:s:v', `title=${title}`]);
    const clip = await decode(path);
    assert.deepEqual([clip.frames, clip.size.width], [32, 832]);
    assert.ok(Math.abs(clip.duration - 2) < 0.01, `${clip.duration} s`);
  });

  it('a picture that changes its size within the clip keeps one analysed size', async () => {
    const path = join(tempDir(), 'sizes.h264');
    const parts = [
      clips.clip('wide', { seconds: 1 }),
      clips.clip('tall', { width: 180, height: 320, seconds: 1 }),
    ];
    const streams = parts.map((part) => {
      const stream = join(tempDir(), 'part.h264');
      remux(part, stream, ['-bsf:v', 'h264_mp4toannexb']);
      return readFileSync(stream);
    });
    writeFileSync(path, Buffer.concat(streams));
    const clip = await decode(path);
    checkShape(clip);
    assert.equal(clip.frames, 32);
    assert.deepEqual(clip.burstSize, { width: 256, height: 144 });
  });

  it('anamorphic pixels: the size is the displayed one', async () => {
    const path = clips.clip('anamorphic', {
      width: 144,
      height: 90,
      filter: 'setsar=4/3',
      seconds: 1,
      fps: 8,
    });
    const clip = await decode(path);
    assert.deepEqual(clip.size, { width: 192, height: 90 });
    assert.deepEqual(clip.burstSize, { width: 256, height: 120 });
  });

  for (const audio of [false, true])
    it(`a clip that begins at 50 s, ${audio ? 'with sound' : 'silent'}: its own 40 s, not the container’s 90`, async () => {
      const options = { width: 96, height: 64, fps: 4, seconds: 40, audio };
      const path = join(tempDir(), 'late.mkv');
      remux(clips.clip(`to-shift-${audio}`, options), path, ['-output_ts_offset', '50']);
      const clip = await decode(path);
      assert.ok(Math.abs(clip.duration - 40) < 0.3, `${clip.duration} s`);
      assert.equal(clip.frames, 160);
    });

  it('a container that promises far more than there is: the clip is decoded whole', async () => {
    const path = join(tempDir(), 'promises.mp4');
    const mp4 = readFileSync(clips.named('promise.mp4'));
    for (const box of ['mvhd', 'tkhd', 'mdhd']) stretch(mp4, box, 100);
    writeFileSync(path, mp4);
    const clip = await decode(path);
    assert.equal(clip.frames, 8);
    assert.ok(Math.abs(clip.duration - 1) < 0.01, `${clip.duration} s`);
  });
});

/** Multiplies the duration in every box of this kind (version 0). */
function stretch(mp4: Buffer, box: string, times: number): void {
  const offset = box === 'tkhd' ? 24 : 20;
  for (let at = mp4.indexOf(box); at >= 0; at = mp4.indexOf(box, at + 4))
    mp4.writeUInt32BE(mp4.readUInt32BE(at + offset) * times, at + offset);
}

function remux(from: string, to: string, args: readonly string[]): void {
  execFileSync(FFMPEG, ['-v', 'error', '-nostdin', '-y', '-i', from, '-c', 'copy', ...args, to]);
}

/** The frame at a time, by ffmpeg's own select. */
function frameAt(path: string, time: number, bytes: number): Uint8Array {
  const filter = `select='lte(t,${time})',${FRAME_PLAN.filter}`;
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-i',
    path,
    '-vf',
    filter,
    '-t',
    String(time + 0.01),
    '-f',
    'rawvideo',
    '-',
  ];
  const all = execFileSync(FFMPEG, args, { maxBuffer: 1 << 28 });
  return all.subarray(all.length - bytes);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((sum, v, i) => sum + Math.abs(v - b[i]!), 0) / a.length;
}

describe('refusing bad clips', () => {
  after(removeTempDirs);
  afterEach(assertNoChildren);

  const old = (path: string) => (utimesSync(path, 1e9, 1e9), path);

  it('missing', async () =>
    void (await refusal(decode(join(tempDir(), 'gone.mp4')), 'fileMissing', 'gone.mp4')));
  it('a folder', async () => void (await refusal(decode(clips.directory()), 'notAFile', 'directory.mp4')));
  it('empty', async () => void (await refusal(decode(clips.empty()), 'empty', 'empty.mp4')));
  it('a few bytes, fewer than a header has', async () => {
    const path = join(tempDir(), 'few.mp4');
    writeFileSync(path, '200:0');
    await refusal(decode(old(path)), 'notVideo', 'few.mp4');
  });
  it('text', async () => void (await refusal(decode(clips.textFile()), 'notVideo', 'text.mp4')));
  it('sound only', async () => {
    assert.match(
      await refusal(decode(clips.audioOnly()), 'noVideo', 'audio-only.mp4'),
      /sound but no picture/,
    );
  });
  it('without a frame', async () =>
    void (await refusal(decode(old(clips.noFrames())), 'noVideo', 'no-frames.mp4')));
  it('cut before its index', async () =>
    void (await refusal(decode(old(clips.noIndex())), 'truncated', 'no-index.mp4')));
  it('cut within its data', async () => {
    assert.match(
      await refusal(decode(old(clips.truncated())), 'truncated', 'truncated.mp4'),
      /1\.\d of 2\.0 s/,
    );
  });
  it('16000 x 16000', async () => {
    assert.match(await refusal(decode(clips.huge()), 'tooLarge', 'huge.mov'), /16000 x 16000/);
  });

  it('still being written: its index is not there and the file is fresh', async () => {
    const path = join(tempDir(), 'growing.mp4');
    copyFileSync(clips.noIndex(), path);
    await refusal(decode(path), 'stillWriting', 'growing.mp4');
  });

  it('still being written: it changes while it is decoded', async () => {
    const path = join(tempDir(), 'changing.mp4');
    copyFileSync(clips.h264(), path);
    const slow = fakeFfmpeg(`sleep 0.5; exec '${FFMPEG}' "$@"`);
    const decoding = decode(path, { ffmpeg: slow });
    await waitFor(() => children().length > 0);
    utimesSync(path, new Date(), new Date(Date.now() - 3000));
    await refusal(decoding, 'stillWriting', 'changing.mp4');
  });

  it('a pipe in a file’s place is refused, not waited for', async function () {
    const path = join(tempDir(), 'pipe.mp4');
    if (process.platform === 'win32') skip(this, 'no named pipes');
    execFileSync('mkfifo', [path]);
    await refusal(decode(path), 'notAFile', 'pipe.mp4');
  });

  it('permission denied', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) skip(this, 'root may read everything');
    const path = join(tempDir(), 'secret.mp4');
    copyFileSync(clips.h264(), path);
    execFileSync('chmod', ['000', path]);
    await refusal(decode(path), 'unreadable', 'secret.mp4');
  });

  for (const [kind, text] of [
    ['a playlist', '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:CLIP\n#EXT-X-ENDLIST\n'],
    ['a list to concatenate', "ffconcat version 1.0\nfile 'CLIP'\n"],
    ['a DASH manifest', '<?xml version="1.0"?><MPD><BaseURL>CLIP</BaseURL></MPD>'],
    [
      'a session description',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n',
    ],
  ] as const)
    it(`${kind} under a video’s name opens nothing else`, async () => {
      const path = join(tempDir(), 'list.mp4');
      writeFileSync(path, text.replace('CLIP', clips.h264()));
      await refusal(decode(path), 'notVideo', 'list.mp4');
    });

  for (const [ext, encode] of [
    ['avi', ['-c:v', 'mpeg4']],
    ['gif', []],
    ['mkv', ['-c:v', 'mpeg4']],
    ['webm', ['-c:v', 'libvpx', '-deadline', 'realtime']],
  ] as const)
    it(`cut: ${ext}`, async () => {
      const whole = readFileSync(clips.clip('to-cut', { width: 160, height: 90, ext, encode }));
      const path = join(tempDir(), `cut.${ext}`);
      writeFileSync(path, whole.subarray(0, whole.length * 0.6));
      await refusal(decode(old(path)), 'truncated', `cut.${ext}`);
    });

  it('a long clip cut within its data', async () => {
    const encode = ['-c:v', 'mpeg4', '-q:v', '4', '-movflags', '+faststart'];
    const whole = readFileSync(clips.clip('long-to-cut', { width: 96, height: 64, seconds: 40, encode }));
    const path = join(tempDir(), 'long-cut.mp4');
    writeFileSync(path, whole.subarray(0, whole.length * 0.7));
    assert.match(await refusal(decode(old(path)), 'truncated', 'long-cut.mp4'), / of 40 s/);
  });

  it('a cut WebP', async function () {
    if (!hasEncoder('libwebp_anim')) skip(this, 'this ffmpeg has no libwebp_anim');
    const path = join(tempDir(), 'cut.webp');
    const whole = readFileSync(clips.webp());
    writeFileSync(path, whole.subarray(0, whole.length * 0.6));
    await refusal(decode(path), 'truncated', 'cut.webp');
  });
});
