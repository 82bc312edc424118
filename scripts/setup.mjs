// node scripts/setup.mjs [modules] [ffmpeg] [chromium] [vscode] [torch]
// Brings what the project's scripts need, all of it unless told; only Node's own modules are used here.
// What cannot be had is said, with what that turns off.
import { existsSync, readFileSync } from 'node:fs';
import { at } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { aptInstall, findChromium, findFfmpeg, findTorch } from './lib/tools.mjs';
import { findVscode, installVscode } from './lib/vscode-home.mjs';

/** @typedef {'modules' | 'ffmpeg' | 'chromium' | 'vscode' | 'torch'} Part */

/** @type {Record<Part, {name: string, without: string, find: () => unknown, get: () => Promise<string>}>} */
const PARTS = {
  modules: {
    name: 'node_modules',
    without: 'nothing else works',
    find: modulesMatchLock,
    get: installModules,
  },
  ffmpeg: {
    name: 'ffmpeg',
    without: 'no clip can be read, made or judged',
    find: findFfmpeg,
    get: () => aptInstall('ffmpeg'),
  },
  chromium: {
    name: 'Chromium',
    without: 'no webview, integration or end-to-end tests',
    find: findChromium,
    get: () => aptInstall('chromium'),
  },
  vscode: {
    name: 'VS Code server',
    without:
      'no end-to-end tests and no served demo; integration tests need a VS Code that can be downloaded',
    find: findVscode,
    get: installVscode,
  },
  torch: {
    name: 'a Python with torch, onnx and numpy',
    without: 'no training, and none of its tests',
    find: findTorch,
    get: () => aptInstall('python3-torch', 'python3-onnx', 'python3-numpy', 'libopenblas0-pthread'),
  },
};

/** @param {Part} part */
export const has = (part) => Boolean(PARTS[part].find());

/**
 * @param {Part[]} parts
 * @returns {Promise<{part: Part, why: string}[]>} what could not be had
 */
export async function setup(parts) {
  const missing = [];
  for (const part of parts) {
    const { name, without, get } = PARTS[part];
    if (has(part)) continue;
    const why = (await get()) || (has(part) ? '' : 'it is still not there');
    if (!why) continue;
    console.log(`${name} is missing: ${why}. Without it: ${without}.`);
    missing.push({ part, why });
  }
  return missing;
}

/** Whether every package that the lock asks for on every platform is installed in its version. */
function modulesMatchLock() {
  const installed = at('node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const have = packages(installed);
  return Object.entries(packages(at('package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

async function installModules() {
  console.log('installing node_modules from the lock ...');
  // onnxruntime-node's install script would fetch CUDA libraries from outside the registry
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const args = ['ci', '--no-audit', '--no-fund'];
  const first = await run('npm', args, { cwd: at(), env, quiet: true });
  if (first.code === 0) return '';
  console.log('npm ci failed; once more without install scripts ...');
  const second = await run('npm', [...args, '--ignore-scripts'], { cwd: at(), env, quiet: true });
  return second.code === 0 ? '' : `npm ci failed:\n${second.output.trim().split('\n').slice(-8).join('\n')}`;
}

if (process.argv[1] === import.meta.filename) {
  const asked = /** @type {Part[]} */ (process.argv.slice(2));
  const missing = await setup(asked.length > 0 ? asked : /** @type {Part[]} */ (Object.keys(PARTS)));
  if (missing.length > 0) process.exitCode = 1;
}
