import { copyFileSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { clip, h264, ruined } from '../support/clips';
import { ROOT } from '../support/paths';

export interface ServedFolder {
  /** The workspace: one clip sharp and soft, and a sweep of two steps in which the later one is sharp. */
  dir: string;
  sweep: string;
  prompts: number;
}

const PROMPTS = ['a-red-kite', 'a-slow-train', 'rain-on-glass', 'two-dancers'];

export function servedFolder(name: string): ServedFolder {
  const dir = join(ROOT, 'out/e2e', name);
  rmSync(dir, { recursive: true, force: true });
  put(h264(), join(dir, 'takes'), 'sharp.mp4');
  put(ruined(), join(dir, 'takes'), 'soft.mp4');
  for (const [i, prompt] of PROMPTS.entries())
    for (const [step, blur] of [
      ['step-100', ',gblur=sigma=4'],
      ['step-200', ''],
    ] as const) {
      const filter = `hue=h=${80 * i},noise=alls=6:allf=t:all_seed=7${blur}`;
      const small = { width: 320, height: 180, fps: 8, seconds: 1, filter };
      put(clip(`served-${i}-${step}`, small), join(dir, 'run', step), `${prompt}.mp4`);
    }
  return { dir, sweep: 'run', prompts: PROMPTS.length };
}

function put(from: string, to: string, as: string): void {
  mkdirSync(to, { recursive: true });
  copyFileSync(from, join(to, as));
  // A file that is new may still be being written, and a sweep waits for it.
  const then = new Date(Date.now() - 3_600_000);
  utimesSync(join(to, as), then, then);
}
