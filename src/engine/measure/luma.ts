import { kernels, type Places } from './kernels';

/** Measures of one frame that need no neighbourhood, and the luma plane that the others work on. */
export interface Tones {
  /** Mean luma, levels. */
  mean: number;
  brightness: number;
  contrast: number;
  shadows: number;
  highlights: number;
  saturation: number;
  warmth: number;
  detail: number;
}

const SHADOW = 3;
const HIGHLIGHT = 252;
/** Levels of each colour channel in the palette histogram: 4 x 4 x 4 bins. */
export const PALETTE_BINS = 64;

/** Makes the luma (BT.601, rounded to a level) of the RGB in place, and `palette` (64 colour bins, shares of the frame). */
export function measureTones({ rgb, now, sums }: Places, pixels: number, palette: Float32Array): Tones {
  kernels.tones(rgb, now, pixels, sums);
  const counts = new Uint32Array(kernels.memory.buffer, sums, 256 + PALETTE_BINS);
  const [spread = 0, warm = 0] = new Int32Array(kernels.memory.buffer, sums + counts.byteLength, 2);
  counts.subarray(256).forEach((count, bin) => (palette[bin] = count / pixels));
  const percent = 100 / 255 / pixels;
  return {
    saturation: spread * percent,
    warmth: warm * percent,
    ...fromLevels(counts.subarray(0, 256), pixels),
  };
}

function fromLevels(levels: Uint32Array, pixels: number): Omit<Tones, 'saturation' | 'warmth'> {
  let sum = 0;
  let squares = 0;
  let shadows = 0;
  let highlights = 0;
  const bins = new Float64Array(64);
  levels.forEach((count, level) => {
    sum += count * level;
    squares += count * level * level;
    if (level <= SHADOW) shadows += count;
    if (level >= HIGHLIGHT) highlights += count;
    bins[level >> 2]! += count / pixels;
  });
  const mean = sum / pixels;
  return {
    mean,
    brightness: (mean / 255) * 100,
    contrast: (Math.sqrt(Math.max(0, squares / pixels - mean * mean)) / 255) * 100,
    shadows: (shadows / pixels) * 100,
    highlights: (highlights / pixels) * 100,
    detail: bins.reduce((bits, p) => (p > 0 ? bits - p * Math.log2(p) : bits), 0),
  };
}
