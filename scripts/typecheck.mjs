// node scripts/typecheck.mjs [territory...]: checks each territory of the tree with its own tsconfig.*.json.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { at } from './lib/root.mjs';

const wanted = process.argv.slice(2);
const queue = readdirSync(at())
  .map((name) => /^tsconfig\.(?!base\.)(\w+)\.json$/.exec(name)?.[1])
  .filter((name) => name !== undefined && (wanted.length === 0 || wanted.includes(name)));

let failed = false;

async function worker() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const output = await tsc(at(`tsconfig.${name}.json`));
    if (output === '') continue;
    failed = true;
    console.log(`${name}:\n${output}`);
  }
}

/**
 * @param {string} project
 * @returns {Promise<string>} what it complains of
 */
function tsc(project) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [at('node_modules/typescript/bin/tsc'), '-p', project, '--pretty', 'false'],
      {
        cwd: at(),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? '' : output || `tsc ended with ${code}`));
  });
}

await Promise.all([worker(), worker()]);
if (failed) process.exitCode = 1;
