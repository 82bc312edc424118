import assert from 'node:assert/strict';
import type { PanelSnapshot, SweepPlace } from '../../src/protocol/panel';
import { clipRecord, sideView } from '../support/snapshot';
import type { PanelPage, PanelServer } from './support/panelPage';
import { FAST, fastClip, panelSuite, playable, shownFrames, SLOW, slowClip } from './support/suite';
import { clip } from '../support/clips';

const PLACE: SweepPlace = {
  sweep: 'run',
  columns: ['base', 'step 500', 'step 1000', 'step 1500'],
  earlier: 1,
  later: 2,
  sides: { A: 'earlier', B: 'later' },
  row: { index: 2, count: 14, label: 'a cat walks', prompt: 'a cat walks over wet grass' },
  marks: [null, 1, -1, 0],
  can: ['previousCheckpoint', 'nextCheckpoint', 'previousPrompt', 'nextPrompt', 'nextRegression'],
};

/** 2 s at 16 fps, and another colour. */
const thirdClip = () => clip('panel-third', { fps: 16, seconds: 2, filter: 'hue=h=200' });
const THIRD = clipRecord({ duration: 2, fps: 16, width: 320, height: 180 });

/** A pair of a sweep, the clip of the next checkpoint to be held ready. */
function standing(server: PanelServer, uris: Record<'slow' | 'fast' | 'third', string>): PanelSnapshot {
  const base = playable(server);
  const side = (uri: string, record: typeof SLOW, seed: number) => ({
    ...sideView({ seed, uri, clip: record }),
  });
  return {
    ...base,
    sides: { A: side(uris.slow, SLOW, 1), B: side(uris.fast, FAST, 2) },
    sweep: PLACE,
    preload: [uris.third],
    identity: { a: 'file:///a.mp4', b: 'file:///b.mp4', sweep: 'file:///run' },
  };
}

function stepped(from: PanelSnapshot, third: string): PanelSnapshot {
  return {
    ...from,
    sides: { A: from.sides.B, B: sideView({ seed: 3, uri: third, clip: THIRD }) },
    sweep: { ...PLACE, earlier: 2, later: 3 },
    preload: [from.sides.A.uri!],
  };
}

/** Elements by the clip that they play, each with a name of its own. */
const elements = (panel: PanelPage) =>
  panel.page.evaluate(() =>
    [...document.querySelectorAll('video')].map((video) => {
      const names = globalThis as unknown as { named?: Map<Element, number> };
      const named = (names.named ??= new Map());
      if (!named.has(video)) named.set(video, named.size + 1);
      return `${named.get(video)} ${new URL(video.src).pathname}`;
    }),
  );

describe('panel: steps through a sweep', () => {
  const suite = panelSuite();
  before(() => void [slowClip(), fastClip(), thirdClip()]);

  async function opened() {
    const server = suite.server();
    const uris = {
      slow: server.uri(slowClip()),
      fast: server.uri(fastClip()),
      third: server.uri(thirdClip()),
    };
    const panel = await suite.open();
    const snapshot = standing(server, uris);
    await panel.show(snapshot);
    await panel.ready();
    return { panel, snapshot, uris };
  }

  it('shows where the pair stands, and what each column was', async () => {
    const { panel } = await opened();
    const bar = panel.page.getByRole('navigation', { name: 'Place in the sweep of run' });
    assert.match(await bar.innerText(), /step 500\s+→\s+step 1000/);
    assert.match(await bar.innerText(), /3 of 14\s+a cat walks over wet grass/);
    const strip = bar.getByRole('img');
    assert.equal(
      await strip.getAttribute('aria-label'),
      'step 1000, column 3 of 4, against step 500. step 1000: worse than the one before.',
    );
    assert.equal(await bar.locator('.sweep-cell').count(), 4);
    assert.equal(await bar.locator('.on-A .mark-A').count(), 1);
    assert.equal(await bar.locator('.on-B .mark-B').count(), 1);
  });

  it('asks for each step by its keys and by its button, and not where there is none', async () => {
    const { panel } = await opened();
    for (const key of ['Alt+ArrowRight', 'Alt+ArrowLeft', 'Alt+ArrowDown', 'Alt+ArrowUp', 'n'])
      await panel.page.keyboard.press(key);
    await panel.page.keyboard.press('v');
    await panel.page.keyboard.press('Shift+N');
    await panel.page.keyboard.press('t');
    await panel.page.getByRole('button', { name: 'Next prompt' }).click();
    assert.deepEqual(
      (await panel.actions()).filter(({ type }) => type === 'sweepStep' || type === 'showSweep'),
      [
        { type: 'sweepStep', to: 'nextCheckpoint' },
        { type: 'sweepStep', to: 'previousCheckpoint' },
        { type: 'sweepStep', to: 'nextPrompt' },
        { type: 'sweepStep', to: 'previousPrompt' },
        { type: 'sweepStep', to: 'nextRegression' },
        { type: 'showSweep' },
        { type: 'sweepStep', to: 'nextPrompt' },
      ],
    );
    assert.equal(await panel.page.getByRole('button', { name: 'Previous regression' }).isDisabled(), true);
    assert.match(await panel.page.getByRole('status').innerText(), /no such pair/);
  });

  it('holds the next clips ready, and moves what has loaded instead of loading it again', async () => {
    const { panel, snapshot, uris } = await opened();
    const server = suite.server();
    const path = new URL(uris.third).pathname;
    for (let i = 0; i < 100 && server.requests(path) === 0; i++) await panel.page.waitForTimeout(20);
    await panel.page.waitForTimeout(200);
    const before = await elements(panel);
    const asked = [uris.slow, uris.fast, uris.third].map((uri) => server.requests(new URL(uri).pathname));
    assert.ok(asked[2]! > 0, 'the third clip was not loaded ahead');
    await panel.show(stepped(snapshot, uris.third));
    await panel.ready();
    const after = await elements(panel);
    assert.equal(after[0], before[1], 'the clip that changed its side was loaded anew');
    assert.deepEqual(
      [uris.slow, uris.fast, uris.third].map((uri) => server.requests(new URL(uri).pathname)),
      asked,
    );
    assert.equal((await shownFrames(panel)).length, 2);
    await panel.show(snapshot);
    await panel.ready();
    assert.deepEqual(await elements(panel), before);
    assert.deepEqual(panel.errors, []);
  });

  it('loads on at once when the clip it was loading is wanted no more', async () => {
    const { panel, snapshot, uris } = await opened();
    const server = suite.server();
    const stuck = server.stuck();
    await panel.show({ ...snapshot, preload: [stuck] });
    for (let i = 0; i < 100 && server.requests(new URL(stuck).pathname) === 0; i++)
      await panel.page.waitForTimeout(20);
    assert.ok(server.requests(new URL(stuck).pathname) > 0, 'it was never asked for');
    const next = server.uri(thirdClip());
    await panel.show({ ...snapshot, preload: [next, uris.third] });
    await panel.page.waitForTimeout(1500);
    assert.ok(server.requests(new URL(next).pathname) > 0, 'it waits for a clip that it has let go');
  });

  it('votes on the pair that is shown, whatever comes next', async () => {
    const { panel, snapshot } = await opened();
    await panel.show({ ...snapshot, pair: 'one' });
    await panel.page.keyboard.press('Alt+ArrowRight');
    await panel.page.keyboard.press('1');
    assert.deepEqual((await panel.actions()).slice(-2), [
      { type: 'sweepStep', to: 'nextCheckpoint' },
      { type: 'vote', of: 'overall', choice: 'A', pair: 'one' },
    ]);
  });

  it('tells of what is held ready and does not play here, once', async () => {
    const { panel, snapshot } = await opened();
    const gone = `${suite.server().origin}/gone.mp4`;
    await panel.show({ ...snapshot, preload: [gone] });
    await panel.page.waitForFunction(() =>
      (globalThis as unknown as { host: { actions: { type: string }[] } }).host.actions.some(
        ({ type }) => type === 'unplayableAhead',
      ),
    );
    await panel.show({ ...snapshot, preload: [gone] });
    assert.deepEqual(await panel.actions('unplayableAhead'), [{ type: 'unplayableAhead', uri: gone }]);
    assert.deepEqual(await panel.actions('unplayable'), []);
  });

  it('a swap moves the pictures too', async () => {
    const { panel, snapshot } = await opened();
    const before = await elements(panel);
    await panel.show({ ...snapshot, sides: { A: snapshot.sides.B, B: snapshot.sides.A } });
    await panel.ready();
    assert.deepEqual(await elements(panel), before.reverse());
  });

  it('keeps view and time over a step, lets go of the criterion, and says where it is', async () => {
    const { panel, snapshot, uris } = await opened();
    await panel.page.keyboard.press('Shift+ArrowRight');
    await panel.page.keyboard.press('w');
    await panel.page.keyboard.press('F7');
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('Shift+ArrowRight');
    assert.equal(await panel.page.locator('[data-criterion][aria-current="true"]').count(), 1);
    await panel.show(stepped(snapshot, uris.third));
    await panel.ready();
    assert.equal(await panel.page.locator('[data-criterion][aria-current="true"]').count(), 0);
    assert.equal(await panel.page.getAttribute('[data-mode=wipe]', 'aria-pressed'), 'true');
    assert.deepEqual(
      (await shownFrames(panel)).map((time) => Math.floor(time)),
      [1, 1],
    );
    assert.match(
      await panel.page.getByRole('status').innerText(),
      /^step 1500 against step 1000, prompt 3 of 14: a cat walks over wet grass\. .*overall/,
    );
  });

  it('plays on over a step', async () => {
    const { panel, snapshot, uris } = await opened();
    await panel.page.keyboard.press('Space');
    await panel.page.waitForFunction(() => [...document.querySelectorAll('video')].every((v) => !v.paused));
    await panel.show(stepped(snapshot, uris.third));
    await panel.page.waitForFunction(() => {
      const videos = [...document.querySelectorAll('video')];
      return videos.length === 2 && videos.every((v) => !v.paused && v.currentTime > 0.2);
    });
  });

  it('tells nothing of the sides while they are hidden', async () => {
    const { panel, snapshot } = await opened();
    const { sides: _, ...place } = PLACE;
    const hidden = { ...place, marks: place.marks.map(() => null) };
    const { verdict: __, ...rest } = snapshot;
    await panel.show({ ...rest, sweep: hidden, blind: { on: true, revealed: false } });
    const bar = panel.page.locator('nav.sweep');
    assert.equal(await bar.locator('.mark').count(), 0);
    assert.equal(await bar.locator('.on').count(), 2);
    assert.doesNotMatch((await bar.getByRole('img').getAttribute('aria-label')) ?? '', /worse|better/);
  });

  it('is at the same moment again when it comes back into sight on a later pair', async () => {
    const server = suite.server();
    const uris = {
      slow: server.uri(slowClip()),
      fast: server.uri(fastClip()),
      third: server.uri(thirdClip()),
    };
    const of = { a: 'file:///c.mp4', b: 'file:///d.mp4', sweep: 'file:///run' };
    const panel = await suite.open({ kept: { format: 'aesrm.panel/1', blind: false, time: 1, ...of } });
    await panel.show({ ...standing(server, uris), identity: of });
    await panel.ready();
    assert.deepEqual(
      (await shownFrames(panel)).map((time) => Math.floor(time)),
      [1, 1],
    );
  });

  it('keeps the sweep in its state, for a reload', async () => {
    const { panel } = await opened();
    await panel.page.waitForTimeout(500);
    const { state } = await panel.host();
    assert.equal((state as { sweep?: string }).sweep, 'file:///run');
  });
});
