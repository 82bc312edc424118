// Finds, and on Debian as root installs, the programs around the project: ffmpeg, Chromium and a Python with torch.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { at } from './root.mjs';
import { run } from './run.mjs';

/** @returns {string | undefined} an ffmpeg that runs */
export function findFfmpeg() {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const onPath = (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, name));
  const candidates = [process.env.FFMPEG_BIN, at('node_modules/ffmpeg-static', name), ...onPath];
  return candidates.find((path) => path && existsSync(path) && runs(path, '-version'));
}

/** @returns {string | undefined} */
export function findChromium() {
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return [process.env.AESRM_CHROMIUM, ...places].find((path) => path && existsSync(path));
}

/** @type {string | undefined} */
let torchPython;

/** @returns {string | undefined} a Python with what training/ imports; one that was found is not looked for again */
export function findTorch() {
  const own = at('.venv-training/bin/python');
  const candidates = [process.env.AESRM_PYTHON, existsSync(own) && own, 'python3', '/usr/bin/python3'];
  torchPython ??=
    candidates.find((python) => python && imports(python, 'numpy', 'onnx', 'torch')) || undefined;
  return torchPython;
}

/** A minute: torch is large, and a first import reads all of it. */
function imports(python, ...modules) {
  const args = ['-c', `import ${modules.join(', ')}`];
  return spawnSync(python, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

function runs(program, ...args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/**
 * @param {...string} names
 * @returns {Promise<string>} why they could not be installed; empty when they were
 */
export async function aptInstall(...names) {
  if (!runs('apt-get', '--version')) return 'this is not a Debian system';
  if (process.getuid?.() !== 0) return 'installing it needs root';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const what = names.join(', ');
  console.log(`installing Debian's ${what} ...`);
  await run('apt-get', ['update'], { quiet: true, env });
  const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', ...names], {
    quiet: true,
    env,
  });
  return code === 0 ? '' : `apt-get install of ${what} failed: ${output.trim().split('\n').at(-1)}`;
}
