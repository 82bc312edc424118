// node scripts/reasons.mjs [--on drawn|mend|report] [--clips N] [--each] [--json FILE] [--no-build]
// Damages clips in known ways, and counts how often the reason names the criterion, the side and the moment.
// drawn: made-up scenes; mend, report: the two halves of the held-out clips in ../shared/videos or AESRM_CLIPS.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { at } from './lib/root.mjs';

const USAGE = 'usage: node scripts/reasons.mjs [--on drawn|mend|report] [--clips N] [--each] [--json FILE]';

function options() {
  try {
    const { values } = parseArgs({
      options: {
        on: { type: 'string', default: 'drawn' },
        clips: { type: 'string', default: '12' },
        each: { type: 'boolean', default: false },
        json: { type: 'string' },
        'no-build': { type: 'boolean', default: false },
      },
    });
    if (!['drawn', 'mend', 'report'].includes(values.on)) throw new Error('--on takes drawn, mend or report');
    if (!/^[1-9]\d*$/.test(values.clips)) throw new Error('--clips takes a number from 1');
    return values;
  } catch (error) {
    console.error(`${error.message.replace(/\. .*$/s, '')}; ${USAGE}`);
    return process.exit(2);
  }
}

const { on, clips, each, json, 'no-build': noBuild } = options();

if (!noBuild) {
  const [{ build }, { buildProduct }, { benchBundle }] = await Promise.all([
    import('esbuild'),
    import('./build.mjs'),
    import('./lib/bundles.mjs'),
  ]);
  await buildProduct();
  await build(benchBundle().options);
}

const args = ['--on', on, '--clips', clips, ...(each ? ['--each'] : []), ...(json ? ['--json', json] : [])];
const program = ['--enable-source-maps', at('out/bench/reasons.js'), ...args];
const child = spawn(process.execPath, program, { stdio: 'inherit', cwd: at() });
child.on('exit', (code, signal) => (process.exitCode = signal ? 1 : (code ?? 1)));
