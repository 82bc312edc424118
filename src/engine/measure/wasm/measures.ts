// AssemblyScript, compiled by scripts/lib/wasm.mjs: the sums over pixels that the measures rest on, eight or sixteen
// pixels at a time. All of them are whole numbers and exact. Addresses are bytes of the module's memory; vectors may
// be read up to 16 bytes beyond a plane's ends, and what is read there is left out by a mask or a tail.

const LOW_BYTES: v128 = i16x8.splat(0xff);
const LANES: v128 = i16x8(0, 1, 2, 3, 4, 5, 6, 7);

@inline
function total(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Of four numbers whose sum may be larger than each may get. */
@inline
function wide(v: v128): f64 {
  return (
    <f64>i32x4.extract_lane(v, 0) + <f64>i32x4.extract_lane(v, 1) +
    (<f64>i32x4.extract_lane(v, 2) + <f64>i32x4.extract_lane(v, 3))
  );
}

/** Absolute differences of sixteen bytes. */
@inline
function apart(p: v128, q: v128): v128 {
  return v128.or(i8x16.sub_sat_u(p, q), i8x16.sub_sat_u(q, p));
}

@inline
function byte(at: usize): i32 {
  return <i32>load<u8>(at);
}

/** Sum of absolute differences of two areas of one pitch; stops, with more than `limit`, once it is above. */
export function difference(p: usize, q: usize, pitch: i32, columns: i32, rows: i32, limit: f64): i32 {
  let sum = 0;
  const whole = columns & ~15;
  for (let y = 0; y < rows; y++, p += pitch, q += pitch) {
    let row = i32x4.splat(0);
    for (let x = 0; x < whole; x += 16) {
      const d = apart(v128.load(p + x), v128.load(q + x));
      row = i32x4.add(row, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(d)));
    }
    sum += total(row);
    for (let x = whole; x < columns; x++) sum += abs(byte(p + x) - byte(q + x));
    if (<f64>sum > limit) break;
  }
  return sum;
}

/** The same over every second pixel of every second row. */
export function coarseDifference(p: usize, q: usize, pitch: i32, columns: i32, rows: i32, limit: f64): i32 {
  let sum = 0;
  const whole = columns & ~15;
  for (let y = 0; y < rows; y += 2, p += 2 * pitch, q += 2 * pitch) {
    let row = i16x8.splat(0);
    for (let x = 0; x < whole; x += 16)
      row = i16x8.add(row, v128.and(apart(v128.load(p + x), v128.load(q + x)), LOW_BYTES));
    sum += total(i32x4.extadd_pairwise_i16x8_u(row));
    for (let x = whole; x < columns; x += 2) sum += abs(byte(p + x) - byte(q + x));
    if (<f64>sum > limit) break;
  }
  return sum;
}

/**
 * 64 times the sum of absolute differences of an area and another between whose pixels it lies: `right` and `below`
 * are the distances to the neighbours, `fx` and `fy` their shares in eighths.
 */
export function blendedDifference(
  p: usize, q: usize, pitch: i32, columns: i32, rows: i32, fx: i32, fy: i32, right: i32, below: i32,
): i32 {
  const a = (8 - fx) * (8 - fy);
  const b = fx * (8 - fy);
  const c = (8 - fx) * fy;
  const d = fx * fy;
  const wa = i16x8.splat(<i16>a);
  const wb = i16x8.splat(<i16>b);
  const wc = i16x8.splat(<i16>c);
  const wd = i16x8.splat(<i16>d);
  const whole = columns & ~7;
  let sums = i32x4.splat(0);
  let rest = 0;
  for (let y = 0; y < rows; y++, p += pitch, q += pitch) {
    for (let x = 0; x < whole; x += 8) {
      const j = q + x;
      const upper = i16x8.add(i16x8.mul(wa, v128.load_ext<u8>(j)), i16x8.mul(wb, v128.load_ext<u8>(j + right)));
      const lower = i16x8.add(i16x8.mul(wc, v128.load_ext<u8>(j + below)), i16x8.mul(wd, v128.load_ext<u8>(j + below + right)));
      const now = i16x8.shl(v128.load_ext<u8>(p + x), 6);
      const off = i16x8.abs(i16x8.sub(now, i16x8.add(upper, lower)));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(off));
    }
    for (let x = whole; x < columns; x++) {
      const j = q + x;
      rest += abs(64 * byte(p + x) - (a * byte(j) + b * byte(j + right) + c * byte(j + below) + d * byte(j + below + right)));
    }
  }
  return total(sums) + rest;
}

/**
 * Sums over every second pixel of every second row whose difference `d` to the other area is at most `limit`: of
 * gx*gx, gx*gy, gy*gy, gx*d, gy*d, the gradients being central differences. Five f64 at `out`.
 */
export function gradientSums(p: usize, q: usize, pitch: i32, columns: i32, rows: i32, limit: i32, out: usize): void {
  const most = i16x8.splat(<i16>limit);
  const whole = columns & ~15;
  let xx = i32x4.splat(0);
  let xy = i32x4.splat(0);
  let yy = i32x4.splat(0);
  let xd = i32x4.splat(0);
  let yd = i32x4.splat(0);
  let rxx = <f64>0;
  let rxy = <f64>0;
  let ryy = <f64>0;
  let rxd = <f64>0;
  let ryd = <f64>0;
  for (let y = 0; y < rows; y += 2, p += 2 * pitch, q += 2 * pitch) {
    for (let x = 0; x < whole; x += 16) {
      const i = p + x;
      const off = i16x8.sub(v128.and(v128.load(i), LOW_BYTES), v128.and(v128.load(q + x), LOW_BYTES));
      const near = i16x8.le_s(i16x8.abs(off), most);
      const d = v128.and(off, near);
      const gx = v128.and(near, i16x8.sub(v128.and(v128.load(i + 1), LOW_BYTES), v128.and(v128.load(i - 1), LOW_BYTES)));
      const gy = v128.and(near, i16x8.sub(v128.and(v128.load(i + pitch), LOW_BYTES), v128.and(v128.load(i - pitch), LOW_BYTES)));
      xx = i32x4.add(xx, i32x4.dot_i16x8_s(gx, gx));
      xy = i32x4.add(xy, i32x4.dot_i16x8_s(gx, gy));
      yy = i32x4.add(yy, i32x4.dot_i16x8_s(gy, gy));
      xd = i32x4.add(xd, i32x4.dot_i16x8_s(gx, d));
      yd = i32x4.add(yd, i32x4.dot_i16x8_s(gy, d));
    }
    for (let x = whole; x < columns; x += 2) {
      const i = p + x;
      const d = byte(i) - byte(q + x);
      if (abs(d) > limit) continue;
      const gx = byte(i + 1) - byte(i - 1);
      const gy = byte(i + pitch) - byte(i - pitch);
      rxx += <f64>(gx * gx);
      rxy += <f64>(gx * gy);
      ryy += <f64>(gy * gy);
      rxd += <f64>(gx * d);
      ryd += <f64>(gy * d);
    }
  }
  store<f64>(out, wide(xx) + rxx);
  store<f64>(out + 8, wide(xy) + rxy);
  store<f64>(out + 16, wide(yy) + ryy);
  store<f64>(out + 24, wide(xd) + rxd);
  store<f64>(out + 32, wide(yd) + ryd);
}

/**
 * Sums over the interior pixels of every block of 8x8, six i32 per block at `out`: absolute Laplacian, absolute
 * response of Immerkaer's kernel, absolute central differences, their squares, and these times the pixel's column and
 * row within the block.
 */
export function blockSums(luma: usize, width: i32, height: i32, out: usize): void {
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8, out += 24) {
      const x = i16x8.add(i16x8.splat(<i16>left), LANES);
      const inside = v128.and(i16x8.gt_s(x, i16x8.splat(0)), i16x8.lt_s(x, i16x8.splat(<i16>(width - 1))));
      let laplacian = i16x8.splat(0);
      let noise = i32x4.splat(0);
      let gradient = i16x8.splat(0);
      let energy = i32x4.splat(0);
      let momentX = i32x4.splat(0);
      let momentY = i32x4.splat(0);
      const from = max(1, top);
      const to = min(height - 1, top + 8);
      for (let y = from; y < to; y++) {
        const i = luma + y * width + left;
        const n = v128.load_ext<u8>(i - width);
        const s = v128.load_ext<u8>(i + width);
        const w = v128.load_ext<u8>(i - 1);
        const e = v128.load_ext<u8>(i + 1);
        const four = i16x8.shl(v128.load_ext<u8>(i), 2);
        const cross = i16x8.sub(four, i16x8.add(i16x8.add(n, s), i16x8.add(w, e)));
        const upper = i16x8.add(v128.load_ext<u8>(i - width - 1), v128.load_ext<u8>(i - width + 1));
        const lower = i16x8.add(v128.load_ext<u8>(i + width - 1), v128.load_ext<u8>(i + width + 1));
        // Immerkaer's kernel 1 -2 1 / -2 4 -2 / 1 -2 1, by way of the cross.
        const response = i16x8.add(i16x8.sub(i16x8.add(upper, lower), four), i16x8.shl(cross, 1));
        const dx = v128.and(inside, i16x8.sub(e, w));
        const dy = v128.and(inside, i16x8.sub(s, n));
        laplacian = i16x8.add(laplacian, i16x8.abs(v128.and(inside, cross)));
        noise = i32x4.add(noise, i32x4.extadd_pairwise_i16x8_s(i16x8.abs(v128.and(inside, response))));
        gradient = i16x8.add(gradient, i16x8.add(i16x8.abs(dx), i16x8.abs(dy)));
        const g = i32x4.add(i32x4.dot_i16x8_s(dx, dx), i32x4.dot_i16x8_s(dy, dy));
        energy = i32x4.add(energy, g);
        momentX = i32x4.add(momentX, i32x4.dot_i16x8_s(dx, i16x8.mul(dx, LANES)));
        momentX = i32x4.add(momentX, i32x4.dot_i16x8_s(dy, i16x8.mul(dy, LANES)));
        momentY = i32x4.add(momentY, i32x4.mul(g, i32x4.splat(y - top)));
      }
      store<i32>(out, total(i32x4.extadd_pairwise_i16x8_s(laplacian)));
      store<i32>(out + 4, total(noise));
      store<i32>(out + 8, total(i32x4.extadd_pairwise_i16x8_s(gradient)));
      store<i32>(out + 12, total(energy));
      store<i32>(out + 16, total(momentX));
      store<i32>(out + 20, total(momentY));
    }
}

/** Sum of absolute differences between the left half and the mirrored right one. */
export function mirrorDifference(luma: usize, width: i32, height: i32): i32 {
  const half = width >> 1;
  const whole = half & ~15;
  const mirrored = i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  let sums = i32x4.splat(0);
  let rest = 0;
  for (let y = 0; y < height; y++, luma += width) {
    const last = luma + width - 1;
    for (let x = 0; x < whole; x += 16) {
      const d = apart(v128.load(luma + x), i8x16.swizzle(v128.load(last - x - 15), mirrored));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(d)));
    }
    for (let x = whole; x < half; x++) rest += abs(byte(luma + x) - byte(last - x));
  }
  return total(sums) + rest;
}

/**
 * Luma (BT.601) of `pixels` RGB triples, and at `out`: the histogram of its 256 levels and that of 64 colours (u32
 * each), the sum of the largest less the smallest channel, and that of red less blue (i32 each).
 */
export function tones(rgb: usize, luma: usize, pixels: i32, out: usize): void {
  memory.fill(out, 0, 4 * (256 + 64));
  const palette = out + 4 * 256;
  let spread = 0;
  let warm = 0;
  for (let i = 0; i < pixels; i++, rgb += 3) {
    const r = byte(rgb);
    const g = byte(rgb + 1);
    const b = byte(rgb + 2);
    const level = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    store<u8>(luma + i, level);
    const bin = out + 4 * level;
    store<u32>(bin, load<u32>(bin) + 1);
    const colour = palette + 4 * (((r >> 6) << 4) | ((g >> 6) << 2) | (b >> 6));
    store<u32>(colour, load<u32>(colour) + 1);
    spread += max(r, max(g, b)) - min(r, min(g, b));
    warm += r - b;
  }
  store<i32>(palette + 4 * 64, spread);
  store<i32>(palette + 4 * 65, warm);
}
