/** Measures of one frame that look at each pixel's neighbours. */
export interface Detail {
  sharpness: number;
  noise: number;
  inFocus: number;
  weightX: number;
  weightY: number;
  symmetry: number;
}

const NOISE_BLOCK = 8;
const FOCUS_BLOCK = 16;
const FOCUS_LEVELS = 6;

/** Sums over the interior pixels (all but the outermost ring) of one frame's blocks of 8x8. */
interface BlockSums {
  columns: number;
  rows: number;
  pixels: Float64Array;
  /** Absolute four-neighbour Laplacian. */
  laplacian: Float64Array;
  /** Absolute response of Immerkaer's kernel. */
  noise: Float64Array;
  /** Absolute central differences, both directions. */
  gradient: Float64Array;
}

export function measureDetail(luma: Uint8Array, width: number, height: number): Detail {
  const blocks = emptyBlocks(width, height);
  const weight = { energy: 0, x: 0, y: 0 };
  for (let y = 1; y < height - 1; y++) {
    const first = (y >> 3) * blocks.columns;
    for (let column = 0; column < blocks.columns; column++) {
      const from = Math.max(1, column * NOISE_BLOCK);
      const to = Math.min(width - 1, (column + 1) * NOISE_BLOCK);
      if (to > from) sumRow(luma, width, y, from, to, blocks, first + column, weight);
    }
  }
  const pixels = (width - 2) * (height - 2);
  const { energy } = weight;
  return {
    sharpness: pixels > 0 ? total(blocks.laplacian) / pixels : 0,
    noise: noiseOf(blocks),
    inFocus: focusOf(blocks),
    weightX: energy > 0 ? ((weight.x / energy + 0.5) / width) * 100 : 50,
    weightY: energy > 0 ? ((weight.y / energy + 0.5) / height) * 100 : 50,
    symmetry: symmetryOf(luma, width, height),
  };
}

/** Adds the pixels from..to of one row to their block and to the weight. */
function sumRow(
  luma: Uint8Array,
  width: number,
  y: number,
  from: number,
  to: number,
  blocks: BlockSums,
  block: number,
  weight: { energy: number; x: number; y: number },
): void {
  let laplacian = 0;
  let noise = 0;
  let gradient = 0;
  let energy = 0;
  let moment = 0;
  let i = y * width + from;
  let nw = luma[i - width - 1]!;
  let n = luma[i - width]!;
  let w = luma[i - 1]!;
  let c = luma[i]!;
  let sw = luma[i + width - 1]!;
  let s = luma[i + width]!;
  for (let x = from; x < to; x++, i++) {
    const ne = luma[i - width + 1]!;
    const e = luma[i + 1]!;
    const se = luma[i + width + 1]!;
    const cross = (4 * c - n - s - w - e) | 0;
    // Immerkaer's kernel 1 -2 1 / -2 4 -2 / 1 -2 1, by way of the cross.
    const response = (nw + ne + sw + se - 4 * c + 2 * cross) | 0;
    const dx = (e - w) | 0;
    const dy = (s - n) | 0;
    laplacian = (laplacian + Math.abs(cross)) | 0;
    noise = (noise + Math.abs(response)) | 0;
    gradient = (gradient + Math.abs(dx) + Math.abs(dy)) | 0;
    const g = (dx * dx + dy * dy) | 0;
    energy = (energy + g) | 0;
    moment = (moment + g * (x - from)) | 0;
    nw = n;
    n = ne;
    w = c;
    c = e;
    sw = s;
    s = se;
  }
  blocks.pixels[block]! += to - from;
  blocks.laplacian[block]! += laplacian;
  blocks.noise[block]! += noise;
  blocks.gradient[block]! += gradient;
  weight.energy += energy;
  weight.x += moment + energy * from;
  weight.y += energy * y;
}

function emptyBlocks(width: number, height: number): BlockSums {
  const columns = Math.ceil(width / NOISE_BLOCK);
  const rows = Math.ceil(height / NOISE_BLOCK);
  const sums = () => new Float64Array(columns * rows);
  return { columns, rows, pixels: sums(), laplacian: sums(), noise: sums(), gradient: sums() };
}

function total(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0);
}

/** Immerkaer's deviation over the half of the blocks with the smallest mean gradient. */
function noiseOf({ pixels, noise, gradient }: BlockSums): number {
  const order = Array.from(pixels.keys())
    .filter((i) => pixels[i]! > 0)
    .sort((i, j) => gradient[i]! / pixels[i]! - gradient[j]! / pixels[j]!);
  const flat = order.slice(0, Math.ceil(order.length / 2));
  const count = flat.reduce((sum, i) => sum + pixels[i]!, 0);
  const sum = flat.reduce((s, i) => s + noise[i]!, 0);
  return count > 0 ? (Math.sqrt(Math.PI / 2) * sum) / (6 * count) : 0;
}

/** Share of blocks of 16x16 (made of four of 8x8; those at the edges may be smaller) that hold fine detail. */
function focusOf({ columns, rows, pixels, laplacian }: BlockSums): number {
  const step = FOCUS_BLOCK / NOISE_BLOCK;
  let sharp = 0;
  let all = 0;
  for (let y = 0; y < rows; y += step)
    for (let x = 0; x < columns; x += step) {
      const four = [y * columns + x];
      if (x + 1 < columns) four.push(y * columns + x + 1);
      if (y + 1 < rows) four.push(...four.map((i) => i + columns));
      const count = four.reduce((sum, i) => sum + pixels[i]!, 0);
      if (count === 0) continue;
      all++;
      if (four.reduce((sum, i) => sum + laplacian[i]!, 0) > FOCUS_LEVELS * count) sharp++;
    }
  return all > 0 ? (sharp / all) * 100 : 0;
}

function symmetryOf(luma: Uint8Array, width: number, height: number): number {
  const half = width >> 1;
  let sum = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0, i = y * width, j = i + width - 1; x < half; x++, i++, j--) {
      sum = (sum + Math.abs(luma[i]! - luma[j]!)) | 0;
    }
  return 100 - ((2 * sum) / (width * height) / 255) * 100;
}
