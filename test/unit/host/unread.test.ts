import * as assert from 'node:assert/strict';
import { reduce } from '../../../src/host/panel/model';
import { snapshotOf } from '../../../src/host/panel/snapshot';
import { after, opened, TEXTS } from './builders';

const show = (model: Parameters<typeof snapshotOf>[0]) => snapshotOf(model, 1, TEXTS);

describe('host: a judge whose answers hold no verdict', () => {
  it('has the words that could not be read, as the sides stand, and not where they are hidden', () => {
    const raw = '=== A first (P is A, Q is B), sample 1, seed 7 ===\nI cannot watch videos.';
    const failed = after(opened(), {
      type: 'stopped',
      problem: { code: 'answerUnread', message: 'No verdict.', raw },
    });
    assert.equal(show(failed).problem?.raw, raw);
    assert.match(
      show(reduce(failed, { type: 'swap' })).problem!.raw!,
      /^=== B first \(P is B, Q is A\), sample/,
    );
    const hidden = show(reduce(failed, { type: 'blind', on: true, swapped: false })).problem;
    assert.deepEqual(hidden, { code: 'answerUnread', message: 'No verdict.' });
  });
});
