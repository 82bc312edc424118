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

/** Fills `luma` (BT.601, rounded to a level) and `palette` (64 colour bins, shares of the frame) from RGB. */
export function measureTones(rgb: Uint8Array, luma: Uint8Array, palette: Float32Array): Tones {
  const pixels = luma.length;
  const levels = new Uint32Array(256);
  let spread = 0;
  let warm = 0;
  const counts = new Uint32Array(PALETTE_BINS);
  for (let i = 0, p = 0; i < pixels; i++, p += 3) {
    const r = rgb[p]!;
    const g = rgb[p + 1]!;
    const b = rgb[p + 2]!;
    const y = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    luma[i] = y;
    levels[y]!++;
    const high = r > g ? (r > b ? r : b) : g > b ? g : b;
    const low = r < g ? (r < b ? r : b) : g < b ? g : b;
    spread = (spread + high - low) | 0;
    warm = (warm + r - b) | 0;
    counts[((r >> 6) << 4) | ((g >> 6) << 2) | (b >> 6)]!++;
  }
  counts.forEach((count, bin) => (palette[bin] = count / pixels));
  const percent = 100 / 255 / pixels;
  return { saturation: spread * percent, warmth: warm * percent, ...fromLevels(levels, pixels) };
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
