import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(from) {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dir === dirname(dir)) throw new Error(`no package.json above ${from}`);
  }
}

/** The repository's folder; found by walking up, so that a bundle of this module under out/ finds it too. */
export const ROOT = findRoot(import.meta.dirname);

/** @param {...string} parts */
export const at = (...parts) => join(ROOT, ...parts);

export const readManifest = () => JSON.parse(readFileSync(at('package.json'), 'utf8'));
