import assert from 'node:assert/strict';
import type { MeasureId } from '../../../src/core/measures';
import { FRAME_PLAN } from '../../../src/core/plan';
import { clip } from '../../support/clips';
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

describe('how clips are scaled', () => {
  after(removeTempDirs);

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
