import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSampleSweep } from './sample.mjs';

/**
 * A folder as the tests open it, anew: clips in nested folders, and files that are none.
 * @param {string} dir
 * @returns {{dir: string, clips: string[]}}
 */
export function makeWorkspace(dir) {
  const small = { width: 320, height: 180, fps: 16, seconds: 2, steps: [100, 400] };
  const clips = makeSampleSweep(dir, { ...small, force: true });
  writeFileSync(join(dir, 'notes.md'), '# Notes\n');
  writeFileSync(join(dir, 'broken.mp4'), 'This is not a video.\n');
  return { dir, clips };
}
