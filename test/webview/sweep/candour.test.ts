import assert from 'node:assert/strict';
import type { SweepStatistics } from '../../../src/core/sweep/statistics';
import {
  regression,
  sweepGrid,
  sweepSnapshot,
  sweepState,
  sweepStatistics,
} from '../../support/sweepSnapshot';
import { sweepSuite } from '../support/sweepPage';

describe('sweep page: what it does not claim', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(5, 9);

  it('marks a broken clip though another seed of its cell was judged, and counts the seeds that were', async () => {
    const panel = await suite.open();
    const seeded = sweepGrid(3, 2, { seeds: ['42', '7', '9'] });
    const clip = seeded.clips.findIndex(({ column, row, seed }) => column === 1 && row === 0 && seed === 0);
    const broken = [{ clip, problem: { code: 'truncated' as const, message: 'b.mp4 ends early.' } }];
    await panel.show(sweepSnapshot(seeded, { state: sweepState(seeded, { broken }) }), seeded);
    const cell = panel.cell(1, 0);
    assert.match(await cell.innerText(), /(better|worse|tie)[^]*broken[^]*b\.mp4 ends early/);
    assert.match((await cell.getAttribute('aria-label')) ?? '', /ends early\., 2 seeds, averaged/);
    assert.doesNotMatch(await panel.cell(1, 1).innerText(), /broken/);
  });

  it('tells who has not voted that, not that they agree with the judge', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    await panel.cell(0, 0).focus();
    await panel.page.keyboard.press('v');
    await panel.page.getByText('You have not voted').waitFor();
  });

  it('does not call a run free of regressions that could not have shown any, or is not over', async () => {
    const panel = await suite.open();
    const said = async (judged: number, detectable: number | null) => {
      const statistics = sweepStatistics(grid, { tests: { made: 12, detectable } });
      const state = sweepState(grid, { statistics, pairs: { total: 90, judged } });
      await panel.show(sweepSnapshot(grid, { state }), grid);
      return panel.page.locator('.summary').innerText();
    };
    assert.match(await said(20, null), /No regression found so far[^]*With so few prompts judged/);
    assert.match(
      await said(90, null),
      /No regression found between neighbours[^]*With so few prompts judged/,
    );
    assert.match(
      await said(90, 0.79),
      /between neighbours[^]*A loss on 79% of the prompts without a tie would be found/,
    );
  });

  it('names what fell by its interval though no test is sure of it, and not twice', async () => {
    const panel = await suite.open();
    const statistics = sweepStatistics(grid, { tests: { made: 27, detectable: 0.98 } });
    const { overall } = statistics.series;
    const fell = { ...overall.againstPrevious[2]!, value: 0.1, interval: [0.01, 0.4] as [number, number] };
    overall.againstPrevious = overall.againstPrevious.map((rate, column) => (column === 2 ? fell : rate));
    const said = async (regressions: SweepStatistics['regressions']) => {
      const state = sweepState(grid, { statistics: { ...statistics, regressions } });
      await panel.show(sweepSnapshot(grid, { state }), grid);
      return panel.page.locator('.summary').innerText();
    };
    assert.match(await said([]), /chance among 27 tests: .*step 3000 overall 10% \(1–40%\)/i);
    assert.doesNotMatch(
      await said([regression({ of: 'overall', column: 2, previous: 1 })]),
      /step 3000 overall 10%/i,
    );
  });
});
