import assert from 'node:assert/strict';
import { cellIds, pathAt, sweepGrid, sweepSnapshot, sweepState } from '../../support/sweepSnapshot';
import { type SweepPage, sweepSuite } from '../support/sweepPage';

describe('sweep page: votes on several seeds', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(3, 2, { seeds: ['7', '42', '99'] });
  const vote = { earlier: 0, later: 1, row: 0, by: 'me', overall: 1, judge: 1 } as const;
  const votes = [
    { ...vote, seed: 0 },
    { ...vote, seed: 1, overall: -1 as const },
    { ...vote, seed: 2, row: 1 },
  ];

  async function opened(): Promise<SweepPage> {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid, { state: sweepState(grid, { votes }) }), grid);
    return panel;
  }
  const seedPick = (panel: SweepPage) => panel.page.locator('.select', { hasText: 'Seed' }).locator('select');

  it('shows the one on the seed that the cell opens, and that there are others', async () => {
    const panel = await opened();
    const said = (row: number) => panel.cell(1, row).locator('.my-vote').innerText();
    assert.deepEqual([await said(0), await said(1)], ['you: ▲ +1 ≠', 'you: another seed']);
    const title = await panel.cell(1, 0).locator('.my-vote').getAttribute('title');
    assert.equal(
      title,
      'seed 7: your vote: better, the judge agrees\nseed 42: your vote: worse, the judge differs',
    );
    const label = (await panel.cell(1, 0).getAttribute('aria-label')) ?? '';
    assert.match(label, /you: better.*seed 42: your vote: worse, the judge differs/);
    await seedPick(panel).selectOption({ label: '42' });
    assert.equal(await said(0), 'you: ▼ +1 ≠');
    await seedPick(panel).selectOption({ label: '99' });
    assert.deepEqual([await said(0), await said(1)], ['you: 2 other seeds ≠', 'you: ▲']);
  });

  it('goes to a disagreement on its seed', async () => {
    const panel = await opened();
    await panel.send({ type: 'go', to: 'cell', cell: cellIds(1, 0) });
    await panel.page.keyboard.press('d');
    assert.equal(await panel.focus(), '1:0');
    assert.equal(await seedPick(panel).inputValue(), '1');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual((await panel.actions('openPair'))[0]?.pair, {
      earlier: pathAt(0, 0, 1),
      later: pathAt(1, 0, 1),
    });
  });
});
