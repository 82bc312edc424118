import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVscode } from '../../scripts/lib/vscode-home.mjs';
import { vsixPath } from '../../scripts/package.mjs';
import { Workbench } from '../e2e/workbench';
import { CHROMIUM } from '../support/browser';
import { FFMPEG } from '../support/ffmpeg';
import { ROOT } from '../support/paths';
import { CHECKPOINTS, madeUpSweep, PROMPTS } from './madeUp';
import type { Figure } from './setting';

const TARGET_MB = 200;
const ACTIVATION_MS = 50;
const RUN_MS = 15_000;
/** Until the workbench has its own extensions at work. */
const SETTLE_MS = 5000;
const LOOK_MS = 100;

/**
 * The same sweep of 10,000 clips in the packaged extension in a real VS Code: what its extension host holds for itself,
 * beside what it held before the sweep was opened. Pages of program files, which all processes of a server share, are
 * told apart.
 */
export async function workbench(): Promise<Figure[]> {
  const name = "extension host's most memory";
  const target = { atMost: TARGET_MB };
  if (CHROMIUM === undefined || !findVscode() || !existsSync(vsixPath()) || process.platform !== 'linux')
    return [
      {
        name,
        value: NaN,
        unit: 'MB',
        target,
        note: 'it takes Linux, Chromium, the VS Code server and a VSIX',
      },
    ];
  const dir = mkdtempSync(join(tmpdir(), 'aesrm-bench-'));
  try {
    const home = join(dir, 'home');
    await madeUpSweep(dir, CHECKPOINTS - 1, join(home, 'user/User/globalStorage', extensionId(), 'cache'));
    const { before, most } = await inVscode(join(dir, 'ws'), home);
    const mb = (bytes: number) => Math.round(bytes / 1e6);
    const shared = `with shared pages of files ${mb(most.resident)} MB`;
    const note = `${CHECKPOINTS} x ${PROMPTS}, tree and page open, running; ${mb(before.own)} MB before the sweep; ${shared}, ${mb(before.resident)} MB before`;
    return [{ name, value: most.own / 1e6, unit: 'MB', target, note }, activation(home)];
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What the extension wrote of its own activation into its log, the longest of all windows. */
function activation(home: string): Figure {
  const logs = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('AesRM Review.log'))
    .map((path) => readFileSync(join(home, path), 'utf8'));
  const took = logs.flatMap((log) =>
    [...log.matchAll(/\[activation\] took ([\d.]+) ms/g)].map(([, ms]) => Number(ms)),
  );
  return {
    name: 'activation',
    value: took.length > 0 ? Math.max(...took) : NaN,
    unit: 'ms',
    target: { atMost: ACTIVATION_MS },
    note: 'loading the bundle and activate, in a real VS Code',
  };
}

function extensionId(): string {
  const { publisher, name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    publisher: string;
    name: string;
  };
  return `${publisher}.${name}`.toLowerCase();
}

/** Bytes of a process: `own` are no file's, `resident` all that it has in memory. */
interface Memory {
  own: number;
  resident: number;
}

async function inVscode(folder: string, home: string): Promise<{ before: Memory; most: Memory }> {
  const settings = { 'aesrm.device': 'cpu', 'aesrm.ffmpegPath': FFMPEG };
  const window = await Workbench.open({ folder, home, settings });
  let watching: NodeJS.Timeout | undefined;
  try {
    await window.until('an extension host', () => Promise.resolve(window.hosts().length > 0));
    const [host] = window.hosts();
    await window.page.waitForTimeout(SETTLE_MS);
    const before = memoryOf(host!);
    let most = before;
    watching = setInterval(() => (most = larger(most, memoryOf(host!))), LOOK_MS);
    await window.contextMenu(window.explorerRow('run').first(), 'Open Checkpoint Sweep…');
    const page = window.webview();
    await page.locator('.best').waitFor({ timeout: 60_000 });
    await window.command('Focus on Checkpoint Sweep View');
    await window.command('AesRM: Show Sweep Page');
    await page.getByRole('button', { name: /start/i }).first().click();
    await scrollThrough(window, RUN_MS);
    return { before, most };
  } finally {
    clearInterval(watching);
    await window.close();
  }
}

const larger = (a: Memory, b: Memory): Memory => ({
  own: Math.max(a.own, b.own),
  resident: Math.max(a.resident, b.resident),
});

async function scrollThrough(window: Workbench, ms: number): Promise<void> {
  const main = window.webview().locator('main');
  const until = performance.now() + ms;
  for (let step = 1; performance.now() < until; step++) {
    await main.evaluate((scroller, at) => {
      scroller.scrollTop = (at * 500) % scroller.scrollHeight;
      scroller.scrollLeft = (at * 700) % scroller.scrollWidth;
    }, step);
    await window.page.waitForTimeout(300);
  }
}

/** From Linux' own books. */
function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (what: string) => 1024 * Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return { own: bytes('RssAnon'), resident: bytes('VmRSS') };
}
