import assert from 'node:assert/strict';
import type { Grid } from '../../../src/core/sweep/grid';
import { slowClip } from '../support/suite';
import {
  cellIds,
  column,
  gridMessage,
  pathAt,
  sweepDiff,
  sweepGrid,
  sweepSnapshot,
  sweepState,
} from '../../support/sweepSnapshot';
import { type SweepPage, sweepSuite } from '../support/sweepPage';

/** The same grid after a checkpoint came in front of all others and a prompt before the others. */
function grown(grid: Grid): Grid {
  const first = { ...column(0), id: 'base', label: 'base', kind: 'base' as const };
  const moved = grid.clips.map((clip) => ({ ...clip, column: clip.column + 1, row: clip.row + 1 }));
  const row = { id: 'new', label: 'a new prompt' };
  const came = moved.filter(({ column: c }) => c === 1).map((clip) => ({ ...clip, column: 0 }));
  const clips = [...came.map((clip) => ({ ...clip, path: clip.path.replace('step-0', 'base') })), ...moved];
  return { ...grid, columns: [first, ...grid.columns], rows: [row, ...grid.rows], clips };
}

describe('sweep page: when samples come', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(4, 5);
  const next = grown(grid);

  async function grow(panel: SweepPage): Promise<void> {
    const state = sweepState(next, { gridRevision: 2 });
    await panel.show(sweepSnapshot(next, { state }), next, { revision: 2 });
  }

  it('keeps the focus on its cell, and says of a click which clips it means', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    await panel.send({ type: 'go', to: 'cell', cell: cellIds(2, 1) });
    await panel.page.keyboard.press('Enter');
    await grow(panel);
    assert.equal(await panel.focus(), '3:2');
    assert.equal(await panel.cell(3, 2).getAttribute('tabindex'), '0');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('e');
    const pair = { earlier: pathAt(1, 1), later: pathAt(2, 1) };
    assert.deepEqual(
      (await panel.actions('openPair')).map((opened) => opened.pair),
      [pair, pair],
    );
    assert.deepEqual(await panel.actions('revealClip'), [{ type: 'revealClip', clip: pathAt(2, 1) }]);
    await panel.page.keyboard.press('ArrowRight');
    assert.equal(await panel.focus(), '4:2');
  });

  it('keeps the chosen seed, and the place where the cell itself is gone', async () => {
    const panel = await suite.open();
    const seeded = sweepGrid(4, 5, { seeds: ['7', '42'] });
    await panel.show(sweepSnapshot(seeded), seeded);
    await panel.page.locator('.select', { hasText: 'Seed' }).locator('select').selectOption({ label: '42' });
    await panel.send({ type: 'go', to: 'cell', cell: cellIds(3, 1) });
    const more = sweepGrid(3, 5, { seeds: ['1', '7', '42'] });
    await panel.show(sweepSnapshot(more), more, { revision: 2 });
    assert.equal(await panel.cell(2, 1).getAttribute('tabindex'), '0');
    assert.equal(await panel.cell(2, 1).getAttribute('title'), pathAt(2, 1, 2));
  });

  it('plays on, where the clip stands now, and takes its stand-in', async () => {
    const panel = await suite.open();
    const { files, origin } = suite.server();
    files.set('/proxy.mp4', slowClip());
    await panel.show(sweepSnapshot(grid), grid);
    await panel.send({ type: 'go', to: 'cell', cell: cellIds(2, 1) });
    await panel.page.keyboard.press(' ');
    await panel.page.getByText('Preparing…').waitFor();
    await grow(panel);
    assert.match(await panel.cell(3, 2).innerText(), /Preparing/);
    await panel.send({ type: 'proxy', clip: pathAt(2, 1), uri: `${origin}/proxy.mp4` });
    assert.equal(await panel.cell(3, 2).locator('video').getAttribute('src'), `${origin}/proxy.mp4`);
  });

  it('asks anew what changed between two checkpoints, and takes no answer from before', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    await panel.send({ type: 'go', to: 'cell', cell: cellIds(1, 0) });
    await panel.page.keyboard.press('c');
    await panel.send({ type: 'diff', gridRevision: 1, diff: sweepDiff(0, 1) });
    assert.equal(await panel.page.locator('.diff').count(), 1);
    await grow(panel);
    const asked = { type: 'diff', earlier: 'step-1000', later: 'step-2000' };
    assert.deepEqual(await panel.actions('diff'), [asked, asked]);
    await panel.send({ type: 'diff', gridRevision: 1, diff: sweepDiff(1, 2) });
    assert.equal(await panel.page.locator('.diff').count(), 0);
    await panel.send({ type: 'diff', gridRevision: 2, diff: sweepDiff(1, 2) });
    assert.match(await panel.page.locator('[role=dialog]').innerText(), /from step 1000 to step 2000/);
    assert.equal(await panel.page.locator('.diff tbody th').count(), 15);
    await panel.send({ type: 'grid', grid: gridMessage(sweepGrid(1, 5), { revision: 3 }) });
    assert.equal(await panel.page.locator('[role=dialog]').count(), 0, 'a column of it is gone');
  });
});
