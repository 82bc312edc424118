import * as assert from 'node:assert/strict';
import { newPairTable, NOT_JUDGED, SERIES } from '../../../src/core/sweep/table';
import type { Judgement } from '../../../src/engine/judge';
import { eachPair, packPairs, readPair, scoresAt } from '../../../src/engine/log/sweepRows';
import { A_WINS, B_WINS, TIE } from '../../unit/core/samples';

describe('the packed pairs of a sweep', () => {
  const judgement = { overall: A_WINS, dimensions: { VF: B_WINS, VP: TIE }, criteria: {} } as Judgement;
  const [block] = packPairs([{ a: 'a', b: 'b', judgement }]);

  it('tell a dimension that was not judged from every call', () => {
    eachPair(block!, (_, __, from) => assert.deepEqual(scoresAt(block!, from), [1, NOT_JUDGED, -1, 0]));
  });

  it('have it so in a table, whichever clip is the later', () => {
    const table = newPairTable(2);
    readPair(block!, 0, table, 0, false);
    readPair(block!, 0, table, 1, true);
    assert.deepEqual([...table.winner], [-1, NOT_JUDGED, 1, 0, 1, NOT_JUDGED, -1, 0]);
    const margins = [...table.margin].map((margin) => Number(margin.toFixed(3)) + 0);
    assert.deepEqual(margins, [-0.6, 0, 0.6, 0, 0.6, 0, -0.6, 0]);
    assert.equal(table.margin.length, 2 * SERIES.length);
  });
});
