import * as assert from 'node:assert/strict';
import type { SweepSession } from '../../../../src/host/sweep/session';
import { Stills } from '../../../../src/host/sweep/stills';

/** A session whose stills are made when `answer` says so. */
function session() {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const made = {
    view: { gridRevision: 1 },
    uriOf: (path: string) => ({ fsPath: path }),
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
  const bunch = () => new Promise((resolve) => setTimeout(resolve, 150));

  it('come in bunches, the latest wish first', async () => {
    const { session: of, answer, asked } = session();
    const told: unknown[] = [];
    const stills = new Stills(of, (revision, made) => told.push([revision, made.map(({ clip }) => clip)]));
    stills.want(['a', 'b', 'c', 'd']);
    stills.want(['e', 'd']);
    for (let i = 0; i < 3; i++) await answer();
    await bunch();
    stills.dispose();
    assert.deepEqual(asked, ['a', 'b', 'e', 'd', 'c']);
    assert.deepEqual(told, [[1, ['a', 'b', 'e', 'd', 'c']]]);
  });

  it('that were begun for another grid are not told; those wanted come though the grid has changed', async () => {
    const { session: of, made, answer, asked } = session();
    const told: unknown[] = [];
    const stills = new Stills(of, (revision, found) => told.push([revision, found.map(({ clip }) => clip)]));
    stills.want(['a', 'b', 'c']);
    made.view.gridRevision = 2;
    await answer();
    await answer();
    await bunch();
    stills.dispose();
    assert.deepEqual(asked, ['a', 'b', 'c']);
    assert.deepEqual(told, [[2, ['c']]]);
  });

  it('come again for a page that was loaded anew, or shows the next grid only now', async () => {
    const { session: of, answer } = session();
    const told: unknown[] = [];
    const stills = new Stills(of, (_, made) => told.push(made.map(({ clip }) => clip)));
    for (let i = 0; i < 2; i++) {
      stills.want(['a']);
      await answer();
      await bunch();
    }
    stills.dispose();
    assert.deepEqual(told, [['a'], ['a']]);
  });
});
