import { execFileSync } from 'node:child_process';
import { FFMPEG, fixture } from '../ffmpeg';

/** Frames of a drawn scene: a landscape with grain of its own, a light, two things that move, a camera that may. */
interface Scene {
  seed: number;
  sky: Colour;
  ground: Colour;
  thing: Colour;
  /** Pixels a second to the right. */
  pan: number;
}
type Colour = readonly [number, number, number];

const [WIDTH, HEIGHT, FPS, SECONDS] = [256, 144, 16, 2];
export const SCENE_SIZE = { width: WIDTH, height: HEIGHT, fps: FPS, seconds: SECONDS };

export const SCENES: readonly Scene[] = [
  { seed: 1, sky: [120, 165, 215], ground: [95, 115, 60], thing: [190, 70, 50], pan: 0 },
  { seed: 2, sky: [220, 160, 110], ground: [110, 80, 70], thing: [60, 80, 120], pan: 24 },
  { seed: 3, sky: [150, 160, 170], ground: [70, 95, 110], thing: [215, 185, 90], pan: -16 },
  { seed: 5, sky: [200, 205, 215], ground: [120, 125, 130], thing: [70, 110, 70], pan: 12 },
  { seed: 6, sky: [70, 80, 130], ground: [60, 70, 85], thing: [220, 150, 90], pan: -24 },
  { seed: 4, sky: [90, 140, 150], ground: [150, 130, 95], thing: [120, 60, 110], pan: 0 },
];

/** A lossless film of a drawn scene, made once; its absolute path. */
export function scene(which: Scene): string {
  const size = `${WIDTH}x${HEIGHT}`;
  const recipe = ['scene', which, SCENE_SIZE, 1];
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', String(FPS), '-i', '-'];
  return fixture(`scene-${which.seed}.mkv`, recipe, (path) =>
    execFileSync(
      FFMPEG,
      ['-loglevel', 'error', '-y', ...input, '-vf', 'format=yuv420p', '-c:v', 'ffv1', path],
      { input: film(which), stdio: ['pipe', 'ignore', 'pipe'] },
    ),
  );
}

function film(which: Scene): Buffer {
  const frames = FPS * SECONDS;
  const out = Buffer.alloc(frames * WIDTH * HEIGHT * 3);
  let at = 0;
  for (let n = 0; n < frames; n++)
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        const colour = pixel(which, x, y, n / FPS);
        for (const c of colour) out[at++] = Math.max(0, Math.min(255, Math.round(c)));
      }
  return out;
}

function pixel({ seed, sky, ground, thing, pan }: Scene, x: number, y: number, t: number): Colour {
  const world = x + 1000 + pan * t;
  const hit = [0, 1].find((k) => {
    const cx = WIDTH * (0.3 + 0.35 * k) + 22 * Math.sin(t * 1.4 + seed + 2 * k);
    const cy = HEIGHT * (0.52 + 0.12 * k) + 8 * Math.cos(t * 2 + k);
    return Math.hypot(x - cx, (y - cy) * 1.2) < HEIGHT * (0.17 - 0.04 * k);
  });
  if (hit !== undefined) {
    const own = 0.55 + 0.6 * grain(x - 22 * Math.sin(t * 1.4 + seed + 2 * hit), y, seed + 40 + hit);
    return scaled(thing, own * (1.25 - (0.6 * x) / WIDTH));
  }
  const horizon = HEIGHT * (0.42 + 0.16 * grain(world / 3, 7, seed + 9));
  if (y > horizon) return scaled(ground, 0.25 + 1.1 * grain(world, y * 1.6, seed + 20) + (0.2 * y) / HEIGHT);
  const sun = 110 * Math.exp(-(((x - WIDTH * 0.2) ** 2 + (y - HEIGHT * 0.15) ** 2) / 900));
  return scaled(sky, 0.75 + (0.35 * y) / horizon + 0.16 * grain(world / 4, y, seed)).map(
    (c) => c + sun,
  ) as unknown as Colour;
}

const scaled = ([r, g, b]: Colour, by: number): Colour => [r * by, g * by, b * by];

/** Noise of four sizes, 0..1. */
function grain(x: number, y: number, seed: number): number {
  let [sum, size, weight] = [0, 24, 0.5];
  for (let k = 0; k < 4; k++, size /= 2.3, weight *= 0.6)
    sum += weight * smooth(x / size, y / size, seed + k);
  return sum / 1.09;
}

function smooth(x: number, y: number, seed: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - i, y - j].map((d) => d * d * (3 - 2 * d)) as [number, number];
  const top = hash(i, j, seed) * (1 - u) + hash(i + 1, j, seed) * u;
  const bottom = hash(i, j + 1, seed) * (1 - u) + hash(i + 1, j + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

function hash(i: number, j: number, seed: number): number {
  let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263) ^ Math.imul(seed, 2147483647);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}
