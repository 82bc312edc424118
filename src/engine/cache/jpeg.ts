import encode, { init } from '@jsquash/jpeg/encode';
import codec from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import { compileWasm } from '../wasm';

let ready: Promise<void> | undefined;

/**
 * @param rgb three bytes per pixel
 * @param quality 1..100
 */
export async function encodeJpeg(
  rgb: Uint8Array,
  width: number,
  height: number,
  quality: number,
): Promise<Buffer> {
  // The codec's own loading looks for its module by an address.
  ready ??= init(compileWasm(codec));
  await ready;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; to++) {
    data[to++] = rgb[from++]!;
    data[to++] = rgb[from++]!;
    data[to++] = rgb[from++]!;
  }
  return Buffer.from(
    await encode({ data, width, height, colorSpace: 'srgb' }, { progressive: false, quality }),
  );
}
