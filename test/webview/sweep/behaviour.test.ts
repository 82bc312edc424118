import assert from 'node:assert/strict';
import { gif, mp4v, webp } from '../../support/clips';
import { slowClip } from '../support/suite';
import {
  pathAt,
  regressedSweep,
  signOf,
  sweepDiff,
  sweepGrid,
  sweepSnapshot,
  sweepState,
} from '../../support/sweepSnapshot';
import { sweepSuite } from '../support/sweepPage';

const WORDS = { [-1]: '▼ worse', 0: '= tie', 1: '▲ better' };

describe('sweep page: what it does', () => {
  const suite = sweepSuite();
  const grid = sweepGrid(5, 9);
  const regressed = () => regressedSweep(grid);

  const pair = (earlier: number, later: number, row: number) => ({
    earlier: pathAt(earlier, row),
    later: pathAt(later, row),
  });

  it('shows the verdict of every cell against the reference, in symbol and word', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    for (const column of [1, 2, 3])
      assert.equal(
        (await panel.cell(column, 0).locator('.mark-word').innerText()).trim(),
        WORDS[signOf(column, 0, 0)],
      );
    assert.match(await panel.cell(0, 0).innerText(), /reference/);
    await panel.page.click('[data-series=VP]');
    assert.equal((await panel.cell(1, 0).locator('.mark-word').innerText()).trim(), WORDS[signOf(1, 0, 3)]);
    const label = await panel.cell(1, 0).getAttribute('aria-label');
    assert.match(label ?? '', /^traditional bread, top view, step 2000: .*step 1000/);
  });

  it('keeps hole, broken and waiting apart, with their reasons', async () => {
    const panel = await suite.open();
    const holed = { ...grid, clips: grid.clips.filter(({ column, row }) => column !== 1 || row !== 0) };
    const at = (column: number, row: number) =>
      holed.clips.findIndex((clip) => clip.column === column && clip.row === row);
    const none = '00'.repeat(grid.columns.length * grid.rows.length);
    const state = sweepState(holed, {
      marks: { previous: none, baseline: none },
      broken: [{ clip: at(2, 0), problem: { code: 'truncated', message: 'b.mp4 ends early.' } }],
      waiting: [at(3, 0)],
    });
    await panel.show(sweepSnapshot(holed, { state }), holed);
    assert.match(await panel.cell(1, 0).innerText(), /hole/);
    assert.match(await panel.cell(2, 0).innerText(), /broken/);
    assert.equal(await panel.cell(2, 0).getAttribute('title'), 'b.mp4 ends early.');
    assert.match(await panel.cell(3, 0).innerText(), /waiting/);
    await panel.cell(3, 0).click();
    const [opened] = await panel.actions('openPair');
    assert.deepEqual(opened?.pair, pair(0, 3, 0), 'over the hole and the broken clip');
  });

  it('opens the pair against the reference, by click and Enter; the reference against the next', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    await panel.cell(3, 1).click();
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.grid-bar .select select').nth(0).selectOption('baseline');
    await panel.cell(4, 0).click();
    assert.deepEqual(
      (await panel.actions('openPair')).map((opened) => [opened.pair, opened.against]),
      [
        [pair(2, 3, 1), 'previous'],
        [pair(0, 1, 1), 'previous'],
        [pair(0, 4, 0), 'baseline'],
      ],
    );
  });

  it('moves through the cells with one tab stop', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    await panel.goTo();
    const press = async (key: string) => {
      await panel.page.keyboard.press(key);
      return panel.focus();
    };
    assert.equal(await press('ArrowRight'), '1:0');
    assert.equal(await press('ArrowDown'), '1:1');
    assert.equal(await press('End'), '4:1');
    assert.equal(await press('Home'), '0:1');
    assert.equal(await press('ArrowLeft'), '0:1');
    assert.equal(await press('Control+End'), '4:8');
    assert.equal(await press('Control+Home'), '0:0');
    const down = Number((await press('PageDown'))!.split(':')[1]);
    assert.ok(down >= 1 && down < 8, `${down} rows down`);
    assert.equal(await press('PageUp'), '0:0');
    assert.equal(await panel.page.locator('[role=gridcell][tabindex="0"]').count(), 1);
  });

  it('walks the regressions and the disagreements', async () => {
    const panel = await suite.open();
    await panel.show(regressed(), grid);
    await panel.goTo();
    const seen: (string | undefined)[] = [];
    for (const key of ['n', 'n', 'n', 'p', 'd', 'n', 'v']) {
      await panel.page.keyboard.press(key);
      seen.push(await panel.focus());
    }
    assert.deepEqual(seen, ['2:2', '2:6', '4:1', '2:6', '3:5', '4:1', '3:5']);
    assert.match(await panel.cell(3, 5).innerText(), /you: ▲ ≠/);
    await panel.send({ type: 'go', to: 'nextRegression' });
    assert.equal(await panel.focus(), '4:1');
  });

  it('filters the rows and sorts them worst first', async () => {
    const panel = await suite.open();
    await panel.show(regressed(), grid);
    const rows = panel.page.locator('.select', { hasText: 'Rows' }).locator('select');
    const heads = () => panel.page.locator('.prompt-head').allInnerTexts();
    await rows.selectOption('disagreements');
    assert.deepEqual(await heads(), [grid.rows[5]!.label]);
    await rows.selectOption('votes');
    assert.deepEqual(
      await heads(),
      [4, 5].map((i) => grid.rows[i]!.label),
    );
    await rows.selectOption('holes');
    assert.deepEqual(await heads(), []);
    await panel.page.getByText('Show all').click();
    await panel.page.locator('.select', { hasText: 'Order' }).locator('select').selectOption('worst');
    const worth = (row: number) => [1, 2, 3, 4].reduce((sum, c) => sum + signOf(c, row, 0), 0);
    const order = await heads();
    const sums = order.map((label) => worth(grid.rows.findIndex((row) => row.label === label)));
    assert.ok(sums.length > 2);
    assert.deepEqual(
      sums,
      [...sums].sort((a, b) => a - b),
    );
  });

  it('holds ten thousand cells with a bounded document', async () => {
    const large = sweepGrid(200, 50);
    const panel = await suite.open();
    await panel.show(sweepSnapshot(large), large);
    await panel.goTo();
    const cells = () => panel.page.locator('[role=gridcell]').count();
    assert.ok((await cells()) < 300, `${await cells()} cells`);
    await panel.page.keyboard.press('Control+End');
    assert.equal(await panel.focus(), '199:49');
    const box = (await panel.cell(199, 49).boundingBox())!;
    assert.ok(box.x + box.width <= 1280 && box.y + box.height <= 800, 'in sight');
    assert.match(await panel.page.locator('.column-head').last().innerText(), /step 200000/);
    assert.equal(await panel.cell(199, 49).getAttribute('aria-colindex'), '201');
    const row = panel.page.locator('[role=row]').filter({ has: panel.cell(199, 49) });
    assert.equal(await row.getAttribute('aria-rowindex'), '51');
    assert.equal(await panel.page.getAttribute('[role=grid]', 'aria-rowcount'), '51');
    assert.ok((await cells()) < 300);
    await panel.page.evaluate(() => document.querySelector('.scroller')!.scrollTo(0, 0));
    await panel.page.waitForSelector('[data-cell="0:0"]');
    assert.equal(await panel.focus(), '199:49', 'scrolling away does not lose the focus');
    assert.equal(await panel.page.getAttribute('[role=grid]', 'aria-colcount'), '201');
    assert.ok((await panel.page.locator('.chart .axis').count()) < 30, 'labels thin out');
  });

  it('asks once for the stills that are missing, and shows what comes', async () => {
    const panel = await suite.open({ height: 1000 });
    await panel.show(sweepSnapshot(grid), grid);
    await panel.page.waitForFunction(() =>
      (globalThis as unknown as { host: { actions: { type: string }[] } }).host.actions.some(
        (a) => a.type === 'needThumbnails',
      ),
    );
    const asked = (await panel.actions('needThumbnails')).flatMap(({ clips }) => clips);
    assert.equal(new Set(asked).size, asked.length);
    assert.ok(asked.includes(pathAt(0, 0)));
    const hash = 'ab'.repeat(32);
    await panel.send({
      type: 'thumbnails',
      gridRevision: 1,
      made: [
        { clip: pathAt(0, 0), hash },
        { clip: pathAt(1, 0), hash: null },
      ],
    });
    const src = await panel.cell(0, 0).locator('img').getAttribute('src');
    assert.equal(src, `${suite.server().origin}/t/ab/${hash}.jpg`);
    assert.equal(await panel.cell(1, 0).locator('img').count(), 0);
    await panel.send({ type: 'thumbnails', gridRevision: 7, made: [{ clip: pathAt(2, 0), hash }] });
    assert.equal(await panel.cell(2, 0).locator('img').count(), 0, 'another grid’s answer is not taken');
  });

  it('plays one clip at a time, muted, and a stand-in where the file does not play', async () => {
    const panel = await suite.open();
    const { files } = suite.server();
    files.set(`/clips/${grid.clips[0]!.path}`, slowClip());
    files.set('/proxy.mp4', slowClip());
    await panel.show(sweepSnapshot(grid), grid);
    await panel.goTo();
    await panel.page.keyboard.press(' ');
    const video = panel.page.locator('video');
    await panel.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    assert.equal(await video.evaluate((v: HTMLVideoElement) => v.muted), true);
    await panel.cell(1, 0).hover();
    await panel.page.waitForFunction(() =>
      (globalThis as unknown as { host: { actions: { type: string }[] } }).host.actions.some(
        (a) => a.type === 'needProxy',
      ),
    );
    assert.deepEqual(await panel.actions('needProxy'), [{ type: 'needProxy', clip: pathAt(1, 0) }]);
    assert.ok((await video.count()) <= 1);
    await panel.send({ type: 'proxy', clip: pathAt(1, 0), uri: `${suite.server().origin}/proxy.mp4` });
    await panel.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    assert.equal(await panel.cell(1, 0).locator('video').count(), 1);
    await panel.page.mouse.move(5, 5);
    await panel.page.waitForFunction(() => document.querySelector('video') === null);
    assert.deepEqual((await panel.host()).violations, []);
  });

  for (const make of [gif, webp, mp4v])
    it(`asks for a stand-in for what Chromium does not play: ${make.name}`, async () => {
      const panel = await suite.open();
      const { files } = suite.server();
      files.set(`/clips/${grid.clips[3]!.path}`, make());
      files.set('/proxy.mp4', slowClip());
      await panel.show(sweepSnapshot(grid), grid);
      await panel.cell(3, 0).hover();
      const asked = async () => (await panel.actions('needProxy')).length > 0;
      for (let patience = 100; patience > 0 && !(await asked()); patience--)
        await panel.page.waitForTimeout(50);
      assert.deepEqual(await panel.actions('needProxy'), [{ type: 'needProxy', clip: pathAt(3, 0) }]);
      assert.match(await panel.cell(3, 0).innerText(), /Preparing/);
      const uri = `${suite.server().origin}/proxy.mp4`;
      await panel.send({ type: 'proxy', clip: pathAt(3, 0), uri });
      await panel.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    });

  it('does not play under the pointer for readers who want no motion', async () => {
    const panel = await suite.open({ reducedMotion: true });
    suite.server().files.set(`/clips/${grid.clips[0]!.path}`, slowClip());
    await panel.show(sweepSnapshot(grid), grid);
    await panel.cell(1, 0).hover();
    await panel.page.waitForTimeout(500);
    assert.equal(await panel.page.locator('video').count(), 0);
    await panel.page.mouse.move(5, 5);
    await panel.goTo();
    await panel.page.keyboard.press(' ');
    await panel.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
  });

  it('compares two neighbours criterion by criterion and opens what got worse', async () => {
    const panel = await suite.open();
    await panel.show(sweepSnapshot(grid), grid);
    await panel.goTo(2, 0);
    await panel.page.keyboard.press('c');
    assert.deepEqual(await panel.actions('diff'), [
      { type: 'diff', earlier: 'step-2000', later: 'step-3000' },
    ]);
    await panel.send({ type: 'diff', gridRevision: 1, diff: sweepDiff(0, 1) });
    assert.equal(await panel.page.locator('.diff').count(), 0, 'of another pair: not shown');
    await panel.send({ type: 'diff', gridRevision: 1, diff: sweepDiff(1, 2) });
    assert.equal(await panel.page.locator('.diff tbody th').count(), 15);
    assert.equal(await panel.page.locator('.diff tbody td').first().innerText(), '15');
    await panel.page.locator('.where summary').first().click();
    await panel.page.locator('.where button').first().click();
    assert.deepEqual((await panel.actions('openPair')).at(-1)?.pair, pair(1, 2, 2));
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.locator('[role=dialog]').count(), 0);
    assert.equal(await panel.focus(), '2:0', 'the focus is back');
  });
});
