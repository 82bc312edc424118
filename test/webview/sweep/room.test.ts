import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERIES_COLOURS } from '../../../src/core/sweep/seriesColours';
import { SERIES } from '../../../src/core/sweep/table';
import type { SweepPageState, SweepSnapshot } from '../../../src/protocol/sweepPage';
import { ROOT } from '../../support/paths';
import {
  regression,
  sweepGrid,
  sweepSnapshot,
  sweepState,
  sweepStatistics,
} from '../../support/sweepSnapshot';
import { type SweepPage, sweepSuite } from '../support/sweepPage';

const SHOTS = join(ROOT, 'test-results', 'sweep');

describe('sweep page: where there is little room, and what its numbers are against', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(5, 9);
  const snapshot = (): SweepSnapshot =>
    sweepSnapshot(grid, {
      state: sweepState(grid, {
        hashes: grid.clips.map(
          (_, i) => `${((i * 37) % 256).toString(16).padStart(2, '0')}${'0'.repeat(62)}`,
        ),
        broken: [{ clip: 3, problem: { code: 'truncated', message: 'step-3/p 0#0.mp4 ends early.' } }],
        statistics: sweepStatistics(grid, {
          regressions: [
            regression({ column: 2, previous: 1 }),
            regression({ of: 'overall', column: 4, previous: 3 }),
          ],
        }),
      }),
    });

  before(() => mkdirSync(SHOTS, { recursive: true }));

  const shot = (panel: SweepPage, name: string) =>
    panel.page.screenshot({ path: join(SHOTS, `${name}.png`) });

  /** Cells that are whole in sight, by row and by column. */
  async function seen(panel: SweepPage): Promise<{ rows: number; columns: number }> {
    const places = await panel.page.locator('[role=gridcell]').evaluateAll((cells) =>
      cells
        .filter((cell) => {
          const { left, top, right, bottom } = cell.getBoundingClientRect();
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        })
        .map((cell) => (cell as HTMLElement).dataset['cell']!.split(':')),
    );
    const different = (i: number) => new Set(places.map((place) => place[i])).size;
    return { columns: different(0), rows: different(1) };
  }

  for (const [width, height, columns] of [
    [720, 800, 4],
    [480, 800, 3],
  ] as const)
    it(`shows a row of the grid at once at ${width} × ${height}, and three or more once the curves are folded`, async () => {
      const panel = await suite.open({ width, height });
      await panel.show(snapshot(), grid);
      await shot(panel, `room-${width}`);
      assert.ok((await seen(panel)).rows >= 1);
      await panel.page.click('[data-does=fold]');
      await shot(panel, `folded-${width}`);
      const room = await seen(panel);
      assert.ok(room.rows >= 3, `${room.rows} rows`);
      assert.ok(room.columns >= columns, `${room.columns} columns`);
      assert.equal(await panel.page.locator('.chart').count(), 0);
      assert.match(
        await panel.page.locator('.curves').innerText(),
        /Win rate against step 1000\s+▼ 2 regressions · Overall, no clear winner: step 5000, step 4000/,
      );
      assert.equal(await panel.page.evaluate(() => document.documentElement.scrollWidth), width);
    });

  it('keeps the curves folded when the page comes back, and opens them again', async () => {
    const kept: SweepPageState = { format: 'aesrm.sweep-page/1', root: 'file:///run', folded: true };
    const panel = await suite.open({ kept });
    await panel.show(snapshot(), grid);
    const fold = panel.page.locator('[data-does=fold]');
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    await fold.click();
    assert.equal(await panel.page.locator('.chart').count(), 1);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('data-does')), 'fold');
    await fold.click();
    await panel.page.waitForFunction(
      () => (globalThis as unknown as { host: { state: { folded?: boolean } } }).host.state.folded === true,
    );
  });

  it('goes to the grid by one key, its head at the top', async () => {
    const panel = await suite.open({ width: 720, height: 800 });
    await panel.show(snapshot(), grid);
    await panel.page.locator('[data-does=export]').focus();
    await panel.page.keyboard.press('g');
    assert.equal(await panel.focus(), '0:0');
    const top = (selector: string) =>
      panel.page.locator(selector).evaluate((at) => at.getBoundingClientRect().top);
    assert.ok(Math.abs((await top('.grid-head')) - (await top('.scroller'))) <= 1);
    assert.ok((await seen(panel)).rows >= 5);
    await shot(panel, 'grid-720');
  });

  it('says under every head, and over the names, what the rates are against', async () => {
    const panel = await suite.open();
    await panel.show(snapshot(), grid);
    const head = panel.page.locator('.column-head').nth(2);
    const corner = panel.page.locator('.corner');
    const first = panel.page.locator('.column-head .column-rate').first();
    assert.match(await head.innerText(), /34%\s+against the one before/);
    assert.match(
      (await head.locator('.column-rate').getAttribute('title'))!,
      /^Overall: wins 34% \(23–45%\) against the one before; prompts: 9$/,
    );
    assert.match(await corner.innerText(), /^Prompt\s+win rate against the one before$/);
    assert.equal((await first.innerText()).trim(), 'first');
    const cells = panel.page.locator('.grid-bar .select', { hasText: 'Cells against' }).locator('select');
    await cells.selectOption('baseline');
    assert.match(await head.innerText(), /66%\s+against step 1000/);
    assert.match(await corner.innerText(), /win rate against step 1000$/);
    assert.equal((await first.innerText()).trim(), 'baseline');
    await panel.page.getByLabel('Curves against').selectOption('previous');
    assert.match(await corner.innerText(), /against step 1000$/, 'the curves have their own');
    assert.match(await panel.page.locator('#curves-title').innerText(), /against\s+the one before$/);
  });

  for (const theme of ['light', 'dark'] as const)
    it(`draws the series in the colours that the report takes for its own: ${theme}`, async () => {
      const panel = await suite.open({ theme });
      await panel.show(snapshot(), grid);
      for (const series of SERIES) {
        const drawn = await panel.page.locator(`.series-${series} .curve`).evaluate((path, colour) => {
          const { stroke } = getComputedStyle(path);
          const probe = (css: string) => {
            const canvas = document.createElement('canvas').getContext('2d')!;
            canvas.fillStyle = css;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data].join(' ');
          };
          return [probe(stroke), probe(colour)];
        }, SERIES_COLOURS[series][theme]);
        assert.equal(drawn[0], drawn[1], series);
      }
    });
});
