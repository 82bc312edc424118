import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { encodeJpeg } from '../../src/engine/cache/jpeg';
import type { SweepMessage } from '../../src/protocol/sweepPage';
import { CHROMIUM, launchChromium } from '../support/browser';
import { ROOT } from '../support/paths';
import { gridMessage, sweepGrid, sweepSnapshot, sweepState } from '../support/sweepSnapshot';
import { SweepServer } from '../webview/support/sweepPage';
import { CHECKPOINTS, PROMPTS } from './madeUp';
import { best, type Figure } from './setting';

const RUNS = 3;
/** Frames of each way of moving. */
const FRAMES = 120;
/** Thirty frames a second. */
const FLUID_MS = 33.4;

const HASHES = Array.from({ length: CHECKPOINTS * PROMPTS }, (_, i) => i.toString(16).padStart(64, '0'));

/** A still as the engine makes them; every clip has the same. */
async function makeStill(): Promise<string> {
  const [width, height] = [256, 148];
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => 128 + 100 * Math.sin(i / 997));
  const path = join(ROOT, 'out', 'bench-still.jpg');
  writeFileSync(path, await encodeJpeg(rgb, width, height, 80));
  return path;
}

interface Opening {
  /** Milliseconds from navigation to the page's first word, and from the messages to the first cells on screen. */
  ready: number;
  painted: number;
}

interface Moving {
  /** Milliseconds between frames. */
  frames: number[];
  cells: number;
}

/** The sweep page with 10,000 clips, in a real Chromium, from the product's own bundle. */
export async function pages(): Promise<Figure[]> {
  if (CHROMIUM === undefined)
    return [{ name: 'sweep page', value: NaN, unit: 'ms', target: { atMost: 500 } }];
  const [browser, server] = await Promise.all([launchChromium(), SweepServer.start()]);
  const still = await makeStill();
  for (const hash of HASHES) server.files.set(`/stills/${hash.slice(0, 2)}/${hash}.jpg`, still);
  try {
    const openings: Opening[] = [];
    const movings: Moving[] = [];
    for (let run = 0; run < RUNS; run++) {
      const { page, close } = await server
        .open(browser)
        .then((p) => ({ page: p.page, close: () => p.close() }));
      const ready = await page.evaluate(() => performance.now());
      openings.push({ ready, painted: await showing(page, server.origin) });
      movings.push(await moving(page));
      await close();
    }
    return figuresOf(openings, movings);
  } finally {
    await browser.close();
    await server.stop();
  }
}

function figuresOf(openings: readonly Opening[], movings: readonly Moving[]): Figure[] {
  const open = (o: Opening) => o.ready + o.painted;
  const quickest = openings.reduce((a, b) => (open(a) < open(b) ? a : b));
  const late = movings.map(
    ({ frames }) => [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.95)]!,
  );
  const cells = Math.max(...movings.map((m) => m.cells));
  const size = `${CHECKPOINTS} x ${PROMPTS}`;
  return [
    {
      name: 'sweep page, open',
      value: open(quickest),
      unit: 'ms',
      target: { atMost: 500 },
      note: `${size}: loaded ${Math.round(quickest.ready)} ms, first cells ${Math.round(quickest.painted)} ms later; best of ${RUNS}`,
    },
    {
      name: 'sweep page, moving',
      value: best(late),
      unit: 'ms a frame',
      target: { atMost: FLUID_MS },
      note: `95 of 100 frames while scrolling and keying; longest ${Math.round(Math.max(...movings.flatMap((m) => m.frames)))} ms`,
    },
    {
      name: 'sweep page, cells at once',
      value: cells,
      unit: '',
      note: `of ${(CHECKPOINTS * PROMPTS).toLocaleString('en')}`,
    },
  ];
}

/** Milliseconds from the host's two messages to the frame after the first cells. */
async function showing(page: Page, origin: string): Promise<number> {
  const grid = sweepGrid(CHECKPOINTS, PROMPTS);
  const bases = { clipBase: `${origin}/clips`, thumbBase: `${origin}/stills` };
  const messages: SweepMessage[] = [
    { type: 'grid', grid: gridMessage(grid, bases) },
    { type: 'snapshot', snapshot: sweepSnapshot(grid, { state: sweepState(grid, { hashes: [...HASHES] }) }) },
  ];
  return page.evaluate(async (sent) => {
    const from = performance.now();
    for (const message of sent) globalThis.postMessage(message, '*');
    const frame = () => new Promise(requestAnimationFrame);
    while (!document.querySelector('[data-cell]')) await frame();
    await frame();
    return performance.now() - from;
  }, messages);
}

/** Scrolls across and down, then walks with the arrow keys, one step a frame. */
function moving(page: Page): Promise<Moving> {
  return page.evaluate(async (count) => {
    const scroller = document.querySelector('.scroller')!;
    const frames: number[] = [];
    let cells = 0;
    const each = async (step: (i: number) => void) => {
      let last = await new Promise<number>(requestAnimationFrame);
      for (let i = 0; i < count; i++) {
        step(i);
        const now = await new Promise<number>(requestAnimationFrame);
        frames.push(now - last);
        last = now;
        cells = Math.max(cells, document.querySelectorAll('[data-cell]').length);
      }
    };
    await each(() => scroller.scrollBy({ left: 90, behavior: 'instant' }));
    await each(() => scroller.scrollBy({ top: 40, behavior: 'instant' }));
    document.querySelector<HTMLElement>('[data-cell]')!.focus();
    const key = (name: string) =>
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }),
      );
    await each((i) => key(i % 4 === 3 ? 'ArrowDown' : 'ArrowRight'));
    return { frames, cells };
  }, FRAMES);
}
