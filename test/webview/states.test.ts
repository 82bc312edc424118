import assert from 'node:assert/strict';
import type { PanelSnapshot } from '../../src/protocol/panel';
import type { Vote } from '../../src/core/vote';
import { blindSnapshot, sideView, snapshot, verdict } from '../support/snapshot';
import type { PanelPage } from './support/panelPage';
import { panelSuite, playable } from './support/suite';

const vote = (over: Partial<Vote>): Vote => ({
  format: 'aesrm.vote/1',
  id: 'vote-1',
  at: '2026-11-12T14:05:00Z',
  by: 'someone',
  a: { path: 'a.mp4', hash: 'a' },
  b: { path: 'b.mp4', hash: 'b' },
  blind: false,
  modelShown: true,
  ...over,
});

const without = ({ verdict: _, ...rest }: PanelSnapshot): PanelSnapshot => rest;

describe('panel: verdict, vote and states', () => {
  const suite = panelSuite();

  async function opened(given: PanelSnapshot): Promise<PanelPage> {
    const panel = await suite.open();
    await panel.show(given);
    return panel;
  }

  it("says what another judge is not in other words than the shipped one's", async () => {
    const own = verdict();
    const { page } = await opened(
      snapshot({ verdict: { ...own, judge: { ...own.judge, id: 'someone-elses', name: 'Another' } } }),
    );
    await page.click('[data-opens=judge]');
    const said = await page.getByRole('dialog', { name: 'About the judge' }).innerText();
    assert.match(said, /Not AesRM's weights unless its card says so\./);
    assert.doesNotMatch(said, /made for this extension/);
  });

  it('shows every reason whole, in the width of a workbench too', async () => {
    const panel = await suite.open({ width: 925, height: 700 });
    await panel.show(snapshot());
    const cut = await panel.page.$$eval('.reason', (reasons) =>
      reasons
        .filter((r) => r.scrollHeight > r.clientHeight + 1 || r.scrollWidth > r.clientWidth + 1)
        .map((r) => r.textContent),
    );
    assert.deepEqual(cut, []);
  });

  it('says the verdict in words, with its confidence, its bar and its judge', async () => {
    const { page } = await opened(snapshot({ fromLog: true }));
    const strip = await page.innerText('.cells');
    assert.match(strip, /B better\s+overall\s+71%/);
    assert.match(strip, /Visual Aesthetics\s+B better\s+78%/);
    assert.match(strip, /Visual Plausibility\s+Tie\s+61%/);
    assert.match(strip, /symmetric by design/);
    assert.match(strip, /Compact 1\.0\.0 · 3fa9c21e · CPU · 0\.21 s/);
    assert.match(strip, /from the record, .*12/);
    assert.match(
      await page.innerText('[role=status]'),
      /^B better overall, 71%\. Visual Aesthetics: B better\./,
    );
    assert.equal(
      await page.getByRole('img', { name: 'Probabilities: A better 19%, tie 10%, B better 71%' }).count(),
      1,
    );
    await page.click('[data-opens=judge]');
    const details = page.getByRole('dialog', { name: 'About the judge' });
    assert.match(await details.innerText(), /not AesRM's weights/);
    assert.match(
      await details.innerText(),
      /FETV static quality\s+three people's ratings\s+64\s+66%\s+54%–76%/,
    );
    await page.getByRole('button', { name: 'Open the model card' }).click();
    await page.keyboard.press('Escape');
    assert.equal(await details.count(), 0);
    assert.equal(
      await page.evaluate(() => (document.activeElement as HTMLElement).dataset['opens']),
      'judge',
    );
  });

  it('says where the two orders disagree', async () => {
    const orders = { mode: 'both', ab: 'A', ba: 'B', consistent: false } as const;
    const { page } = await opened(snapshot({ verdict: verdict({ orders }) }));
    assert.match(await page.innerText('.cells'), /the two orders disagree/);
    assert.match(
      (await page.getAttribute('.doubt', 'title')) ?? '',
      /asked A, B it said A better; asked B, A it said B better/i,
    );
  });

  it('lists fifteen criteria, dims what was not seen, marks what is reconstructed', async () => {
    const { page } = await opened(snapshot());
    assert.equal(await page.locator('.criterion').count(), 15);
    assert.equal(await page.locator('.unseen').count(), 1);
    assert.match(await page.innerText('.unseen'), /Film language[\s\S]*not judged/);
    assert.equal(await page.locator('.reconstructed').count(), 3);
    assert.match((await page.getAttribute('[data-criterion="va.color"]', 'title')) ?? '', /^Asks: Do hues/);
  });

  it('posts votes, their withdrawal and undo', async () => {
    const panel = await opened(
      snapshot({ canUndoVote: true, vote: vote({ overall: 'B', dimensions: { VF: 'B' } }) }),
    );
    const { page } = panel;
    assert.equal(await page.getAttribute('[data-vote=overall] .choice-B', 'aria-pressed'), 'true');
    assert.equal(await page.locator('[data-vote=overall] ~ .agreement.same').count(), 1);
    assert.equal(await page.locator('[data-vote=VF] ~ .agreement.other').count(), 1);
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.keyboard.press('3');
    await page.click('[data-vote=VA] .choice-A');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('3');
    await page.keyboard.press('Control+z');
    await page.click('.undo');
    assert.deepEqual((await panel.actions()).slice(1), [
      { type: 'vote', of: 'overall', choice: 'A' },
      { type: 'vote', of: 'overall', choice: 'tie' },
      { type: 'vote', of: 'overall', choice: null },
      { type: 'vote', of: 'VA', choice: 'A' },
      { type: 'vote', of: 'VA', choice: 'B' },
      { type: 'undoVote' },
      { type: 'undoVote' },
    ]);
    assert.match(await page.innerText('[role=status]'), /Your verdict, Visual Aesthetics: B is better/);
  });

  it('posts the other actions, by key and by button', async () => {
    const panel = await opened(snapshot());
    for (const key of ['s', 'b', 'r', 'c']) await panel.page.keyboard.press(key);
    await panel.page.getByTitle('Show grpo/two-guys-talking-near-a-big-tree.mp4 in the Explorer').click();
    assert.deepEqual((await panel.actions()).slice(1), [
      { type: 'swap' },
      { type: 'setBlind', on: true },
      { type: 'rejudge' },
      { type: 'copyMarkdown' },
      { type: 'revealClip', side: 'B' },
    ]);
  });

  it('hides names and verdict in blind mode, everywhere in the document, and shows them after the vote', async () => {
    const panel = await suite.open({
      state: { a: 'file:///secret-base/one.mp4', b: 'file:///secret-grpo/two.mp4', blind: true },
    });
    const given = playable(suite.server());
    const nameless = (side: 'A' | 'B') => ({ ...given.sides[side], name: '', folder: '' });
    const sides = { A: nameless('A'), B: nameless('B') };
    // Even if a verdict slipped through, the page would not show it.
    await panel.show({ ...blindSnapshot({ sides }), verdict: verdict() });
    await panel.ready();
    const document = await panel.page.content();
    for (const word of [
      'secret',
      'grpo',
      'two-guys',
      'Compact',
      '3fa9c21e',
      'B better',
      'A better',
      '71%',
      'palette; A drifts',
    ])
      assert.ok(!document.includes(word), word);
    assert.match(
      await panel.page.innerText('.run'),
      /Vote first: the model's verdict appears after your vote/,
    );
    assert.equal(await panel.page.locator('.chip').count(), 0);
    await panel.page.keyboard.press('F7');
    await panel.page.keyboard.press('3');
    assert.deepEqual((await panel.actions('vote'))[0], { type: 'vote', of: 'overall', choice: 'B' });
    await panel.show({
      ...given,
      blind: { on: true, revealed: true },
      vote: vote({ overall: 'B', blind: true, modelShown: false }),
    });
    assert.match(
      await panel.page.innerText('.notice'),
      /You voted blind\. A was base\/two-guys.*, B was grpo\/two-guys/,
    );
    assert.match(await panel.page.innerText('.cells'), /B better/);
  });

  it('shows what files and models say as text', async () => {
    const hostile = '<img src=x onerror="globalThis.pwned=1"><b>x</b>{0}{{1}}';
    const v = verdict();
    const criteria = v.criteria.map((c) => ({ ...c, reason: hostile }));
    const panel = await opened(
      snapshot({
        sides: { A: sideView({ name: `${hostile}.mp4`, folder: hostile }), B: sideView({ note: hostile }) },
        verdict: verdict({ criteria, judge: { ...v.judge, name: hostile } }),
        notice: hostile,
      }),
    );
    await panel.page.click('[data-opens=judge]');
    await panel.page.keyboard.press('Escape');
    await panel.show({
      ...without(snapshot()),
      phase: 'failed',
      problem: { code: 'internal', message: hostile, fix: hostile },
    });
    assert.match(await panel.page.innerText('.failed'), /<img src=x/);
    assert.equal(await panel.page.evaluate(() => (globalThis as { pwned?: number }).pwned), undefined);
    assert.equal(await panel.page.locator('img[src]').count(), 0);
    assert.deepEqual((await panel.host()).violations, []);
  });

  it('shows progress, and cancels at once in the eyes of the reader', async () => {
    const running = {
      ...without(playable(suite.server())),
      phase: 'measuring' as const,
      progress: { text: 'Measuring A', fraction: 0.4 },
    };
    const panel = await opened(running);
    const { page } = panel;
    await panel.ready();
    assert.equal(await page.getByRole('progressbar').last().getAttribute('aria-valuenow'), '40');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.deepEqual(await panel.actions('cancel'), [{ type: 'cancel' }]);
    assert.match(await page.innerText('.run'), /Cancelling/);
    await panel.show({ ...running, phase: 'cancelled' });
    assert.match(await page.innerText('.run'), /cancelled/);
    await page.locator('.run').getByRole('button', { name: 'Judge' }).click();
    assert.deepEqual(await panel.actions('rejudge'), [{ type: 'rejudge' }]);
  });

  it('keeps the other side when one fails, and offers what helps', async () => {
    const given = playable(suite.server());
    const problem = {
      code: 'truncated',
      message: 'one.mp4 ends before its index.',
      fix: 'Copy it again.',
      side: 'A',
    } as const;
    const panel = await opened({
      ...without(given),
      phase: 'failed',
      problem,
      sides: { A: { name: 'one.mp4', folder: '', media: 'none', problem }, B: given.sides.B },
    });
    const { page } = panel;
    await panel.ready(1);
    assert.match(await page.innerText('.box-A'), /ends before its index[\s\S]*Copy it again/);
    await page.keyboard.press('.');
    await panel.settled();
    assert.ok((await panel.videoTimes())[0] > 0.05);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('button', { name: 'Open log' }).click();
    await panel.show({
      ...without(given),
      phase: 'failed',
      problem: { code: 'ffmpegMissing', message: 'ffmpeg was not found.' },
    });
    await page.getByRole('button', { name: 'Set the path of ffmpeg' }).click();
    assert.deepEqual((await panel.actions()).slice(1), [
      { type: 'rejudge' },
      { type: 'showLog' },
      { type: 'openSetting', key: 'aesrm.ffmpegPath' },
    ]);
  });

  it('offers another judge where the judge failed, and there only', async () => {
    const { problem: _, ...given } = without(playable(suite.server()));
    const panel = await opened({ ...given, phase: 'failed' });
    const offer = panel.page.locator('.failed').getByRole('button', { name: 'Select judge…' });
    const ofJudge = [
      ...(['endpointUnreachable', 'endpointRefused', 'endpointInvalid', 'modelMissing'] as const),
      ...(['answerUnread', 'outOfMemory'] as const),
    ];
    for (const code of ofJudge) {
      await panel.show({ ...given, phase: 'failed', problem: { code, message: 'It failed.' } });
      await offer.click();
    }
    assert.equal((await panel.actions('selectJudge')).length, ofJudge.length);
    for (const problem of [
      { code: 'ffmpegMissing', message: 'ffmpeg was not found.' },
      { code: 'truncated', message: 'one.mp4 ends before its index.', side: 'A' },
    ] as const) {
      await panel.show({ ...given, phase: 'failed', problem });
      assert.equal(await offer.count(), 0, problem.code);
    }
  });

  it('shows what the model said where no verdict could be read', async () => {
    const { problem: _, ...given } = without(playable(suite.server()));
    const problem = { code: 'answerUnread', message: 'No verdict that can be read.' } as const;
    const panel = await opened({ ...given, phase: 'failed', problem });
    const { page } = panel;
    const offer = page.locator('.failed [data-opens=raw]');
    assert.equal(await offer.count(), 0);
    const raw = '=== A first (P is A, Q is B), sample 1, seed 7 ===\nI cannot watch <b>videos</b>.';
    await panel.show({ ...given, phase: 'failed', problem: { ...problem, raw } });
    await offer.click();
    const dialog = page.getByRole('dialog', { name: "The model's own words" });
    assert.match(await dialog.innerText(), /A first \(P is A, Q is B\)[^]*I cannot watch <b>videos<\/b>\./);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    assert.equal((await panel.actions('copyRaw')).length, 1);
    await panel.show({ ...given, phase: 'failed', problem });
    assert.equal(await dialog.count(), 0, 'hidden, it is hidden at once');
  });

  it('takes an older snapshot for what it is, and drops garbage', async () => {
    const panel = await opened(snapshot());
    await panel.page.evaluate(() => {
      globalThis.postMessage({ type: 'nonsense' }, '*');
      globalThis.postMessage(null, '*');
    });
    await panel.send({
      type: 'snapshot',
      snapshot: { ...without(snapshot()), revision: 0, phase: 'failed' },
    });
    assert.equal(await panel.page.locator('.failed').count(), 0);
    assert.deepEqual(panel.errors, []);
  });

  it('speaks the words that the host gives', async () => {
    const panel = await suite.open({
      strings: { rejudge: 'Neu bewerten', bBetter: '<i>B besser</i>', unknown: 'x' },
    });
    await panel.show(snapshot());
    assert.match(await panel.page.innerText('.topbar'), /Neu bewerten/);
    assert.match(await panel.page.innerText('.cell-overall'), /<i>B besser<\/i>/);
  });
});
