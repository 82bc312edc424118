import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { encodeJpeg } from '../../../src/engine/cache/jpeg';
import { FFMPEG } from '../../support/ffmpeg';

const QUALITY = 80;

/** Smooth, with every colour and some texture. */
function picture(width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p += 3) {
      rgb[p] = 128 + 100 * Math.sin(x / 23);
      rgb[p + 1] = 128 + 90 * Math.cos(y / 17);
      rgb[p + 2] = 128 + 100 * Math.sin((x + y) / 29) + 12 * Math.sin(x / 1.7);
    }
  return rgb;
}

/** By a decoder that is not ours; it must have nothing to say. */
function decoded(jpeg: Buffer): Buffer {
  const args = ['-v', 'error', '-f', 'image2pipe', '-c:v', 'mjpeg', '-i', 'pipe:0'];
  const { stdout, stderr } = spawnSync(FFMPEG, [...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], {
    input: jpeg,
  });
  assert.equal(stderr.toString(), '');
  return stdout;
}

describe('stills as JPEG', () => {
  for (const [width, height] of [
    [256, 148],
    [250, 144],
    [37, 91],
    [16, 16],
    [8, 256],
    [1, 1],
  ] as const)
    it(`${width}x${height}: another decoder gives the picture back`, async () => {
      const rgb = picture(width, height);
      const back = decoded(await encodeJpeg(rgb, width, height, QUALITY));
      assert.equal(back.length, rgb.length);
      const squares = rgb.reduce((sum, v, i) => sum + (v - back[i]!) ** 2, 0);
      const psnr = 10 * Math.log10(255 ** 2 / (squares / rgb.length + 1e-9));
      assert.ok(psnr > 32, `${psnr} dB`);
    });

  it('noise at the highest quality overflows nothing', async () => {
    let state = 7;
    const noise = Uint8Array.from(
      { length: 256 * 256 * 3 },
      () => (state = (state * 16807) % 2147483647) & 0xff,
    );
    const back = decoded(await encodeJpeg(noise, 256, 256, 100));
    const error = noise.reduce((sum, v, i) => sum + Math.abs(v - back[i]!), 0) / noise.length;
    // Chroma is halved: half of the noise in colour is lost, the rest is there.
    assert.ok(error < 50, `${error} levels`);
  });
});
