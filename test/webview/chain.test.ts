import assert from 'node:assert/strict';
import { transcript } from '../../src/core/chain/transcript';
import { CRITERION_IDS, type CriterionId } from '../../src/core/rubric';
import type { CriterionVerdict, Verdict } from '../../src/core/verdict';
import { swapVerdict } from '../../src/core/verdictRule';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { baseVerdict, CHAIN_JUDGE, chainVerdict } from '../support/chainVerdict';
import { blindSnapshot, snapshot } from '../support/snapshot';
import type { PanelPage } from './support/panelPage';
import { panelSuite } from './support/suite';

const judge = { ...CHAIN_JUDGE, agreement: [], hasCard: false };
const judged = (over: Partial<Verdict> = {}, more: Partial<PanelSnapshot> = {}) =>
  snapshot({ verdict: chainVerdict(over), judge, ...more });

function written(...ids: CriterionId[]): CriterionVerdict[] {
  return chainVerdict().criteria.filter((c) => ids.includes(c.id));
}

function writing(live: CriterionVerdict[] | undefined, over: Partial<PanelSnapshot> = {}): PanelSnapshot {
  const { verdict: _, ...bare } = judged();
  const progress = { text: `Judging: ${live?.length ?? 0} of 15 criteria written.` };
  return { ...bare, phase: 'judging', progress, ...(live ? { live } : {}), ...over };
}

describe('panel: a vision-language judge', () => {
  const suite = panelSuite();

  async function opened(given: PanelSnapshot, size = {}): Promise<PanelPage> {
    const panel = await suite.open(size);
    await panel.show(given);
    return panel;
  }

  const row = ({ page }: PanelPage, id: CriterionId) =>
    page.locator('.row', { has: page.locator(`[data-criterion="${id}"]`) });

  describe('while it writes', () => {
    it('has each criterion as it comes, with its mark and its places, and says which are to come', async () => {
      const panel = await opened(writing(undefined));
      const { page } = panel;
      assert.equal(await page.getByText('to come').count(), 15);
      await panel.show(writing(written('va.color', 'vf.flicker')));
      assert.equal(await page.getByText('to come').count(), 13);
      const color = await row(panel, 'va.color').innerText();
      assert.match(color, /Colour harmony[\s\S]*B better\.[\s\S]*teal and amber palette[\s\S]*A 1\.2 s/);
      assert.equal(await row(panel, 'va.color').locator('.mark-B').count(), 1);
      assert.match(await row(panel, 'va.tone').innerText(), /Is the tonal range used with intent/);
      await row(panel, 'vf.flicker').getByRole('button', { name: 'Temporal steadiness: A 1.0 s' }).click();
      assert.match((await page.getAttribute('[role=slider].ruler, .ruler', 'aria-valuetext')) ?? '', /^1\.0/);
    });

    it('says how many there are every few, not the words of each', async () => {
      const panel = await opened(writing(written('va.color')));
      const status = () => panel.page.innerText('[role=status]');
      assert.match(await status(), /1 of 15/);
      await panel.show(writing(written(...CRITERION_IDS.slice(0, 4))));
      assert.match(await status(), /1 of 15/);
      await panel.show(writing(written(...CRITERION_IDS.slice(0, 6))));
      assert.match(await status(), /6 of 15/);
      assert.equal(await panel.page.locator('.criteria [aria-live], .criteria[aria-live]').count(), 0);
    });

    it('says in a line that the judge began anew, and has no more what was withdrawn', async () => {
      const panel = await opened(writing(written('va.color', 'vf.flicker')));
      const notice = 'The judge begins an answer anew.';
      await panel.show(writing(written('va.color'), { notice }));
      assert.match(await panel.page.innerText('.notice'), /begins an answer anew/);
      assert.equal(await panel.page.innerText('[role=status]'), notice);
      assert.match(await row(panel, 'vf.flicker').innerText(), /to come/);
    });

    it('can be cancelled by button and by key', async () => {
      const panel = await opened(writing(written('va.color')));
      await panel.page.locator('.run').getByRole('button', { name: 'Cancel' }).click();
      await panel.page.keyboard.press('Escape');
      assert.deepEqual(await panel.actions('cancel'), [{ type: 'cancel' }]);
    });

    it('moves nothing that is being read when a criterion above it comes', async () => {
      const panel = await opened(writing(written('vp.camera')), { height: 600 });
      const last = row(panel, 'vp.camera');
      await last.scrollIntoViewIfNeeded();
      const before = (await last.boundingBox())!.y;
      await panel.show(writing(written('vp.camera', 'va.color', 'va.lighting', 'vf.structure')));
      await panel.page.waitForTimeout(100);
      assert.ok(Math.abs((await last.boundingBox())!.y - before) < 2);
    });

    it('shows an older verdict as what it is, and none of its criteria among the new ones', async () => {
      const old = chainVerdict({ id: 'old' });
      const criteria = old.criteria.map((c) => ({ ...c, reason: 'An old reason.' }));
      const panel = await opened(writing(written('va.color'), { verdict: { ...old, criteria } }));
      assert.match(await panel.page.innerText('.cell-overall'), /from before: it is being judged again/);
      assert.ok(!(await panel.page.innerText('.criteria')).includes('An old reason'));
      assert.equal(await panel.page.getByText('to come').count(), 14);
      assert.equal(await panel.page.locator('.answers').count(), 0);
      assert.match(await panel.page.innerText('[role=status]'), /1 of 15/);
    });

    it('hides all of it in blind mode', async () => {
      const given = writing(written('va.color'));
      const { judge: _, ...blind } = blindSnapshot();
      const panel = await opened({ ...given, ...blind, phase: 'judging', verdict: chainVerdict() });
      const { page } = panel;
      const content = await page.content();
      for (const word of ['teal', 'B better', 'Tiny-VL', "Model's words", 'shown first'])
        assert.ok(!content.includes(word), word);
      assert.equal(await page.locator('.chip:is(button), canvas, .answers').count(), 0);
    });
  });

  describe("each order's answers", () => {
    const group = ({ page }: PanelPage) => page.getByRole('radiogroup', { name: 'Whose answers are shown' });

    it('are one click away, in the list, on the timeline and in the verdict', async () => {
      const panel = await opened(judged());
      const { page } = panel;
      assert.match(
        await row(panel, 'va.exposure').innerText(),
        /Some answers favour B[\s\S]*Some answers favour A/,
      );
      await group(panel).getByRole('radio', { name: 'B shown first' }).click();
      const said = await row(panel, 'va.exposure').innerText();
      assert.match(said, /The sky of B is burnt out\.[\s\S]*B 0\.9 s/);
      assert.ok(!said.includes('favour'));
      const strip = await page.innerText('.cells');
      assert.match(strip, /B better\s+overall\s+B shown first · both orders agree/);
      assert.ok(!strip.includes('%'));
      assert.match(await page.innerText('[role=status]'), /B shown first: B better overall/);
      assert.equal(await page.locator('.block[title^="Tone"]').count(), 1);
      await group(panel).getByRole('radio', { name: 'A shown first' }).click();
      assert.match(await row(panel, 'va.exposure').innerText(), /A is darker than its subject wants/);
      assert.equal(await page.locator('.block[title^="Tone"]').count(), 0);
    });

    it('are chosen by arrows, as one stop for Tab, and the clips stay where they are', async () => {
      const panel = await opened(judged());
      const { page } = panel;
      await page.focus('[data-order=both]');
      const checked = () => group(panel).locator('[aria-checked=true]').getAttribute('data-order');
      for (const [key, order] of [
        ['ArrowRight', 'ab'],
        ['ArrowRight', 'ba'],
        ['ArrowRight', 'both'],
        ['ArrowLeft', 'ba'],
      ] as const) {
        await page.keyboard.press(key);
        assert.equal(await checked(), order);
      }
      assert.equal(await group(panel).locator('[tabindex="0"]').count(), 1);
      assert.match(await page.innerText('.clock'), /00:00\.000/);
    });

    it('say on which criteria they differ, and only there', async () => {
      const panel = await opened(judged());
      assert.equal(await panel.page.locator('.split').count(), 2);
      assert.match(
        await row(panel, 'va.exposure').innerText(),
        /The orders disagree\. A first: B better; B first: A better/,
      );
    });

    it('turn with the sides, and give way to another verdict', async () => {
      const panel = await opened(judged());
      await panel.page.click('[data-order=ba]');
      const swapped = swapVerdict(chainVerdict());
      await panel.show({ ...judged(), verdict: swapped });
      assert.match(await row(panel, 'va.exposure').innerText(), /B is darker than its subject wants/);
      await panel.show(judged({ id: 'another' }));
      assert.equal(await panel.page.getAttribute('[data-order=both]', 'aria-checked'), 'true');
    });

    it('of a model that says the verdict alone are the calls', async () => {
      const panel = await opened({ ...judged(), verdict: baseVerdict() });
      await panel.page.click('[data-order=ab]');
      assert.match(await panel.page.innerText('.cells'), /Visual Plausibility\s+Tie\s+A shown first/);
      assert.equal(await panel.page.locator('.unseen').count(), 15);
      assert.match(
        await panel.page.innerText('.criteria'),
        /asked for its verdict alone, not for the criteria/,
      );
      await panel.show(snapshot());
      assert.doesNotMatch(await panel.page.innerText('.criteria'), /verdict alone/);
    });

    it('are not offered where there are none to tell apart', async () => {
      const panel = await opened(judged({ raw: 'No heads here.' }));
      assert.equal(await group(panel).count(), 0);
      assert.equal(await panel.page.locator('[data-opens=raw]').count(), 1);
      await panel.show(snapshot());
      assert.equal(await panel.page.locator('.answers').count(), 0);
    });

    it('say so where one of them got no answer', async () => {
      const orders = { mode: 'both', ab: 'B', ba: 'tie', consistent: false, unanswered: 'ba' } as const;
      const raw = transcript([{ first: 'B', sample: 1, seed: 1, again: false, text: 'Sorry.' }]);
      const panel = await opened(judged({ orders, raw }));
      assert.match(await panel.page.innerText('.cell-overall'), /one order got no answer/);
      await panel.page.click('[data-order=ba]');
      assert.match(await panel.page.innerText('.cell-overall'), /not said\s+overall/);
      assert.match(await row(panel, 'va.tone').innerText(), /The judge gave no answer to it/);
      const plain = /Shown B first, the judge gave no answer that can be read\./;
      assert.match(await panel.page.innerText('.criteria-note.unanswered'), plain);
      assert.match(await panel.page.innerText('[role=status]'), plain);
      assert.match((await panel.page.getAttribute('[data-order=ba]', 'title'))!, plain);
      assert.equal(await panel.page.locator('.segment .icon').count(), 1);
      await panel.page.click('[data-order=both]');
      assert.equal(await panel.page.locator('.criteria-note.unanswered').count(), 0);
    });
  });

  describe("the model's own words", () => {
    it('are one click away, whole, with the keyboard kept in', async () => {
      const panel = await opened(judged());
      const { page } = panel;
      await page.click('[data-opens=raw]');
      const dialog = page.getByRole('dialog', { name: "The model's own words" });
      const text = (await page.locator('.raw :is(h3, pre)').allTextContents()).join('\n');
      for (const part of ['=== B first (P is B, Q is A)', '"va.exposure"', 'The sky of clip P is burnt out.'])
        assert.ok(text.includes(part), part);
      const at = () => page.evaluate(() => document.activeElement?.closest('.raw-dialog') !== null);
      for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab']) {
        await page.keyboard.press(key);
        assert.ok(await at(), key);
      }
      await dialog.getByRole('button', { name: 'Copy' }).click();
      assert.deepEqual(await panel.actions('copyRaw'), [{ type: 'copyRaw' }]);
      await page.keyboard.press('s');
      assert.deepEqual(await panel.actions('swap'), []);
      await page.keyboard.press('Escape');
      assert.equal(await dialog.count(), 0);
      assert.equal(
        await page.evaluate(() => (document.activeElement as HTMLElement).dataset['opens']),
        'raw',
      );
    });

    it('that are very long are in many blocks, all of them there, and the page answers', async () => {
      const text = Array.from({ length: 2400 }, (_, i) => `line ${i} ${'word '.repeat(4)}`).join('\n');
      const raw = transcript(
        Array.from(
          { length: 40 },
          (_, i) => ({ first: 'A', sample: i + 1, seed: i, again: false, text }) as const,
        ),
      );
      assert.ok(raw.length > 2_000_000);
      const panel = await opened(judged({ raw }));
      await panel.page.click('[data-opens=raw]');
      const length = (await panel.page.locator('.raw pre').allTextContents()).join('\n').length;
      assert.ok(length > 0.98 * raw.length);
      assert.ok((await panel.page.locator('.raw pre').count()) > 400);
      await panel.page.keyboard.press('Escape');
      assert.equal(await panel.page.locator('.raw').count(), 0);
    });

    it('close when blind mode hides them', async () => {
      const panel = await opened(judged());
      await panel.page.click('[data-opens=raw]');
      await panel.show({ ...blindSnapshot(), verdict: chainVerdict() });
      assert.equal(await panel.page.locator('.raw').count(), 0);
    });
  });

  it('tells what a run took and what its probabilities are, offers another judge, and no card that is not there', async () => {
    const panel = await opened(judged({ reduced: 'Two frames were not shown.' }));
    const { page } = panel;
    assert.match(
      await page.innerText('.judge-name'),
      /Tiny-VL 2B q4 · 7be1d0c4 · webgpu, q4f16 · 13 s · 6,924 tokens/,
    );
    assert.match(await page.innerText('.notice'), /Two frames were not shown/);
    await page.click('[data-opens=judge]');
    const dialog = page.getByRole('dialog', { name: 'About the judge' });
    const facts = await dialog.innerText();
    for (const fact of [
      /Requests\s+2/,
      /Tokens in\s+5,120/,
      /Tokens out\s+1,804/,
      /how far its answers agree/,
    ])
      assert.match(facts, fact);
    assert.match(facts, /Not AesRM's weights unless its maker says so/);
    assert.equal(await dialog.getByText('Open the model card').count(), 0);
    await dialog.getByText('Select judge…').click();
    assert.deepEqual(await panel.actions('selectJudge'), [{ type: 'selectJudge' }]);
    assert.equal(await dialog.getByText('In short').count(), 0);
    const short = ['Sees <b>damage</b>.', 'Cannot see what a clip shows.'];
    await panel.show(judged({ confidence: 'tokens' }, { judge: { ...judge, short, hasCard: true } }));
    assert.deepEqual(await dialog.locator('.short li').allInnerTexts(), short);
    assert.match(await dialog.innerText(), /from the model's own token probabilities/);
    assert.equal(await dialog.getByText('Open the model card').count(), 1);
  });

  it('shows the name of a served model once', async () => {
    const model = 'Qwen/Qwen2.5-VL-7B-Instruct';
    const own = {
      ...CHAIN_JUDGE,
      kind: 'endpoint',
      name: model,
      version: 'as served',
      device: model,
    } as const;
    const { page } = await opened(judged({ judge: own }));
    assert.match(await page.innerText('.judge-name'), /^[^·]*as served · 7be1d0c4 · 13 s · 6,924 tokens/);
    await page.click('[data-opens=judge]');
    const dialog = page.getByRole('dialog', { name: 'About the judge' });
    assert.equal((await dialog.innerText()).split(model).length - 1, 1);
  });

  it('shows what a model says as text, and lets it turn nothing around', async () => {
    const hostile = '<img src=x onerror="globalThis.pwned=1">\u202eevil\u2067{0}';
    const own = chainVerdict();
    const criteria = own.criteria.map((c) => ({ ...c, reason: hostile }));
    const raw = transcript([{ first: 'A', sample: 1, seed: 1, again: false, text: hostile }]);
    const panel = await opened(
      judged({ criteria, raw, reduced: hostile, judge: { ...own.judge, name: hostile, device: hostile } }),
    );
    const { page } = panel;
    await page.click('[data-opens=judge]');
    const isolated = await page.evaluate(() =>
      ['.reason', '.notice bdi', '.popover h2 bdi', '.facts bdi'].map(
        (s) => getComputedStyle(document.querySelector(s)!).unicodeBidi,
      ),
    );
    assert.deepEqual(isolated, ['isolate', 'isolate', 'isolate', 'isolate']);
    assert.ok(!(await page.innerText('.judge-name')).includes('\u202e'));
    await page.keyboard.press('Escape');
    await page.click('[data-opens=raw]');
    // until the next frame a block with content-visibility is not laid out, and has no inner text
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.raw pre')?.innerText);
    assert.match(await page.innerText('.raw pre'), /<img src=x onerror=.*>\\u202eevil\\u2067\{0\}/);
    await panel.show(writing(criteria.slice(0, 3)));
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.evaluate(() => (globalThis as { pwned?: number }).pwned), undefined);
    assert.deepEqual([(await panel.host()).violations, panel.errors], [[], []]);
  });
});
