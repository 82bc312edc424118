import { kernels, memoryBytes, type Places } from './kernels';

/** A frame's luma and a small copy of it, for motion. */
export interface Plane {
  luma: Uint8Array;
  width: number;
  height: number;
  /** The mean of each 4x4 block. */
  small: Uint8Array;
  smallWidth: number;
  smallHeight: number;
}

export interface Motion {
  /** Mean absolute luma difference to the frame before, levels. */
  difference: number;
  /** The same after the frame before was shifted by (dx, dy). */
  residual: number;
  /** Global translation since the frame before, pixels; zero where no shift makes the difference smaller. */
  dx: number;
  dy: number;
}

const SCALE = 4;
/** Reach of the coarse search, in pixels of the small copy. */
const REACH = 6;
/** Steps of the descent from the coarse answer to the fine one, in pixels. */
const DESCENT = [2, 1];
const DESCENT_ROUNDS = 4;
/** Every second pixel in both directions takes part in the fine search. */
const STRIDE = 2;
/** A pixel that differs by more than this many times the mean takes no part in the sub-pixel step. */
const OUTLIER = 3;
const LEVELS = 255;

export function planeOf(luma: Uint8Array, width: number, height: number): Plane {
  const smallWidth = Math.floor(width / SCALE);
  const smallHeight = Math.floor(height / SCALE);
  const small = new Uint8Array(smallWidth * smallHeight);
  for (let y = 0; y < smallHeight; y++)
    for (let x = 0; x < smallWidth; x++) {
      let sum = 0;
      for (let j = 0, i = y * SCALE * width + x * SCALE; j < SCALE; j++, i += width)
        sum += luma[i]! + luma[i + 1]! + luma[i + 2]! + luma[i + 3]!;
      small[y * smallWidth + x] = (sum + 8) >> 4;
    }
  return { luma, width, height, small, smallWidth, smallHeight };
}

/** Two planes of one size in the kernels' memory. */
interface Pair {
  before: number;
  now: number;
  width: number;
  height: number;
}

/**
 * Estimates the global translation between two frames of one size, coarse to fine, and what it leaves. The later
 * frame's luma is in place.
 */
export function measureMotion(places: Places, before: Plane, now: Plane): Motion {
  const { width, height } = now;
  const { smallBefore, smallNow, sums } = places;
  const memory = memoryBytes();
  memory.set(before.luma, places.before);
  memory.set(before.small, smallBefore);
  memory.set(now.small, smallNow);
  const small = { before: smallBefore, now: smallNow, width: now.smallWidth, height: now.smallHeight };
  const full = { before: places.before, now: places.now, width, height };
  const difference = shiftedDifference(full, 0, 0);
  const still = { difference, residual: difference, dx: 0, dy: 0 };
  if (difference === 0 || width < 4 * SCALE || height < 4 * SCALE) return still;
  const coarse = search(small);
  const fine = descend(full, { x: coarse.x * SCALE, y: coarse.y * SCALE });
  const { dx, dy } = refine(full, fine, sums);
  const residual = shiftedDifference(full, dx, dy);
  return residual < difference ? { difference, residual, dx, dy } : still;
}

/** Sums of gx*gx, gx*gy, gy*gy, gx*d, gy*d. */
type Five = [xx: number, xy: number, yy: number, xd: number, yd: number];

interface Shift {
  x: number;
  y: number;
}

/** Shifts of the coarse search, the nearest first: a good one early lets the others be given up early. */
const SHIFTS: readonly Shift[] = Array.from({ length: (2 * REACH + 1) ** 2 }, (_, i) => ({
  x: (i % (2 * REACH + 1)) - REACH,
  y: Math.floor(i / (2 * REACH + 1)) - REACH,
})).sort((p, q) => Math.hypot(p.x, p.y) - Math.hypot(q.x, q.y));

/** The shift of least mean absolute difference between the small copies, in their pixels. */
function search(small: Pair): Shift {
  const { width, height } = small;
  let best: Shift = { x: 0, y: 0 };
  let least = Infinity;
  for (const shift of SHIFTS) {
    if (Math.abs(shift.x) > width >> 2 || Math.abs(shift.y) > height >> 2) continue;
    const d = meanDifference(small, shift.x, shift.y, 1, least);
    if (d < least) [least, best] = [d, shift];
  }
  return best;
}

/** Walks downhill from `from`, in two steps and then in one. */
function descend(full: Pair, from: Shift): Shift {
  const at = ({ x, y }: Shift, limit: number) => meanDifference(full, x, y, STRIDE, limit);
  let best = from;
  let least = at(from, Infinity);
  for (const step of DESCENT)
    for (let round = 0; round < DESCENT_ROUNDS; round++) {
      const start = best;
      for (const [x, y] of [
        [-step, 0],
        [step, 0],
        [0, -step],
        [0, step],
      ] as const) {
        const shift = { x: start.x + x, y: start.y + y };
        const d = at(shift, least);
        if (d < least) [least, best] = [d, shift];
      }
      if (best === start) break;
    }
  return best;
}

/** Mean absolute difference over the overlap of `now` and `before` shifted by (x, y); Infinity once above `limit`. */
function meanDifference(
  { before, now, width, height }: Pair,
  x: number,
  y: number,
  stride: 1 | typeof STRIDE,
  limit: number,
): number {
  const x0 = Math.max(0, x);
  const y0 = Math.max(0, y);
  const columns = Math.min(width, width + x) - x0;
  const rows = Math.min(height, height + y) - y0;
  const count = Math.ceil(columns / stride) * Math.ceil(rows / stride);
  if (count <= 0) return Infinity;
  const most = limit * count;
  const p = now + y0 * width + x0;
  const q = before + (y0 - y) * width + x0 - x;
  const sumUp = stride === 1 ? kernels.difference : kernels.coarseDifference;
  const sum = sumUp(p, q, width, columns, rows, most);
  return sum > most ? Infinity : sum / count;
}

/**
 * Moves the shift by a fraction of a pixel, to an eighth: the least-squares step along the luma's gradients.
 * Pixels that differ far more than most belong to something that moves by itself, and are left out.
 */
function refine(full: Pair, shift: Shift, sums: number): { dx: number; dy: number } {
  const { before, now, width, height } = full;
  const { x: sx, y: sy } = shift;
  const limit = OUTLIER * meanDifference(full, sx, sy, STRIDE, Infinity) + 2;
  const x0 = Math.max(1, sx);
  const y0 = Math.max(1, sy);
  const columns = Math.min(width - 1, width + sx) - x0;
  const rows = Math.min(height - 1, height + sy) - y0;
  const p = now + y0 * width + x0;
  const q = before + (y0 - sy) * width + x0 - sx;
  kernels.gradientSums(p, q, width, columns, rows, Math.min(LEVELS, Math.floor(limit)), sums);
  const [xx, xy, yy, xd, yd] = new Float64Array(kernels.memory.buffer, sums, 5) as unknown as Five;
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-6 * xx * yy)) return { dx: sx, dy: sy };
  // The gradients are central differences: twice the slope.
  const stepX = (2 * (xy * yd - yy * xd)) / determinant;
  const stepY = (2 * (xy * xd - xx * yd)) / determinant;
  return { dx: sx + eighths(stepX), dy: sy + eighths(stepY) };
}

/** Within a pixel: beyond it the gradients say nothing. */
function eighths(step: number): number {
  return Math.round(Math.min(1, Math.max(-1, step)) * 8) / 8;
}

/** Mean absolute difference over the overlap of `now` and `before` shifted by a fraction of a pixel, bilinear. */
function shiftedDifference(full: Pair, dx: number, dy: number): number {
  const { before, now, width, height } = full;
  const floorX = Math.floor(-dx);
  const floorY = Math.floor(-dy);
  const fx = Math.round((-dx - floorX) * 8);
  const fy = Math.round((-dy - floorY) * 8);
  if (fx === 0 && fy === 0) return meanDifference(full, -floorX, -floorY, 1, Infinity);
  const x0 = Math.max(0, -floorX);
  const y0 = Math.max(0, -floorY);
  const columns = Math.min(width, width - floorX - (fx > 0 ? 1 : 0)) - x0;
  const rows = Math.min(height, height - floorY - (fy > 0 ? 1 : 0)) - y0;
  if (columns <= 0 || rows <= 0) return Infinity;
  const p = now + y0 * width + x0;
  const q = before + (y0 + floorY) * width + x0 + floorX;
  const [right, below] = [fx > 0 ? 1 : 0, fy > 0 ? width : 0];
  const sum = kernels.blendedDifference(p, q, width, columns, rows, fx, fy, right, below);
  return sum / 64 / (columns * rows);
}
