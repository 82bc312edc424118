import assert from 'node:assert/strict';
import { MEASURE_IDS, type ClipMeasures, type MeasureId } from '../../../src/core/measures';
import { FrameMeasurer } from '../../../src/engine/measure/frame';
import { assembleMeasures } from '../../../src/engine/measure/series';
import { mean } from './support';

type Pixel = readonly [number, number, number];
type Picture = (x: number, y: number) => number | Pixel;

const [WIDTH, HEIGHT] = [256, 144];

function frame(picture: Picture, width = WIDTH, height = HEIGHT): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p += 3) {
      const v = picture(x, y);
      rgb.set(typeof v === 'number' ? [clip(v), clip(v), clip(v)] : v.map(clip), p);
    }
  return rgb;
}

const clip = (v: number) => Math.min(255, Math.max(0, Math.round(v)));

function measure(pictures: readonly Picture[], width = WIDTH, height = HEIGHT): ClipMeasures {
  const measurer = new FrameMeasurer();
  for (const picture of pictures) measurer.add(frame(picture, width, height), width, height);
  return assembleMeasures([{ times: pictures.map((_, i) => i / 16), rows: measurer.rows }]);
}

const at = (m: ClipMeasures, id: MeasureId, i = 0): number => m.series[id][i] ?? NaN;
const near = (value: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected} within ${tolerance}`);

/** Standard normal numbers, the same every time. */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
}

/** A smooth texture without repetition in view. */
const texture = (x: number, y: number) =>
  128 +
  45 * Math.sin(x / 7.3 + Math.sin(y / 11)) +
  40 * Math.cos(y / 5.7 + x / 31) +
  25 * Math.sin((x + 2 * y) / 3.9);
const shifted = (dx: number, dy: number) => (x: number, y: number) => texture(x - dx, y - dy);

describe('measures of one frame', () => {
  it('grey: brightness and nothing else', () => {
    const m = measure([() => 51]);
    near(at(m, 'brightness'), 20, 1e-3);
    for (const id of [
      'contrast',
      'saturation',
      'warmth',
      'shadows',
      'highlights',
      'sharpness',
      'noise',
      'detail',
    ] as const)
      near(at(m, id), 0, 1e-3);
    near(at(m, 'weightX'), 50, 0);
    near(at(m, 'symmetry'), 100, 1e-9);
  });

  it('contrast of halves of black and white is 50%, with half of each clipped', () => {
    const m = measure([(x) => (x < WIDTH / 2 ? 0 : 255)]);
    near(at(m, 'contrast'), 50, 1e-3);
    near(at(m, 'shadows'), 50, 1e-9);
    near(at(m, 'highlights'), 50, 1e-9);
    near(at(m, 'detail'), 1, 1e-9);
    near(at(m, 'symmetry'), 0, 1e-9);
    near(at(m, 'weightX'), 50, 0.5);
  });

  it('the ends of the tonal range: 3 and 252 are clipped, 4 and 251 are not', () => {
    for (const [level, shadows, highlights] of [
      [3, 100, 0],
      [4, 0, 0],
      [251, 0, 0],
      [252, 0, 100],
    ] as const) {
      const m = measure([() => level]);
      assert.deepEqual([at(m, 'shadows'), at(m, 'highlights')], [shadows, highlights], `level ${level}`);
    }
  });

  it('colour: saturation, warmth and its sign', () => {
    const warm = measure([() => [200, 120, 100]]);
    near(at(warm, 'saturation'), (100 / 255) * 100, 1e-3);
    near(at(warm, 'warmth'), (100 / 255) * 100, 1e-3);
    near(at(measure([() => [100, 120, 200]]), 'warmth'), (-100 / 255) * 100, 1e-3);
  });

  it('detail: 64 levels in equal parts are 6 bits', () => {
    near(at(measure([(x) => (x % 64) * 4]), 'detail'), 6, 1e-6);
  });

  it('the Laplacian of a checkerboard of 0 and 2 levels is 8', () => {
    const m = measure([(x, y) => 100 + 2 * ((x + y) % 2)]);
    near(at(m, 'sharpness'), 8, 1e-6);
    near(at(m, 'inFocus'), 100, 1e-9);
  });

  it('half of the picture in focus', () => {
    const m = measure([(x, y) => 100 + (x < WIDTH / 2 ? 20 * ((x + y) % 2) : 0)]);
    near(at(m, 'inFocus'), 50, 1e-9);
  });

  it('a blur lowers sharpness', () => {
    const squares: Picture = (x, y) => Number(texture(x, y)) + 40 * (((x >> 2) + (y >> 2)) % 2);
    const blurred: Picture = (x, y) => {
      let sum = 0;
      for (let j = -2; j <= 2; j++) for (let i = -2; i <= 2; i++) sum += Number(squares(x + i, y + j));
      return sum / 25;
    };
    assert.ok(at(measure([blurred]), 'sharpness') < 0.3 * at(measure([squares]), 'sharpness'));
  });

  for (const sigma of [2, 5, 10])
    it(`noise of deviation ${sigma} is measured within 12%`, () => {
      const normal = normals(sigma);
      near(at(measure([() => 128 + sigma * normal()]), 'noise'), sigma, 0.12 * sigma);
    });

  it('noise leaves an edge out', () => {
    const normal = normals(9);
    const m = measure([(x, y) => (x > 60 && x < 90 && y > 30 ? 220 : 60) + 3 * normal()]);
    near(at(m, 'noise'), 3, 0.6);
  });

  it('the weight lies where the detail is', () => {
    const m = measure([(x, y) => (Math.hypot(x - 192, y - 36) < 12 ? 220 : 60)]);
    near(at(m, 'weightX'), 75, 0.5);
    near(at(m, 'weightY'), 25, 0.5);
  });

  it('a mirrored picture is symmetric', () => {
    near(at(measure([(x, y) => Number(texture(Math.min(x, WIDTH - 1 - x), y))]), 'symmetry'), 100, 1e-9);
  });
});

describe('measures over time', () => {
  it('a still clip: nothing changes, every frame but the first repeats', () => {
    const m = measure([texture, texture, texture, texture]);
    for (const id of ['flicker', 'change', 'residual', 'shake', 'palette'] as const)
      assert.deepEqual(m.series[id], [0, 0, 0, 0], id);
    assert.deepEqual(m.series.repeat, [0, 1, 1, 1]);
  });

  for (const [dx, dy] of [
    [3, 0],
    [0, -2],
    [5, 4],
    [1.5, 0],
    [-0.5, 0.25],
    [18, -9],
  ] as const)
    it(`a steady move by (${dx}, ${dy}) leaves no residual and no shake`, () => {
      const m = measure([0, 1, 2, 3, 4].map((i) => shifted(i * dx, i * dy)));
      assert.ok(mean(m.series.change) > 0.2, 'it moves');
      // a quarter of a percent is what rounding to whole levels leaves
      const most = Math.max(0.25, 0.2 * mean(m.series.change));
      assert.ok(mean(m.series.residual) < most, `residual ${m.series.residual.join()}`);
      assert.ok(mean(m.series.shake) < 0.1, `shake ${m.series.shake.join()}`);
    });

  it('a shaken camera: the length of the change of its move', () => {
    const m = measure([0, 1, 2, 3, 4, 5].map((i) => shifted(i % 2 ? 4 : 0, 0)));
    // from +4 to -4 pixels a step, of a width of 256
    for (const value of m.series.shake) near(value, (8 / 256) * 100, 0.1);
  });

  it('change of 10 levels is 3.92%, and the first frame takes the value of the second', () => {
    const m = measure([() => 100, () => 110, () => 110]);
    near(at(m, 'change', 0), 3.9216, 1e-3);
    near(at(m, 'change', 1), 3.9216, 1e-3);
    near(at(m, 'change', 2), 0, 0);
    assert.deepEqual(m.series.repeat, [0, 0, 1]);
  });

  it('flicker: the frame that is off, not a fade', () => {
    const fade = measure([0, 1, 2, 3, 4].map((i) => () => 100 + 10 * i));
    near(Math.max(...fade.series.flicker), 0, 1e-9);
    const flash = measure([100, 100, 130, 100, 100].map((v) => () => v));
    near(at(flash, 'flicker', 2), (30 / 255) * 100, 1e-3);
    near(at(flash, 'flicker', 1), (15 / 255) * 100, 1e-3);
  });

  it('palette: two frames without a colour in common are each half away from their mean', () => {
    const m = measure([() => [255, 0, 0], () => [0, 0, 255]]);
    assert.deepEqual(m.series.palette, [50, 50]);
  });

  it('one repeated frame among moving ones', () => {
    const m = measure([0, 1, 1, 2, 3].map((i) => shifted(3 * i, 0)));
    assert.deepEqual(m.series.repeat, [0, 0, 1, 0, 0]);
  });

  it("repeated frames with a codec's traces, between frames that move", () => {
    const trace = (i: number) => (x: number, y: number) =>
      shifted(3 * i, 0)(x, y) + ((x + y) % 7 === 0 ? 1 : 0);
    const held = [shifted(0, 0), shifted(3, 0), trace(1), shifted(3, 0), shifted(6, 0), shifted(9, 0)];
    assert.deepEqual(measure(held).series.repeat, [0, 0, 1, 1, 0, 0]);
    // a motion that ends, and one that begins
    const ends = [shifted(0, 0), shifted(3, 0), shifted(6, 0), trace(2), shifted(6, 0), trace(2)];
    assert.deepEqual(measure(ends).series.repeat, [0, 0, 0, 0, 0, 0]);
    assert.deepEqual(measure(ends.toReversed()).series.repeat, [0, 0, 0, 0, 0, 0]);
  });

  it('across the gap between two windows nothing is compared', () => {
    const runs = [() => 50, () => 200].map((picture) => {
      const measurer = new FrameMeasurer();
      for (let i = 0; i < 3; i++) measurer.add(frame(picture), WIDTH, HEIGHT);
      return measurer.rows;
    });
    const m = assembleMeasures(runs.map((rows, i) => ({ times: [i, i + 0.1, i + 0.2], rows })));
    assert.deepEqual(m.times, [0, 0.1, 0.2, 1, 1.1, 1.2]);
    assert.deepEqual(m.series.change, [0, 0, 0, 0, 0, 0]);
    assert.deepEqual(m.series.repeat, [0, 1, 1, 0, 1, 1]);
  });
});

describe('measures at the edge', () => {
  for (const [width, height, count] of [
    [8, 8, 1],
    [8, 8, 3],
    [256, 8, 2],
    [8, 256, 2],
  ] as const)
    it(`${count} frame(s) of ${width} x ${height}: every value is finite`, () => {
      const normal = normals(4);
      const m = measure(
        Array.from({ length: count }, () => () => 128 + 60 * normal()),
        width,
        height,
      );
      for (const id of MEASURE_IDS) {
        assert.equal(m.series[id].length, count, id);
        for (const value of m.series[id]) assert.ok(Number.isFinite(value), `${id} is ${value}`);
      }
    });

  it('one frame: the measures over time are 0', () => {
    const m = measure([texture]);
    for (const id of ['flicker', 'change', 'residual', 'shake', 'repeat', 'palette'] as const)
      assert.deepEqual(m.series[id], [0], id);
  });
});
