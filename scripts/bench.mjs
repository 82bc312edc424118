// node scripts/bench.mjs [--json] [--clips N] [--only NAME] [--no-fail] [--no-build]
// Speed and memory of the engine, each beside what its parts cost bare, in one run on this machine.
// Real clips are taken from ../shared/videos or AESRM_CLIPS (N of each size), else clips are generated.
// Exit code 1: a target was missed (not with --no-fail); 2: usage.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { at } from './lib/root.mjs';

const USAGE = 'usage: node scripts/bench.mjs [--json] [--clips N] [--only NAME] [--no-fail] [--no-build]';

function options() {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean' },
        clips: { type: 'string', default: '2' },
        only: { type: 'string' },
        'no-fail': { type: 'boolean' },
        'no-build': { type: 'boolean' },
      },
    });
    if (!/^[1-9]\d*$/.test(values.clips)) throw new Error('--clips takes a number from 1');
    return values;
  } catch (error) {
    console.error(`${error.message.replace(/\. .*$/s, '')}; ${USAGE}`);
    return process.exit(2);
  }
}

const { json, clips, only, 'no-fail': noFail, 'no-build': noBuild } = options();

if (!noBuild) {
  const [{ build }, { buildProduct }, { benchBundle }] = await Promise.all([
    import('esbuild'),
    import('./build.mjs'),
    import('./lib/bundles.mjs'),
  ]);
  await buildProduct();
  await build(benchBundle().options);
}

const args = [
  ...['--clips', clips],
  ...(only ? ['--only', only] : []),
  ...(json ? ['--json'] : []),
  ...(noFail ? ['--no-fail'] : []),
];
const program = ['--enable-source-maps', at('out/bench/main.js'), ...args];
const child = spawn(process.execPath, program, { stdio: 'inherit', cwd: at() });
child.on('exit', (code, signal) => (process.exitCode = signal ? 1 : (code ?? 1)));
