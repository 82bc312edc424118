import assert from 'node:assert/strict';
import { previewPattern } from '../../../../src/core/sweep/grid/preview';
import { recognise } from '../../../../src/core/sweep/grid/recognise';

describe('previewing a pattern', () => {
  const files = ['a', 'b'].flatMap((step) =>
    ['x_1', 'x_2', 'y_1'].map((name) => ({ path: `run/${step}/${name}.mp4`, size: 1, mtimeMs: 0 })),
  );
  files.push({ path: 'run/odd.mp4', size: 1, mtimeMs: 0 }, { path: 'run/a/notes.txt', size: 1, mtimeMs: 0 });
  const [grid] = recognise(files).grids;

  it('counts what it would make, as a look through the folder then does', () => {
    const pattern = 'run/{checkpoint}/{prompt}_{seed}.mp4';
    const found = previewPattern(grid!, pattern);
    assert.ok(typeof found !== 'string');
    const { columns, rows, seeds, clips, holes, leftovers } = found;
    assert.deepEqual(
      { columns, rows, seeds, clips, holes, leftovers },
      {
        columns: 2,
        rows: 2,
        seeds: 2,
        clips: 6,
        holes: 0,
        leftovers: 1,
      },
    );
    const [made] = recognise(files, { pattern }).grids;
    assert.deepEqual([made!.clips.length, made!.leftovers.length], [clips, leftovers]);
  });

  it('says what is wrong', () => {
    assert.match(String(previewPattern(grid!, 'run/{checkpoint}/x.mp4')), /no \{prompt\}/);
    assert.match(String(previewPattern(grid!, 'else/{checkpoint}/{prompt}.mp4')), /fits no clip/);
  });
});
