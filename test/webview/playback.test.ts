import assert from 'node:assert/strict';
import { differences } from '../../src/core/timeline';
import { vfr } from '../support/clips';
import { clipMeasures, clipRecord, verdict } from '../support/snapshot';
import { criterionPlace } from './support/places';
import type { PanelPage } from './support/panelPage';
import { fastClip, FAST, panelSuite, playable, shownFrames, SLOW, slowClip } from './support/suite';

/** Frames of the two clips at a time on the clock. */
const framesAt = (time: number) => [
  Math.floor(Math.min(time, 1.99) * 16 + 1e-6),
  Math.floor(Math.min(time, 2.99) * 25 + 1e-6),
];

/** The picture follows a seek by a moment: what stands there in the end counts. */
async function assertFrames(panel: PanelPage, rates: [number, number], expected: [number, number]) {
  const frames = async () => {
    await panel.settled();
    return (await shownFrames(panel)).map((time, side) => Math.round(time * rates[side]!));
  };
  const late = performance.now() + 2000;
  let shown = await frames();
  while (shown.join() !== expected.join() && performance.now() < late) {
    await panel.page.waitForTimeout(50);
    shown = await frames();
  }
  assert.deepEqual(shown, expected);
}

const assertShows = (panel: PanelPage, a: number, b: number) => assertFrames(panel, [16, 25], [a, b]);

/** Largest distance of the two media clocks over a stretch of playing, seconds. */
function worstDrift(panel: PanelPage, milliseconds: number): Promise<{ worst: number; late: number }> {
  return panel.page.evaluate(async (ms) => {
    const [a, b] = [...document.querySelectorAll('video')] as [HTMLVideoElement, HTMLVideoElement];
    const start = performance.now();
    let [worst, late] = [0, 0];
    while (performance.now() - start < ms) {
      await new Promise(requestAnimationFrame);
      if (a.paused || b.paused || a.seeking || b.seeking) continue;
      const drift = Math.abs(a.currentTime - b.currentTime);
      worst = Math.max(worst, drift);
      if (performance.now() - start > ms / 2) late = Math.max(late, drift);
    }
    return { worst, late };
  }, milliseconds);
}

describe('panel: two clips on one clock', () => {
  const suite = panelSuite();
  before(() => void [slowClip(), fastClip()]);

  async function opened(): Promise<PanelPage> {
    const panel = await suite.open();
    await panel.show(playable(suite.server()));
    await panel.ready();
    return panel;
  }

  it('shows both at the first frame, muted and still', async () => {
    const panel = await opened();
    await assertShows(panel, 0, 0);
    assert.deepEqual(
      await panel.page.evaluate(() =>
        [...document.querySelectorAll('video')].map((v) => v.muted && v.paused),
      ),
      [true, true],
    );
  });

  it('keeps the place for a reload also while it plays', async () => {
    const panel = await opened();
    await panel.page.keyboard.press('Space');
    await panel.page.waitForFunction(() => {
      const { host } = globalThis as unknown as { host: { state?: { time?: number } } };
      const isPlaying = [...document.querySelectorAll('video')].some((video) => !video.paused);
      return isPlaying && (host.state?.time ?? 0) > 0;
    });
  });

  it('keeps unequal rates within a frame while it plays, and again after pause and play', async () => {
    const panel = await opened();
    const frame = 1 / SLOW.fps;
    await panel.page.keyboard.press('Space');
    const first = await worstDrift(panel, 900);
    await panel.page.keyboard.press('Space');
    await panel.settled();
    const paused = await panel.videoTimes();
    assert.ok(Math.abs(paused[0] - paused[1]) < frame, `paused ${paused.join(' and ')}`);
    await panel.page.keyboard.press('Space');
    const second = await worstDrift(panel, 600);
    console.log(
      `      drift: worst ${(first.worst * 1000).toFixed(0)} ms, settled ${(first.late * 1000).toFixed(0)} ms; after pause and play ${(second.worst * 1000).toFixed(0)} ms (a frame is ${(frame * 1000).toFixed(1)} ms)`,
    );
    assert.ok(first.worst < frame && second.worst < frame);
    assert.deepEqual(panel.errors, []);
  });

  it('holds the last frame of the shorter clip, marks it, and stops at the end of the longer', async () => {
    const panel = await opened();
    await panel.page.keyboard.press('End');
    await assertShows(panel, 31, 74);
    assert.equal(await panel.page.locator('.caption-A .ended').count(), 1);
    assert.equal(await panel.page.locator('.caption-B .ended').count(), 0);
    await panel.page.keyboard.press('Shift+ArrowLeft');
    assert.equal(await panel.page.locator('.caption-A .ended').count(), 1);
    await panel.page.keyboard.press('Space');
    await panel.page.waitForSelector('[aria-label="Pause"]');
    await panel.page.waitForSelector('[aria-label="Play"]', { timeout: 5000 });
    await assertShows(panel, 31, 74);
  });

  it('steps frame by frame, exactly, on the finer of the two rates', async () => {
    const panel = await opened();
    for (let i = 1; i <= 10; i++) {
      await panel.page.keyboard.press(i % 2 ? '.' : 'ArrowRight');
      await assertShows(panel, framesAt(i / 25)[0]!, i);
    }
    for (let i = 9; i >= 6; i--) {
      await panel.page.keyboard.press(i % 2 ? ',' : 'ArrowLeft');
      await assertShows(panel, framesAt(i / 25)[0]!, i);
    }
    assert.match((await panel.page.locator('.clock').textContent()) ?? '', /00:00\.240\s+frame 7\/75/);
  });

  it('steps a clip of variable frame rate by the times that were measured', async () => {
    // 24 a second at first, then every fourth of them.
    const times = [...Array(24).keys(), 24, 28, 32, 36, 40, 44].map((frame) => frame / 24);
    const clip = clipRecord({ duration: 2, fps: 15, frames: times.length, width: 160, height: 90 });
    const given = playable(suite.server());
    const uri = suite.server().uri(vfr());
    const side = { ...given.sides.A, uri, clip, measures: { ...clipMeasures(clip, 1), times } };
    const panel = await suite.open();
    await panel.show({ ...given, sides: { A: side, B: side } });
    await panel.ready();
    await panel.page.click('.ruler');
    for (const expected of [24, 28, 32, 36]) {
      await panel.page.keyboard.press('Shift+ArrowLeft');
      await panel.page.keyboard.press('Home');
      await panel.page.keyboard.press('Shift+ArrowRight');
      for (let at = 24; at < expected; at += 4) await panel.page.keyboard.press('.');
      await assertFrames(panel, [24, 24], [expected, expected]);
    }
  });

  it('goes by seconds and to the ends', async () => {
    const panel = await opened();
    await panel.page.keyboard.press('Shift+ArrowRight');
    await assertShows(panel, 16, 25);
    await panel.page.keyboard.press('Home');
    await assertShows(panel, 0, 0);
  });

  it('seeks by pointer and by the slider, which says where it is', async () => {
    const panel = await opened();
    const ruler = panel.page.getByRole('slider', { name: 'Position in the clips' });
    const box = (await ruler.boundingBox())!;
    await panel.page.mouse.move(box.x + box.width * 0.2, box.y + 60);
    assert.match((await panel.page.locator('.hoverhead').textContent()) ?? '', /00:00\.\d/);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width * 0.4, box.y + 60, { steps: 8 });
    await panel.page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 8 });
    await panel.page.mouse.up();
    await assertShows(panel, 24, 37);
    await ruler.focus();
    await panel.page.keyboard.press('ArrowUp');
    await assertShows(panel, 24, 38);
    assert.match(
      (await ruler.getAttribute('aria-valuetext')) ?? '',
      /^1\.52 s of 3\.00 s, A frame 25 of 32, B frame 39 of 75$/,
    );
  });

  it('goes to the frame that a criterion speaks of, on both sides, and pauses', async () => {
    const panel = await opened();
    await panel.page.keyboard.press('Space');
    await panel.page.waitForTimeout(250);
    await panel.page.click('[data-criterion="vf.sharpness"]');
    await assertShows(panel, 11, 17);
    assert.equal(await panel.page.getAttribute('[data-criterion="vf.sharpness"]', 'aria-current'), 'true');
    assert.ok(
      await panel.page.evaluate(() => [...document.querySelectorAll('video')].every((v) => v.paused)),
    );
    assert.match(await panel.page.innerText('.lanes'), /sharpness/i);
    await panel.page.getByRole('button', { name: 'Colour harmony: A 1.0–1.6 s' }).click();
    await assertShows(panel, 16, 25);
  });

  it('walks the differences with F7, and focus and status follow', async () => {
    const panel = await opened();
    const seen: string[] = [];
    const count = differences(verdict()).length;
    for (let i = 0; i < count; i++) {
      await panel.page.keyboard.press('F7');
      seen.push(await criterionPlace(panel.page));
    }
    assert.equal(new Set(seen).size, count);
    assert.ok((await panel.page.innerText('[role=status]')).startsWith(`Difference ${count} of ${count}: `));
    assert.equal(await panel.page.innerText('.walk-count'), `${count} of ${count}`);
    const focused = () =>
      panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset['criterion']);
    assert.equal(await focused(), seen.at(-1)!.split(' ')[0]);
    await panel.page.keyboard.press('Shift+F7');
    assert.equal(await criterionPlace(panel.page), seen.at(-2));
    await panel.send({ type: 'go', to: 'nextDifference' });
    assert.equal(await criterionPlace(panel.page), seen.at(-1));
    await panel.page.keyboard.press('F7');
    assert.equal(await criterionPlace(panel.page), seen[0]);
  });

  it('loops the chosen evidence', async () => {
    const panel = await opened();
    await panel.page.click('[data-criterion="vf.sharpness"]');
    await panel.page.keyboard.press('l');
    await panel.page.keyboard.press('l');
    await panel.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await panel.page.keyboard.press('Space');
    const times = await panel.page.evaluate(async () => {
      const video = document.querySelector('video')!;
      const seen: number[] = [];
      const start = performance.now();
      while (performance.now() - start < 2200) {
        await new Promise(requestAnimationFrame);
        if (!video.seeking && !video.paused) seen.push(video.currentTime);
      }
      return seen;
    });
    assert.ok(times.length > 20, 'it played');
    assert.ok(
      times.every((t) => t > 0.6 && t < 1.36),
      `between ${Math.min(...times)} and ${Math.max(...times)}`,
    );
    assert.ok(
      times.some((t, i) => t < (times[i - 1] ?? 0) - 0.2),
      'it came back',
    );
  });

  it('plays slower and faster, and hears one side only', async () => {
    const panel = await opened();
    await panel.page.keyboard.press('>');
    await panel.page.keyboard.press('m');
    const read = () =>
      panel.page.evaluate(() =>
        [...document.querySelectorAll('video')].map((v) => [v.playbackRate, v.muted]),
      );
    assert.deepEqual(await read(), [
      [1.5, false],
      [1.5, true],
    ]);
    await panel.page.keyboard.press('m');
    await panel.page.keyboard.press('<');
    await panel.page.keyboard.press('<');
    assert.deepEqual(await read(), [
      [0.5, true],
      [0.5, false],
    ]);
  });

  it('comes back to where the reader was', async () => {
    const panel = await opened();
    await panel.page.click('[data-criterion="vf.texture"]');
    await panel.settled();
    await panel.page.waitForTimeout(450);
    const { state } = await panel.host();
    assert.deepEqual(state, {
      format: 'aesrm.panel/1',
      a: 'file:///a.mp4',
      b: 'file:///b.mp4',
      blind: false,
      time: 1.5,
      criterion: 'vf.texture',
    });
    await panel.page.reload();
    await panel.page.waitForFunction(
      () => (globalThis as unknown as { host: { actions: unknown[] } }).host.actions.length > 0,
    );
    await panel.show(playable(suite.server()));
    await panel.ready();
    await panel.page.waitForTimeout(100);
    await assertShows(panel, 24, 37);
    assert.equal(await panel.page.getAttribute('[data-criterion="vf.texture"]', 'aria-current'), 'true');
  });

  it('reports a clip that does not play here, once, and plays the proxy', async () => {
    const panel = await suite.open();
    const server = suite.server();
    const snapshot = playable(server);
    const broken = `${server.origin}/gone.mp4`;
    await panel.show({ ...snapshot, sides: { ...snapshot.sides, A: { ...snapshot.sides.A, uri: broken } } });
    await panel.page.waitForFunction(() =>
      (globalThis as unknown as { host: { actions: { type: string }[] } }).host.actions.some(
        (a) => a.type === 'unplayable',
      ),
    );
    assert.deepEqual(await panel.actions('unplayable'), [{ type: 'unplayable', side: 'A', uri: broken }]);
    assert.match(await panel.page.innerText('.box-A'), /Preparing a copy/);
    await panel.page.keyboard.press('.');
    await panel.show({
      ...snapshot,
      sides: {
        ...snapshot.sides,
        A: { ...snapshot.sides.A, media: 'proxy', note: 'HEVC does not play in VS Code' },
      },
    });
    await panel.ready();
    await panel.page.waitForTimeout(100);
    await assertShows(panel, 0, 1);
    assert.equal((await panel.actions('unplayable')).length, 1);
    assert.equal(await panel.page.locator('.caption-A .tag').innerText(), 'preview copy');
  });

  it('keeps on going over a hidden stretch', async () => {
    const panel = await opened();
    await panel.page.keyboard.press('Space');
    await panel.page.waitForTimeout(300);
    const hide = (hidden: boolean) =>
      panel.page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    assert.ok(
      await panel.page.evaluate(() => [...document.querySelectorAll('video')].every((v) => v.paused)),
    );
    await hide(false);
    await panel.page.waitForFunction(() => [...document.querySelectorAll('video')].every((v) => !v.paused));
    const { worst } = await worstDrift(panel, 400);
    assert.ok(worst < 1 / SLOW.fps, `${worst}`);
    assert.ok(FAST.fps > SLOW.fps);
  });
});
