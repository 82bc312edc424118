import * as assert from 'node:assert/strict';
import { decodeVote, mirrorVote, voteInForce, type Vote } from '../../../src/core/vote';
import { reduce, type PanelModel } from '../../../src/host/panel/model';
import { currentVote, nextVote, ownVotes, withdrawal } from '../../../src/host/panel/votes';
import { after, CLIPS, judged, opened, vote } from './builders';

let ids = 0;
const stamp = () => ({ id: `id-${++ids}`, at: '2026-01-02T03:04:05.000Z', by: 'me' });
const cast = (
  model: PanelModel,
  ...choice: [Parameters<typeof nextVote>[2], Parameters<typeof nextVote>[3]]
) => nextVote(model, CLIPS, ...choice, stamp());
const blind = { type: 'blind', on: true, swapped: false } as const;

describe('host: votes', () => {
  it('is a vote that the record can read, on the pair as it was opened', () => {
    const made = cast(judged(), 'overall', 'A');
    assert.deepEqual(decodeVote(JSON.parse(JSON.stringify(made))), made);
    assert.deepEqual([made.a.path, made.overall, made.supersedes], ['base/walk.mp4', 'A', undefined]);
  });

  it('means what the reader saw when the sides are swapped', () => {
    const swapped = reduce(judged(), { type: 'swap' });
    const made = cast(swapped, 'VF', 'A');
    assert.deepEqual([made.a.hash, made.dimensions], [CLIPS.A.hash, { VF: 'B' }]);
    assert.equal(cast(swapped, 'overall', 'tie').overall, 'tie');
  });

  it('gathers the choices of several steps, each superseding the one before', () => {
    const first = cast(judged(), 'overall', 'A');
    const one = reduce(judged(), { type: 'voted', vote: first });
    const second = cast(one, 'VA', 'B');
    assert.deepEqual([second.overall, second.dimensions, second.supersedes], ['A', { VA: 'B' }, first.id]);
    const two = reduce(one, { type: 'voted', vote: second });
    const third = cast(two, 'VA', null);
    assert.deepEqual([third.overall, third.dimensions, third.supersedes], ['A', undefined, second.id]);
  });

  it('takes back step by step, and has nothing to take back in the end', () => {
    const first = cast(judged(), 'overall', 'A');
    const one = reduce(judged(), { type: 'voted', vote: first });
    const two = reduce(one, { type: 'voted', vote: cast(one, 'overall', 'B') });
    const undo = (model: PanelModel) => {
      const taken = withdrawal(model, stamp());
      assert.ok(taken?.withdrawn);
      return reduce(model, { type: 'voted', vote: taken });
    };
    assert.equal(currentVote(undo(two))?.id, first.id);
    assert.equal(currentVote(undo(undo(two))), undefined);
    assert.equal(withdrawal(undo(undo(two)), stamp()), undefined);
    assert.equal(voteInForce(undo(undo(two)).votes), undefined);
  });

  it('knows whether the model was on the screen', () => {
    assert.deepEqual(
      [cast(opened(), 'VA', 'A').modelShown, cast(judged(), 'VA', 'A').modelShown],
      [false, true],
    );
    const hidden = cast(reduce(judged(), blind), 'overall', 'A');
    assert.deepEqual([hidden.blind, hidden.modelShown], [true, false]);
  });

  it('is blind only if every step was', () => {
    const hidden = reduce(judged(), blind);
    const dimension = reduce(hidden, { type: 'voted', vote: cast(hidden, 'VA', 'A') });
    const whole = cast(dimension, 'overall', 'A');
    assert.deepEqual([whole.blind, whole.dimensions], [true, { VA: 'A' }]);
    const revealed = reduce(dimension, { type: 'voted', vote: whole });
    const later = cast(revealed, 'VF', 'B');
    assert.deepEqual([later.blind, later.modelShown], [false, true]);
  });

  it('does not build on what blind mode hides', () => {
    const model = after(judged(), { type: 'votes', votes: [vote({ dimensions: { VA: 'A' } })] }, blind);
    const made = cast(model, 'overall', 'B');
    assert.deepEqual([made.dimensions, made.supersedes, made.blind], [undefined, undefined, true]);
  });

  it("reads this reviewer's votes only, turned to the pair at hand", () => {
    const mine = vote({ overall: 'A' });
    const turned: Vote = { ...mirrorVote(mine), id: 'turned' };
    const other = vote({ by: 'someone else', overall: 'B' });
    const own = ownVotes([mine, other, turned], 'me', CLIPS.A.hash);
    assert.deepEqual(
      own.map((v) => [v.id, v.a.hash, v.overall]),
      [
        [mine.id, CLIPS.A.hash, 'A'],
        ['turned', CLIPS.A.hash, 'A'],
      ],
    );
  });
});
