import * as assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/client';
import { makeSweep, pairsOfLine, runOf } from '../engine/outer/sweepSupport';
import { configIn } from '../engine/outer/support';
import { FFMPEG } from '../support/ffmpeg';
import { ROOT, WORKER } from '../support/paths';
import { Workbench } from './workbench';

const PROMPTS = 16;
const PAIRS = 3 * PROMPTS;

/** The pairs of a folder's record as they are kept, sorted; fails where a line is cut or a pair is there twice. */
function pairsIn(dir: string): string[] {
  const file = join(dir, '.aesrm/sweeps.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const pairs = text.split('\n').filter(Boolean).flatMap(pairsOfLine);
  assert.equal(new Set(pairs.map(({ key }) => key)).size, pairs.length, 'a pair is in the log twice');
  return pairs.map(({ a, b, bytes }) => `${a} ${b} ${bytes}`).sort();
}

describe('a sweep whose VS Code is killed', function () {
  this.timeout(240_000);
  let scratch: string;
  let undisturbed: string[];
  /** What the page of a run that nobody disturbed shows. */
  let shownUndisturbed: string[];
  let workbench: Workbench;
  let dir: string;
  /** While it is there, a clip takes two seconds. */
  let slow: string;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'aesrm-kill-'));
    const root = makeSweep(join(scratch, 'alone'), { prompts: PROMPTS });
    const engine = createEngine(configIn(scratch), { workerPath: WORKER });
    await engine.sweepRun(runOf(root));
    await engine.dispose();
    undisturbed = pairsIn(join(scratch, 'alone/ws'));
    assert.equal(undisturbed.length, PAIRS);
    slow = join(scratch, 'slow');
    const ffmpeg = join(scratch, 'ffmpeg');
    const wait = `case "$*" in *-version*) ;; *) [ -e '${slow}' ] && sleep 2 ;; esac`;
    writeFileSync(ffmpeg, `#!/bin/sh\n${wait}\nexec '${FFMPEG}' "$@"\n`);
    chmodSync(ffmpeg, 0o755);
  });
  before(async () => {
    await openOn('alone');
    try {
      await start();
      shownUndisturbed = await shown(workbench);
      assert.match(shownUndisturbed.join('\n'), /\d+%/, 'win rates are shown');
      assert.deepEqual(pairsIn(dir), undisturbed);
    } catch (error) {
      await workbench.shot('failed-undisturbed');
      throw error;
    } finally {
      await workbench.close();
    }
  });
  beforeEach(async function () {
    await openOn(this.currentTest!.title.replace(/\W+/g, '-'));
  });
  afterEach(async function () {
    rmSync(slow, { force: true });
    await workbench.shotIfFailed(this);
    await workbench.close();
  });
  after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

  /** A window with the sweep's page, nothing judged yet. */
  async function openOn(name: string): Promise<void> {
    dir = join(ROOT, 'out/e2e', `sweep-kill-${name}`);
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    cpSync(join(scratch, 'alone/ws/run'), join(dir, 'run'), { recursive: true, preserveTimestamps: true });
    const home = join(scratch, `home-${Date.now()}`);
    const settings = { 'aesrm.device': 'cpu', 'aesrm.ffmpegPath': join(scratch, 'ffmpeg') };
    workbench = await Workbench.open({ folder: dir, home, settings });
    await workbench.contextMenu(workbench.explorerRow('run').first(), 'Open Checkpoint Sweep…');
    await phase(workbench, 'ready');
  }

  const start = () => workbench.webview().getByRole('button', { name: /start/i }).first().click();

  async function untilPairs(least: number): Promise<string[]> {
    for (let patience = 900; patience > 0; patience--) {
      const pairs = pairsIn(dir);
      if (pairs.length >= least) return pairs;
      await workbench.page.waitForTimeout(100);
    }
    throw new Error(`${pairsIn(dir).length} pairs are judged, not ${least}`);
  }

  const phase = (window: Workbench, name: string) =>
    window.webview().locator(`body[data-phase="${name}"]`).waitFor({ timeout: 60_000 });

  /** What the page says when all is judged: numbers, curves, and every cell in words. */
  async function shown(window: Workbench): Promise<string[]> {
    // As tall as the whole grid, of which only the rows in sight exist.
    await window.resize(1280, 3200);
    await phase(window, 'watching');
    const page = window.webview();
    await page.locator('.best', { hasText: 'Ranking' }).waitFor();
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.locator('main table').first().waitFor();
    const cells = page.locator('[role="gridcell"]');
    await cells.nth(3 * PROMPTS - 1).waitFor();
    const labels = await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label') ?? ''));
    return [...(await page.locator('main').allInnerTexts()), ...labels];
  }

  /** All is judged, and the page says so; as in a run that nobody disturbed. */
  async function whole(window: Workbench): Promise<void> {
    await untilPairs(PAIRS);
    assert.deepEqual(pairsIn(dir), undisturbed);
    await window.command('AesRM: Show Sweep Page');
    assert.deepEqual(await shown(window), shownUndisturbed);
    assert.deepEqual(pairsIn(dir), undisturbed);
  }

  /** What was judged stays; the sweep goes on by itself, without a hand on it. */
  async function goesOnAfter(kill: () => Promise<unknown>, least: number): Promise<void> {
    const before = await untilPairs(least);
    assert.ok(before.length < PAIRS, 'it was done too soon to be killed');
    await kill();
    const after = await untilPairs(before.length + 1);
    assert.ok(before.every((pair) => after.includes(pair)));
  }

  it('goes on, three times over', async () => {
    await start();
    const killHosts = async () => {
      assert.ok(workbench.killHosts() > 0);
      await workbench.reload();
    };
    await goesOnAfter(killHosts, 3);
    await goesOnAfter(() => workbench.killServer(), 15);
    await goesOnAfter(killHosts, 27);
    await whole(workbench);
  });

  it('goes on when its window was closed and is opened again', async () => {
    await start();
    await goesOnAfter(async () => {
      await workbench.page.close();
      workbench = await workbench.another();
    }, 3);
    await whole(workbench);
  });

  it('is done by one of two windows, and shown in both', async () => {
    const other = await workbench.another();
    await other.contextMenu(other.explorerRow('run').first(), 'Open Checkpoint Sweep…');
    await other.webview().locator('body[data-phase="ready"]').waitFor({ timeout: 60_000 });
    await start();
    await untilPairs(3);
    await other.webview().getByRole('button', { name: /start/i }).first().click();
    await other.webview().locator('body[data-phase="following"]').waitFor({ timeout: 30_000 });
    const working = workbench.webview();
    await working.getByRole('button', { name: /pause/i }).first().click();
    await working.locator('body[data-phase="paused"]').waitFor();
    await other.webview().locator('body[data-phase="watching"]').waitFor({ timeout: 90_000 });
    assert.deepEqual(pairsIn(dir), undisturbed);
    await working.locator('body[data-phase="paused"]').waitFor();
    await other.page.close();
  });

  /** This window works at two seconds a clip, and another one follows it. */
  async function followed(): Promise<Workbench> {
    const other = await workbench.another();
    await other.contextMenu(other.explorerRow('run').first(), 'Open Checkpoint Sweep…');
    await phase(other, 'ready');
    writeFileSync(slow, '');
    await start();
    await untilPairs(3);
    await other.webview().getByRole('button', { name: /start/i }).first().click();
    await phase(other, 'following');
    return other;
  }

  async function takesOver(other: Workbench, end: () => unknown): Promise<void> {
    const before = await untilPairs(6);
    await end();
    const after = await untilPairs(before.length + 3);
    assert.ok(before.every((pair) => after.includes(pair)));
    assert.ok(after.length < PAIRS, 'it was done too soon');
    rmSync(slow);
    await whole(other);
  }

  it('is taken over where the window that works loses its extension host', async () => {
    const first = workbench.hosts();
    const other = await followed();
    await takesOver(other, () => assert.equal(workbench.killHosts(first), 1));
  });

  it('is taken over where the window that works is closed', async () => {
    const first = workbench.hosts();
    const other = await followed();
    await takesOver(other, async () => {
      await workbench.page.close({ runBeforeUnload: true });
      await other.until('the host of the closed window to end', () =>
        Promise.resolve(!workbench.hosts().some((host) => first.includes(host))),
      );
      workbench = other;
    });
  });
});
