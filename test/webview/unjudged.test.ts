import assert from 'node:assert/strict';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { EVEN } from '../../src/core/verdict';
import type { Vote } from '../../src/core/vote';
import { snapshot, verdict } from '../support/snapshot';
import { panelSuite } from './support/suite';

const VOTE: Vote = {
  ...{ format: 'aesrm.vote/1', id: 'vote-1', at: '2026-11-12T14:05:00Z', by: 'someone', overall: 'B' },
  ...{ a: { path: 'a.mp4', hash: 'a' }, b: { path: 'b.mp4', hash: 'b' }, blind: false, modelShown: true },
};

describe('panel: a dimension that was not judged', () => {
  const suite = panelSuite();

  async function shown(given: PanelSnapshot) {
    const panel = await suite.open();
    await panel.show(given);
    return panel;
  }

  it('says of a dimension that was not judged just that: no bar, no percent, no word on the vote', async () => {
    const own = verdict();
    const even = { winner: 'tie' as const, p: EVEN, unjudged: true as const };
    const given = { ...own, dimensions: { ...own.dimensions, VP: even } };
    const { page } = await shown(
      snapshot({ verdict: given, vote: { ...VOTE, dimensions: { VF: 'B', VP: 'tie' } } }),
    );
    const cell = page.locator('.cells .cell', { hasText: 'Visual Plausibility' });
    assert.match(await cell.innerText(), /Visual Plausibility\s+not judged/);
    assert.doesNotMatch(await cell.innerText(), /%|33|Tie/);
    assert.equal(await cell.locator('.bar[role=img]').count(), 0);
    assert.equal(await page.locator('.cells .bar[role=img]').count(), 3);
    assert.equal(await page.locator('.group-call').count(), 2);
    assert.equal(await page.locator('[data-vote=VP] ~ .agreement').count(), 0);
    assert.equal(await page.locator('[data-vote=VF] ~ .agreement').count(), 1);
    assert.equal(await page.getAttribute('[data-vote=VP] .choice-tie', 'aria-pressed'), 'true');
  });
});
