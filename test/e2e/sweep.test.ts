import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../support/skip';
import { Panel } from './panel';
import { besides, modelSweep, type SweepFolder, unplayable, withoutSweep } from './sweepFolder';
import { Workbench } from './workbench';

describe('a checkpoint sweep', function () {
  this.timeout(180_000);
  let folder: SweepFolder;
  let workbench: Workbench;
  let more: { wan: string | undefined; mcm: string | undefined; unplayable: string; none: string };

  before(async () => {
    folder = modelSweep('sweep');
    more = {
      wan: besides(folder, 'wan-grpo'),
      mcm: besides(folder, 'mcm'),
      unplayable: unplayable(folder),
      none: withoutSweep(folder),
    };
    workbench = await Workbench.open({ folder: folder.dir });
  });
  afterEach(function () {
    return workbench.shotIfFailed(this);
  });
  after(() => workbench?.close());

  const page = () => workbench.webview();
  const cell = (at: string) => page().locator(`[data-cell="${at}"]`);
  const focused = () => page().locator('[data-cell]:focus').getAttribute('data-cell');
  const treeRows = (level: number) =>
    workbench.page.locator(`.pane-body .monaco-list-row[aria-level="${level}"]`);

  const welcome = (text: string) => workbench.page.locator('.welcome-view', { hasText: text });

  async function openFromExplorer(name: string, shot?: string): Promise<void> {
    await workbench.contextMenu(workbench.explorerRow(name).first(), 'Open Checkpoint Sweep…', shot);
    await workbench.tab(name).waitFor();
    await page().locator('body[data-phase="ready"]').waitFor({ timeout: 60_000 });
  }

  async function judge(): Promise<void> {
    await page().getByRole('button', { name: /start/i }).first().click();
    await page().locator('body[data-phase="watching"]').waitFor({ timeout: 150_000 });
  }

  it('welcomes by the cause of emptiness', async () => {
    await workbench.command('Focus on Checkpoint Sweep View');
    await welcome('Which checkpoint is better').waitFor();
    await workbench.command('View: Show Explorer');
    const row = workbench.explorerRow(more.none).first();
    await workbench.contextMenu(row, 'Open Checkpoint Sweep…');
    await page().locator('body[data-phase="none"]').waitFor({ timeout: 60_000 });
    await workbench.command('Focus on Checkpoint Sweep View');
    await welcome('were recognised in this folder').waitFor();
    await workbench.shot('sweep-unrecognised');
    await welcome('were recognised').getByText('close this one').click();
    await welcome('Which checkpoint is better').waitFor();
    await workbench.tab(more.none).waitFor({ state: 'detached' });
    await workbench.command('View: Show Explorer');
  });

  const recognised = () => page().locator('.recognised').innerText();

  it("opens from the Explorer's menu and shows what was recognised, before anything runs", async () => {
    await openFromExplorer(folder.sweep, 'sweep-menu');
    assert.match(await recognised(), new RegExp(`\\b${folder.columns} \\D+ × ${folder.rows} prompts`));
    assert.match(
      await page().locator('.phase').innerText(),
      new RegExp(
        `${folder.columns * folder.rows} clips to encode, \\d+ pairs to judge \\(how long is not known`,
      ),
    );
    await workbench.shot('sweep-ready');
  });

  it('shows at once what a corrected pattern would make', async () => {
    const pattern = page().locator('#pattern');
    const right = await pattern.inputValue();
    await pattern.fill('{checkpoint}/nowhere-{prompt}.mp4');
    await page().locator('#pattern-feedback', { hasText: 'fits no clip' }).waitFor();
    await pattern.fill('{prompt}/{checkpoint}.*');
    await page()
      .locator('#pattern-feedback', { hasText: `${folder.rows} checkpoints × ${folder.columns} prompts` })
      .waitFor();
    await pattern.fill(right);
  });

  it('judges every pair, in the background', async () => {
    await judge();
    await workbench.page.waitForTimeout(1500);
    await workbench.shot('sweep-dark-1280');
    assert.ok((await page().locator('[role="gridcell"]').count()) >= folder.columns);
    assert.match(await page().locator('.judge').innerText(), /Compact judge/);
  });

  it('plays the clip under the pointer, through a stand-in where it must', async () => {
    await cell('1:0').hover();
    const video = cell('1:0').locator('video');
    await video.waitFor({ timeout: 20_000 });
    await workbench.until('the clip to play', () =>
      video.evaluate((v: HTMLVideoElement) => v.currentTime > 0.1),
    );
    await workbench.shot('sweep-hover');
    await page().locator('h1').hover();
    await video.waitFor({ state: 'detached' });
  });

  it('is walked by keyboard', async () => {
    await cell('0:0').focus();
    const [right, bottom] = [folder.columns - 1, folder.rows - 1];
    for (const [key, at] of [
      ['ArrowRight', '1:0'],
      ['ArrowDown', '1:1'],
      ['End', `${right}:1`],
      ['Control+End', `${right}:${bottom}`],
      ['Control+Home', '0:0'],
    ] as const) {
      await workbench.page.keyboard.press(key);
      assert.equal(await focused(), at, key);
    }
  });

  it('compares two neighbours criterion by criterion', async () => {
    await cell('1:0').focus();
    await workbench.page.keyboard.press('c');
    const rows = page().locator('.diff tbody th');
    await rows.first().waitFor();
    const unseen = await page().locator('.unseen').allInnerTexts();
    const others = unseen.join('').split(':')[1]?.split(',').length ?? 0;
    assert.equal((await rows.count()) + others, 15);
    await workbench.shot('sweep-diff');
    await workbench.page.keyboard.press('Escape');
    assert.equal(await focused(), '1:0');
  });

  it('shows checkpoints with their win rates in a tree, and under them the prompts', async () => {
    await workbench.command('Focus on Checkpoint Sweep View');
    await treeRows(1).first().waitFor();
    assert.equal(await treeRows(2).count(), folder.columns);
    assert.match(await treeRows(2).nth(1).innerText(), /\b\d+%/);
    await treeRows(2).nth(1).click();
    await treeRows(3).first().waitFor();
    await workbench.shot('sweep-tree');
    const said = await treeRows(3).allInnerTexts();
    for (const text of said) assert.match(text, /better|worse|tie|not judged/);
  });

  it('sorts and filters the tree, and says when nothing is in a selection', async () => {
    await workbench.command('AesRM: Sort Prompts: As Found or Worst First');
    await workbench.page
      .locator('.tree-explorer-viewlet-tree-view .message', { hasText: 'worst first' })
      .waitFor();
    await treeRows(3).first().waitFor();
    const rank = (text: string) =>
      ['worse', 'tie', 'better', 'not judged'].findIndex((w) => text.includes(w));
    // The message is there before the rows are drawn anew.
    await workbench.until('the worst to stand first', async () => {
      const ranks = (await treeRows(3).allInnerTexts()).map(rank);
      return ranks.length > 1 && ranks.join() === [...ranks].sort((a, b) => a - b).join();
    });
    await workbench.command('AesRM: Show Prompts…');
    await workbench.pick('My votes');
    await welcome('in this selection').waitFor();
    await workbench.shot('sweep-tree-filtered');
    await welcome('in this selection').getByText('Show All Prompts').click();
    await treeRows(2).first().waitFor();
    assert.equal(await treeRows(2).count(), folder.columns);
    await workbench.command('AesRM: Sort Prompts: As Found or Worst First');
    await treeRows(2).nth(2).click();
    await treeRows(3).first().waitFor();
  });

  it('opens a pair by keyboard, with its whole verdict', async () => {
    await workbench.command('AesRM: Show Sweep Page');
    await page().locator('[role="gridcell"]').nth(1).focus();
    await workbench.page.keyboard.press('Enter');
    const panel = new Panel(workbench);
    await panel.pictures();
    await panel.judged();
    await workbench.shot('sweep-pair');
    assert.match(await panel.verdict(), /A better|B better|Tie/);
  });

  it('exports a report in one file', async () => {
    await workbench.command('AesRM: Show Sweep Page');
    await page().getByRole('button', { name: 'Export…' }).click();
    await workbench.pick('Report (HTML)');
    const target = join(folder.dir, `${folder.sweep}-html.html`);
    await workbench.until('the name that is proposed', async () =>
      (await workbench.quickInput().inputValue()).endsWith('-html.html'),
    );
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('Exported to').waitFor({ timeout: 30_000 });
    await workbench.command('Notifications: Clear All Notifications');
    const report = readFileSync(target, 'utf8');
    assert.match(report, /<html/);
    assert.match(report, new RegExp(folder.sweep));
    assert.doesNotMatch(report, /<(script|link|img)[^>]+(src|href)="(?!data:)/, 'nothing from elsewhere');
  });

  for (const width of [1280, 720])
    it(`keeps its looks in every theme, ${width} wide`, async () => {
      await workbench.command('AesRM: Show Sweep Page');
      await page().locator('body[data-phase="watching"]').waitFor({ timeout: 30_000 });
      const toTop = () =>
        page()
          .locator('main')
          .evaluate((main) => (main.scrollTop = 0));
      await workbench.inEveryTheme('sweep', width, toTop);
    });

  it('plays GIF, animated WebP and MPEG-4 part 2, which Chromium does not', async () => {
    await workbench.command('View: Show Explorer');
    await openFromExplorer(more.unplayable);
    for (const row of [0, 1, 2]) {
      await cell(`0:${row}`).scrollIntoViewIfNeeded();
      await cell(`0:${row}`).hover();
      const video = cell(`0:${row}`).locator('video');
      await workbench.until(`clip ${row} to play`, async () =>
        (await video.count()) > 0 ? video.evaluate((v: HTMLVideoElement) => v.currentTime > 0.1) : false,
      );
      const name = await page().locator('.prompt-head').nth(row).innerText();
      assert.match(await video.evaluate((v: HTMLVideoElement) => v.currentSrc), /prox/, name);
    }
  });

  it('takes two models before and after alignment for columns', async function () {
    if (more.wan === undefined) return skip(this, 'the wan-grpo clips are not on this machine');
    await openFromExplorer(more.wan);
    assert.match(await recognised(), /2 models or settings × 9 prompts/);
    assert.deepEqual(await page().locator('.column-name').allInnerTexts(), ['base', 'grpo']);
    assert.match(
      await page().locator('.phase').innerText(),
      /18 clips to encode.*\(about .* rate of earlier work/,
    );
    await judge();
    await workbench.page.waitForTimeout(1500);
    await workbench.shot('sweep-wan-grpo');
  });

  it('takes students of so many steps for columns, with many holes', async function () {
    if (more.mcm === undefined) return skip(this, 'the mcm clips are not on this machine');
    await openFromExplorer(more.mcm);
    assert.match(await recognised(), /23 models or settings × 13 prompts · 66 clips · 233 holes/);
    const heads = await page().locator('.column-name').allInnerTexts();
    assert.equal(heads[0], 'animatediff-adl-2step');
    await page().locator('.grid-bar .select', { hasText: 'Rows' }).locator('select').selectOption('holes');
    assert.ok((await page().locator('.cell.is-hole').count()) > 0);
    await workbench.shot('sweep-mcm');
  });

  it('asks which sweep is meant where several are open and none is in front', async () => {
    await workbench.closeEditors();
    await workbench.command('AesRM: Show Sweep Page');
    await workbench.pick(folder.sweep);
    await page().locator('h1', { hasText: folder.sweep }).waitFor();
  });
});
