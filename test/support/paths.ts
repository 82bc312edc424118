import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(from: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dir === dirname(dir)) throw new Error(`no package.json above ${from}`);
  }
}

/** The repository's folder, wherever the bundle of a test was put. */
export const ROOT = findRoot(typeof __dirname === 'string' ? __dirname : process.cwd());
export const DIST = join(ROOT, 'dist');
export const WORKER = join(DIST, 'worker.js');
export const CLI = join(DIST, 'cli.js');
export const FIXTURES = join(ROOT, 'out', 'fixtures');

const shared = join(ROOT, '..', 'shared', 'videos');

/** Real generated clips with labels; undefined where this machine has none. */
export const CLIPS: string | undefined = [process.env['AESRM_CLIPS'], shared].find(
  (dir) => dir !== undefined && dir !== '' && existsSync(join(dir, 'manifest.csv')),
);
