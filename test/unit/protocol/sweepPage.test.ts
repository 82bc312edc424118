import assert from 'node:assert/strict';
import {
  decodeSweepAction,
  decodeSweepPageState,
  type SweepAction,
  type SweepPageState,
} from '../../../src/protocol/sweepPage';

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
    cell: { column: 'step-3', row: 'p1' },
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
    { cell: { column: 3, row: 1 } },
  ])
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => decodeSweepPageState({ ...whole, ...change }));
    });
});

describe('decodeSweepAction', () => {
  const pair = { earlier: 'step-1/a.mp4', later: 'step-2/a.mp4' };
  const actions: SweepAction[] = [
    { type: 'ready' },
    { type: 'openPair', pair, against: 'baseline' },
    { type: 'diff', earlier: 'step-1', later: 'step-2' },
    { type: 'needThumbnails', clips: ['step-1/a.mp4'] },
    { type: 'needProxy', clip: 'step-1/a.mp4' },
    { type: 'revealClip', clip: 'step-1/a.mp4' },
    { type: 'setPattern', pattern: null },
    { type: 'export', format: 'csv' },
  ];

  it('reads back what the page says', () => {
    for (const action of actions)
      assert.deepEqual(decodeSweepAction(JSON.parse(JSON.stringify(action))), action);
  });

  for (const action of [
    { type: 'openPair', pair },
    { type: 'openPair', pair: { earlier: 0, later: 1, row: 0, seed: 0 }, against: 'previous' },
    { type: 'diff', earlier: 0, later: 1 },
    { type: 'needThumbnails', clips: [3] },
    { type: 'needProxy', clip: 3 },
    { type: 'revealClip', clip: 3 },
    { type: 'remove', clip: 'step-1/a.mp4' },
  ])
    it(`refuses ${JSON.stringify(action)}: places in a grid mean nothing in the next`, () => {
      assert.throws(() => decodeSweepAction(action));
    });
});
