// node scripts/bench.mjs [--json] [--clips N] [--no-build]
// Speed and memory of the engine, each beside what its parts cost bare, in one run on this machine.
// Real clips are taken from ../shared/videos or AESRM_CLIPS (N of each size), else clips are generated.
import { spawn } from 'node:child_process';
import { at } from './lib/root.mjs';

const args = process.argv.slice(2);

if (!args.includes('--no-build')) {
  const [{ build }, { buildProduct }, { benchBundle }] = await Promise.all([
    import('esbuild'),
    import('./build.mjs'),
    import('./lib/bundles.mjs'),
  ]);
  await buildProduct();
  await build(benchBundle().options);
}

const program = [at('out/bench/main.js'), ...args.filter((arg) => arg !== '--no-build')];
const child = spawn(process.execPath, ['--enable-source-maps', ...program], { stdio: 'inherit', cwd: at() });
child.on('exit', (code, signal) => (process.exitCode = signal ? 1 : (code ?? 1)));
