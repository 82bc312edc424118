import * as assert from 'node:assert/strict';
import { placeView } from '../../../src/host/panel/place';
import { reduce } from '../../../src/host/panel/model';
import type { SweepPlace } from '../../../src/protocol/panel';
import { after, judged, vote } from './builders';

const PLACE: SweepPlace = {
  sweep: 'run',
  columns: ['base', 'step 500'],
  earlier: 0,
  later: 1,
  row: { index: 0, count: 1, label: 'a cat' },
  marks: [null, -1],
  can: ['nextCheckpoint', 'nextPrompt', 'nextRegression', 'previousDisagreement'],
};

describe('host: the place of a pair in its sweep', () => {
  it('says which side shows which column, as the sides stand', () => {
    assert.deepEqual(placeView(PLACE, judged()).sides, { A: 'earlier', B: 'later' });
    assert.deepEqual(placeView(PLACE, reduce(judged(), { type: 'swap' })).sides, {
      A: 'later',
      B: 'earlier',
    });
  });

  it('tells neither sides nor the judge’s word while they are hidden, and all of it after the vote', () => {
    const hidden = after(judged(), { type: 'blind', on: true, swapped: true });
    const { sides, marks, can } = placeView(PLACE, hidden);
    assert.deepEqual([sides, marks, can], [undefined, [null, null], ['nextCheckpoint', 'nextPrompt']]);
    const shown = placeView(PLACE, reduce(hidden, { type: 'voted', vote: vote({ overall: 'A' }) }));
    assert.deepEqual([shown.sides?.A, shown.marks, shown.can], ['later', PLACE.marks, PLACE.can]);
  });
});
