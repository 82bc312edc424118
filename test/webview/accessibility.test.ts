import assert from 'node:assert/strict';
import type Axe from 'axe-core';
import { readFileSync } from 'node:fs';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { chainVerdict } from '../support/chainVerdict';
import { blindSnapshot, verdict } from '../support/snapshot';
import { type PanelPage, type Theme, THEMES } from './support/panelPage';
import { panelSuite, playable } from './support/suite';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  impact: string;
  nodes: string[];
}

/** What axe-core finds to be serious or critical. */
async function findings({ page }: PanelPage): Promise<Finding[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof Axe }).axe;
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact: impact ?? '',
      nodes: nodes.map((n) => `${n.html} ${n.failureSummary}`),
    }));
  });
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

describe('panel: for every reader', () => {
  const suite = panelSuite();

  function states(): Record<
    string,
    { snapshot: PanelSnapshot; after?: (panel: PanelPage) => Promise<void> }
  > {
    const done = playable(suite.server());
    const { verdict: _, ...bare } = done;
    const orders = { mode: 'both', ab: 'A', ba: 'B', consistent: false } as const;
    const asked = chainVerdict({ orders });
    const [first, ...rest] = verdict().criteria;
    const unseen = verdict({
      criteria: [
        first!,
        ...rest.map((c) => ({ ...c, status: 'notSeen' as const, score: null, evidence: [] })),
      ],
    });
    return {
      loading: {
        snapshot: { ...bare, phase: 'measuring', progress: { text: 'Measuring A', fraction: 0.3 } },
      },
      done: { snapshot: done, after: (p) => p.page.click('[data-criterion="vf.sharpness"]') },
      'done, with the judge open': {
        snapshot: { ...done, fromLog: true },
        after: (p) => p.page.click('[data-opens=judge]'),
      },
      'done, with help open': { snapshot: done, after: (p) => p.page.keyboard.press('?') },
      failed: {
        snapshot: {
          ...bare,
          phase: 'failed',
          problem: { code: 'ffmpegMissing', message: 'ffmpeg was not found.', fix: 'Install it.' },
        },
      },
      blind: {
        snapshot: blindSnapshot({
          sides: {
            A: { ...done.sides.A, name: '', folder: '' },
            B: { ...done.sides.B, name: '', folder: '' },
          },
        }),
      },
      'not seen': { snapshot: { ...done, verdict: unseen, notice: 'The record could not be kept.' } },
      'asked in both orders': {
        snapshot: { ...done, verdict: asked },
        after: (p) => p.page.click('[data-criterion="va.exposure"]'),
      },
      'one order of them': {
        snapshot: { ...done, verdict: asked },
        after: (p) => p.page.click('[data-order=ba]'),
      },
      "the model's own words": {
        snapshot: { ...done, verdict: asked },
        after: (p) => p.page.click('[data-opens=raw]'),
      },
      'being written': {
        snapshot: { ...done, phase: 'judging', verdict: asked, live: asked.criteria.slice(0, 5) },
      },
      wipe: { snapshot: done, after: (p) => p.page.keyboard.press('w') },
      difference: { snapshot: done, after: (p) => p.page.keyboard.press('d') },
    };
  }

  for (const theme of THEMES) {
    it(`gives axe-core nothing serious and the policy nothing to stop: ${theme}`, async function () {
      this.timeout(60_000);
      const panel = await suite.open({ theme: theme as Theme });
      const bad: string[] = [];
      for (const [name, { snapshot, after }] of Object.entries(states())) {
        await panel.show(snapshot);
        await panel.ready();
        await after?.(panel);
        for (const { id, nodes } of await findings(panel)) bad.push(`${name}: ${id}: ${nodes.join('\n')}`);
        await panel.page.keyboard.press('Escape');
        await panel.page.keyboard.press('q');
      }
      assert.deepEqual(bad, []);
      assert.deepEqual((await panel.host()).violations, []);
      assert.deepEqual(panel.errors, []);
    });
  }

  it('can be walked by keyboard alone: one stop for each group, arrows within', async () => {
    const panel = await suite.open();
    await panel.show(playable(suite.server()));
    await panel.ready();
    const { page } = panel;
    const where = () =>
      page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        return at === document.body
          ? 'body'
          : (at.getAttribute('aria-label') ?? at.dataset['criterion'] ?? at.textContent!.trim());
      });
    const stops: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const at = await where();
      if (at === 'body' || at === stops[0]) break;
      stops.push(at);
    }
    assert.ok(stops.length < 30, `${stops.length} stops`);
    for (const name of [
      'Swap sides',
      'A is better',
      'Play',
      'Speed',
      'Next difference',
      'Position in the clips',
      'va.color',
      'Colour harmony: whole clip',
    ])
      assert.ok(stops.includes(name), `${name} among ${stops.join(', ')}`);
    assert.equal(stops.filter((s) => s === 'A is better').length, 4);

    await page.focus('[data-criterion="va.color"]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await where(), 'va.exposure');
    await page.keyboard.press('Enter');
    await panel.settled();
    assert.equal(await page.getAttribute('[data-criterion="va.exposure"]', 'aria-current'), 'true');
    await page.keyboard.press('Tab');
    assert.equal(await where(), 'Exposure: A 0.3–0.8 s');

    await page.focus('[data-mode=side]');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    assert.equal(await page.getAttribute('[data-mode=wipe]', 'aria-pressed'), 'true');
    await page.keyboard.press('?');
    assert.equal(await where(), 'Keyboard help');
    await page.keyboard.press('s');
    assert.deepEqual(await panel.actions('swap'), []);
    await page.keyboard.press('Tab');
    assert.equal(await where(), 'Close');
    await page.keyboard.press('Escape');
    assert.equal(await where(), 'Keyboard help');
    assert.equal(await page.locator('.help').count(), 0);
  });

  it('leaves keys alone in a drop-down', async () => {
    const panel = await suite.open();
    await panel.show(playable(suite.server()));
    await panel.ready();
    await panel.page.focus('vscode-dropdown.rate');
    await panel.page.keyboard.press('s');
    await panel.page.keyboard.press('1');
    assert.deepEqual((await panel.actions()).slice(1), []);
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.waitForTimeout(50);
    assert.deepEqual(
      await panel.page.evaluate(() => [...document.querySelectorAll('video')].map((v) => v.playbackRate)),
      [1.5, 1.5],
    );
  });

  it('moves nothing of its own where less motion is wanted', async () => {
    for (const options of [{ reducedMotion: true }, { bodyClass: 'vscode-reduce-motion' }]) {
      const panel = await suite.open(options);
      const { verdict: _, ...bare } = playable(suite.server());
      await panel.show({ ...bare, phase: 'judging' });
      await panel.ready();
      assert.equal(await panel.page.locator('vscode-progress-ring').isVisible(), false);
      const moving = await panel.page.evaluate(() =>
        document.getAnimations().map((a) => ((a.effect as KeyframeEffect).target as Element).outerHTML),
      );
      assert.deepEqual(moving, []);
      assert.ok(
        await panel.page.evaluate(() => [...document.querySelectorAll('video')].every((v) => v.paused)),
      );
    }
  });

  it('tells the sides apart without colour where colours are forced', async () => {
    const panel = await suite.open({ theme: 'hc-dark', forcedColors: true });
    await panel.show(playable(suite.server()));
    await panel.ready();
    const [a, b] = await panel.page.evaluate(() =>
      ['.part-A', '.part-B'].map((s) => getComputedStyle(document.querySelector(s)!).backgroundImage),
    );
    assert.equal(a, 'none');
    assert.match(b ?? '', /repeating-linear-gradient/);
    const dashes = await panel.page.evaluate(
      () => getComputedStyle(document.querySelector('.line-B')!).strokeDasharray,
    );
    assert.notEqual(dashes, 'none');
  });
});
