// The legs of the test run: what each needs and how it runs.
import { existsSync } from 'node:fs';
import { mochaCounts, mochaFailures, none, unittestCounts } from './counts.mjs';
import { filesUnder } from './files.mjs';
import { at } from './root.mjs';
import { run } from './run.mjs';
import { findTorch } from './tools.mjs';

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {import('../setup.mjs').Part} Part
 * @typedef {{ok: boolean, counts: Counts, off?: string, failures?: string}} Outcome `off`: why it did not run;
 *   `failures`: what the runner told of each
 * @typedef {{name: string, needs: Part[], tests?: boolean, wants?: Part[],
 *   run: (env: NodeJS.ProcessEnv) => Promise<Outcome>}} Leg `wants`: what it does not run without, which fails no test
 */

/** @returns {Promise<Outcome>} */
async function checks(env, ...programs) {
  let ok = true;
  for (const args of programs) {
    const { code } = await run(process.execPath, args, { cwd: at(), env });
    if (code === 0) continue;
    console.log(`failed: node ${args.join(' ')}`);
    ok = false;
  }
  return { ok, counts: none() };
}

/**
 * @param {string} leg
 * @param {number} [timeoutMs] of one test
 * @param {number} [deadlineMs] of all of them
 * @returns {(env: NodeJS.ProcessEnv) => Promise<Outcome>}
 */
function mocha(leg, timeoutMs = 20_000, deadlineMs = 1_200_000) {
  return async (env) => {
    const files = filesUnder(at('out/test', leg), (path) => path.endsWith('.test.js'));
    if (files.length === 0) return { ok: false, counts: none() };
    const options = ['--ui', 'bdd', '--timeout', String(timeoutMs), ...(env.CI ? ['--forbid-only'] : [])];
    const paths = files.map((path) => at('out/test', leg, path));
    const args = ['--enable-source-maps', at('node_modules/mocha/bin/mocha.js'), ...options, ...paths];
    const ended = await run(process.execPath, args, { cwd: at(), env, timeoutMs: deadlineMs });
    return counted(ended, mochaCounts);
  };
}

/**
 * @param {{code: number, output: string}} ended
 * @param {(output: string) => Counts} read
 * @returns {Outcome}
 */
function counted({ code, output }, read) {
  const counts = read(output);
  return {
    ok: code === 0 && counts.failed === 0 && counts.passed > 0,
    counts,
    failures: mochaFailures(output),
  };
}

async function integration(env) {
  const args = [at('scripts/vscode-test.mjs'), '--no-build'];
  return counted(await run(process.execPath, args, { cwd: at(), env }), mochaCounts);
}

async function packaged(env) {
  const { code } = await run(process.execPath, [at('scripts/package.mjs')], { cwd: at(), env });
  return code === 0 ? mocha('package', 120_000)(env) : { ok: false, counts: none() };
}

async function training(env) {
  if (!existsSync(at('training/tests'))) return { ok: false, counts: none() };
  const python = findTorch();
  if (!python) {
    const off = 'no Python here has torch, onnx and numpy; name one that has in AESRM_PYTHON';
    return { ok: true, counts: none(), off };
  }
  console.log(`with ${python}`);
  const args = ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'];
  return counted(await run(python, args, { cwd: at('training'), env }), unittestCounts);
}

/** @type {Leg[]} */
export const LEGS = [
  {
    name: 'lint',
    needs: [],
    run: (env) =>
      checks(
        env,
        [at('node_modules/eslint/bin/eslint.js'), '.'],
        [at('node_modules/prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
        [at('scripts/typecheck.mjs')],
      ),
  },
  { name: 'build', needs: [], run: (env) => checks(env, [at('scripts/build.mjs'), '--tests']) },
  { name: 'unit', needs: [], tests: true, run: mocha('unit') },
  { name: 'engine', needs: ['ffmpeg'], tests: true, run: mocha('engine', 60_000, 2_400_000) },
  { name: 'webview', needs: ['chromium'], tests: true, run: mocha('webview', 60_000) },
  { name: 'package', needs: [], tests: true, run: packaged },
  { name: 'integration', needs: ['ffmpeg', 'chromium', 'vscode'], tests: true, run: integration },
  { name: 'e2e', needs: ['ffmpeg', 'chromium', 'vscode'], tests: true, run: mocha('e2e', 120_000) },
  { name: 'training', needs: ['ffmpeg'], wants: ['torch'], tests: true, run: training },
];
