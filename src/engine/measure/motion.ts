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

/** Estimates the global translation between two frames of one size, coarse to fine, and what it leaves. */
export function measureMotion(before: Plane, now: Plane): Motion {
  const { width, height } = now;
  const difference = shiftedDifference(before.luma, now.luma, width, height, 0, 0);
  const still = { difference, residual: difference, dx: 0, dy: 0 };
  if (difference === 0 || width < 4 * SCALE || height < 4 * SCALE) return still;
  const coarse = search(before, now);
  const fine = descend(before, now, { x: coarse.x * SCALE, y: coarse.y * SCALE });
  const { dx, dy } = refine(before, now, fine);
  const residual = shiftedDifference(before.luma, now.luma, width, height, dx, dy);
  return residual < difference ? { difference, residual, dx, dy } : still;
}

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
function search(before: Plane, now: Plane): Shift {
  const { smallWidth: width, smallHeight: height } = now;
  let best: Shift = { x: 0, y: 0 };
  let least = Infinity;
  for (const shift of SHIFTS) {
    if (Math.abs(shift.x) > width >> 2 || Math.abs(shift.y) > height >> 2) continue;
    const d = meanDifference(before.small, now.small, width, height, shift.x, shift.y, 1, least);
    if (d < least) [least, best] = [d, shift];
  }
  return best;
}

/** Walks downhill from `from`, in two steps and then in one. */
function descend(before: Plane, now: Plane, from: Shift): Shift {
  const at = ({ x, y }: Shift, limit: number) =>
    meanDifference(before.luma, now.luma, now.width, now.height, x, y, STRIDE, limit);
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
  before: Uint8Array,
  now: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  stride: number,
  limit: number,
): number {
  const x0 = Math.max(0, x);
  const x1 = Math.min(width, width + x);
  const y0 = Math.max(0, y);
  const y1 = Math.min(height, height + y);
  const count = Math.ceil((x1 - x0) / stride) * Math.ceil((y1 - y0) / stride);
  if (count <= 0) return Infinity;
  const most = limit * count;
  let sum = 0;
  for (let row = y0; row < y1; row += stride) {
    const from = (row - y) * width - x;
    const at = row * width;
    for (let column = x0; column < x1; column += stride) {
      sum = (sum + Math.abs(now[at + column]! - before[from + column]!)) | 0;
    }
    if (sum > most) return Infinity;
  }
  return sum / count;
}

/**
 * Moves the shift by a fraction of a pixel, to an eighth: the least-squares step along the luma's gradients.
 * Pixels that differ far more than most belong to something that moves by itself, and are left out.
 */
function refine(before: Plane, now: Plane, shift: Shift): { dx: number; dy: number } {
  const { width, height, luma } = now;
  const { x: sx, y: sy } = shift;
  const limit = OUTLIER * meanDifference(before.luma, luma, width, height, sx, sy, STRIDE, Infinity) + 2;
  let [xx, xy, yy, xd, yd] = [0, 0, 0, 0, 0];
  const x0 = Math.max(1, sx);
  const x1 = Math.min(width - 1, width + sx);
  const y1 = Math.min(height - 1, height + sy);
  for (let y = Math.max(1, sy); y < y1; y += STRIDE)
    for (
      let x = x0, i = y * width + x0, j = (y - sy) * width + x0 - sx;
      x < x1;
      x += STRIDE, i += STRIDE, j += STRIDE
    ) {
      const d = luma[i]! - before.luma[j]!;
      if (d > limit || d < -limit) continue;
      const gx = luma[i + 1]! - luma[i - 1]!;
      const gy = luma[i + width]! - luma[i - width]!;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      xd += gx * d;
      yd += gy * d;
    }
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
function shiftedDifference(
  before: Uint8Array,
  now: Uint8Array,
  width: number,
  height: number,
  dx: number,
  dy: number,
): number {
  const floorX = Math.floor(-dx);
  const floorY = Math.floor(-dy);
  const fx = Math.round((-dx - floorX) * 8);
  const fy = Math.round((-dy - floorY) * 8);
  if (fx === 0 && fy === 0) return meanDifference(before, now, width, height, -floorX, -floorY, 1, Infinity);
  const [a, b, c, d] = [(8 - fx) * (8 - fy), fx * (8 - fy), (8 - fx) * fy, fx * fy];
  const right = fx > 0 ? 1 : 0;
  const below = fy > 0 ? width : 0;
  const x0 = Math.max(0, -floorX);
  const x1 = Math.min(width, width - floorX - right);
  const y0 = Math.max(0, -floorY);
  const y1 = Math.min(height, height - floorY - (fy > 0 ? 1 : 0));
  let sum = 0; // at most 256 x 256 x 64 x 255: it fits
  for (let y = y0; y < y1; y++) {
    let i = y * width + x0;
    let j = (y + floorY) * width + x0 + floorX;
    let above = before[j]!;
    let under = before[j + below]!;
    for (let x = x0; x < x1; x++, i++, j++) {
      const nextAbove = before[j + right]!;
      const nextUnder = before[j + below + right]!;
      const was = (a * above + b * nextAbove + c * under + d * nextUnder) | 0;
      sum = (sum + Math.abs(64 * now[i]! - was)) | 0;
      above = right === 0 ? before[j + 1]! : nextAbove;
      under = right === 0 ? before[j + below + 1]! : nextUnder;
    }
  }
  const count = (x1 - x0) * (y1 - y0);
  return count > 0 ? sum / 64 / count : Infinity;
}
