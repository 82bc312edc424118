import { kernels, type Places } from './kernels';

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

/** Numbers per block as the kernel leaves them. */
const NUMBERS = 6;

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
  /** Room for the mean gradients, and for these in order. */
  means: Float64Array;
  sorted: Float64Array;
}

/** Of the luma in place. */
export function measureDetail({ now, sums }: Places, width: number, height: number): Detail {
  kernels.blockSums(now, width, height, sums);
  const blocks = blocksFor(width, height);
  const weight = readBlocks(blocks, sums, width, height);
  const pixels = (width - 2) * (height - 2);
  const { energy } = weight;
  const mirrored = kernels.mirrorDifference(now, width, height);
  return {
    sharpness: pixels > 0 ? total(blocks.laplacian) / pixels : 0,
    noise: noiseOf(blocks),
    inFocus: focusOf(blocks),
    weightX: energy > 0 ? ((weight.x / energy + 0.5) / width) * 100 : 50,
    weightY: energy > 0 ? ((weight.y / energy + 0.5) / height) * 100 : 50,
    symmetry: 100 - ((2 * mirrored) / (width * height) / 255) * 100,
  };
}

/** Takes the kernel's numbers over; returns the squared gradients, and their moments over the frame. */
function readBlocks(
  blocks: BlockSums,
  sums: number,
  width: number,
  height: number,
): { energy: number; x: number; y: number } {
  const { columns, rows } = blocks;
  const numbers = new Int32Array(kernels.memory.buffer, sums, columns * rows * NUMBERS);
  const weight = { energy: 0, x: 0, y: 0 };
  for (let row = 0, block = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, block++) {
      const at = block * NUMBERS;
      blocks.pixels[block] = inner(column, width) * inner(row, height);
      blocks.laplacian[block] = numbers[at]!;
      blocks.noise[block] = numbers[at + 1]!;
      blocks.gradient[block] = numbers[at + 2]!;
      const energy = numbers[at + 3]!;
      weight.energy += energy;
      weight.x += numbers[at + 4]! + energy * column * NOISE_BLOCK;
      weight.y += numbers[at + 5]! + energy * row * NOISE_BLOCK;
    }
  return weight;
}

/** Interior pixels of a block in one direction. */
function inner(block: number, length: number): number {
  return Math.max(0, Math.min(length - 1, (block + 1) * NOISE_BLOCK) - Math.max(1, block * NOISE_BLOCK));
}

/** Of the last size: made anew for each frame, they keep the collector busy. */
let lastBlocks: BlockSums | undefined;

/** Overwritten by the next frame's. */
function blocksFor(width: number, height: number): BlockSums {
  const columns = Math.ceil(width / NOISE_BLOCK);
  const rows = Math.ceil(height / NOISE_BLOCK);
  if (lastBlocks?.columns === columns && lastBlocks.rows === rows) return lastBlocks;
  const sums = () => new Float64Array(columns * rows);
  lastBlocks = {
    ...{ columns, rows, pixels: sums(), laplacian: sums(), noise: sums(), gradient: sums() },
    ...{ means: sums(), sorted: sums() },
  };
  return lastBlocks;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Immerkaer's deviation over the half of the blocks with the smallest mean gradient; of equal ones, the first. */
function noiseOf({ pixels, noise, gradient, means, sorted }: BlockSums): number {
  means.fill(Infinity);
  let blocks = 0;
  for (let i = 0; i < means.length; i++) {
    if (pixels[i] === 0) continue;
    means[i] = gradient[i]! / pixels[i]!;
    blocks++;
  }
  const half = Math.ceil(blocks / 2);
  sorted.set(means);
  sorted.sort();
  const limit = sorted[half - 1] ?? -1;
  let ties = half - sorted.indexOf(limit);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < means.length; i++) {
    if (means[i]! > limit || (means[i] === limit && ties-- <= 0)) continue;
    count += pixels[i]!;
    sum += noise[i]!;
  }
  return count > 0 ? (Math.sqrt(Math.PI / 2) * sum) / (6 * count) : 0;
}

/** Share of blocks of 16x16 (made of four of 8x8; those at the edges may be smaller) that hold fine detail. */
function focusOf({ columns, rows, pixels, laplacian }: BlockSums): number {
  const step = FOCUS_BLOCK / NOISE_BLOCK;
  let sharp = 0;
  let all = 0;
  for (let y = 0; y < rows; y += step)
    for (let x = 0; x < columns; x += step) {
      let [count, detail] = [0, 0];
      for (let v = y; v < Math.min(rows, y + step); v++)
        for (let i = v * columns + x; i < v * columns + Math.min(columns, x + step); i++) {
          count += pixels[i]!;
          detail += laplacian[i]!;
        }
      if (count === 0) continue;
      all++;
      if (detail > FOCUS_LEVELS * count) sharp++;
    }
  return all > 0 ? (sharp / all) * 100 : 0;
}
