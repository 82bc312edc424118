import * as assert from 'node:assert/strict';
import { comparisonFolder, type Folder } from './clips';
import { Panel } from './panel';
import { Workbench } from './workbench';

describe('a comparison', () => {
  let folder: Folder;
  let workbench: Workbench;
  let panel: Panel;

  before(async () => {
    folder = comparisonFolder('compare');
    workbench = await Workbench.open({ folder: folder.dir });
    panel = new Panel(workbench);
  });
  afterEach(function () {
    return workbench.shotIfFailed(this);
  });
  after(() => workbench?.close());

  /** As the menu's two entries do it; a click first, so that this clip alone is selected. */
  const compareByMark = async (a: [string, string], b: [string, string]) => {
    const first = await workbench.fileRow(...a);
    await workbench.select(first);
    await workbench.contextMenu(first, 'Select Video for Compare');
    const second = await workbench.fileRow(...b);
    await workbench.select(second);
    await workbench.contextMenu(second, 'Compare Video with Selected');
    await panel.pictures();
  };

  describe('opens by three ways', () => {
    afterEach(async function () {
      await workbench.shotIfFailed(this);
      await workbench.closeEditors();
    });

    it('from the palette, picking two clips', async () => {
      await workbench.command('AesRM: Compare Videos');
      await workbench.pick('h264.mp4');
      await workbench.quickRows('degraded.mp4').first().waitFor();
      await workbench.shot('pick-second');
      await workbench.pick('degraded.mp4');
      await workbench.tab('h264.mp4 ↔ degraded.mp4').waitFor();
      await panel.pictures();
      assert.match(await panel.name('A'), /h264\.mp4/);
      assert.match(await panel.name('B'), /degraded\.mp4/);
    });

    it('from the Explorer, with two clips selected', async () => {
      const first = await workbench.fileRow('takes', 'degraded.mp4');
      await workbench.select(first);
      const second = await workbench.fileRow('takes', 'h264.mp4');
      await second.click({ modifiers: ['Control'] });
      await workbench.contextMenu(second, 'Compare Selected Videos', 'explorer-menu');
      await panel.pictures();
      const names = [await panel.name('A'), await panel.name('B')].join();
      assert.match(names, /h264\.mp4/);
      assert.match(names, /degraded\.mp4/);
    });

    it('from the Explorer, by Select for Compare and Compare with Selected', async () => {
      await compareByMark(['takes', 'degraded.mp4'], ['takes', 'h264.mp4']);
      assert.match(await panel.name('A'), /degraded\.mp4/);
      assert.match(await panel.name('B'), /h264\.mp4/);
    });
  });

  describe('judged and read', () => {
    before(async () => {
      await compareByMark(['base', folder.name], ['tuned', folder.name]);
      await panel.judged();
    });

    it('shows a verdict overall and for each dimension, with its judge', async () => {
      await workbench.shot('verdict');
      assert.match(await panel.verdict(), /A better|B better|Tie/);
      assert.equal(await panel.find('.verdict .cells h2.call').count(), 4);
      assert.equal(await panel.find('button.criterion').count(), 15);
      assert.match(await panel.find('.verdict .cells').innerText(), /\d+%/);
    });

    it('goes to the evidence: both videos move to the frames that a criterion speaks of', async () => {
      const from = await panel.toStart();
      const chips = panel.find('.criteria .chip:not(.still)');
      const spans = await chips.allInnerTexts();
      const late = spans.findIndex((text) => Number(/(\d+\.\d)/.exec(text)?.[1] ?? 0) > 0.3);
      assert.ok(late >= 0, `no evidence after the first frames: ${spans.join(' | ')}`);
      await chips.nth(late).click();
      const [a, b] = await panel.moved(from);
      const start = Number(/(\d+\.\d)/.exec(spans[late]!)![1]);
      assert.ok(Math.abs(a! - start) < 0.2, `${a} for ${start}`);
      assert.ok(Math.abs(a! - b!) < 0.15, `${a} and ${b} are not the same moment`);
      await workbench.shot('evidence');
    });

    it('walks the differences by key, on and back', async () => {
      await panel.toStart();
      const here = panel.find('.walk-count');
      await panel.press('F7');
      const first = await here.innerText();
      await panel.press('F7');
      assert.notEqual(await here.innerText(), first);
      await panel.press('Shift+F7');
      assert.equal(await here.innerText(), first);
    });

    it('plays both on one clock', async () => {
      await panel.toStart();
      await panel.press('Space');
      const [a, b] = await panel.reached(0.4);
      assert.ok(Math.abs(a! - b!) < 0.15, `${a} and ${b} while it plays`);
      const [endA, endB] = await panel.rest();
      assert.ok(endA! > 1.5 && Math.abs(endA! - endB!) < 0.15, `${endA} and ${endB} at the end`);
    });

    it('takes a vote by key, and takes it back', async () => {
      await panel.press('1');
      const cast = panel.find('[data-vote="overall"] .choice-A[aria-pressed="true"]');
      await cast.waitFor();
      await workbench.shot('voted');
      await panel.press('Control+z');
      await cast.waitFor({ state: 'detached' });
    });

    it('swaps the sides, verdict and all', async () => {
      const [a, b, verdict] = [await panel.name('A'), await panel.name('B'), await panel.verdict()];
      await panel.press('s');
      await panel.find('.topbar .name', b.split('\n').at(-1)!).first().waitFor();
      await workbench.page.waitForTimeout(300);
      assert.equal(strip(await panel.name('A')), strip(b));
      assert.equal(strip(await panel.name('B')), strip(a));
      const mirrored = verdict.replace(/\b[AB] better/, (w) => (w.startsWith('A') ? 'B better' : 'A better'));
      assert.equal(await panel.verdict(), mirrored);
      await panel.press('s');
      await workbench.page.waitForTimeout(300);
      assert.equal(await panel.verdict(), verdict);
    });

    it('hides names, verdict and reasons in blind mode, until the vote', async () => {
      await panel.press('b');
      await panel.find('.verdict .cells').waitFor({ state: 'detached' });
      await workbench.shot('blind');
      const text = await panel.find('body').innerText();
      const html = await panel.find('body').evaluate((body) => body.outerHTML);
      for (const word of [folder.name, 'base', 'tuned'])
        assert.ok(!text.includes(word), `${word} can be read`);
      assert.ok(!html.includes(folder.name), 'the name stands in the document');
      assert.ok(
        !(await workbench.page.locator('.tab.active', { hasText: folder.name }).count()),
        'the tab names the clip',
      );
      await panel.press('3');
      await panel.find('.verdict .cells').waitFor();
      await panel.find('.notice', folder.name).waitFor();
      await workbench.shot('revealed');
      await panel.press('b');
      await workbench.page.waitForTimeout(300);
    });

    for (const width of [1280, 720]) {
      it(`keeps its looks in every theme, ${width} wide`, async () => {
        await workbench.inEveryTheme('panel', width, () => panel.pictures());
      });
    }

    /** The blind vote before has shuffled the sides, maybe. */
    async function tunedFirst(): Promise<void> {
      if (!(await panel.name('A')).includes('tuned')) await panel.press('s');
      await workbench.until('the tuned clip as A', async () => (await panel.name('A')).includes('tuned'));
      await workbench.page.waitForTimeout(500);
    }

    it('is there again after the window was reloaded, swapped as it was', async function () {
      this.timeout(240_000);
      await tunedFirst();
      const isKept = () => workbench.writes(/aesrm\.panel\/1","a":"[^"]*\/tuned\//);
      if (!(await isKept())) {
        await workbench.reload();
        await panel.judged();
        await tunedFirst();
        assert.ok(await isKept(), 'the workbench has not written the page down');
      }
      const [a, verdict] = [await panel.name('A'), await panel.verdict()];
      await workbench.reload();
      await panel.pictures();
      await panel.judged();
      await workbench.shot('restored');
      assert.match(a, /tuned/);
      assert.equal(strip(await panel.name('A')), strip(a));
      assert.equal(await panel.verdict(), verdict);
    });
  });
});

function strip(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/^\W*[AB]\s/, '');
}
