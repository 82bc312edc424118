// Starts the VS Code server that scripts/lib/vscode-home.mjs has put into the cache.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endGroup } from './run.mjs';
import { findVscode } from './vscode-home.mjs';

/** Nothing that asks, updates, reports or stands in front of the folder. */
const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
};

/**
 * @typedef {object} ServerOptions
 * @property {Record<string, unknown>} [settings] user settings over the quiet ones
 * @property {string[]} [vsix] extensions to install first
 * @property {object} [machine] settings of the machine that the server runs on, where those of machine scope belong
 * @property {boolean} [driver] lets a page load an extension under development and its tests; hides toasts
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [port]
 * @property {string} [home] a folder for the server's data that outlives it
 * @property {(text: string) => void} [log]
 *
 * @typedef {{pid: number, port: number, authority: string, settingsFile: string, output: () => string,
 *   stop: () => Promise<void>, kill: () => Promise<void>}} Server `kill`: as a power cut would, with all its children
 */

/**
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 */
export async function startServer(options = {}) {
  const vscode = findVscode();
  if (!vscode) throw new Error('there is no VS Code server; run: node scripts/setup.mjs vscode');
  const dir = options.home ?? mkdtempSync(join(tmpdir(), 'aesrm-vscode-'));
  const settingsFile = join(dir, 'user/User/settings.json');
  mkdirSync(join(dir, 'user/User'), { recursive: true });
  writeFileSync(settingsFile, JSON.stringify({ ...SETTINGS, ...options.settings }, undefined, 2));
  if (options.machine) {
    mkdirSync(join(dir, 'user/Machine'), { recursive: true });
    writeFileSync(join(dir, 'user/Machine/settings.json'), JSON.stringify(options.machine, undefined, 2));
  }
  const places = [
    '--server-data-dir',
    dir,
    '--user-data-dir',
    join(dir, 'user'),
    '--extensions-dir',
    join(dir, 'ext'),
  ];
  const common = [vscode.server, '--accept-server-license-terms', ...places];
  const env = serverEnv(dir, options.env);

  for (const file of options.vsix ?? []) {
    const args = [...common, '--install-extension', file, '--force'];
    const { status, stdout, stderr } = spawnSync(vscode.node, args, {
      env,
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (status !== 0 || !stdout.includes('was successfully installed'))
      throw new Error(`the VSIX could not be installed:\n${stdout}\n${stderr}`);
  }

  const args = [
    ...common,
    '--host',
    '127.0.0.1',
    '--port',
    String(options.port ?? 0),
    '--without-connection-token',
  ];
  args.push('--disable-telemetry', '--disable-workspace-trust', '--disable-getting-started-override');
  if (options.driver) args.push('--enable-smoke-test-driver');
  const child = spawn(vscode.node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  const stop = async () => {
    endGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => endGroup(child.pid, 'SIGKILL'), 3000);
    await gone;
    clearTimeout(timer);
    endGroup(child.pid, 'SIGKILL');
    if (!options.home) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  const kill = async () => {
    for (const pid of descendants(child.pid)) endProcess(pid);
    endGroup(child.pid, 'SIGKILL');
    await gone;
  };
  try {
    const port = await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the VS Code server did not start:\n${output}`)),
        60_000,
      );
      const listen = (chunk) => {
        output += chunk;
        options.log?.(String(chunk));
        const listening = /Extension host agent listening on (\d+)/.exec(output);
        if (!listening) return;
        clearTimeout(timer);
        resolve(Number(listening[1]));
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('exit', (code) => reject(new Error(`the VS Code server ended with ${code}:\n${output}`)));
    });
    return {
      pid: child.pid,
      port,
      authority: `127.0.0.1:${port}`,
      settingsFile,
      output: () => output,
      stop,
      kill,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Processes under one, and under these.
 * @param {number} pid
 * @returns {number[]}
 */
function descendants(pid) {
  const own = processes().filter(({ parent }) => parent === pid);
  return own.flatMap((child) => [child.pid, ...descendants(child.pid)]);
}

/**
 * The extension hosts of a server, one for each window.
 * @param {Server} server
 * @returns {number[]} their process ids
 */
export function extensionHosts({ pid }) {
  const under = new Set(descendants(pid));
  const hosts = processes().filter((p) => under.has(p.pid) && /--type=extensionHost/.test(p.args));
  return hosts.map((host) => host.pid);
}

/**
 * Ends the extension hosts of a server at once, as a crash would.
 * @param {Server} server
 * @param {number[]} hosts those that are meant; all, unless told
 * @returns {number} how many there were
 */
export function killExtensionHosts(server, hosts = extensionHosts(server)) {
  for (const pid of hosts) endProcess(pid);
  return hosts.length;
}

function processes() {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args=', '-ww'], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found ? [{ pid: Number(found[1]), parent: Number(found[2]), args: found[3] }] : [];
  });
}

function endProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function serverEnv(dir, more) {
  const env = { ...process.env, XDG_RUNTIME_DIR: dir, ...more };
  // started from a terminal inside VS Code, or by npm: none of that is the server's
  for (const name of Object.keys(env)) if (/^(ELECTRON_|VSCODE_(?!TEST_)|npm_)/.test(name)) delete env[name];
  return env;
}

/**
 * The address that opens a folder in the workbench, with an extension under development and its tests if told.
 * @param {Server} server
 * @param {{folder?: string, workspace?: string, developmentPath?: string, testsPath?: string}} what
 */
export function workbenchUrl(server, { folder, workspace, developmentPath, testsPath }) {
  const remote = (path) => `vscode-remote://${server.authority}${path}`;
  const payload = [['skipWelcome', 'true']];
  if (developmentPath) payload.push(['extensionDevelopmentPath', remote(developmentPath)]);
  if (testsPath) payload.push(['extensionTestsPath', remote(testsPath)]);
  const url = new URL(`http://${server.authority}/`);
  if (workspace) url.searchParams.set('workspace', workspace);
  else if (folder) url.searchParams.set('folder', folder);
  else url.searchParams.set('ew', 'true');
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.toString();
}
