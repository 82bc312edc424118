import * as assert from 'node:assert/strict';
import type { JudgeStatus } from '../../../src/engine/ports';
import type { ClipBlame } from '../../../src/engine/worker/bench/blame';
import { BenchClips } from '../../../src/engine/worker/bench/clips';
import type { Session } from '../../../src/engine/worker/session';
import { clipRecord, measures } from '../../unit/core/samples';

/** What is held of a clip that the cache knows. */
async function held(encodes: boolean) {
  const known = { record: clipRecord('x.mp4'), measures: measures() };
  const session = {
    hash: () => Promise.resolve('hash'),
    clips: {
      getMeasured: () => Promise.resolve(known),
      get: () => Promise.resolve({ ...known, encoding: new Float32Array(4) }),
    },
  } as unknown as Session;
  const judge = { capabilities: { encodes } } as JudgeStatus;
  const blame = { problemOf: () => undefined } as unknown as ClipBlame;
  const listener = { onAlive: () => undefined, onEncoded: () => undefined };
  const clips = new BenchClips(session, '/root', ['x.mp4'], judge, blame, listener);
  await clips.read(new AbortController().signal);
  return clips.of('x.mp4')!;
}

describe('the clips of a benchmark', () => {
  it('are held with what their judge needs and no curves: there may be ten thousands', async () => {
    const shown = await held(false);
    assert.deepEqual(Object.keys(shown), ['path', 'record', 'times']);
    assert.deepEqual(shown.times, measures().times);
    assert.deepEqual(Object.keys(await held(true)), ['path', 'record', 'encoding']);
  });
});
