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
    const swapped = reduce(judged(), { type: 'swap' });
    const [asOpened, reversed] = [
      { A: 'earlier', B: 'later' },
      { A: 'later', B: 'earlier' },
    ];
    assert.deepEqual(placeView(PLACE, judged(), false).sides, asOpened);
    assert.deepEqual(placeView(PLACE, swapped, false).sides, reversed);
    assert.deepEqual(placeView(PLACE, judged(), true).sides, reversed);
    assert.deepEqual(placeView(PLACE, swapped, true).sides, asOpened);
  });

  it('tells neither sides nor the judge’s word while they are hidden, and after the vote only of this pair', () => {
    const place = { ...PLACE, columns: [...PLACE.columns, 'step 1000'], marks: [null, -1, 1] as const };
    const of = (later: number) => ({ ...place, earlier: 0, later, marks: [...place.marks] });
    const neutral = ['nextCheckpoint', 'nextPrompt'];
    const hidden = after(judged(), { type: 'blind', on: true, swapped: true });
    const { sides, marks, can } = placeView(of(1), hidden, false);
    assert.deepEqual([sides, marks, can], [undefined, [null, null, null], neutral]);
    const voted = reduce(hidden, { type: 'voted', vote: vote({ overall: 'A' }) });
    const shown = placeView(of(1), voted, false);
    assert.deepEqual([shown.sides?.A, shown.marks, shown.can], ['later', [null, -1, null], neutral]);
    // A column's mark is against its neighbour: of a pair with the baseline it would tell another pair's.
    assert.deepEqual(placeView(of(2), voted, false).marks, [null, null, null]);
  });
});
