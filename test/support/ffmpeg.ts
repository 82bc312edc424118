import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES } from './paths';

/** The ffmpeg that makes the fixtures; scripts/test.mjs names the one it found. */
export const FFMPEG = process.env['FFMPEG_BIN'] || 'ffmpeg';

let encoders: string | undefined;

export function hasEncoder(name: string): boolean {
  encoders ??= spawnSync(FFMPEG, ['-hide_banner', '-encoders'], { encoding: 'utf8' }).stdout ?? '';
  return new RegExp(`^ [A-Z.]{6} ${name} `, 'm').test(encoders);
}

export function ffmpeg(args: readonly string[]): void {
  execFileSync(FFMPEG, ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 120_000,
  });
}

/**
 * A file under out/fixtures, made once: `recipe` is whatever decides its content, `make` writes it to the
 * path it is given. Two processes may ask at once; the last rename wins and both files are alike.
 */
export function fixture(fileName: string, recipe: unknown, make: (path: string) => void): string {
  const key = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
  const dir = join(FIXTURES, key);
  const path = join(dir, fileName);
  if (existsSync(path)) return path;
  mkdirSync(dir, { recursive: true });
  const scratch = join(dir, `making-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    const made = join(scratch, fileName);
    make(made);
    renameSync(made, path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return path;
}
