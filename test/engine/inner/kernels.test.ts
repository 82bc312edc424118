import assert from 'node:assert/strict';
import { kernels, memoryBytes, placesFor } from '../../../src/engine/measure/kernels';

/** Every vector has a tail somewhere among these. */
const SIZES = [
  [1, 1],
  [2, 3],
  [7, 9],
  [16, 8],
  [17, 33],
  [64, 36],
  [101, 57],
  [256, 148],
] as const;
const BLOCK = 8;

let state = 1;
const random = (below: number) => (state = (state * 16807) % 2147483647) % below;

interface Frame {
  width: number;
  height: number;
  places: ReturnType<typeof placesFor>;
  rgb: number[];
  now: number[];
  before: number[];
}

/** A frame of random pixels in the kernels' memory, with extremes, and a copy. */
function frame(width: number, height: number): Frame {
  const places = placesFor(width, height);
  const bytes = (count: number) =>
    Array.from({ length: count }, () => [0, 255, random(256), random(256)][random(4)]!);
  const [rgb, now, before] = [bytes(3 * width * height), bytes(width * height), bytes(width * height)];
  const memory = memoryBytes();
  memory.set(rgb, places.rgb);
  memory.set(now, places.now);
  memory.set(before, places.before);
  return { width, height, places, rgb, now, before };
}

const area = (columns: number, rows: number, step: number) => {
  const all: [number, number][] = [];
  for (let y = 0; y < rows; y += step) for (let x = 0; x < columns; x += step) all.push([x, y]);
  return all;
};
const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0);

describe('sums over pixels, against plain loops', () => {
  for (const [width, height] of SIZES)
    describe(`${width}x${height}`, () => {
      const { places, rgb, now, before } = frame(width, height);
      const fill = () => {
        const memory = memoryBytes();
        memory.set(rgb, places.rgb);
        memory.set(now, places.now);
        memory.set(before, places.before);
      };
      const at = (plane: readonly number[], x: number, y: number) => plane[y * width + x]!;
      beforeEach(fill);

      it('differences, of all pixels and of every fourth', () => {
        for (const [name, step] of [
          ['difference', 1],
          ['coarseDifference', 2],
        ] as const) {
          const expected = area(width, height, step).map(([x, y]) =>
            Math.abs(at(now, x, y) - at(before, x, y)),
          );
          assert.equal(
            kernels[name](places.now, places.before, width, width, height, Infinity),
            sum(expected),
          );
        }
      });

      it('a difference that is given up is above the limit', () => {
        const whole = kernels.difference(places.now, places.before, width, width, height, Infinity);
        assert.ok(kernels.difference(places.now, places.before, width, width, height, whole / 2) > whole / 2);
      });

      it('blended differences', () => {
        const [columns, rows] = [width - 1, height - 1];
        const [fx, fy] = [3, 5];
        const expected = area(columns, rows, 1).map(([x, y]) => {
          const upper = (8 - fx) * at(before, x, y) + fx * at(before, x + 1, y);
          const lower = (8 - fx) * at(before, x, y + 1) + fx * at(before, x + 1, y + 1);
          return Math.abs(64 * at(now, x, y) - (8 - fy) * upper - fy * lower);
        });
        const found = kernels.blendedDifference(
          places.now,
          places.before,
          width,
          columns,
          rows,
          fx,
          fy,
          1,
          width,
        );
        assert.equal(found, sum(expected));
      });

      it('sums of gradients, outliers left out', () => {
        const limit = 90;
        const [p, q] = [places.now + width + 1, places.before + width + 1];
        kernels.gradientSums(p, q, width, width - 2, height - 2, limit, places.sums);
        const expected = [0, 0, 0, 0, 0];
        for (const [i, j] of area(width - 2, height - 2, 2)) {
          const [x, y] = [i + 1, j + 1];
          const d = at(now, x, y) - at(before, x, y);
          if (Math.abs(d) > limit) continue;
          const gx = at(now, x + 1, y) - at(now, x - 1, y);
          const gy = at(now, x, y + 1) - at(now, x, y - 1);
          [gx * gx, gx * gy, gy * gy, gx * d, gy * d].forEach((v, k) => (expected[k]! += v));
        }
        const found = Array.from(new Float64Array(kernels.memory.buffer, places.sums, 5));
        assert.deepEqual(
          found.map((v) => v + 0),
          expected,
        );
      });

      it('sums over blocks', () => {
        kernels.blockSums(places.now, width, height, places.sums);
        const columns = Math.ceil(width / BLOCK);
        const expected = new Array<number>(6 * columns * Math.ceil(height / BLOCK)).fill(0);
        for (let y = 1; y < height - 1; y++)
          for (let x = 1; x < width - 1; x++) {
            const p = (dx: number, dy: number) => at(now, x + dx, y + dy);
            const corners = p(-1, -1) + p(1, -1) + p(-1, 1) + p(1, 1);
            const sides = p(0, -1) + p(-1, 0) + p(1, 0) + p(0, 1);
            const [gx, gy] = [p(1, 0) - p(-1, 0), p(0, 1) - p(0, -1)];
            const energy = gx * gx + gy * gy;
            const numbers = [
              Math.abs(4 * p(0, 0) - sides),
              Math.abs(corners - 2 * sides + 4 * p(0, 0)),
              Math.abs(gx) + Math.abs(gy),
              energy,
              energy * (x % BLOCK),
              energy * (y % BLOCK),
            ];
            const block = Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK);
            numbers.forEach((v, k) => (expected[6 * block + k]! += v));
          }
        assert.deepEqual(
          Array.from(new Int32Array(kernels.memory.buffer, places.sums, expected.length)),
          expected,
        );
      });

      it('the mirrored difference', () => {
        const expected = area(width >> 1, height, 1).map(([x, y]) =>
          Math.abs(at(now, x, y) - at(now, width - 1 - x, y)),
        );
        assert.equal(kernels.mirrorDifference(places.now, width, height), sum(expected));
      });

      it('luma and histograms', () => {
        const pixels = width * height;
        kernels.tones(places.rgb, places.now, pixels, places.sums);
        const [levels, colours] = [new Array<number>(256).fill(0), new Array<number>(64).fill(0)];
        let [spread, warm] = [0, 0];
        const luma = Array.from({ length: pixels }, (_, i) => {
          const [r, g, b] = rgb.slice(3 * i, 3 * i + 3) as [number, number, number];
          const level = Math.floor((19595 * r + 38470 * g + 7471 * b + 32768) / 65536);
          levels[level]!++;
          colours[16 * (r >> 6) + 4 * (g >> 6) + (b >> 6)]!++;
          spread += Math.max(r, g, b) - Math.min(r, g, b);
          warm += r - b;
          return level;
        });
        assert.deepEqual(Array.from(memoryBytes().slice(places.now, places.now + pixels)), luma);
        const found = Array.from(new Int32Array(kernels.memory.buffer, places.sums, 256 + 64 + 2));
        assert.deepEqual(found, [...levels, ...colours, spread, warm]);
      });
    });
});
