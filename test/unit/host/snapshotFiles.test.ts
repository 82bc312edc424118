import * as assert from 'node:assert/strict';
import { reduce, type PanelModel } from '../../../src/host/panel/model';
import { snapshotOf } from '../../../src/host/panel/snapshot';
import { after, CLIPS, judged, opened, RESULT, TEXTS } from './builders';

const show = (model: PanelModel) => snapshotOf(model, 1, TEXTS);

describe('host: the panel of a comparison, and what becomes of its files', () => {
  it('says that a clip has changed, once, and that one is gone until it is back', () => {
    const changed = { type: 'file', side: 'A', state: 'changed' } as const;
    assert.equal(show(after(judged(), changed, changed)).notice, 'walk.mp4 changed.');
    const problem = { code: 'fileMissing', message: 'Gone.', side: 'B' } as const;
    const gone = after(judged(), { type: 'file', side: 'B', state: 'missing', problem });
    assert.equal(show(gone).sides.B.problem?.code, 'fileMissing');
    const back = reduce(gone, { type: 'file', side: 'B', state: 'there' });
    assert.equal(show(back).sides.B.problem, undefined);
  });

  it('says why a clip does not play as long as it is that file, and what is wrong with it as a clip before that', () => {
    const mediaProblem = { code: 'fileMissing', message: 'No proxy.', side: 'B' } as const;
    const silent = reduce(judged(), {
      type: 'clip',
      side: 'B',
      change: { media: { kind: 'none' }, mediaProblem },
    });
    assert.equal(show(silent).sides.B.problem?.message, 'No proxy.');
    for (const state of ['changed', 'there'] as const)
      assert.equal(
        show(reduce(silent, { type: 'file', side: 'B', state })).sides.B.problem,
        undefined,
        state,
      );
    const cut = { code: 'truncated', message: 'Cut.', side: 'B' } as const;
    const broken = after(
      silent,
      { type: 'started' },
      {
        type: 'progress',
        progress: { stage: 'problem', side: 'B', problem: cut },
      },
    );
    assert.equal(show(broken).sides.B.problem?.message, 'Cut.');
  });

  it('does not take what was read before for what plays after a change', () => {
    const model = after(judged(), { type: 'file', side: 'A', state: 'changed' });
    assert.deepEqual([model.clips.A.clip, model.clips.B.clip?.hash], [undefined, CLIPS.B.hash]);
    const problem = { code: 'fileMissing', message: 'Gone.', side: 'B' } as const;
    const gone = reduce(judged(), { type: 'file', side: 'B', state: 'missing', problem });
    assert.equal(gone.clips.B.clip, undefined);
    const again = after(model, { type: 'started' }, { type: 'judged', result: RESULT });
    assert.equal(again.clips.A.clip?.hash, CLIPS.A.hash);
  });

  it('does not take for what plays what a change overtook while it was read', () => {
    const changed = { type: 'file', side: 'A', state: 'changed' } as const;
    const model = after(opened(), { type: 'started' }, changed, { type: 'judged', result: RESULT });
    assert.deepEqual([model.phase, model.clips.A.clip], ['done', undefined]);
    assert.equal(model.clips.B.clip?.hash, CLIPS.B.hash);
  });

  it('waits for what is read anew, and goes back to what was read if that is cancelled', () => {
    const started = reduce(judged(), { type: 'started' });
    assert.equal(started.clips.A.clip, undefined);
    assert.equal(show(started).sides.A.clip?.hash, CLIPS.A.hash);
    const cancel = { type: 'stopped', problem: { code: 'cancelled', message: '' } } as const;
    assert.equal(reduce(started, cancel).clips.A.clip?.hash, CLIPS.A.hash);
    const changed = { type: 'file', side: 'A', state: 'changed' } as const;
    const both = after(started, changed, cancel);
    assert.deepEqual([both.clips.A.clip, both.clips.B.clip?.hash], [undefined, CLIPS.B.hash]);
    // The reader asked for it after the change: it is another file, and no one needs to be told.
    const replaced = after(started, { type: 'file', side: 'A', state: 'there' }, cancel);
    assert.equal(replaced.clips.A.clip, undefined);
  });
});
