import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPass } from '../../../src/engine/sample/pass';
import { steadyRate, webpSource } from '../../../src/engine/sample/webpSource';
import type { WebpFrame } from '../../../src/engine/sample/webp';
import { FFMPEG, hasEncoder } from '../../support/ffmpeg';
import { skip } from '../../support/skip';
import { assertNoChildren, decode, ffmpeg, refusal, removeTempDirs, tempDir } from './support';

interface Picture {
  colour: string;
  x?: number;
  y?: number;
  width: number;
  height: number;
  ms: number;
  /** 1: do not blend; 2 (as the format counts): clear afterwards. */
  replace?: boolean;
  clear?: boolean;
}

/** A still WebP of one colour, lossless; ffmpeg's colour syntax, `@` for opacity. */
function still({ colour, width, height }: Picture): Buffer {
  const source = `color=c=${colour}:s=${width}x${height},format=argb`;
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    '-frames:v',
    '1',
    '-c:v',
    'libwebp',
    '-lossless',
    '1',
  ];
  return execFileSync(FFMPEG, [...args, '-f', 'webp', '-']).subarray(12);
}

function chunk(id: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** An animated WebP, put together by hand. */
function animation(width: number, height: number, pictures: readonly Picture[]): Buffer {
  const extended = Buffer.alloc(10);
  extended[0] = 0x12;
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const frames = pictures.map((p) => {
    const head = Buffer.alloc(16);
    head.writeUIntLE((p.x ?? 0) / 2, 0, 3);
    head.writeUIntLE((p.y ?? 0) / 2, 3, 3);
    head.writeUIntLE(p.width - 1, 6, 3);
    head.writeUIntLE(p.height - 1, 9, 3);
    head.writeUIntLE(p.ms, 12, 3);
    head[15] = (p.replace ? 2 : 0) | (p.clear ? 1 : 0);
    // a still may come with a header of its own: only its picture is wanted
    const body = still(p);
    return chunk('ANMF', Buffer.concat([head, body.subarray(body.indexOf('VP8L'))]));
  });
  const all = [chunk('VP8X', extended), chunk('ANIM', Buffer.alloc(6)), ...frames];
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...all]));
}

const FULL = { width: 64, height: 32 };
const PICTURES: Picture[] = [
  { colour: 'red', ...FULL, ms: 100 },
  { colour: 'lime', x: 32, y: 0, width: 32, height: 16, ms: 250, clear: true },
  { colour: 'blue', x: 0, y: 16, width: 32, height: 16, ms: 100 },
  { colour: 'white@0.5', ...FULL, ms: 50 },
  { colour: 'white@0.5', ...FULL, ms: 0, replace: true },
];

describe('animated WebP', () => {
  before(function () {
    if (!hasEncoder('libwebp')) skip(this, 'this ffmpeg has no libwebp');
  });
  after(removeTempDirs);
  afterEach(assertNoChildren);

  function file(bytes: Buffer): string {
    const path = join(tempDir(), 'take %d.webp');
    writeFileSync(path, bytes);
    return path;
  }

  it('pictures lie where they belong, blend, replace and are cleared', async () => {
    const path = file(animation(FULL.width, FULL.height, PICTURES));
    const found = await ffmpeg();
    const source = await webpSource(found, path, 'x', 20);
    const seen: number[][][] = [];
    await runPass({
      ffmpeg: found,
      path,
      deadline: 20,
      source,
      onFrame: ({ rgb, width, height }) => {
        const at = (x: number, y: number) => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
        const [left, right, top, bottom] = [width / 4, (3 * width) / 4, height / 4, (3 * height) / 4];
        seen.push([at(left, top), at(right, top), at(left, bottom), at(right, bottom)]);
        return true;
      },
    });
    const [R, G, B, O] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [0, 0, 0],
    ];
    assert.deepEqual(seen.slice(0, 3), [
      [R, R, R, R],
      [R, G, R, R],
      [R, O, B, R],
    ]);
    const half = (c: number[]) => c.map((v) => Math.round((v + 255) / 2));
    const veiled = [half(R!), half(O!), half(B!), half(R!)];
    seen[3]!
      .flat()
      .forEach((v, i) => assert.ok(Math.abs(v - veiled.flat()[i]!) <= 2, `${seen[3]!.join(' ')}`));
    for (const v of seen[4]!.flat()) assert.ok(Math.abs(v - 128) <= 1, 'half white over black');
  });

  it('its own times: no time at all counts as a tenth of a second', async () => {
    const clip = await decode(file(animation(FULL.width, FULL.height, PICTURES)));
    assert.deepEqual(clip.measures.times, [0, 0.1, 0.35, 0.45, 0.5]);
    assert.deepEqual(clip.size, FULL);
  });

  it('repeats keep the times, and are bounded whatever the file asks for', () => {
    const canvas = (seconds: number[], width = 64, height = 32) => ({
      width,
      height,
      frames: seconds.map((duration) => ({ duration }) as WebpFrame),
    });
    const rateOf = (clip: ReturnType<typeof canvas>) => {
      const { step, repeats } = steadyRate(clip);
      return { step, repeats: clip.frames.map((_, i) => repeats(i)) };
    };
    assert.deepEqual(rateOf(canvas([0.1, 0.25, 0.05])), { step: 5, repeats: [2, 5, 1] });
    const hours = rateOf(canvas([0.01, 16777.215, 16777.21, 0.03]));
    assert.ok(hours.repeats.reduce((a, b) => a + b) <= 36_004);
    assert.ok(Math.abs((hours.step / 100) * hours.repeats[1]! - 16777) < 1);
    const vast = rateOf(canvas([0.01, 600, 0.03], 4096, 4096));
    assert.ok(vast.repeats.reduce((a, b) => a + b) <= 1030);
  });

  it('a still picture is a clip of one frame', async () => {
    const clip = await decode(file(chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), still(PICTURES[0]!)]))));
    assert.deepEqual([clip.frames, clip.size.width, clip.size.height], [1, 64, 32]);
  });

  it('a picture outside the canvas, and a canvas beyond all measure', async () => {
    const outside = animation(32, 32, [{ colour: 'red', ...FULL, ms: 100 }]);
    assert.match(await refusal(decode(file(outside)), 'truncated'), /outside the canvas/);
    const vast = animation(16384, 16384, [{ colour: 'red', ...FULL, ms: 100 }]);
    assert.match(await refusal(decode(file(vast)), 'tooLarge'), /16384 x 16384/);
  });
});
