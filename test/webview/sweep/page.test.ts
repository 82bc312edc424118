import assert from 'node:assert/strict';
import type { SweepSnapshot } from '../../../src/protocol/sweepPage';
import {
  cellIds,
  gridMessage,
  regressedSweep,
  sweepGrid,
  sweepSnapshot,
  sweepState,
} from '../../support/sweepSnapshot';
import { sweepSuite } from '../support/sweepPage';

describe('sweep page: what it says', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(5, 9);
  const regressed = () => regressedSweep(grid);

  it('marks a regression at its place; a click goes to the first prompt that fell', async () => {
    const panel = await suite.open();
    await panel.show(regressed(), grid);
    assert.match((await panel.page.locator('.fall').first().textContent()) ?? '', /▼ VF p=\.012/);
    await panel.page.locator('.fall-chip').first().click();
    assert.equal(await panel.focus(), '2:6');
    assert.equal(await panel.page.getAttribute('[data-series=VF]', 'aria-pressed'), 'true');
  });

  it('offers in each phase what can be done, and sends it', async () => {
    const panel = await suite.open();
    const steps: [SweepSnapshot['phase'], string, string][] = [
      ['ready', 'Start', 'start'],
      ['running', 'Pause', 'pause'],
      ['running', 'Cancel', 'cancel'],
      ['paused', 'Resume', 'start'],
      ['following', 'Stop following', 'cancel'],
      ['watching', 'Stop watching', 'cancel'],
      ['done', 'Look again', 'rescan'],
    ];
    for (const [phase, label] of steps) {
      await panel.show(sweepSnapshot(grid, { phase }), grid);
      await panel.page.locator('.head-actions vscode-button', { hasText: label }).click();
    }
    const { actions } = await panel.host();
    const sent = actions.map(({ type }) => type).filter((type) => !/ready|need/.test(type));
    assert.deepEqual(
      sent,
      steps.map(([, , type]) => type),
    );
    await panel.show(sweepSnapshot(grid, { phase: 'following' }), grid);
    assert.match(await panel.page.locator('.phase').innerText(), /Another window is judging/);
  });

  it('states before a start what a model that is asked will be sent', async () => {
    const panel = await suite.open();
    const asks = { requests: 160, frames: 2560, tokens: { prompt: 40_000, completion: 5000 }, bytes: 1e6 };
    const cost = { clips: { total: 45, encoded: 45 }, pairs: { total: 90, judged: 10 }, asks };
    await panel.show(sweepSnapshot(grid, { phase: 'ready', cost }), grid);
    const said = () => panel.page.innerText('.phase');
    assert.match(await said(), /80 pairs to judge.*, 160 requests, 2,560 frames, about 45,000 tokens$/);
    await panel.show(
      sweepSnapshot(grid, { phase: 'ready', cost: { ...cost, asks: { ...asks, cost: 1.5 } } }),
      grid,
    );
    assert.match(await said(), /2,560 frames, about 45,000 tokens, about 1\.50 at the prices/);
  });

  it('states the cost before a start', async () => {
    const panel = await suite.open();
    const cost = { clips: { total: 45, encoded: 5 }, pairs: { total: 90, judged: 10 }, seconds: 600 };
    await panel.show(sweepSnapshot(grid, { phase: 'ready', cost }), grid);
    assert.match(
      await panel.page.locator('.phase').innerText(),
      /40 clips to encode, 80 pairs to judge \(about 10 min, at the rate of earlier work here\)/,
    );
  });

  it('takes a corrected pattern, a pairing, a baseline and another grid', async () => {
    const panel = await suite.open();
    const { state: _, ...bare } = sweepSnapshot(grid, { phase: 'ready', pattern: 'a/{prompt}.mp4' });
    const other = { ...bare.grids[0]!, id: 'wan', title: 'Wan' };
    await panel.show({ ...bare, grids: [...bare.grids, other] }, grid);
    const choose = (label: string, value: string) =>
      panel.page
        .locator('.recognised .select', { hasText: new RegExp(`^ *${label}`) })
        .locator('select')
        .selectOption(value);
    await choose('Grid', 'wan');
    await choose('Pairs', 'adjacent');
    await choose('Baseline', 'step-3000');
    await panel.page.fill('#pattern', '{checkpoint}/{prompt}.webp');
    await panel.page.press('#pattern', 'Enter');
    await panel.page.getByText('Back to what is recognised').click();
    const { actions } = await panel.host();
    assert.deepEqual(
      actions.filter(({ type }) => /^(choose|set)/.test(type)),
      [
        { type: 'chooseGrid', id: 'wan' },
        { type: 'setPairing', pairing: 'adjacent' },
        { type: 'setBaseline', column: 'step-3000' },
        { type: 'setPattern', pattern: '{checkpoint}/{prompt}.webp' },
        { type: 'setPattern', pattern: null },
      ],
    );
    const options = await panel.page
      .locator('.recognised .select', { hasText: 'Pairs' })
      .locator('option')
      .allInnerTexts();
    assert.deepEqual(options, ['all (90)', 'adjacent checkpoints (36)', 'each against the baseline (36)']);
  });

  it('says why there is no grid, and leaves the pattern to try', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(undefined, { phase: 'scanning', files: 1200 }));
    assert.match(await panel.page.locator('.phase').innerText(), /1,200 files seen/);
    await panel.show(sweepSnapshot(undefined, { phase: 'none', message: 'There is no video here.' }));
    assert.match(await panel.page.locator('.recognised').innerText(), /There is no video here\./);
    assert.ok(await panel.page.locator('#pattern').isVisible());
    await panel.show(sweepSnapshot(undefined, { phase: 'none' }));
    assert.match(await panel.page.locator('.recognised').innerText(), /no two videos of this folder/);
  });

  it('shows odd prompts as text', async () => {
    const texts = [
      '<img src=x onerror="globalThis.hacked=1">',
      '🎬 né 雪 / slash & "quotes"',
      'long '.repeat(60),
    ];
    const odd = sweepGrid(3, 3, { rows: texts.map((label, i) => ({ id: `${i}`, label, prompt: label })) });
    const panel = await suite.open();
    await panel.show(sweepSnapshot(odd, { name: texts[0]!, notice: texts[0]! }), odd);
    const heads = panel.page.locator('.prompt-head');
    assert.equal((await heads.nth(0).textContent())?.trim(), texts[0]);
    assert.equal(await heads.nth(2).getAttribute('title'), texts[2]);
    assert.equal(await panel.page.evaluate(() => 'hacked' in globalThis), false);
    assert.equal(await panel.page.locator('img[src="x"]').count(), 0);
    const box = (await heads.nth(2).locator('span').boundingBox())!;
    assert.ok(box.height <= 116, 'cut to its row');
    assert.deepEqual((await panel.host()).violations, []);
  });

  it('keeps the reader’s place for this sweep, and not for another', async () => {
    const kept = {
      format: 'aesrm.sweep-page/1',
      root: 'file:///run',
      series: 'VF',
      reference: 'baseline',
      curves: 'previous',
      filter: 'all',
      sort: 'worst',
      cell: cellIds(2, 1),
    } as const;
    const panel = await suite.open({ kept });
    await panel.show(sweepSnapshot(grid), grid);
    assert.equal(await panel.page.getAttribute('[data-series=VF]', 'aria-pressed'), 'true');
    assert.equal(await panel.cell(2, 1).getAttribute('tabindex'), '0');
    await panel.goTo(3, 2);
    await panel.page.waitForFunction(
      () =>
        (globalThis as unknown as { host: { state: { cell: { row: string } } } }).host.state.cell.row ===
        'p2',
    );
    assert.deepEqual((await panel.host()).state, { ...kept, cell: cellIds(3, 2) });
    assert.match(await panel.page.locator('#curves-title').innerText(), /against\s+the one before/);
    const other = await suite.open({ kept: { ...kept, root: 'file:///else' } });
    await other.show(sweepSnapshot(grid), grid);
    assert.equal(await other.page.getAttribute('[data-series=overall]', 'aria-pressed'), 'true');
  });

  it('brings the cell where the reader was into sight, and leaves the focus alone', async () => {
    const large = sweepGrid(200, 50);
    const cell = cellIds(150, 40);
    const panel = await suite.open({ kept: { format: 'aesrm.sweep-page/1', root: 'file:///run', cell } });
    await panel.show(sweepSnapshot(large), large);
    await panel.page.waitForSelector('[data-cell="150:40"]');
    const box = (await panel.cell(150, 40).boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 1280 && box.y >= 0 && box.y + box.height <= 800, 'in sight');
    assert.equal(await panel.focus(), undefined);
  });

  it('keeps the verdicts through a snapshot that only tells of progress', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid, { phase: 'running' }), grid);
    const said = await panel.cell(1, 0).innerText();
    const { state: _, ...bare } = sweepSnapshot(grid, {
      phase: 'running',
      progress: { clips: { done: 7, total: 45, broken: 0 }, pairs: { done: 3, total: 90 } },
    });
    await panel.show({ ...bare, sameState: true });
    assert.equal(await panel.cell(1, 0).innerText(), said);
    assert.match(await panel.page.locator('.phase').innerText(), /7 of 45 clips/);
  });

  it('says what is left of a run that was paused, and that the time of a first is not known', async () => {
    const panel = await suite.open();
    const cost = { clips: { total: 45, encoded: 0 }, pairs: { total: 90, judged: 0 } };
    await panel.show(sweepSnapshot(grid, { phase: 'ready', cost }), grid);
    const phase = panel.page.locator('.phase');
    assert.match(await phase.innerText(), /45 clips to encode, 90 pairs to judge \(how long is not known/);
    const progress = {
      clips: { done: 40, total: 45, broken: 0 },
      pairs: { done: 60, total: 90 },
      rate: 1,
      secondsLeft: 5,
    };
    await panel.show(sweepSnapshot(grid, { phase: 'paused', cost, progress }), grid);
    assert.match(await phase.innerText(), /5 clips to encode, 30 pairs to judge \(about 5 s/);
  });

  it('goes by the rate of earlier work where a run was paused before it had one', async () => {
    const panel = await suite.open();
    const cost = { clips: { total: 45, encoded: 0 }, pairs: { total: 90, judged: 0 }, seconds: 45 };
    const progress = { clips: { done: 5, total: 45, broken: 0 }, pairs: { done: 0, total: 90 } };
    await panel.show(sweepSnapshot(grid, { phase: 'paused', cost, progress }), grid);
    assert.match(
      await panel.page.locator('.phase').innerText(),
      /40 clips to encode.*\(about 40 s, at the rate/,
    );
  });

  it('does not call judged what has no pair', async () => {
    const panel = await suite.open();
    const alone = sweepGrid(1, 9);
    const cost = { clips: { total: 9, encoded: 9 }, pairs: { total: 0, judged: 0 } };
    await panel.show(sweepSnapshot(alone, { phase: 'ready', cost }), alone);
    assert.match(await panel.page.locator('.phase').innerText(), /There is no pair of samples to judge/);
  });

  it('shows what a pattern would make while it is typed', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid, { phase: 'ready' }), grid);
    const said = panel.page.locator('#pattern-feedback');
    assert.equal(await said.innerText(), '');
    await panel.page.fill('#pattern', 'step-{checkpoint}/p {prompt}#{seed}.mp4');
    assert.match(await said.innerText(), /^Would make 5 checkpoints × 9 prompts · 45 clips$/);
    await panel.page.fill('#pattern', 'step-{checkpoint}/p 1#.mp4');
    assert.match(await said.innerText(), /no \{prompt\}/);
    assert.equal((await panel.actions('setPattern')).length, 0, 'nothing is asked of the host before Apply');
  });

  it('lists the broken clips with their reasons', async () => {
    const panel = await suite.open();
    const broken = [7, 12].map((clip) => ({
      clip,
      problem: { code: 'truncated' as const, message: `${grid.clips[clip]!.path} ends early.` },
    }));
    await panel.show(sweepSnapshot(grid, { state: sweepState(grid, { broken }) }), grid);
    await panel.page.click('[data-does=broken]');
    const items = panel.page.locator('.broken-list li');
    assert.equal(await items.count(), 2);
    assert.match(await items.nth(1).innerText(), /step 3000.*rain on a neon street[^]*ends early/);
    await items.nth(1).getByRole('button').click();
    assert.deepEqual(await panel.actions('revealClip'), [{ type: 'revealClip', clip: grid.clips[12]!.path }]);
    await panel.page.keyboard.press('Escape');
    const back = await panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset['does']);
    assert.equal(back, 'broken');
  });

  it('connects no models by a line, and measures them against the baseline', async () => {
    const columns = ['cog', 'wan', 'zero'].map((id) => ({ id, label: id, kind: 'name' as const }));
    const models = sweepGrid(3, 9, { columns });
    const panel = await suite.open();
    await panel.show(sweepSnapshot(models), models);
    assert.equal(await panel.page.locator('.curve').count(), 0);
    assert.equal(await panel.page.locator('.chart .point').count(), 4 * 2 + 4, 'and four at the names');
    assert.match(await panel.page.locator('.recognised').innerText(), /3 models or settings × 9 prompts/);
    assert.match((await panel.cell(2, 0).getAttribute('aria-label')) ?? '', /against cog$/);
    await panel.show(sweepSnapshot(grid), grid);
    assert.equal(await panel.page.locator('.curve').count(), 4);
  });

  it('takes marks of another grid revision for none', async () => {
    const panel = await suite.open();
    const snapshot = sweepSnapshot(grid);
    await panel.show({ ...snapshot, state: { ...snapshot.state!, gridRevision: 2 } }, grid);
    assert.match(await panel.cell(1, 0).innerText(), /not judged/);
    await panel.send({ type: 'grid', grid: gridMessage(grid, { revision: 2 }) });
    assert.match(await panel.cell(1, 0).innerText(), /better|worse|tie/);
  });
});
