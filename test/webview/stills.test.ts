import assert from 'node:assert/strict';
import type { CriterionId } from '../../src/core/rubric';
import type { Evidence } from '../../src/core/verdict';
import { chainVerdict } from '../support/chainVerdict';
import type { PanelPage } from './support/panelPage';
import { panelSuite, playable } from './support/suite';

/** A verdict in which one criterion names these moments and no other names any. */
function naming(id: CriterionId, evidence: Evidence[]) {
  const verdict = chainVerdict();
  const criteria = verdict.criteria.map((c) => ({ ...c, evidence: c.id === id ? evidence : [] }));
  const { raw: _, ...rest } = verdict;
  return { ...rest, criteria };
}

const at = (side: Evidence['side'], time: number): Evidence => ({ side, start: time, end: time });

describe('panel: stills of the moments that a judge names', () => {
  const suite = panelSuite();

  const made = ({ page }: PanelPage, count: number) =>
    page.waitForFunction(
      (n) => document.querySelectorAll('.stills canvas[data-state=ready]').length === n,
      count,
    );

  /** What each still looks like: here the clips come from where the page does, and it may be read. */
  const looks = ({ page }: PanelPage) =>
    page.$$eval('.stills canvas', (all) => all.map((still) => (still as HTMLCanvasElement).toDataURL()));

  it('are frames of the clips that are meant, at those times', async () => {
    const panel = await suite.open();
    const evidence = [at('A', 0.2), at('A', 1.7), at('B', 0.2), at('A', 0.2)];
    await panel.show(playable(suite.server(), { verdict: naming('va.tone', evidence) }));
    await panel.ready();
    await made(panel, 4);
    const [early, late, other, again] = await looks(panel);
    assert.ok(early !== late, 'another time is another picture');
    assert.ok(early !== other, 'so is another clip');
    assert.ok(early === again, 'the same moment is the same picture');
    assert.deepEqual(await panel.videoTimes().then((t) => t.map((x) => x < 0.1)), [true, true]);
    assert.equal(await panel.page.locator('video').count(), 2);
    assert.deepEqual([(await panel.host()).violations, panel.errors], [[], []]);
  });

  it('of both sides are two, and go with the clips when the sides are swapped', async () => {
    const panel = await suite.open();
    const given = playable(suite.server(), { verdict: naming('va.tone', [at('both', 0.6)]) });
    await panel.show(given);
    await panel.ready();
    await made(panel, 2);
    const before = await looks(panel);
    await panel.show({ ...given, sides: { A: given.sides.B, B: given.sides.A } });
    await made(panel, 2);
    assert.ok((await looks(panel)).join() === before.reverse().join());
  });

  it('lead to what they show', async () => {
    const panel = await suite.open();
    await panel.show(playable(suite.server(), { verdict: naming('vf.flicker', [at('A', 1.25)]) }));
    await panel.ready();
    await made(panel, 1);
    await panel.page.locator('.stills canvas').click();
    await panel.settled();
    const [a, b] = await panel.videoTimes();
    assert.ok(a >= 1.25 && a < 1.25 + 1 / 16, `${a}`);
    assert.ok(b >= 1.24 && b < 1.25 + 1 / 25, `${b}`);
    assert.equal(await panel.page.locator('.moment[aria-current=true]').count(), 1);
  });

  it('that cannot be had leave the time in words, and hold up no other', async () => {
    const panel = await suite.open();
    const given = playable(suite.server(), { verdict: naming('vf.flicker', [at('A', 0.5), at('B', 0.5)]) });
    const gone = { ...given.sides.A, uri: `${suite.server().origin}/gone.mp4` };
    await panel.show({ ...given, sides: { A: gone, B: given.sides.B } });
    await made(panel, 1);
    assert.match(await panel.page.innerText('.moments'), /A 0\.5 s[\s\S]*B 0\.5 s/);
    assert.equal(await panel.page.locator('.stills canvas:visible').count(), 1);
  });

  it('come while the judge still writes; places that were measured have none', async () => {
    const panel = await suite.open();
    const given = playable(suite.server());
    await panel.show(given);
    await panel.ready();
    assert.equal(await panel.page.locator('.stills').count(), 0);
    assert.ok((await panel.page.locator('.chip:is(button)').count()) > 5);
    const { verdict: _, ...bare } = given;
    const live = naming('va.tone', [at('B', 1)]).criteria.slice(0, 3);
    await panel.show({ ...bare, phase: 'judging', live });
    await made(panel, 1);
  });
});
