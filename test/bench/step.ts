import type { Page } from 'playwright-core';
import type { PanelSnapshot, SweepPlace } from '../../src/protocol/panel';
import { CHROMIUM, launchChromium } from '../support/browser';
import { clip } from '../support/clips';
import { clipRecord, sideView, snapshot } from '../support/snapshot';
import { PanelServer } from '../webview/support/panelPage';
import { best, median, withEngine, type Figure } from './setting';

const SIZE = { width: 848, height: 480, fps: 24, seconds: 3 };
const STEPS = 6;
const TARGET_MS = 100;
/** A reader looks at least so long before the next step, milliseconds. */
const LOOK_MS = 600;

const clipOf = (column: number) => clip(`step-${column}`, { ...SIZE, filter: `hue=h=${50 * column}` });

/**
 * A step through a sweep: what the engine takes to answer for a pair that it foresaw, and what the page takes from the
 * host's message to the frame that shows both pictures and the verdict, the next clip having been held ready.
 */
export async function step(): Promise<Figure[]> {
  const answer = await answering();
  if (CHROMIUM === undefined)
    return [{ name: 'a step in a sweep', value: NaN, unit: 'ms', target: { atMost: TARGET_MS } }];
  const [browser, server] = await Promise.all([launchChromium(), PanelServer.start()]);
  try {
    const uris = Array.from({ length: STEPS + 2 }, (_, column) => server.uri(clipOf(column)));
    const { page, show } = await server.open(browser).then((panel) => ({
      page: panel.page,
      show: (of: PanelSnapshot) => panel.show(of),
    }));
    await show(standing(uris, 0));
    const took: number[] = [];
    for (let at = 1; at <= STEPS; at++) {
      await page.waitForTimeout(LOOK_MS);
      took.push(await stepping(page, { ...standing(uris, at), revision: 1000 + at }));
    }
    return [
      {
        name: 'a step in a sweep',
        value: median(took) + answer,
        unit: 'ms',
        target: { atMost: TARGET_MS },
        note: `page ${Math.round(median(took))} ms (quickest ${Math.round(best(took))}, slowest ${Math.round(Math.max(...took))}) and engine ${answer.toFixed(1)} ms; 480p, ${STEPS} steps; without the wire`,
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Milliseconds to a verdict that was foreseen, its line in the log included. */
function answering(): Promise<number> {
  return withEngine(async (engine, dir) => {
    const request = (column: number) => ({ path: clipOf(column), name: `${column}.mp4` });
    const ms: number[] = [];
    for (let at = 0; at < STEPS; at++) {
      const asked = { a: request(at), b: request(at + 1), logDir: `${dir}/ws/.aesrm`, again: false };
      await engine.compare({ ...asked, foresee: true });
      const from = performance.now();
      await engine.compare(asked);
      ms.push(performance.now() - from);
    }
    return median(ms);
  });
}

function standing(uris: readonly string[], at: number): PanelSnapshot {
  const side = (column: number) =>
    sideView({
      seed: column + 1,
      uri: uris[column]!,
      clip: clipRecord({ duration: SIZE.seconds, fps: SIZE.fps, width: SIZE.width, height: SIZE.height }),
    });
  const sweep: SweepPlace = {
    sweep: 'run',
    columns: uris.map((_, column) => `step ${column}`),
    earlier: at,
    later: at + 1,
    sides: { A: 'earlier', B: 'later' },
    row: { index: 0, count: 1, label: 'a prompt' },
    marks: uris.map(() => null),
    can: ['nextCheckpoint'],
  };
  const next = uris[at + 2];
  return snapshot({
    sides: { A: side(at), B: side(at + 1) },
    sweep,
    preload: next === undefined ? [] : [next],
  });
}

/** Milliseconds from the message to the frame after both pictures and the new place are there. */
function stepping(page: Page, shown: PanelSnapshot): Promise<number> {
  return page.evaluate(async (sent) => {
    const wanted = [sent.sides.A.uri, sent.sides.B.uri].join();
    const frame = () => new Promise(requestAnimationFrame);
    const there = () => {
      const videos = [...document.querySelectorAll('video')];
      const still = videos.every((v) => v.classList.contains('loaded') && !v.seeking && v.readyState >= 2);
      return still && videos.map((v) => v.src).join() === wanted;
    };
    const from = performance.now();
    globalThis.postMessage({ type: 'snapshot', snapshot: sent }, '*');
    while (!there()) await frame();
    await frame();
    return performance.now() - from;
  }, shown);
}
