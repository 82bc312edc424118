#!/usr/bin/env node
// Stands in for the `code` executable that @vscode/test-cli starts: takes the arguments that matter and runs
// the suite in the remote extension host of the VS Code server, with a headless Chromium as its window.
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchChromium } from './lib/browser.mjs';
import { startServer, workbenchUrl } from './lib/vscode-server.mjs';

const LIMIT_MS = 8 * 60_000;

const args = process.argv.slice(2);
const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const developmentPath = resolve(option('extensionDevelopmentPath') ?? '.');
const suite = resolve(option('extensionTestsPath') ?? '.');
const places = args.filter((arg) => !arg.startsWith('-')).map((arg) => resolve(arg));
const folder = places.find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
const workspace = places.find((path) => path.endsWith('.code-workspace'));

const scratch = mkdtempSync(join(tmpdir(), 'aesrm-shim-'));
const report = join(scratch, 'report');
writeFileSync(report, '');
const reportEnd = openSync(report, 'r');

/** Prints what the suite has written since the last time. */
function follow() {
  const buffer = Buffer.alloc(65536);
  for (let n; (n = readSync(reportEnd, buffer, 0, buffer.length, null)) > 0;)
    process.stdout.write(Buffer.from(buffer.subarray(0, n)));
}

/** @type {(error: Error) => void} */
let fail;
const failed = new Promise((_, reject) => (fail = reject));
failed.catch(() => {});

/** The workbench would report an extension host that crashed as a success. */
function watchHost(text) {
  const died = /Extension Host Process exited with code: (\S+), signal: (\S+?)[.,]?\s/.exec(text);
  if (died && died[1] !== '0')
    setTimeout(() => fail(new Error(`the extension host died: code ${died[1]}, signal ${died[2]}`)), 1000);
}

async function main() {
  const server = await startServer({
    driver: true,
    env: { AESRM_SUITE: suite, AESRM_SUITE_REPORT: report },
    log: watchHost,
  });
  const browser = await launchChromium().catch((error) => server.stop().then(() => Promise.reject(error)));
  const stop = async () => {
    await browser.close().catch(() => {});
    await server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => stop().finally(() => process.exit(130)));
  const following = setInterval(follow, 100);
  const deadline = setTimeout(() => fail(new Error(`no result after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const ended = new Promise((done) => page.exposeFunction('codeAutomationExit', done));
    page.on('crash', () => fail(new Error('the page crashed')));
    browser.on('disconnected', () => fail(new Error('the browser went away')));
    const testsPath = join(import.meta.dirname, 'vscode-suite.cjs');
    await page.goto(workbenchUrl(server, { folder, workspace, developmentPath, testsPath }));
    const code = Number(await Promise.race([ended, failed]));
    if (code === 0 && !existsSync(`${report}.ended`))
      throw new Error('the extension host ended before the suite did');
    return code;
  } catch (error) {
    follow();
    console.error(`${error.message}\n${server.output().slice(-2000)}`);
    return 1;
  } finally {
    clearTimeout(deadline);
    clearInterval(following);
    await stop();
    follow();
  }
}

process.exitCode = await main();
closeSync(reportEnd);
rmSync(scratch, { recursive: true, force: true });
