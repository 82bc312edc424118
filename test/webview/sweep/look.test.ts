import assert from 'node:assert/strict';
import type Axe from 'axe-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '../../../src/core/sweep/grid';
import type { SweepSnapshot } from '../../../src/protocol/sweepPage';
import { ROOT } from '../../support/paths';
import {
  regression,
  sweepDiff,
  sweepGrid,
  sweepSnapshot,
  sweepState,
  sweepStatistics,
} from '../../support/sweepSnapshot';
import { type Theme, THEMES } from '../support/panelPage';
import { type SweepPage, sweepSuite } from '../support/sweepPage';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = join(ROOT, 'test-results', 'sweep');

async function findings({ page }: SweepPage): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof Axe }).axe;
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`);
  });
}

const full = sweepGrid(5, 9);
const grid = {
  ...full,
  clips: full.clips.filter(({ column, row }) => column !== 2 || row !== 1),
  leftovers: [{ path: 'preview/grid.mp4', why: 'auxiliary' as const }],
  notes: ['The folder "final" is taken for a sample from after the run.'],
};
const at = (column: number, row: number) =>
  grid.clips.findIndex((clip) => clip.column === column && clip.row === row);

/** Everything at once: a hole, a broken clip, one still written, votes, regressions. */
function rich(over: Partial<SweepSnapshot> = {}): SweepSnapshot {
  const marks = sweepState(full).marks;
  const blank = (cell: number, text: string) => `${text.slice(0, 2 * cell)}00${text.slice(2 * cell + 2)}`;
  const unjudged = (text: string) => [3, 5 + 2, 10 + 4].reduce((t, cell) => blank(cell, t), text);
  return sweepSnapshot(grid, {
    state: sweepState(grid, {
      marks: { previous: unjudged(marks.previous), baseline: unjudged(marks.baseline) },
      hashes: grid.clips.map((_, i) => `${((i * 37) % 256).toString(16).padStart(2, '0')}${'0'.repeat(62)}`),
      broken: [{ clip: at(3, 0), problem: { code: 'truncated', message: 'step-3/p 0#0.mp4 ends early.' } }],
      waiting: [at(4, 2)],
      votes: [
        { earlier: 0, later: 1, row: 0, seed: 0, by: 'me', overall: 1, judge: -1 },
        { earlier: 1, later: 2, row: 2, seed: 0, by: 'me', overall: 0, judge: 0 },
      ],
      statistics: sweepStatistics(grid, {
        regressions: [
          regression({ column: 2, previous: 1 }),
          regression({ of: 'overall', column: 4, previous: 3 }),
        ],
      }),
    }),
    ...over,
  });
}

/** What can be missing from the statistics, each said with its reason; votes of two people. */
function unsure(): SweepSnapshot {
  const statistics = sweepStatistics(grid, {
    tests: { made: 16, detectable: null },
    regressions: [regression({ column: 2, previous: 1, detectable: null })],
  });
  const overall = {
    ...statistics.series.overall,
    ranking: null,
    best: { columns: [4, 3], by: 'baseline' as const, thin: [1] },
  };
  const agreement = {
    shared: 12,
    annotators: ['Ada', 'Bob'],
    alpha: { value: 0.61, interval: [0.4, 0.78] as [number, number] },
    judge: [null, 'Ada', 'Bob'].map((by, i) => ({
      by,
      pairs: 24 - i,
      agreement: { prompts: 9, value: 0.7, interval: [0.5, 0.85] as [number, number] },
    })),
    repeats: [{ by: 'Ada', pairs: 3, same: 2 }],
  };
  return rich({
    state: sweepState(grid, {
      agreement,
      statistics: { ...statistics, series: { ...statistics.series, overall } },
    }),
  });
}

const models = sweepGrid(4, 14, {
  columns: ['cogvideo', 'modelscopet2v', 'text2video-zero', 'zeroscope'].map((id) => ({
    id,
    label: id,
    kind: 'name',
  })),
});
const two = sweepGrid(2, 14);
const few = sweepGrid(4, 5);
const thirty = sweepGrid(30, 50);
const twoHundred = sweepGrid(200, 50);

/** A long run with falls in it, two of them at one checkpoint. */
function many(of: Grid): SweepSnapshot {
  const at = (share: number) => Math.floor(share * of.columns.length);
  const regressions = [
    regression({ column: at(0.3), previous: at(0.3) - 1 }),
    regression({ column: at(0.3), previous: at(0.3) - 1, of: 'overall' }),
    regression({ column: at(0.34), previous: at(0.34) - 1, of: 'VA', adjusted: 0.0004 }),
    regression({ column: of.columns.length - 1, previous: of.columns.length - 2, of: 'VP' }),
  ];
  const hashes = of.clips.map((_, i) => `${((i * 37) % 256).toString(16).padStart(2, '0')}${'0'.repeat(62)}`);
  return sweepSnapshot(of, {
    state: sweepState(of, { hashes, statistics: sweepStatistics(of, { regressions }) }),
  });
}

describe('sweep page: for every reader', () => {
  const suite = sweepSuite();

  before(() => mkdirSync(SHOTS, { recursive: true }));

  interface Shown {
    snapshot: () => SweepSnapshot;
    grid?: Grid;
    after?: (p: SweepPage) => Promise<void>;
  }
  const states: Record<string, Shown> = {
    done: { snapshot: () => rich() },
    running: {
      snapshot: () =>
        rich({
          phase: 'running',
          progress: {
            clips: { done: 20, total: 44, broken: 1 },
            pairs: { done: 40, total: 86 },
            rate: 1.4,
            secondsLeft: 200,
          },
        }),
    },
    diff: {
      snapshot: () => rich(),
      after: async (p) => {
        await p.page.locator('.changes').first().click();
        await p.send({ type: 'diff', gridRevision: 1, diff: sweepDiff(0, 1) });
        await p.page.locator('.where summary').first().click();
      },
    },
    help: { snapshot: () => rich(), after: (p) => p.page.keyboard.press('?') },
    judge: { snapshot: () => rich(), after: (p) => p.page.click('.judge-name') },
    table: { snapshot: () => rich(), after: (p) => p.page.click('[data-does=table]') },
    ready: {
      snapshot: () => {
        const { state: _, ...bare } = rich({
          phase: 'ready',
          cost: { clips: { total: 44, encoded: 4 }, pairs: { total: 86, judged: 0 }, seconds: 380 },
        });
        return bare;
      },
    },
    paused: {
      snapshot: () =>
        rich({
          phase: 'paused',
          progress: {
            clips: { done: 20, total: 44, broken: 1 },
            pairs: { done: 40, total: 86 },
            rate: 1.4,
            secondsLeft: 17,
          },
        }),
    },
    first: {
      snapshot: () => {
        const cost = { clips: { total: 44, encoded: 0 }, pairs: { total: 86, judged: 0 } };
        const { state: _, judge: __, ...bare } = rich({ phase: 'ready', cost });
        return bare;
      },
      after: async (p) => {
        await p.page.fill('#pattern', 'step-{checkpoint}/{prompt}#{seed}.mp4');
        await p.page.waitForTimeout(50);
      },
    },
    broken: { snapshot: () => rich(), after: (p) => p.page.click('[data-does=broken]') },
    votes: { snapshot: () => unsure(), after: (p) => p.page.click('[data-does=votes]') },
    unsure: { snapshot: () => unsure() },
    models: { snapshot: () => sweepSnapshot(models), grid: models },
    two: { snapshot: () => sweepSnapshot(two), grid: two },
    few: { snapshot: () => sweepSnapshot(few), grid: few },
    thirty: { snapshot: () => many(thirty), grid: thirty },
    'two-hundred': { snapshot: () => many(twoHundred), grid: twoHundred },
    failed: {
      snapshot: () =>
        rich({
          phase: 'failed',
          problem: { code: 'diskFull', message: 'The disk is full.', fix: 'Make room.' },
        }),
    },
  };

  for (const theme of THEMES)
    for (const width of [1280, 720])
      it(`gives axe-core nothing serious and the policy nothing to stop: ${theme}, ${width} px`, async function () {
        this.timeout(120_000);
        const bad: string[] = [];
        const panel = await suite.open({ theme: theme as Theme, width });
        for (const [name, { snapshot, grid: own, after }] of Object.entries(states)) {
          await panel.show(snapshot(), own ?? grid);
          await after?.(panel);
          bad.push(...(await findings(panel)).map((finding) => `${name}: ${finding}`));
          await panel.page.screenshot({ path: join(SHOTS, `${name}-${theme}-${width}.png`) });
          await panel.page.keyboard.press('Escape');
        }
        assert.deepEqual(bad, []);
        assert.deepEqual((await panel.host()).violations, []);
        assert.deepEqual(panel.errors, []);
        const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth);
        assert.equal(wide, width, 'the page itself never goes sideways');
      });

  it('stays readable in forced colours', async () => {
    const panel = await suite.open({ forcedColors: true });
    await panel.show(rich(), grid);
    await panel.page.screenshot({ path: join(SHOTS, 'done-forced-1280.png') });
    const stroke = await panel.page
      .locator('.series-VA .curve')
      .evaluate((path) => getComputedStyle(path).strokeDasharray);
    assert.notEqual(stroke, 'none');
    assert.deepEqual(panel.errors, []);
  });
});
