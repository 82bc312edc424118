import { copyFileSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { SERIES } from '../../../src/core/sweep/table';
import type { SweepProgress, SweepRunParams, SweepTarget } from '../../../src/protocol/sweep';
import { clip } from '../../support/clips';
import { lines } from './support';
import { CRITERION_IDS } from '../../../src/core/rubric';

/** Small enough that a sweep of a dozen takes a second or two. */
const TINY = { width: 128, height: 96, fps: 8, seconds: 1 };

export function tiny(step: number, prompt: number): string {
  const harm = `gblur=sigma=${4 - step},noise=alls=${8 * (4 - step) + 4 * prompt + 1}:allf=t:all_seed=${prompt + 1}`;
  return clip(`sweep-${step}-${prompt}`, { ...TINY, filter: harm });
}

/** `step-N00/prompt-P.mp4` for steps 1..3 and so many prompts. */
export function makeSweep(dir: string, { steps = 3, prompts = 3 } = {}): string {
  const root = join(dir, 'ws', 'run');
  for (let step = 1; step <= steps; step++) addStep(root, step, prompts);
  return root;
}

/** Samples as of an hour ago: what was written just now waits. */
export function addStep(root: string, step: number, prompts = 3): void {
  const folder = join(root, `step-${step}00`);
  mkdirSync(folder, { recursive: true });
  const then = new Date(Date.now() - 3_600_000);
  for (let prompt = 0; prompt < prompts; prompt++) {
    const path = join(folder, `prompt-${prompt}.mp4`);
    copyFileSync(tiny(step, prompt), path);
    utimesSync(path, then, then);
  }
}

export function targetOf(root: string, more: Partial<SweepTarget> = {}): SweepTarget {
  return { root, name: 'run', logDir: join(root, '..', '.aesrm'), layout: {}, pairing: 'all', ...more };
}

export function runOf(root: string, more: Partial<SweepTarget> = {}): SweepRunParams {
  return { sweep: targetOf(root, more), watch: false, retryBroken: false };
}

/** One pair of the log: clips by content, winners of the four series and the criteria, as bytes. */
export interface LoggedPair {
  key: string;
  a: string;
  b: string;
  bytes: string;
}

const BYTES = 4 + SERIES.length * 4 + 1 + CRITERION_IDS.length;

/** Every pair of the row log, read by a program of the test's own. */
export function loggedPairs(logDir: string): LoggedPair[] {
  return lines(join(logDir, 'sweeps.jsonl')).flatMap(pairsOfLine);
}

/** Throws where the line is no whole one. */
export function pairsOfLine(line: string): LoggedPair[] {
  const { clips, pairs } = JSON.parse(line) as { clips: string[]; pairs: string };
  const bytes = Buffer.from(pairs, 'base64');
  return Array.from({ length: bytes.length / BYTES }, (_, i) => {
    const at = i * BYTES;
    const [a, b] = [clips[bytes.readUInt16LE(at)]!, clips[bytes.readUInt16LE(at + 2)]!];
    const rest = bytes.subarray(at + 4, at + BYTES).toString('hex');
    return { key: [a, b].sort().join(), a, b, bytes: rest };
  });
}

export function listener() {
  const steps: SweepProgress[] = [];
  return { steps, onProgress: (step: SweepProgress) => void steps.push(step) };
}
