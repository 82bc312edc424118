import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { panelSuite, playable } from './support/suite';

/** Mean of the pixels of a part of the screen, 0..255 for each channel. */
async function meanColour(
  page: Page,
  clip: { x: number; y: number; width: number; height: number },
): Promise<number[]> {
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async (data) => {
    // The page's policy lets no image in by its address.
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
    const sums = [0, 0, 0];
    for (let i = 0; i < pixels.length; i += 4) for (const c of [0, 1, 2]) sums[c]! += pixels[i + c]!;
    return sums.map((s) => (4 * s) / pixels.length);
  }, png);
}

/** Two CSS transforms, but for what half a pixel of layout makes. */
const near = (x = '', y = '') => {
  const numbers = (s: string) => (s.match(/-?[\d.]+/g) ?? []).map(Number);
  return numbers(x).every((v, i) => Math.abs(v - numbers(y)[i]!) < 0.5);
};

const distance = (x: number[], y: number[]) => Math.hypot(...x.map((v, i) => v - y[i]!));

describe('panel: views', () => {
  const suite = panelSuite();

  async function opened(alike = false) {
    const panel = await suite.open();
    await panel.show(playable(suite.server(), {}, alike));
    await panel.ready();
    return panel;
  }

  it('wipes between the sides under the pointer and the keys', async () => {
    const panel = await opened();
    const { page } = panel;
    await page.keyboard.press('w');
    assert.equal(await page.getAttribute('[data-mode=wipe]', 'aria-pressed'), 'true');
    const handle = page.getByRole('slider', { name: 'Wipe position' });
    const box = (await page.locator('.box-A').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    assert.equal(await handle.getAttribute('aria-valuenow'), '25');
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await handle.getAttribute('aria-valuetext'), '26% A');
    await page.keyboard.press(']');
    assert.equal(await handle.getAttribute('aria-valuenow'), '31');
    const edge = box.x + box.width * 0.31;
    const picture = { y: box.y + 10, width: 60, height: 60 };
    const [left, right] = [
      await meanColour(page, { ...picture, x: edge - 70 }),
      await meanColour(page, { ...picture, x: edge + 10 }),
    ];
    assert.ok(distance(left, right) > 10, 'the two sides differ at the edge');
  });

  it('flips A and B at a press without a black frame, and peeks while held', async () => {
    const panel = await opened();
    const { page } = panel;
    const box = (await page.locator('.box-A').boundingBox())!;
    await page.keyboard.press('x');
    assert.equal(await page.locator('.stage').getAttribute('class'), 'stage mode-ab shown-B ');
    const area = { x: box.x + 100, y: box.y + 20, width: 80, height: 80 };
    const b = await meanColour(page, area);
    await page.keyboard.press('x');
    const a = await meanColour(page, area);
    assert.ok(distance(a, b) > 10);
    assert.ok(
      [a, b].every((c) => Math.max(...c) > 20),
      'neither is black',
    );
    await page.keyboard.down('x');
    await page.waitForTimeout(400);
    assert.match((await page.locator('.stage').getAttribute('class')) ?? '', /shown-B/);
    await page.keyboard.up('x');
    assert.match((await page.locator('.stage').getAttribute('class')) ?? '', /shown-A/);
  });

  it('draws the difference, with gain: black of a clip with itself, not of two', async () => {
    const brightness = async (alike: boolean) => {
      const { page } = await opened(alike);
      await page.keyboard.press('d');
      await page.keyboard.press('Shift+G');
      await page.keyboard.press('Shift+G');
      await page.waitForTimeout(200);
      const box = (await page.locator('.difference').boundingBox())!;
      const area = { x: box.x + box.width / 2 - 60, y: box.y + box.height / 2 - 60, width: 120, height: 120 };
      const low = Math.max(...(await meanColour(page, area)));
      await page.keyboard.press('g');
      assert.match(await page.innerText('.gain'), /2×/);
      await page.waitForTimeout(100);
      return [low, Math.max(...(await meanColour(page, area)))] as const;
    };
    const [same] = await brightness(true);
    const [other, stronger] = await brightness(false);
    assert.ok(same < 2, `${same}`);
    assert.ok(other > 20 && stronger > other, `${other} ${stronger}`);
  });

  it('zooms and pans both sides alike', async () => {
    const panel = await opened();
    const { page } = panel;
    const transforms = () =>
      page.evaluate(() => [...document.querySelectorAll('video')].map((v) => getComputedStyle(v).transform));
    const box = (await page.locator('.box-B').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.25);
    await page.mouse.wheel(0, -400);
    await page.waitForSelector('.zoom');
    const [a, b] = await transforms();
    assert.ok(near(a, b), `${a} ${b}`);
    assert.match(a ?? '', /^matrix\(2\.2/);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75 + 30, box.y + box.height * 0.25 + 10, { steps: 4 });
    await page.mouse.up();
    const [moved, movedB] = await transforms();
    assert.notEqual(moved, a);
    assert.ok(near(moved, movedB), `${moved} ${movedB}`);
    await page.keyboard.press('0');
    assert.match((await transforms())[0] ?? '', /^matrix\(1, 0, 0, 1, 0, 0\)$/);
    await page.keyboard.press('+');
    assert.equal(await page.innerText('.zoom'), '125%');
  });

  it('letterboxes unlike shapes into equal boxes', async () => {
    const panel = await suite.open();
    const snapshot = playable(suite.server());
    const tall = { ...snapshot.sides.A, clip: { ...snapshot.sides.A.clip!, width: 180, height: 320 } };
    await panel.show({ ...snapshot, sides: { ...snapshot.sides, A: tall } });
    await panel.ready();
    const [a, b] = await Promise.all(['.box-A', '.box-B'].map((s) => panel.page.locator(s).boundingBox()));
    assert.ok(Math.abs(a!.width - b!.width) < 0.5 && Math.abs(a!.height - b!.height) < 0.5);
    const fit = await panel.page.evaluate(() => getComputedStyle(document.querySelector('video')!).objectFit);
    assert.equal(fit, 'contain');
  });

  it('keeps everything in the window at 1280x800, 1280x600 and 720x900', async () => {
    for (const [width, height] of [
      [1280, 800],
      [1280, 600],
      [720, 900],
    ] as const) {
      const panel = await suite.open({ width, height });
      await panel.show(playable(suite.server()));
      await panel.ready();
      const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(wide, width, `${width}x${height} scrolls sideways`);
      const bottom = await panel.page.evaluate(
        () => document.querySelector('.transport')!.getBoundingClientRect().bottom,
      );
      assert.ok(bottom < height, `${width}x${height}: the transport is in sight`);
    }
  });
});
