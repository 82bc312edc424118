import * as assert from 'node:assert/strict';
import { COMPACT } from '../../../src/core/judgeSpec';
import type { Engine } from '../../../src/engine/client';
import { Judging } from '../../../src/host/panel/judging';
import { reduce, type PanelEvent } from '../../../src/host/panel/model';
import { measures } from '../core/samples';
import { CLIPS, opened, RESULT } from './builders';

/** The panel's model after a verdict from the log without curves, where side A's file now has that hash. */
async function recovered(hash: string) {
  let model = opened();
  const engine = {
    compare: () => Promise.resolve({ ...RESULT, fromLog: true, measures: { B: measures() } }),
    inspect: () => Promise.resolve({ clip: { ...CLIPS.A, hash }, measures: measures() }),
  } as unknown as Engine;
  const request = { path: '/ws/walk.mp4', name: 'walk.mp4' };
  await new Judging({
    engine: () => engine,
    clips: { A: request, B: request },
    prompt: () => undefined,
    judge: () => COMPACT,
    home: () => null,
    kept: () => undefined,
    dispatch: (event: PanelEvent) => (model = reduce(model, event)),
    log: () => undefined,
  }).run(false);
  return model;
}

describe('host: a verdict without its curves', () => {
  it('gets those of the content that was judged, and of no other', async () => {
    assert.ok((await recovered(RESULT.verdict.a.hash)).clips.A.measures);
    const other = await recovered('other');
    assert.equal(other.clips.A.measures, undefined);
    assert.equal(other.recovering, false);
  });
});
