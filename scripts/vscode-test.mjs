// node scripts/vscode-test.mjs [--no-build] [--download] [arguments for vscode-test, e.g. --grep X]
// Runs the in-host suite: in the VS Code server of scripts/setup.mjs, or (--download, or where there is none)
// in a desktop VS Code that vscode-test downloads.
import { delimiter, dirname } from 'node:path';
import { at } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { findVscode } from './lib/vscode-home.mjs';

const own = ['--no-build', '--download'];
const asked = process.argv.slice(2);
const passed = asked.filter((arg) => !own.includes(arg));

if (!asked.includes('--no-build')) {
  const { buildProduct, buildTests } = await import('./build.mjs');
  await buildProduct();
  await buildTests(['integration']);
}
const { makeWorkspace } = await import('./lib/workspace.mjs');
makeWorkspace(at('out/workspace'));

const vscode = asked.includes('--download') ? undefined : findVscode();
const env = { ...process.env };
if (vscode) {
  env.AESRM_VSCODE_STAND_IN = at('scripts/vscode-shim.mjs');
  env.PATH = `${dirname(vscode.node)}${delimiter}${env.PATH}`;
}
const cli = at('node_modules/@vscode/test-cli/out/bin.mjs');
const { code } = await run(vscode?.node ?? process.execPath, [cli, ...passed], { cwd: at(), env });
process.exitCode = code;
