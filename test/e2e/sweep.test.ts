import * as assert from 'node:assert/strict';
import { modelSweep, type SweepFolder } from './sweepFolder';
import { Panel } from './panel';
import { Workbench } from './workbench';

describe('a checkpoint sweep', function () {
  this.timeout(180_000);
  let folder: SweepFolder;
  let workbench: Workbench;

  before(async () => {
    folder = modelSweep('sweep');
    workbench = await Workbench.open({ folder: folder.dir });
  });
  afterEach(function () {
    return workbench.shotIfFailed(this);
  });
  after(() => workbench?.close());

  const page = () => workbench.webview();
  const tree = (text: string | RegExp) =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });

  it("opens from the Explorer's menu and shows what was recognised, before anything runs", async () => {
    const row = workbench.explorerRow(folder.sweep).first();
    await workbench.contextMenu(row, 'Open Checkpoint Sweep…', 'sweep-menu');
    await page().locator('body[data-phase="ready"]').waitFor({ timeout: 60_000 });
    const text = await page().locator('body').innerText();
    assert.match(text, new RegExp(`\\b${folder.columns}\\b`));
    assert.match(text, new RegExp(`\\b${folder.rows}\\b`));
    await workbench.shot('sweep-ready');
  });

  it('judges every pair, in the background', async () => {
    await page().getByRole('button', { name: /start/i }).first().click();
    await page().locator('body[data-phase="watching"]').waitFor({ timeout: 150_000 });
    await workbench.page.waitForTimeout(1500);
    await workbench.shot('sweep-dark-1280');
    const cells = page().locator('[role="gridcell"]');
    assert.ok((await cells.count()) >= folder.columns);
  });

  it('shows checkpoints with their win rates in a tree', async () => {
    await workbench.command('Focus on Checkpoint Sweep View');
    await tree(folder.sweep).first().waitFor();
    await workbench.shot('sweep-tree');
    assert.equal(
      await workbench.page.locator('.pane-body .monaco-list-row[aria-level="2"]').count(),
      folder.columns,
    );
  });

  it('opens a pair by keyboard, with its whole verdict', async () => {
    await page().locator('[role="gridcell"]').nth(1).focus();
    await workbench.page.keyboard.press('Enter');
    const panel = new Panel(workbench);
    await panel.pictures();
    await panel.judged();
    await workbench.shot('sweep-pair');
    assert.match(await panel.verdict(), /A better|B better|Tie/);
  });

  for (const width of [1280, 720])
    it(`keeps its looks in every theme, ${width} wide`, async () => {
      await workbench.command('AesRM: Show Sweep Page');
      await page().locator('body[data-phase="watching"]').waitFor({ timeout: 30_000 });
      await workbench.resize(width);
      if (width === 720) await workbench.toggleSideBar();
      for (const theme of ['light', 'contrast', 'dark'] as const) {
        await workbench.theme(theme);
        await workbench.page.waitForTimeout(800);
        await workbench.shot(`sweep-${theme}-${width}`);
        const overflow = await page()
          .locator('html')
          .evaluate((html) => html.scrollWidth - html.clientWidth);
        assert.ok(overflow <= 1, `${theme}: ${overflow} px beyond the edge`);
      }
      if (width === 720) await workbench.toggleSideBar();
      await workbench.resize(1280);
    });
});
