import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { MeasureId } from '../../../src/core/measures';
import { FRAME_PLAN } from '../../../src/core/plan';
import { PLANAR_FILTER } from '../../../src/engine/sample/decode';
import { alpha, clip, gif } from '../../support/clips';
import { FFMPEG } from '../../support/ffmpeg';
import { decode, mean, removeTempDirs } from './support';

const FFV1 = ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p'];
const NOISE = 'noise=alls=24:allf=t:all_seed=5';
const CROP = 'crop=iw*0.99:ih*0.99';

/** A square clip of fine noise that is new in every frame, kept as it is. */
const noisy = (side: number, isCropped: boolean): string =>
  clip(`noisy-${side}${isCropped ? '-cropped' : ''}`, {
    source: 'color=c=gray',
    width: side,
    height: side,
    fps: 8,
    seconds: 1,
    filter: isCropped ? `${NOISE},${CROP}` : NOISE,
    encode: FFV1,
    ext: 'mkv',
  });

/** A GIF in which the middle of each picture is transparent. */
const holed = (): string =>
  clip('holed', {
    width: 160,
    height: 90,
    fps: 8,
    seconds: 1,
    filter: "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*gt(abs(X-80),20)'",
    encode: [],
    ext: 'gif',
  });

/** All frames of a clip through a filter. */
const filtered = (path: string, filter: string): Buffer =>
  execFileSync(FFMPEG, ['-v', 'error', '-nostdin', '-i', path, '-vf', filter, '-f', 'rawvideo', '-'], {
    maxBuffer: 1 << 28,
  });

describe('how clips are scaled', () => {
  after(removeTempDirs);

  for (const [name, make] of Object.entries({
    'a GIF': gif,
    'a transparent GIF': holed,
    'packed alpha': alpha,
  }))
    it(`${name}: planes of colour come to the frames of the plan`, () => {
      const plain = filtered(make(), FRAME_PLAN.filter);
      assert.equal(plain.length, 8 * 256 * 144 * 3);
      const planes = filtered(make(), PLANAR_FILTER);
      assert.equal(planes.length, plain.length);
      // to the last bit with the ffmpeg that this was written with; another may round otherwise
      const apart = plain.map((v, i) => Math.abs(v - planes[i]!));
      assert.ok(Math.max(...new Set(apart)) <= 1 && mean([...apart]) < 0.01);
    });

  for (const part of [0.5, 1, 1.5, 2, 3]) {
    const side = part * FRAME_PLAN.longSide;
    it(`${side} pixels: a crop of 1% leaves the finest detail what it is`, async () => {
      const [whole, cropped] = [await decode(noisy(side, false)), await decode(noisy(side, true))];
      for (const id of ['noise', 'sharpness'] satisfies MeasureId[]) {
        const left = mean(cropped.measures.series[id]) / mean(whole.measures.series[id]);
        assert.ok(Math.abs(left - 1) < 0.1, `${id}: ${left.toFixed(2)} of it`);
      }
    });
  }
});
