import * as assert from 'node:assert/strict';
import type { SweepSession } from '../../../../src/host/sweep/session';
import { Stills } from '../../../../src/host/sweep/stills';

/** A session whose stills are made when `answer` says so. */
function session() {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const made = {
    view: { gridRevision: 1 },
    clip: (index: number) => ({ fsPath: `${made.view.gridRevision}/${index}` }),
    engine: {
      thumbnail: (path: string) => {
        asked.push(path);
        return new Promise((resolve) => waiting.push(() => resolve({ path: '', hash: path })));
      },
    },
  };
  const answer = async () => {
    for (const go of waiting.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { made, asked, answer, session: made as unknown as SweepSession };
}

describe('host: stills of a sweep', () => {
  it('come in bunches, each clip once', async () => {
    const { session: of, answer, asked } = session();
    const told: unknown[] = [];
    const stills = new Stills(of, (revision, made) => told.push([revision, made.map(({ clip }) => clip)]));
    stills.want([3, 4]);
    stills.want([4, 5]);
    await answer();
    await answer();
    await new Promise((resolve) => setTimeout(resolve, 150));
    stills.dispose();
    assert.deepEqual(asked, ['1/3', '1/4', '1/5']);
    assert.deepEqual(told, [[1, [3, 4, 5]]]);
  });

  it('of a grid that has changed meanwhile are not taken for those of the new one', async () => {
    const { session: of, made, answer, asked } = session();
    const told: unknown[] = [];
    const stills = new Stills(of, (revision, found) => told.push([revision, found]));
    stills.want([3, 4, 5]);
    made.view.gridRevision = 2;
    stills.want([7]);
    await answer();
    await answer();
    await new Promise((resolve) => setTimeout(resolve, 150));
    stills.dispose();
    assert.deepEqual(asked, ['1/3', '1/4', '2/7']);
    assert.deepEqual(told, [[2, [{ clip: 7, hash: '2/7' }]]]);
  });
});
