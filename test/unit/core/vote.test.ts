import assert from 'node:assert/strict';
import { DecodeError } from '../../../src/core/decode';
import type { Choice } from '../../../src/core/pair';
import {
  decodeVote,
  mergeVotes,
  mirrorVote,
  VOTE_FORMAT,
  voteInForce,
  type Vote,
} from '../../../src/core/vote';

function vote(id: string, overall: Choice = 'A', over: Partial<Vote> = {}): Vote {
  return {
    format: VOTE_FORMAT,
    id,
    at: '2026-01-01T00:00:00.000Z',
    by: 'me',
    a: { path: 'a.mp4', hash: 'a' },
    b: { path: 'b.mp4', hash: 'b' },
    overall,
    blind: false,
    modelShown: true,
    ...over,
  };
}
const undo = (id: string, of: string) => vote(id, 'A', { supersedes: of, withdrawn: true });

describe('voteInForce', () => {
  const inForce = (...votes: Vote[]) => voteInForce(votes)?.id;

  it('is the last vote', () => {
    assert.equal(inForce(), undefined);
    assert.equal(inForce(vote('1')), '1');
    assert.equal(inForce(vote('1'), vote('2', 'B', { supersedes: '1' })), '2');
  });
  it('goes back by one with each undo', () => {
    const log = [vote('1'), vote('2', 'B', { supersedes: '1' }), undo('3', '2')];
    assert.equal(inForce(...log), '1');
    assert.equal(inForce(...log, undo('4', '1')), undefined);
  });
  it('takes a vote after an undo', () => {
    assert.equal(inForce(vote('1'), undo('2', '1'), vote('3', 'tie')), '3');
  });
  it('is not moved by an undo of nothing', () => {
    assert.equal(inForce(vote('1'), undo('2', 'unknown')), '1');
    assert.equal(inForce(undo('1', 'unknown')), undefined);
    assert.equal(inForce(vote('1'), vote('2'), undo('3', '2'), undo('4', '2')), '1');
  });
  it('lets an earlier vote be withdrawn from under a later one', () => {
    assert.equal(inForce(vote('1'), vote('2'), undo('3', '1')), '2');
    assert.equal(inForce(vote('1'), vote('2'), undo('3', '1'), undo('4', '2')), undefined);
  });
  it('leaves the log as it is', () => {
    const log = Object.freeze([vote('1'), undo('2', '1')]) as Vote[];
    assert.equal(voteInForce(log), undefined);
    assert.equal(log.length, 2);
  });
});

describe('mergeVotes', () => {
  const at = (minute: number) => ({ at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z` });
  const merged = (...records: Vote[][]) => mergeVotes(records).map(({ id }) => id);

  it('takes the earlier first, and each once', () => {
    const [one, two, three] = [vote('1', 'A', at(1)), vote('2', 'B', at(2)), vote('3', 'A', at(3))];
    assert.deepEqual(merged([one, three], [two]), ['1', '2', '3']);
    assert.deepEqual(merged([two], [one, three]), ['1', '2', '3']);
    assert.deepEqual(merged([one, two], [one, two, three]), ['1', '2', '3']);
    assert.deepEqual([merged(), merged([]), merged([], [one])], [[], [], ['1']]);
  });
  it('leaves the order of each record, whatever the clock said', () => {
    assert.deepEqual(merged([vote('1', 'A', at(9)), vote('2', 'A', at(1))], [vote('3', 'A', at(5))]), [
      ...['3', '1', '2'],
    ]);
    assert.deepEqual(merged([vote('1', 'A', { at: 'never' })], [vote('2', 'A', at(1))]), ['1', '2']);
  });
  it('lets none come before the one that it changes or takes back', () => {
    const first = vote('1', 'A', at(9));
    const change = vote('2', 'B', { ...at(1), supersedes: '1' });
    const undone = { ...undo('3', '2'), ...at(0) };
    for (const records of [
      [[first], [change, undone]],
      [[change, undone], [first]],
    ]) {
      assert.deepEqual(merged(...records), ['1', '2', '3']);
      assert.equal(voteInForce(mergeVotes(records))?.id, '1');
    }
  });
  it('ends where two change each other', () => {
    const [one, two] = [vote('1', 'A', { supersedes: '2' }), vote('2', 'A', { supersedes: '1' })];
    assert.deepEqual(merged([one], [two]), ['1', '2']);
  });
});

describe('decodeVote', () => {
  const full = vote('1', 'B', {
    dimensions: { VA: 'tie' },
    criteria: { 'vf.sharpness': 'B' },
    note: 'n',
    supersedes: '0',
    withdrawn: true,
  });
  it('reads back exactly what was written', () => {
    for (const v of [vote('1'), full]) assert.deepEqual(decodeVote(JSON.parse(JSON.stringify(v))), v);
  });
  it('drops dimensions and criteria that it does not know', () => {
    const more = {
      ...full,
      dimensions: { VA: 'tie', VX: 'A' },
      criteria: { 'vf.sharpness': 'B', constructor: 'A' },
    };
    assert.deepEqual(decodeVote(more), full);
  });
  it('refuses another version with a sentence', () => {
    assert.throws(
      () => decodeVote({ ...full, format: 'aesrm.vote/9' }),
      /this is "aesrm.vote\/9", and this version of AesRM Review reads/,
    );
  });
  it('refuses what is no vote', () => {
    for (const bad of [
      { ...full, overall: 'C' },
      { ...full, a: 'a.mp4' },
      { ...full, dimensions: { VA: 1 } },
      { ...full, blind: 1 },
      { ...full, withdrawn: 'no' },
      null,
    ])
      assert.throws(() => decodeVote(bad), DecodeError);
  });
  it('is mirrored twice into itself', () => {
    const once = mirrorVote(full);
    assert.deepEqual(
      [once.overall, once.dimensions, once.criteria, once.a],
      ['A', { VA: 'tie' }, { 'vf.sharpness': 'A' }, full.b],
    );
    assert.deepEqual(mirrorVote(once), full);
  });
});
