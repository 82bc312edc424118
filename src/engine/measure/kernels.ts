import bytes from 'wasm:measures';
import { compileWasm, instantiateWasm } from '../wasm';

/** What wasm/measures.ts beside this file exports; addresses are bytes of `memory`. */
interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  difference(p: number, q: number, pitch: number, columns: number, rows: number, limit: number): number;
  coarseDifference(p: number, q: number, pitch: number, columns: number, rows: number, limit: number): number;
  blendedDifference(
    p: number,
    q: number,
    pitch: number,
    columns: number,
    rows: number,
    fx: number,
    fy: number,
    right: number,
    below: number,
  ): number;
  gradientSums(
    p: number,
    q: number,
    pitch: number,
    columns: number,
    rows: number,
    limit: number,
    out: number,
  ): void;
  blockSums(luma: number, width: number, height: number, out: number): void;
  mirrorDifference(luma: number, width: number, height: number): number;
  tones(rgb: number, luma: number, pixels: number, out: number): void;
}

export const kernels = instantiateWasm(compileWasm(bytes)) as Exports;

/** Before the first plane and behind each: vectors may be read beyond a plane's ends. */
const MARGIN = 1024;
const PAGE = 1 << 16;
/** Bytes of sums per block of 8x8. */
const SUMS = 6 * 4;

/** Where a frame's pixels, its luma and that of the frame before, small copies of both, and sums lie. */
export interface Places {
  rgb: number;
  now: number;
  before: number;
  smallNow: number;
  smallBefore: number;
  sums: number;
}

/** Room for a frame of so many pixels; the memory is one frame's at a time. */
export function placesFor(width: number, height: number): Places {
  const plane = width * height + MARGIN;
  const [now, before, smallNow, smallBefore, rgb] = [0, 1, 2, 3, 4].map((i) => MARGIN + i * plane) as Five;
  const sums = Math.ceil((rgb + 3 * width * height + MARGIN) / 8) * 8;
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const end = sums + Math.max(blocks * SUMS, 4 * (256 + 64 + 2));
  const missing = end - kernels.memory.buffer.byteLength;
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE));
  return { rgb, now, before, smallNow, smallBefore, sums };
}

type Five = [number, number, number, number, number];

/** The memory as bytes; not to be kept: it moves when it grows. */
export function memoryBytes(): Uint8Array {
  return new Uint8Array(kernels.memory.buffer);
}
