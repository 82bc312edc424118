// Compiles src/engine/measure/wasm/NAME.ts (AssemblyScript) into what `import bytes from 'wasm:NAME'` gives: the bytes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './root.mjs';

const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'];

/** @type {import('esbuild').Plugin} */
export const wasm = {
  name: 'wasm',
  setup(build) {
    build.onResolve({ filter: /^wasm:/ }, ({ path }) => ({ path: path.slice(5), namespace: 'wasm' }));
    build.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path }) => ({
      contents: compiled(path),
      loader: 'binary',
      watchFiles: [sourceOf(path)],
    }));
  },
};

/** @param {string} name */
const sourceOf = (name) => at('src/engine/measure/wasm', `${name}.ts`);

/** @param {string} name */
function compiled(name) {
  const source = sourceOf(name);
  const compiler = readFileSync(at('node_modules/assemblyscript/package.json'));
  const key = createHash('sha256').update(compiler).update(OPTIONS.join()).update(readFileSync(source));
  const target = join(at('out/wasm'), `${name}-${key.digest('hex').slice(0, 16)}.wasm`);
  if (existsSync(target)) return readFileSync(target);
  mkdirSync(at('out/wasm'), { recursive: true });
  const scratch = `${target}.${process.pid}`;
  const asc = at('node_modules/assemblyscript/bin/asc.js');
  const made = spawnSync(process.execPath, [asc, source, '-o', scratch, ...OPTIONS], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`${source} does not compile:\n${made.stdout}${made.stderr}`);
  renameSync(scratch, target);
  return readFileSync(target);
}
