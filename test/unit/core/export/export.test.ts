import assert from 'node:assert/strict';
import { loadPairs } from '../../../../src/core/bench/loaders';
import { CRITERION_IDS } from '../../../../src/core/rubric';
import { SWEEP_FORMAT, type SweepDocument } from '../../../../src/core/sweep/document';
import { decodeSweepDocument, exportSweep } from '../../../../src/core/sweep/export';
import { regressionText, unrankedText } from '../../../../src/core/sweep/reportWords';
import type { SweepStatistics } from '../../../../src/core/sweep/statistics';
import type { ExportFormat } from '../../../../src/core/sweep/formats';
import { newPairTable, NOT_JUDGED, SERIES } from '../../../../src/core/sweep/table';

const EVIL = '=cmd|"<script>alert(1)</script>",\nnext';

/** Two columns and three prompts: the later wins, loses, ties. */
function sample(): SweepDocument {
  const pairs = newPairTable(3);
  [1, -1, 0].forEach((sign, i) => {
    pairs.later[i] = 1;
    pairs.row[i] = i;
    pairs.winner.fill(sign, i * SERIES.length, (i + 1) * SERIES.length);
    pairs.margin.fill(sign * 0.25, i * SERIES.length, (i + 1) * SERIES.length);
    CRITERION_IDS.forEach((_, k) => (pairs.criteria[i * CRITERION_IDS.length + k] = (k % 4) - 1));
  });
  pairs.count = 3;
  const clips = [0, 1, 2].flatMap((row) =>
    [0, 1].map((column) => ({
      path: `step-${column}/p${row}.mp4`,
      size: 1,
      mtimeMs: 0,
      column,
      row,
      seed: 0,
    })),
  );
  return {
    format: SWEEP_FORMAT,
    at: '2026-01-01T00:00:00.000Z',
    name: 'run',
    root: '/run',
    grid: {
      id: 'general',
      title: 'Steps.',
      columns: [0, 1].map((n) => ({ id: `s${n}`, label: `step ${n}`, kind: 'step' as const, value: n })),
      rows: [
        { id: 'p0', label: EVIL, prompt: EVIL },
        { id: 'p1', label: 'prompt 2' },
        { id: 'p2', label: 'c' },
      ],
      seeds: [''],
      clips,
      leftovers: [],
      notes: [],
    },
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
    pairing: 'all',
    baseline: 's0',
    clips: clips.map((_, i) => ({ hash: `h${i}`, frames: 16, duration: 2, fps: 8 })),
    broken: [],
    statistics: null,
    agreement: null,
    votes: [{ earlier: 0, later: 1, row: 1, seed: 0, by: 'Ada', overall: 1 }],
    pairs,
  };
}

function texts(format: ExportFormat, doc = sample()): string[] {
  return exportSweep(format, doc).files.map(({ text }) => [...text].join(''));
}

describe('exports of a sweep', () => {
  it('says why there is no ranking, and where a test could have found nothing', () => {
    const { grid } = sample();
    const judged = (pairing: SweepDocument['pairing'], pairs = 3, unjudged = 0) =>
      ({ pairing, pairs, unjudged, series: { overall: { ranking: null } } }) as unknown as SweepStatistics;
    assert.match(unrankedText(judged('all'))!, /no prompts in common/);
    assert.match(unrankedText(judged('all', 3, 4))!, /No ranking yet; pairs still to be judged: 4\./);
    assert.match(unrankedText(judged('adjacent'))!, /it needs every two columns to be compared/);
    assert.equal(unrankedText(judged('baseline', 0)), undefined);
    const steps = { of: 'VF' as const, column: 1, previous: 0, worse: [0, 1], better: [], ties: 1 };
    const found = { ...steps, p: 0.01, adjusted: 0.04 };
    assert.match(
      regressionText(grid, { ...found, detectable: 0.9 }),
      /a loss on 90% of the prompts without a tie/,
    );
    assert.match(regressionText(grid, { ...found, detectable: null }), /no loss, however large, is found/);
  });

  it('reads back the document that it wrote', () => {
    assert.deepEqual(decodeSweepDocument(JSON.parse(texts('json')[0]!)), sample());
  });

  it('has no winner, no margin and no label where a series was not judged', () => {
    const doc = sample();
    doc.votes = [];
    const { pairs } = doc;
    const VP = SERIES.indexOf('VP');
    for (let i = 0; i < pairs.count; i++) {
      pairs.winner[i * SERIES.length + VP] = NOT_JUDGED;
      pairs.margin[i * SERIES.length + VP] = 0;
    }
    assert.deepEqual(decodeSweepDocument(JSON.parse(texts('json', doc)[0]!)), doc);
    const lines = texts('jsonl', doc)[0]!.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    assert.deepEqual(
      lines.map(({ winner, margin }) => [winner.VF, margin.VF, winner.VP, margin.VP]),
      [
        ['later', 0.25, null, null],
        ['earlier', -0.25, null, null],
        ['tie', 0, null, null],
      ],
    );
    assert.ok(texts('csv', doc)[0]!.includes('tie,0,tie,0,tie,0,,,'), texts('csv', doc)[0]);
    const videoAlign = texts('videoalign', doc)[0]!.trim().split('\r\n').slice(1);
    assert.ok(
      videoAlign.every((line) => /,(A|B|same),(A|B|same),invalid,/.test(line)),
      videoAlign.join('\n'),
    );
  });

  it('refuses another version and an index that points at nothing', () => {
    const parsed = JSON.parse(texts('json')[0]!);
    assert.throws(() => decodeSweepDocument({ ...parsed, format: 'aesrm.sweep/2' }), /reads aesrm\.sweep\/1/);
    parsed.pairs[0][0] = 9;
    assert.throws(() => decodeSweepDocument(parsed), /pairs\[0\].row points at nothing/);
  });

  it('neutralises formulas in the CSV and quotes as RFC 4180', () => {
    const [csv] = texts('csv');
    assert.ok(csv!.includes(`"'=cmd|""<script>alert(1)</script>"",\nnext",p0`));
    assert.equal(texts('jsonl')[0]!.trim().split('\n').length, 3);
  });

  it('escapes what names hold in the report, which has no script', () => {
    const [html] = texts('html');
    assert.ok(!html!.includes('<script'));
    assert.ok(html!.includes('&lt;script&gt;'));
    assert.ok(html!.includes('not those of AesRM&#39;s weights'));
  });

  it('lets a vote overrule the judge, first, and leaves ties out of TRL', () => {
    const lines = texts('trl')[0]!
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ prompt: _, prompt_id: __, seed: ___, ...line }) => line),
      [
        {
          chosen: 'step-1/p1.mp4',
          rejected: 'step-0/p1.mp4',
          margin: 1,
          judge_margin: -0.25,
          source: 'vote:Ada',
        },
        {
          chosen: 'step-1/p0.mp4',
          rejected: 'step-0/p0.mp4',
          margin: 0.25,
          judge_margin: 0.25,
          source: 'judge:compact@abcdef012345',
        },
      ],
    );
    assert.equal(lines[0].prompt, '');
  });

  it('makes no preference of a tie among voters, and one pair of a vote and a verdict', () => {
    const doc = sample();
    doc.votes.push({ earlier: 0, later: 1, row: 1, seed: 0, by: 'Bob', overall: -1 });
    doc.votes.push({ earlier: 0, later: 1, row: 0, seed: 0, by: 'Bob', overall: 1 });
    const lines = texts('trl', doc)[0]!.trim().split('\n');
    assert.deepEqual(
      lines
        .map((line) => JSON.parse(line) as { chosen: string; source: string; margin: number })
        .map(({ chosen, source, margin }) => [chosen, source, margin]),
      [['step-1/p0.mp4', 'vote:Bob', 1]],
    );
    const tasks = JSON.parse(texts('labelstudio', doc)[0]!);
    assert.deepEqual(
      tasks.map((t: { data: { source: string }; predictions?: unknown[] }) => [
        t.data.source,
        !t.predictions,
      ]),
      [['vote:Ada+Bob', true], ['vote:Bob', true], ['judge:compact@abcdef012345', false]], // prettier-ignore
    );
  });

  it('keeps one line per object where readers break lines as Unicode does', () => {
    const doc = sample();
    doc.grid.rows[0] = { id: 'p0', label: 'a', prompt: 'a\u2028b\u2029c\u0085d\ne' };
    for (const format of ['jsonl', 'trl'] as const) {
      const lines = texts(format, doc)[0]!
        .split(/[\r\n\v\f\u0085\u2028\u2029\u001c-\u001e]/)
        .filter(Boolean);
      const prompts = lines.map((line) => (JSON.parse(line) as { prompt: string }).prompt);
      assert.ok(prompts.includes(doc.grid.rows[0].prompt!), format);
    }
  });

  it('guards every cell of the CSV, and leaves the trainer its prompts', () => {
    const doc = sample();
    for (const start of ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1']) {
      doc.grid.rows[0] = { id: start, label: start, prompt: start };
      doc.grid.columns[1]!.label = start;
      const fields = texts('csv', doc)[0]!.split('\r\n')[1]!.split(',');
      for (const i of [0, 1, 4]) assert.match(fields[i]!, /^"?'/, start);
      assert.ok(texts('videoalign', doc)[0]!.includes(start));
      assert.ok(
        exportSweep('videoalign', doc).notes.some((note) => note.includes('formulas')),
        start,
      );
    }
  });

  it("names VideoDPO's winner and loser by index into its list", () => {
    const [metadata, pairs] = texts('videodpo').map((text) => JSON.parse(text));
    const path = (i: number) => metadata[i].basic.clip_path;
    assert.deepEqual(
      pairs.map((p: { video1: number; video2: number }) => [path(p.video1), path(p.video2)]),
      [
        ['step-1/p1.mp4', 'step-0/p1.mp4'],
        ['step-1/p0.mp4', 'step-0/p0.mp4'],
      ],
    );
  });

  it('writes a CSV for VideoAlign that the benchmark reads again, whatever is in the prompts', () => {
    const { pairs } = loadPairs({ name: 'pairs.csv', text: texts('videoalign')[0]! });
    const overall = pairs.filter(({ aspect }) => aspect === 'overall');
    assert.deepEqual(
      overall.map(({ a, b, preferred, labelKind }) => `${a} ${b} ${preferred} ${labelKind}`).sort(),
      [
        'step-0/p0.mp4 step-1/p0.mp4 B judge',
        'step-0/p1.mp4 step-1/p1.mp4 B human_pairwise',
        'step-0/p2.mp4 step-1/p2.mp4 tie judge',
      ],
    );
    assert.equal(overall.find(({ a }) => a === 'step-0/p0.mp4')!.prompt, EVIL);
    assert.equal(pairs.length, 4 * overall.length);
  });

  it('keeps ties for VideoAlign and Label Studio, and invents no text alignment', () => {
    const rows = texts('videoalign')[0]!.trim().split('\r\n');
    assert.equal(rows.length, 4);
    assert.ok(rows.at(-1)!.includes('invalid,invalid,invalid,same,8,16,8,16'));
    const tasks = JSON.parse(texts('labelstudio')[0]!);
    assert.equal(tasks[0].annotations[0].result[0].value.selected, 'right');
    assert.equal(tasks[2].predictions[0].result[0].value.choices[0], 'tie');
  });

  it('says why nothing is exported as images', () => {
    const { files, notes } = exportSweep('diffusers', sample());
    assert.equal(files.length, 0);
    assert.match(notes[0]!, /single frame/);
  });
});
