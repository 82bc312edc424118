import assert from 'node:assert/strict';
import type { SweepStatistics, VoteAgreement } from '../../../src/core/sweep/statistics';
import type { SweepSnapshot } from '../../../src/protocol/sweepPage';
import {
  regression,
  sweepGrid,
  sweepSnapshot,
  sweepState,
  sweepStatistics,
} from '../../support/sweepSnapshot';
import { sweepSuite } from '../support/sweepPage';

describe('sweep page: what the statistics say, and what they cannot', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(5, 9);

  it('draws no interval and names no best below eight prompts, and says so', async () => {
    const few = sweepGrid(4, 5);
    const panel = await suite.open();
    await panel.show(sweepSnapshot(few), few);
    assert.equal(await panel.page.locator('.whisker, .band').count(), 0);
    assert.match(await panel.page.locator('.curves .about').innerText(), /over 5 prompts.*at least 8/);
    await panel.show(sweepSnapshot(grid), grid);
    assert.ok((await panel.page.locator('.whisker').count()) >= 16);
    assert.match(
      await panel.page.locator('.best').innerText(),
      /Overall, no clear winner: step 5000, step 4000/,
    );
  });

  /** One series' statistics with a change, under otherwise whole ones. */
  function withOverall(change: object, over: Partial<SweepStatistics> = {}): SweepSnapshot {
    const statistics = sweepStatistics(grid, over);
    const { overall } = statistics.series;
    const series = { ...statistics.series, overall: { ...overall, ...change } };
    return sweepSnapshot(grid, { state: sweepState(grid, { statistics: { ...statistics, series } }) });
  }

  it('names the checkpoints that the best was not compared with, and says why there is none', async () => {
    const panel = await suite.open();
    const best = panel.page.locator('.best');
    await panel.show(withOverall({ best: { columns: [4], by: 'ranking', thin: [1, 3] } }), grid);
    assert.match(
      await best.innerText(),
      /^Overall, best: step 5000\s+Not compared, being judged on fewer than 8 prompts: step 2000, step 4000\./,
    );
    await panel.show(withOverall({ best: { columns: [4], by: 'ranking', thin: [] } }), grid);
    assert.doesNotMatch(await best.innerText(), /Not compared/);
    await panel.show(withOverall({ best: null }), grid);
    assert.match(
      await best.innerText(),
      /Overall: no checkpoint is called the best; that takes at least 8 prompts/,
    );
    assert.equal(await best.getByRole('button', { name: 'Ranking' }).count(), 1);
  });

  it('offers no series that was judged nowhere, and says so of one that was chosen before', async () => {
    const panel = await suite.open();
    const { page } = panel;
    await panel.show(sweepSnapshot(grid), grid);
    await page.click('.segment[data-series=VP]');
    const whole = sweepStatistics(grid);
    const none = grid.columns.map(() => null);
    const silent = { againstBaseline: none, againstPrevious: none, ranking: null, best: null };
    const statistics = { ...whole, notJudged: ['VP' as const], series: { ...whole.series, VP: silent } };
    await panel.show(sweepSnapshot(grid, { revision: 2, state: sweepState(grid, { statistics }) }), grid);
    assert.equal(await page.locator('.segment[data-series=VP]').isDisabled(), true);
    assert.equal(await page.locator('.segment[data-series=VF]').isDisabled(), false);
    assert.equal(
      (await page.locator('.best').innerText()).trim(),
      'VP: not judged, as this judge was asked.',
    );
    assert.equal(await page.locator('.chart .series-VP').locator('.point, .whisker').count(), 0);
    assert.deepEqual(
      (await page.locator('.column-rate').allInnerTexts()).filter((text) => text.includes('%')),
      [],
    );
  });

  it('says why there is no ranking', async () => {
    const panel = await suite.open();
    const best = panel.page.locator('.best');
    const apart = /No ranking: some checkpoints have no prompts in common with the others/;
    await panel.show(withOverall({ ranking: null }), grid);
    assert.match(await best.innerText(), apart);
    assert.equal(await best.getByRole('button').count(), 0);
    await panel.show(withOverall({ ranking: null }, { unjudged: 4 }), grid);
    assert.match(await best.innerText(), /No ranking yet; pairs still to be judged: 4\./);
    await panel.show(withOverall({ ranking: null }, { pairing: 'adjacent' }), grid);
    assert.match(await best.innerText(), /No ranking: it needs every two checkpoints to be compared\./);
    await panel.show(sweepSnapshot(grid), grid);
    assert.doesNotMatch(await best.innerText(), /No ranking/);
  });

  it('says what the tests could have found, and where none could have found anything', async () => {
    const panel = await suite.open();
    const summary = panel.page.locator('.summary');
    const shown = (over: Partial<SweepStatistics>) =>
      panel.show(
        sweepSnapshot(grid, { state: sweepState(grid, { statistics: sweepStatistics(grid, over) }) }),
        grid,
      );
    await shown({ tests: { made: 16, detectable: 0.79 } });
    assert.match(
      await summary.innerText(),
      /A loss on 79% of the prompts without a tie would be found 4 times out of 5 \(median of 16 tests\)/,
    );
    await shown({ tests: { made: 16, detectable: null } });
    assert.match(
      await summary.innerText(),
      /No regression found between neighbours\s[\s\S]*With so few prompts judged, at least half of the 16 tests could not have found any/,
    );
    await shown({ tests: { made: 0, detectable: null } });
    assert.match(await summary.innerText(), /No test for regressions could be made\./);
    const power = async (detectable: number | null) => {
      await shown({ regressions: [regression({ detectable })] });
      return panel.page.locator('.fall-chip').getAttribute('title');
    };
    assert.match(
      (await power(0.8))!,
      /on 2 of 5 prompts, better on 1;[^]*a loss on 80% of the prompts without a tie is found 4 times out of 5/,
    );
    assert.match((await power(null))!, /no loss, however large, is found on so few prompts without a tie/);
  });

  it('tells statistics that are on their way from a sweep where nothing is judged', async () => {
    const panel = await suite.open();
    const empty = panel.page.locator('.above > .empty');
    await panel.show(sweepSnapshot(grid, { state: sweepState(grid, { statistics: null }) }), grid);
    assert.equal(await empty.innerText(), 'Computing the statistics…');
    const pairs = { total: 90, judged: 0 };
    await panel.show(sweepSnapshot(grid, { state: sweepState(grid, { statistics: null, pairs }) }), grid);
    assert.equal(await empty.innerText(), 'The curves appear once the first pairs are judged.');
  });

  it('shows how several people agree: with each other, with the judge, with themselves', async () => {
    const agreement: VoteAgreement = {
      shared: 12,
      annotators: ['Ada', 'Bob'],
      alpha: { value: 0.614, interval: [-0.05, 0.87] },
      judge: [
        { by: null, pairs: 21, agreement: { prompts: 9, value: 0.66, interval: [0.41, 0.85] } },
        { by: 'Ada', pairs: 12, agreement: { prompts: 9, value: 0.75, interval: [0.5, 0.9] } },
        { by: 'Bob', pairs: 0, agreement: { prompts: 0, value: 0.5 } },
      ],
      repeats: [{ by: 'Ada', pairs: 3, same: 2 }],
    };
    const panel = await suite.open();
    const shown = (over: Partial<VoteAgreement>) =>
      panel.show(
        sweepSnapshot(grid, { state: sweepState(grid, { agreement: { ...agreement, ...over } }) }),
        grid,
      );
    await panel.show(sweepSnapshot(grid), grid);
    assert.equal(await panel.page.locator('.votes').count(), 0);
    await shown({});
    const line = panel.page.locator('.votes');
    assert.match(
      await line.innerText(),
      /Among people: Krippendorff's alpha 0\.61 \(−0\.05 to 0\.87\) on 12 shared pairs\./,
    );
    await panel.page.click('[data-does=votes]');
    const sheet = panel.page.locator('[data-dialog=votes]');
    const rows = await sheet.locator('tbody tr').allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split(/\t/).map((cell) => cell.trim())),
      [
        ['All votes', '66% (41–85%)', '21', '–'],
        ['Ada', '75% (50–90%)', '12', '2 of 3'],
        ['Bob', '–', '0', '–'],
      ],
    );
    assert.match(await sheet.innerText(), /Krippendorff's alpha 0\.61/);
    await panel.page.keyboard.press('Escape');
    assert.equal(await sheet.count(), 0);
    await shown({ alpha: null, shared: 0 });
    assert.match(await line.innerText(), /Among people: no shared pairs, so nothing can be said\./);
    await shown({ alpha: null, shared: 12 });
    assert.match(await line.innerText(), /Among people: the same answer throughout.*; 12 shared pairs\./);
    await shown({ annotators: ['Ada'], alpha: null, shared: 0, judge: agreement.judge.slice(0, 2) });
    assert.match(
      await line.innerText(),
      /Ada and the judge: the same on 75% \(50–90%\) of 12 decided pairs\./,
    );
  });
});
