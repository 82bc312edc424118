import assert from 'node:assert/strict';
import { SWEEP_FORMAT, type SweepDocument } from '../../../../src/core/sweep/document';
import { exportSweep } from '../../../../src/core/sweep/export';
import { rateText } from '../../../../src/core/sweep/rateText';
import { SERIES_COLOURS } from '../../../../src/core/sweep/seriesColours';
import type { SweepStatistics } from '../../../../src/core/sweep/statistics';
import { newPairTable, SERIES, type Pairing } from '../../../../src/core/sweep/table';
import { sweepText } from '../../../../src/cli/sweepText';
import { sweepGrid, sweepState, sweepStatistics } from '../../../support/sweepSnapshot';

/** One prompt: the second column beats the first and the third; the third beats the first. */
function sample(pairing: Pairing = 'all', columns = 3): SweepDocument {
  const grid = sweepGrid(columns, 1);
  const all: [earlier: number, later: number, sign: number][] = [
    [0, 1, 1],
    [1, 2, -1],
    [0, 2, 1],
  ];
  const asked = {
    all: () => true,
    baseline: (e: number) => e === 0,
    adjacent: (e: number, l: number) => l === e + 1,
  };
  const judged = all.filter(([earlier, later]) => later < columns && asked[pairing](earlier, later));
  const pairs = newPairTable(judged.length);
  judged.forEach(([earlier, later, sign], i) => {
    pairs.earlier[i] = earlier;
    pairs.later[i] = later;
    pairs.winner.fill(sign, i * SERIES.length, (i + 1) * SERIES.length);
  });
  pairs.count = judged.length;
  return {
    format: SWEEP_FORMAT,
    at: '2026-01-01T00:00:00.000Z',
    name: 'run',
    root: '/run',
    grid,
    judge: {
      id: 'compact',
      name: 'Compact judge',
      version: '1',
      hash: 'abcdef0123456789',
      kind: 'compact',
      capabilities: { symmetric: true, streaming: false, encodes: true, reasons: true },
      device: 'cpu',
    },
    plan: 'p',
    pairing,
    baseline: grid.columns[0]!.id,
    clips: grid.clips.map((_, i) => ({ hash: `h${i}`, frames: 16, duration: 2, fps: 8 })),
    broken: [],
    statistics: sweepStatistics(grid),
    agreement: null,
    votes: [],
    pairs,
  };
}

const report = (doc: SweepDocument) => [...exportSweep('html', doc).files[0]!.text].join('');

/** By caption: what stands in the cells of the one row. */
function marks(html: string): Record<string, string[]> {
  const tables = [...html.matchAll(/<caption>(.*?)<\/caption>.*?<tbody>(.*?)<\/tbody>/gs)];
  return Object.fromEntries(
    tables.map(([, caption, body]) => [
      caption,
      [...body!.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map((m) => m[1]!),
    ]),
  );
}

describe('the report of a sweep', () => {
  const toBaseline = 'Overall, each column against step 1000, the baseline';
  const toPrevious = 'Overall, each column against the one before it';

  it('has the prompts against the baseline and against the column before, each called so', () => {
    assert.deepEqual(marks(report(sample())), {
      [toBaseline]: ['baseline', '+', '+'],
      [toPrevious]: ['first', '+', '−'],
    });
  });

  it('leaves out the table of pairs that were not asked for, and the second of two columns', () => {
    assert.deepEqual(marks(report(sample('adjacent'))), { [toPrevious]: ['first', '+', '−'] });
    assert.deepEqual(marks(report(sample('baseline'))), { [toBaseline]: ['baseline', '+', '+'] });
    assert.deepEqual(Object.keys(marks(report(sample('all', 2)))), [toBaseline]);
    assert.match(report(sample('all', 2)), /<h3>Against step 1000/);
    assert.doesNotMatch(report(sample('all', 2)), /<h3>Against the column before/);
    assert.match(report(sample()), /<h3>Against the column before/);
  });

  it('draws each series in the colour that it has on the page, in light and dark', () => {
    const html = report(sample());
    for (const series of SERIES) {
      for (const colour of Object.values(SERIES_COLOURS[series]))
        assert.ok(html.includes(`--${series}:${colour}`), `${series} ${colour}`);
      assert.ok(html.includes(`fill="var(--${series})"`), series);
    }
  });
});

describe('a series that was judged nowhere', () => {
  const doc = sample();
  const { statistics } = doc;
  const none = { againstBaseline: [null, null, null], againstPrevious: [null, null, null] };
  const silent = {
    ...statistics!,
    notJudged: ['VA', 'VP'] as const,
    series: {
      ...statistics!.series,
      VA: { ...none, ranking: null, best: null },
      VP: { ...none, ranking: null, best: null },
    },
  } as unknown as SweepStatistics;

  it('has no curve, no rate and no best in the report, which says why', () => {
    const html = report({ ...doc, statistics: silent });
    assert.match(html, /Not judged, as this judge was asked: Visual Aesthetics and Visual Plausibility\./);
    assert.doesNotMatch(html, /Visual Aesthetics: win rate against/);
    assert.match(html, /Visual Fidelity: win rate against/);
    assert.match(html, /<td>baseline<\/td><td>–<\/td><td>baseline<\/td><td>–<\/td>/);
    assert.doesNotMatch(html, /<li>Visual Plausibility:/);
  });

  it('has a dash in a terminal, at the baseline too', () => {
    const text = sweepText(doc.grid, sweepState(doc.grid, { statistics: silent }));
    assert.match(text, /Not judged, as this judge was asked: Visual Aesthetics and Visual Plausibility\./);
    assert.match(text, /^step 1000 +baseline +– +baseline +–/m);
  });
});

describe('a win rate in words', () => {
  it('has its interval behind it where there is one', () => {
    assert.equal(rateText({ prompts: 9, value: 0.58, interval: [0.51, 0.65] }), '58% (51–65%)');
    assert.equal(rateText({ prompts: 5, value: 0.4 }), '40%');
    assert.equal(rateText(null), '–');
  });
});
