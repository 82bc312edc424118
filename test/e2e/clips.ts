import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { degraded, h264, ruined } from '../support/clips';
import { CLIPS, ROOT } from '../support/paths';

const REAL = 'wan22-t2v-a14b_robot-dancing-in-times-square.mp4';

export interface Folder {
  dir: string;
  /** The name that the clips of both folders have. */
  name: string;
  real: boolean;
}

/**
 * A folder with a clip of one name under `base` and under `tuned`, and one more pair with a difference at a known
 * place. Real generated clips where the machine has them.
 */
export function comparisonFolder(name: string): Folder {
  const dir = join(ROOT, 'out/e2e', name);
  rmSync(dir, { recursive: true, force: true });
  const sweep = CLIPS === undefined ? undefined : join(CLIPS, 'sweeps/wan-grpo');
  const real = sweep !== undefined && existsSync(join(sweep, 'base', REAL));
  const file = real ? REAL : 'moving-pattern.mp4';
  put(real ? join(sweep, 'base', REAL) : ruined(), join(dir, 'base'), file);
  put(real ? join(sweep, 'grpo', REAL) : h264(), join(dir, 'tuned'), file);
  put(h264(), join(dir, 'takes'));
  put(degraded(), join(dir, 'takes'));
  writeFileSync(join(dir, 'notes.md'), '# Notes\n');
  return { dir, name: file, real };
}

function put(from: string, to: string, as = basename(from)): void {
  mkdirSync(to, { recursive: true });
  copyFileSync(from, join(to, as));
}
