import * as assert from 'node:assert/strict';
import type { Vote } from '../../../src/core/vote';
import type { Engine } from '../../../src/engine/client';
import { reduce, type PanelEvent } from '../../../src/host/panel/model';
import { Voting } from '../../../src/host/panel/voting';
import type { KeptVote, VoteParams, VotePlaces } from '../../../src/protocol/engine';
import { after, CLIPS, judged, opened, RESULT, vote } from './builders';

const PLACES = { dir: '/ws/.aesrm', fallbackDir: '/storage/ws' };

/** A panel's votes over a record that is read when `answer` is called; `where`: where its votes go. */
function desk(model = opened(), where: Omit<KeptVote, 'logCreated'> = {}) {
  const kept: Vote[] = [];
  let answer: (found: Vote[]) => void = () => undefined;
  const asked: VotePlaces[] = [];
  const told: string[] = [];
  const engine = {
    votes: (places: VotePlaces) => {
      asked.push(places);
      return new Promise((resolve) => (answer = (found) => resolve({ votes: found })));
    },
    appendVote: ({ vote, ...places }: VoteParams) => {
      asked.push(places);
      kept.push(vote);
      return Promise.resolve({ logCreated: true, ...where });
    },
  } as unknown as Engine;
  const state = { model };
  const dispatch = (event: PanelEvent) => {
    state.model = reduce(state.model, event);
    voting.update();
  };
  const voting: Voting = new Voting({
    engine: () => engine,
    model: () => state.model,
    home: () => PLACES,
    kept: ({ dir }) => void told.push(dir),
    reviewer: () => 'me',
    dispatch,
    texts: {
      votesUnread: (m) => m,
      noRecord: '',
      voteUnkept: (m) => m,
      voteElsewhere: (dir, m) => `${m} ${dir}`,
    },
    log: () => undefined,
  });
  return { voting, dispatch, kept, asked, told, state, answer: (found: Vote[] = []) => answer(found) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const changed = { type: 'file', side: 'A', state: 'changed' } as const;

describe('host: voting', () => {
  it('waits for the record, so that a vote takes the place of the earlier one and keeps its rest', async () => {
    const { voting, dispatch, kept, answer } = desk();
    dispatch({ type: 'judged', result: RESULT });
    const cast = voting.vote('overall', 'A');
    await settled();
    assert.equal(kept.length, 0);
    const earlier = vote({ dimensions: { VF: 'B' } });
    answer([earlier]);
    await cast;
    assert.deepEqual(
      kept.map((v) => [v.overall, v.dimensions, v.supersedes]),
      [['A', { VF: 'B' }, earlier.id]],
    );
  });

  it('goes elsewhere where the record cannot be written, and says where and why', async () => {
    const problem = { code: 'logUnwritable', message: '.aesrm cannot be written.' } as const;
    const desks = [desk(), desk(opened(), { elsewhere: { dir: PLACES.fallbackDir, problem } })];
    for (const { voting, dispatch, answer } of desks) {
      dispatch({ type: 'judged', result: RESULT });
      answer();
      await voting.vote('overall', 'A');
    }
    const places = { logDir: PLACES.dir, fallbackLogDir: PLACES.fallbackDir };
    for (const { asked } of desks) assert.deepEqual(asked, [places, places]);
    assert.deepEqual(
      desks.map(({ state, told }) => [state.model.notices, told]),
      [
        [[], [PLACES.dir]],
        [[{ kind: 'text', text: '.aesrm cannot be written. /storage/ws' }], []],
      ],
    );
  });

  it('keeps the order of what is cast meanwhile', async () => {
    const { voting, dispatch, kept, answer } = desk();
    const first = voting.vote('overall', 'A');
    dispatch({ type: 'judged', result: RESULT });
    const rest = [voting.vote('overall', 'B'), voting.undo()];
    answer();
    await Promise.all([first, ...rest]);
    await settled();
    assert.deepEqual(
      kept.map((v) => v.overall ?? v.withdrawn),
      ['A', 'B', true],
    );
    assert.deepEqual(
      kept.map((v) => v.supersedes),
      [undefined, kept[0]?.id, kept[1]?.id],
    );
  });

  it('does not count for a clip that has changed until that is judged', async () => {
    const { voting, dispatch, kept, answer, state } = desk(after(judged(), changed));
    await voting.vote('overall', 'A');
    assert.equal(kept.length, 0);
    assert.ok(state.model.notices.some((n) => n.kind === 'voteWaiting'));
    dispatch({ type: 'started' });
    const now = { ...RESULT, verdict: { ...RESULT.verdict, a: { ...CLIPS.A, hash: 'new' } } };
    dispatch({ type: 'judged', result: now });
    answer();
    await settled();
    assert.deepEqual(
      kept.map((v) => [v.overall, v.a.hash]),
      [['A', 'new']],
    );
  });

  it('forgets what the record answers on clips that have changed since', async () => {
    const { dispatch, state, answer } = desk();
    dispatch({ type: 'judged', result: RESULT });
    dispatch(changed);
    answer([vote({ overall: 'A' })]);
    await settled();
    assert.deepEqual(state.model.votes, []);
  });
});
