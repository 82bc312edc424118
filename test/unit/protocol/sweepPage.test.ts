import assert from 'node:assert/strict';
import { decodeSweepPageState, type SweepPageState } from '../../../src/protocol/sweepPage';

describe('decodeSweepPageState', () => {
  const whole: SweepPageState = {
    format: 'aesrm.sweep-page/1',
    root: 'file:///run',
    series: 'VF',
    reference: 'baseline',
    curves: 'previous',
    folded: true,
    filter: 'holes',
    sort: 'worst',
    cell: { column: 3, row: 1 },
  };

  it('reads back all of a place, and one that says little', () => {
    assert.deepEqual(decodeSweepPageState(JSON.parse(JSON.stringify(whole))), whole);
    const { format, root } = whole;
    assert.deepEqual(decodeSweepPageState({ format, root }), { format, root });
  });

  for (const change of [
    { format: 'x' },
    { root: 1 },
    { filter: 'none' },
    { sort: 1 },
    { folded: 'yes' },
    { cell: { column: -1, row: 0 } },
  ])
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => decodeSweepPageState({ ...whole, ...change }));
    });
});
