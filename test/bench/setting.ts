import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../src/engine/client';
import type { EngineConfig } from '../../src/protocol/engine';
import { clip } from '../support/clips';
import { FFMPEG } from '../support/ffmpeg';
import { CLIPS, ROOT, WORKER } from '../support/paths';

export interface BenchClip {
  name: string;
  path: string;
  width: number;
  height: number;
}

/** One figure of the report. `target` is what it should be `at most` or `at least`. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  target?: { atMost: number } | { atLeast: number };
  /** What it was taken on, or beside. */
  note?: string;
}

export const MODEL_DIR = join(ROOT, 'models', 'compact');

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : (sorted[sorted.length >> 1]! + sorted[(sorted.length - 1) >> 1]!) / 2;
}

/** The quickest of several runs: what the work costs where nothing else is in its way. */
export const best = (values: readonly number[]) => Math.min(...values);

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs `use` with one more engine over the same cache. */
export type Another = <T>(use: (engine: Engine) => Promise<T>) => Promise<T>;

/** A fresh engine over an empty cache; `use` has it to itself. */
export async function withEngine<T>(
  use: (engine: Engine, dir: string, another: Another, config: EngineConfig) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'aesrm-bench-'));
  process.env.AESRM_STATE = join(dir, 'state');
  const config: EngineConfig = {
    modelDir: MODEL_DIR,
    cacheDir: join(dir, 'cache'),
    cacheBytes: 1e9,
    device: 'cpu',
    decodeDeadline: 60,
    ffmpegPath: FFMPEG,
  };
  const another: Another = async (use) => {
    const engine = createEngine(config, { workerPath: WORKER });
    try {
      return await use(engine);
    } finally {
      await engine.dispose();
    }
  };
  try {
    return await another((engine) => use(engine, dir, another, config));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Wall time of the decoder alone. */
export function bareDecode(path: string): number {
  const start = performance.now();
  execFileSync(FFMPEG, ['-nostdin', '-loglevel', 'error', '-i', `file:${path}`, '-f', 'null', '-'], {
    stdio: 'ignore',
  });
  return performance.now() - start;
}

/** Two seconds of 832x480, as Wan makes them: clean, and ruined. */
export function twoSeconds(): [string, string] {
  const shape = { width: 832, height: 480, fps: 16, seconds: 2 };
  const filter = 'noise=alls=6:allf=t:all_seed=7';
  return [
    clip('h264', { ...shape, filter }),
    clip('bench-soft', { ...shape, filter: `gblur=sigma=3,${filter}` }),
  ];
}

/** Real clips of each size where this machine has them, else generated ones. */
export function benchClips(perSize: number): { clips: BenchClip[]; real: boolean } {
  if (CLIPS !== undefined) return { clips: realClips(CLIPS, perSize), real: true };
  const sizes: [number, number, number, number][] = [
    [1280, 720, 24, 5],
    [832, 480, 16, 5],
    [512, 320, 8, 3],
    [256, 256, 8, 2],
  ];
  const clips = sizes.map(([width, height, fps, seconds]) => {
    const path = clip(`bench-${height}`, {
      width,
      height,
      fps,
      seconds,
      filter: 'noise=alls=6:allf=t:all_seed=7',
    });
    return { name: `generated ${width}x${height}`, path, width, height };
  });
  return { clips, real: false };
}

function realClips(dir: string, perSize: number): BenchClip[] {
  const rows = readFileSync(join(dir, 'manifest.csv'), 'utf8').split('\n').slice(1);
  const files = rows.map((row) => row.split(',')[0]!).filter((file) => file.endsWith('.mp4'));
  const bySize = new Map<string, BenchClip[]>();
  for (const file of files) {
    const path = join(dir, file);
    const size = sizeOf(path);
    const key = `${size.width}x${size.height}`;
    const list = bySize.get(key) ?? [];
    if (list.length < perSize) bySize.set(key, [...list, { name: file, path, ...size }]);
  }
  return [...bySize.values()].flat().sort((a, b) => b.width * b.height - a.width * a.height);
}

function sizeOf(path: string): { width: number; height: number } {
  const { stderr } = spawnSync(FFMPEG, ['-hide_banner', '-i', `file:${path}`], { encoding: 'utf8' });
  const [, width, height] = / (\d{2,5})x(\d{2,5})[ ,]/.exec(/Video: .*/.exec(stderr)?.[0] ?? '') ?? [];
  return { width: Number(width), height: Number(height) };
}
