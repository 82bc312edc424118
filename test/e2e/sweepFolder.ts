import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { makeSampleSweep } from '../../scripts/lib/sample.mjs';
import { gif, mp4v, webp } from '../support/clips';
import { CLIPS, ROOT } from '../support/paths';

export interface SweepFolder {
  /** The workspace. */
  dir: string;
  /** Name of the sweep's folder in it. */
  sweep: string;
  columns: number;
  rows: number;
  /** Of generated clips by real models; else drawn by ffmpeg. */
  real: boolean;
}

/** The four generators of FETV on fourteen prompts where the machine has them, else a drawn sweep of steps. */
export function modelSweep(name: string): SweepFolder {
  const dir = fresh(name);
  const fetv = CLIPS === undefined ? undefined : join(CLIPS, 'sweeps/fetv');
  if (fetv === undefined || !existsSync(fetv)) return { ...drawn(dir), real: false };
  cpSync(fetv, join(dir, 'fetv'), { recursive: true });
  return { dir, sweep: 'fetv', columns: 4, rows: 14, real: true };
}

/** A folder without any sample. */
export function withoutSweep({ dir }: SweepFolder): string {
  mkdirSync(join(dir, 'notes'));
  writeFileSync(join(dir, 'notes/readme.txt'), 'no videos here');
  return 'notes';
}

/** Another real sweep put beside the first, where the machine has it: its name, else undefined. */
export function besides({ dir }: SweepFolder, name: string): string | undefined {
  const from = CLIPS === undefined ? undefined : join(CLIPS, 'sweeps', name);
  if (from === undefined || !existsSync(from)) return undefined;
  cpSync(from, join(dir, name), { recursive: true });
  return name;
}

/** Two steps of three clips that Chromium plays in no video element: GIF, animated WebP, MPEG-4 part 2. */
export function unplayable({ dir }: SweepFolder): string {
  for (const step of ['step-100', 'step-200']) {
    const folder = join(dir, 'unplayable', step);
    mkdirSync(folder, { recursive: true });
    for (const clip of [gif(), webp(), mp4v()])
      copyFileSync(clip, join(folder, `of-${extname(clip).slice(1)}${extname(clip)}`));
  }
  return 'unplayable';
}

/** Four steps on three drawn prompts: small, and quickly judged. */
export function stepSweep(name: string): SweepFolder {
  return { ...drawn(fresh(name)), real: false };
}

/** A sample of a step that was not there before appears for every prompt. */
export function addStep({ dir, sweep }: SweepFolder, from: string, to: string, names: string[]): void {
  mkdirSync(join(dir, sweep, to), { recursive: true });
  for (const name of names) copyFileSync(join(dir, sweep, from, name), join(dir, sweep, to, name));
}

function drawn(dir: string): Omit<SweepFolder, 'real'> {
  makeSampleSweep(join(dir, 'samples'), { width: 320, height: 180, seconds: 1 });
  return { dir, sweep: 'samples', columns: 4, rows: 3 };
}

function fresh(name: string): string {
  const dir = join(ROOT, 'out/e2e', name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  return dir;
}
