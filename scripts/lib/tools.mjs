// Finds, and on Debian as root installs, the programs around the project: ffmpeg and Chromium.
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

function runs(program, ...args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/**
 * @param {string} name
 * @returns {Promise<string>} why it could not be installed; empty when it was
 */
export async function aptInstall(name) {
  if (!runs('apt-get', '--version')) return 'this is not a Debian system';
  if (process.getuid?.() !== 0) return 'installing it needs root';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  console.log(`installing Debian's ${name} ...`);
  await run('apt-get', ['update'], { quiet: true, env });
  const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', name], {
    quiet: true,
    env,
  });
  return code === 0 ? '' : `apt-get install ${name} failed: ${output.trim().split('\n').at(-1)}`;
}
