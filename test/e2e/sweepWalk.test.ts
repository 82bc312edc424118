import * as assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLIPS, ROOT } from '../support/paths';
import { Panel } from './panel';
import { stepSweep } from './sweepFolder';
import { Workbench } from './workbench';

/** Few-step students of one teacher where the machine has them, else a drawn sweep of steps. */
function walkFolder(): { dir: string; sweep: string } {
  const mcm = CLIPS === undefined ? undefined : join(CLIPS, 'sweeps/mcm');
  if (mcm === undefined || !existsSync(mcm)) return stepSweep('walk');
  const dir = join(ROOT, 'out/e2e/walk');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(mcm).filter((student) => student.startsWith('animatediff-')))
    cpSync(join(mcm, name), join(dir, 'students', name), { recursive: true });
  return { dir, sweep: 'students' };
}

/** Where the grid has holes, some lead nowhere. */
const WAY = [
  ['Alt+ArrowRight', 'Next checkpoint'],
  ['Alt+ArrowRight', 'Next checkpoint'],
  ['Alt+ArrowDown', 'Next prompt'],
  ['Alt+ArrowRight', 'Next checkpoint'],
  ['Alt+ArrowUp', 'Previous prompt'],
  ['Alt+ArrowLeft', 'Previous checkpoint'],
] as const;

describe('a walk through a sweep', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let panel: Panel;

  before(async () => {
    const { dir, sweep } = walkFolder();
    workbench = await Workbench.open({ folder: dir });
    panel = new Panel(workbench);
    const row = workbench.explorerRow(sweep).first();
    await workbench.contextMenu(row, 'Open Checkpoint Sweep…');
    await page().locator('body[data-phase="ready"]').waitFor({ timeout: 60_000 });
    await page().getByRole('button', { name: /start/i }).first().click();
    await page().locator('body[data-phase="watching"]').waitFor({ timeout: 150_000 });
  });
  afterEach(function () {
    return workbench.shotIfFailed(this);
  });
  after(() => workbench?.close());

  const page = () => workbench.webview();
  const bar = () => page().locator('nav.sweep');
  const place = async () => (await bar().innerText()).replaceAll(/\s+/g, ' ');

  /** Presses a key; milliseconds until both pictures of the new pair stand there, and until its verdict does. */
  async function step(key: string): Promise<{ pictures: number; verdict: number }> {
    const before = await place();
    await page()
      .locator('body')
      .evaluate((body) => {
        const { document } = body.ownerDocument.defaultView!;
        const videos = () => [...document.querySelectorAll<HTMLVideoElement>('.stage video')];
        const took = ((globalThis as { took?: object }).took = {} as Record<string, number>);
        const start = () => {
          const from = performance.now();
          const sources = videos().map((v) => v.src);
          const look = () => {
            const now = videos();
            const there =
              now.length === 2 &&
              now.some((v, i) => v.src !== sources[i]) &&
              now.every((v) => v.classList.contains('loaded') && !v.seeking && v.readyState >= 2);
            const judged =
              there && document.querySelector('body[data-phase="done"] .cells[aria-busy="false"]') !== null;
            if (there) took['pictures'] ??= performance.now() - from;
            if (judged) took['verdict'] ??= performance.now() - from;
            if (!judged) requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        };
        document.addEventListener('keydown', start, { capture: true, once: true });
      });
    await panel.focus();
    await workbench.page.keyboard.press(key);
    await page()
      .locator('body')
      .evaluate(async () => {
        const { took } = globalThis as unknown as { took: Record<string, number> };
        const late = performance.now() + 15_000;
        while (took['verdict'] === undefined && performance.now() < late)
          await new Promise((r) => setTimeout(r, 20));
      });
    assert.notEqual(await place(), before);
    return page()
      .locator('body')
      .evaluate(() => (globalThis as unknown as { took: { pictures: number; verdict: number } }).took);
  }

  it('goes from checkpoint to checkpoint and from prompt to prompt', async () => {
    await page()
      .locator('[role="gridcell"]', { hasText: /better|worse|tie/ })
      .first()
      .focus();
    await workbench.page.keyboard.press('Enter');
    await panel.pictures();
    await panel.judged();
    await workbench.shot('walk-first');
    const took = [];
    for (const [key, name] of WAY) {
      if (await bar().getByRole('button', { name }).isDisabled()) continue;
      // As long as a person looks, at the least.
      await workbench.page.waitForTimeout(1000);
      took.push(await step(key));
    }
    const said = took.map(({ pictures, verdict }) => `${pictures.toFixed(0)}/${verdict.toFixed(0)}`);
    console.log(`      pictures/verdict after a step: ${said.join(', ')} ms`);
    assert.ok(took.length >= 4, `${took.length} steps`);
    assert.equal(await workbench.tab(/↔/).count(), 1);
    await workbench.shot('walk-stepped');
  });

  it('is blind all the way, and reveals with each vote', async () => {
    await panel.press('b');
    await page().locator('.topbar', { hasText: 'Clip A' }).waitFor();
    await workbench.page.waitForTimeout(500);
    assert.equal(await bar().locator('.mark').count(), 0);
    await workbench.shot('walk-blind');
    await panel.press('2');
    await page().locator('.verdict .cells[aria-busy="false"]').waitFor();
    await bar().locator('.on-A').waitFor();
    await panel.press('b');
  });

  it('shows the pair in the grid, and comes back', async () => {
    await panel.press('t');
    await page().locator('[role="gridcell"][tabindex="0"]').waitFor();
    await workbench.shot('walk-grid');
    await page().locator('[role="gridcell"][tabindex="0"]').focus();
    await workbench.page.keyboard.press('Enter');
    await panel.judged();
    assert.equal(await workbench.tab(/↔/).count(), 1);
  });

  for (const width of [1280, 720])
    it(`keeps its looks in every theme, ${width} wide`, async () => {
      await workbench.inEveryTheme('walk', width);
    });
});
