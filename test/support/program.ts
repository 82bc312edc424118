import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from './paths';

/** A program of a test's own over the project's sources, bundled; its path. */
export function program(name: string, source: string): string {
  const outfile = join(ROOT, 'out', 'programs', `${name}-${process.pid}.cjs`);
  buildSync({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile,
  });
  return outfile;
}
