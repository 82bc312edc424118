import * as assert from 'node:assert/strict';
import { buildBench, type BenchInput } from '../../../../src/core/bench/build';
import { decodeBench } from '../../../../src/core/bench/decodeReport';
import { exportBench } from '../../../../src/core/bench/export';
import { benchOpening } from '../../../../src/core/bench/export/sections';
import { reportText } from '../../../../src/cli/reportText';
import type { LabelledPair } from '../../../../src/core/bench/pairs';
import type { BenchDocument } from '../../../../src/core/bench/report';
import { clipsKey } from '../../../../src/core/bench/rows';
import { bothOrders, type BothOrders } from '../../../../src/core/bench/stats/position';
import { SERIES, type Series } from '../../../../src/core/sweep/table';
import { EVEN } from '../../../../src/core/verdict';

const JUDGE: BenchInput['judge'] = {
  ...{ id: 'compact', name: 'Compact judge', version: '1', hash: 'c0ffee', kind: 'compact', device: 'cpu' },
  capabilities: { symmetric: true, streaming: false, encodes: true, reasons: false },
};

interface Label extends Partial<LabelledPair> {
  /** Of the pair, that A is better less that B is, on every series. */
  lean?: number;
  /** One order says nothing of it. */
  half?: boolean;
  /** All that the judge says something of, in either order. */
  only?: readonly Series[];
}

/** A report on pairs of their own clips, which the judge leans on as each says. */
function reportOn(labels: readonly Label[], over: Partial<BenchInput> = {}): BenchDocument {
  const judged = new Map<string, BothOrders>();
  const hashes = new Map<string, string>();
  const pairs = labels.map(({ lean = 0.5, half = false, only, ...label }, i): LabelledPair => {
    const pair = {
      ...{ a: `a${i}.mp4`, b: `b${i}.mp4`, preferred: 'A' as const, aspect: 'overall' },
      ...{ labelKind: 'human_pairwise', source: 'lab', group: `g${i % 12}`, ...label },
    };
    const { key, swapped } = clipsKey(pair.a, pair.b);
    const p = { a: (1 + lean) / 2, tie: 0, b: (1 - lean) / 2 };
    const q = { a: p.b, tie: 0, b: p.a };
    const all = (x: typeof p) => ({ overall: x, VA: x, VF: x, VP: x });
    const orders = { ab: all(swapped ? q : p), ba: all(swapped ? p : q) };
    const said = (of: ReturnType<typeof all>) =>
      Object.fromEntries(only!.map((series) => [series, of[series]]));
    if (only) judged.set(key, bothOrders(said(orders.ab), said(orders.ba)));
    else judged.set(key, half ? { ...orders, ba: all(EVEN), unsaid: SERIES } : orders);
    for (const path of [pair.a, pair.b]) hashes.set(path, over.hashes?.get(path) ?? `hash of ${path}`);
    return pair;
  });
  const rest = { at: '2026-05-01T10:00:00.000Z', name: 'pairs.csv', judge: JUDGE, plan: 'plan-1' };
  return buildBench({ labels: { pairs, notes: [] }, problems: new Map(), judged, ...rest, ...over, hashes });
}

const many = (count: number, label: Label = {}) => Array.from({ length: count }, () => label);

describe('a report of a benchmark', () => {
  it('never mixes kinds of label, and puts what people said first', () => {
    const { cells, macros } = reportOn([
      ...many(40, { labelKind: 'degradation' }),
      ...many(40, { lean: -0.5 }),
    ]);
    assert.deepEqual(
      cells.map(({ kind, pairs, withoutTies }) => [kind, pairs, withoutTies!.value]),
      [
        ['human_pairwise', 40, 0],
        ['degradation', 40, 1],
      ],
    );
    assert.deepEqual(
      macros.map(({ kind }) => kind),
      ['human_pairwise', 'degradation'],
    );
  });

  it('averages sources with 30 decisive labels, each once, and lists the others', () => {
    const { macros } = reportOn([
      ...many(90, { source: 'large' }),
      ...many(30, { source: 'just', lean: -0.5 }),
      ...many(29, { source: 'small', lean: -0.5 }),
      ...many(10, { source: 'small', preferred: 'tie' }),
    ]);
    assert.deepEqual(macros[0]!.sources, [
      { source: 'large', decisive: 90, averaged: true },
      { source: 'just', decisive: 30, averaged: true },
      { source: 'small', decisive: 29, averaged: false },
    ]);
    assert.equal(macros[0]!.withoutTies!.value, 0.5);
  });

  it('gives two aspects of one dimension a line each and one mean; what is none of ours has neither', () => {
    const { cells, macros, counts, notes } = reportOn([
      ...many(20, { aspect: 'static_quality' }),
      ...many(20, { aspect: 'visual_quality' }),
      ...many(3, { aspect: 'text_alignment' }),
      ...many(2, { aspect: 'charm' }),
    ]);
    assert.deepEqual(
      cells.map(({ aspect }) => aspect),
      ['static_quality', 'visual_quality', 'charm'],
    );
    assert.deepEqual(
      macros.map(({ row, sources }) => [row, sources[0]!.decisive]),
      [
        ['VF', 40],
        ['charm', 2],
      ],
    );
    assert.deepEqual([counts.labels, counts.used, counts.noneOfOurs], [45, 42, 3]);
    assert.match(notes.join(), /does not have "charm"/);
  });

  it('leaves out, counts and names labels of what the judge did not judge', () => {
    const report = reportOn([
      ...many(12, { only: ['overall'] }),
      ...many(5, { only: ['overall'], aspect: 'VA' }),
      ...many(2, { only: ['overall'], aspect: 'motion_quality' }),
      ...many(4, { only: ['overall', 'VP'], aspect: 'motion_quality' }),
      ...many(3, { half: true, aspect: 'VF' }),
    ]);
    const { counts, cells, position } = report;
    assert.deepEqual([counts.labels, counts.used, counts.notJudged, counts.withoutClip], [26, 19, 7, 0]);
    assert.deepEqual(
      cells.map(({ aspect, pairs, calledTies }) => [aspect, pairs, calledTies]),
      [
        ['overall', 12, 0],
        ['motion_quality', 4, 0],
        ['VF', 3, 0],
      ],
    );
    // Of several series those that were judged: VP's own probability, not its mean with an even tie.
    const motion = report.pairs.rows.filter(
      ([, , aspect]) => report.pairs.aspects[aspect] === 'motion_quality',
    );
    assert.deepEqual(motion[0]!.slice(-3), [0.75, 0, 0.25]);
    // Those pairs were judged on the whole all the same.
    assert.deepEqual([position.pairs, position.verdicts], [23, 27]);
    for (const format of ['md', 'html'] as const) {
      const text = exportBench(format, report).replaceAll('\\', '');
      assert.match(
        text,
        /not judged: 7 labels, of what the judge says nothing on: VA \(5\), motion_quality \(2\)\./,
      );
      assert.match(text, /Visual Aesthetics; not judged: 5 labels, left out/);
    }
    assert.deepEqual(decodeBench(JSON.parse(exportBench('json', report))), report);
    assert.match(reportText('', benchOpening(report), []), /not judged: 7 labels/);
    const { notJudged: _, ...before } = counts;
    assert.equal(decodeBench({ ...report, counts: before }).counts.notJudged, 0);
  });

  it('is read again as it was written, and a later version is refused with a sentence', () => {
    const report = reportOn([...many(80), { a: 'z.mp4', b: 'c.mp4', preferred: 'tie', lean: 0.1 }]);
    const text = exportBench('json', report);
    assert.deepEqual(decodeBench(JSON.parse(text)), report);
    assert.throws(
      () => decodeBench({ ...report, format: 'aesrm.bench/2' }),
      /this is "aesrm.bench\/2", and this version of AesRM Review reads aesrm.bench\/1/,
    );
    const spoilt = structuredClone(report);
    spoilt.pairs.rows[0]![2] = 9;
    assert.throws(() => decodeBench(spoilt), /pairs.rows\[0\] is not a pair/);
  });

  it('compares with another judge on what both have, the clips wherever they lie and whichever comes first', () => {
    const earlier = reportOn([...many(60, { lean: -0.5 }), { preferred: 'A' }, { preferred: 'A' }]);
    const moved = new Map([
      ['a0.mp4', 'hash of b0.mp4'],
      ['b0.mp4', 'hash of a0.mp4'],
    ]);
    const now: Label[] = [{ preferred: 'B', lean: -0.5 }, ...many(59), { preferred: 'B' }];
    const { comparison } = reportOn(now, { hashes: moved, earlier });
    const { shared, relabelled, onlyHere, onlyThere, differences } = comparison!;
    assert.deepEqual([shared, relabelled, onlyHere, onlyThere], [60, 1, 0, 1]);
    assert.equal(differences.length, 1, 'one source has no mean over sources');
    assert.equal(differences[0]!.withoutTies!.value, 1);
  });

  it('does not tell a judge from itself', () => {
    const labels = Array.from({ length: 60 }, (_, i): Label => ({ lean: i % 3 === 0 ? -0.2 : 0.2 }));
    const { comparison } = reportOn(labels, { earlier: reportOn(labels) });
    assert.deepEqual(comparison!.differences[0]!.withoutTies, { value: 0, interval: [0, 0] });
    const text = exportBench('md', reportOn(labels, { earlier: reportOn(labels) }));
    assert.match(text, /0\.0 \(0\.0 to 0\.0\): not distinguishable/);
  });
});

describe('the pages of a report', () => {
  const hostile = '<img src=x onerror=alert(1)> | **bold** [x](https://x.y)';
  const report = () =>
    reportOn(many(80, { source: hostile, aspect: hostile }), {
      name: `${hostile}.csv`,
      problems: new Map([[hostile, { code: 'fileMissing', message: hostile }]]),
    });

  it('say the same in Markdown and HTML, and run nothing that a file of pairs says', () => {
    const html = exportBench('html', report());
    assert.doesNotMatch(html, /<img|<script|https:\/\/x\.y"/);
    assert.match(html, /default-src 'none'/);
    assert.equal(html.match(/<circle /g)?.length, 15, 'one dot a bin');
    const md = exportBench('md', report());
    assert.doesNotMatch(md, /\\\d/, 'a backslash escapes no digit');
    assert.doesNotMatch(md, /<img|(?<!\\)\*\*bold|(?<!\\)\]\(http/);
    for (const page of [html, md]) {
      assert.match(page, /100\.0% (<span class="n">)?\(7\d\.\d–100\.0\)/);
      assert.match(page, /symmetric by design/);
      assert.match(page, /0 of 320 verdicts changed/);
      assert.match(page, /chosen on the labels that it is measured on/);
      assert.match(page, /Reliability on human/);
    }
  });

  it('have as many cells in every row of a Markdown table as it has heads', () => {
    const tables = exportBench('md', report())
      .split('\n\n')
      .filter((part) => part.startsWith('|'));
    assert.ok(tables.length >= 5);
    for (const table of tables) {
      const widths = table.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
      assert.equal(new Set(widths).size, 1, table);
    }
  });

  it('say how many pairs the position bias leaves out', () => {
    const left = 'Left out: 2 pairs of clips on which the judge gave no verdict in one order.';
    const text = exportBench('md', reportOn([...many(10), ...many(2, { half: true })]));
    assert.match(text, /10 pairs of clips were judged in both orders: 0 of 40 verdicts changed/);
    assert.ok(text.includes(left));
    assert.ok(exportBench('md', reportOn(many(2, { half: true }))).includes(left));
    assert.ok(!exportBench('md', reportOn(many(10))).includes('in one order'));
  });

  it('claim nothing of a few labels', () => {
    const md = exportBench('md', reportOn(many(7)));
    assert.match(md, /fewer than 8 groups/);
    assert.match(md, /That takes at least 75 labels of one kind/);
  });
});
