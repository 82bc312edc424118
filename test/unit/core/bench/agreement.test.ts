import * as assert from 'node:assert/strict';
import { agreementOf, newestAgreement, withAgreement } from '../../../../src/core/bench/agreement';
import type { BenchCell } from '../../../../src/core/bench/report';
import { decodeAgreement, type Agreement, type Measuring } from '../../../../src/core/modelManifest';

const by = (over: Partial<Measuring> = {}): Measuring => ({
  ...{ file: 'pairs.csv', at: '2026-01-02T00:00:00.000Z', mode: 'chain' as const },
  ...over,
});
const cell = (over: Partial<BenchCell> = {}) =>
  ({
    ...{ kind: 'human_pairwise', source: 'lab', aspect: 'VF', pairs: 40, ties: 8 },
    withoutTies: { value: 0.75, interval: [0.6, 0.86] },
    ...over,
  }) as BenchCell;
const report = (...cells: BenchCell[]) => ({ cells, name: by().file, at: by().at });
const said = (accuracy: number, measured?: Measuring): Agreement => ({
  ...{ set: 'lab', labelKind: 'human_pairwise', aspect: 'VF', pairs: 32, accuracy },
  ...(measured ? { measured } : {}),
});

describe('what a benchmark leaves with a model', () => {
  it("is the agreement with people's labels, cell by cell, on those that are no ties", () => {
    const { measured, cells } = agreementOf(report(cell(), cell({ aspect: 'VA' })), 'base');
    assert.deepEqual(measured, by({ mode: 'base' }));
    assert.deepEqual(cells[0], { ...said(0.75, measured), ci: [0.6, 0.86] });
    assert.deepEqual(
      cells.map(({ aspect }) => aspect),
      ['VF', 'VA'],
    );
    for (const one of cells) assert.deepEqual(decodeAgreement(JSON.parse(JSON.stringify(one)), 'x'), one);
  });

  it('is nothing of claims, of damage, of few decisive labels, or of ties alone', () => {
    const { cells } = agreementOf(
      report(
        cell({ kind: 'method_claim' }),
        cell({ kind: 'degradation' }),
        cell({ ties: 11 }),
        cell({ withoutTies: null }),
      ),
      'chain',
    );
    assert.deepEqual(cells, []);
  });

  it('has no interval where the report has none', () => {
    const { cells } = agreementOf(report(cell({ withoutTies: { value: 0.5 } })), 'chain');
    assert.ok(!('ci' in cells[0]!));
  });

  it('takes the place of what the same file said, asked in the same way, and of nothing else', () => {
    const known = [
      said(0.1),
      said(0.2, by()),
      said(0.3, by({ mode: 'base' })),
      said(0.4, by({ file: 'x.csv' })),
    ];
    const kept = withAgreement(known, { measured: by(), cells: [said(0.9, by())] });
    assert.deepEqual(
      kept.map(({ accuracy }) => accuracy),
      [0.1, 0.3, 0.4, 0.9],
    );
    const none = withAgreement(known, { measured: by(), cells: [] });
    assert.equal(none.length, 3, 'measured anew, too little of it is no reason to keep the old');
  });

  it('of several hosts is the newest of each file, once', () => {
    const later = by({ at: '2026-03-01T00:00:00.000Z' });
    const other = by({ file: 'x.csv' });
    const found = newestAgreement([
      [said(0.1, by()), said(0.2, other)],
      [said(0.3, later), said(0.4, later), said(0.2, other)],
    ]);
    assert.deepEqual(found.map(({ accuracy }) => accuracy).sort(), [0.2, 0.3, 0.4]);
  });
});
