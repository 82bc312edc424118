import * as assert from 'node:assert/strict';
import type { Grid, GridClip } from '../../../../src/core/sweep/grid';
import { encodeMarks } from '../../../../src/core/sweep/marks';
import type { Rate } from '../../../../src/core/sweep/statistics';
import { SERIES } from '../../../../src/core/sweep/table';
import { cellFacts, clipIndex, rowsOf, sparkline, trendOf } from '../../../../src/host/sweep/facts';
import { referenceAfter, stepFrom, type Walk } from '../../../../src/host/sweep/steps';
import type { SweepStep } from '../../../../src/protocol/panel';
import type { SweepState } from '../../../../src/protocol/sweep';
import type { PairOfCells } from '../../../../src/protocol/sweepPage';

const COLUMNS = 4;
const ROWS = 3;
const HOLE = { column: 2, row: 1 };

function grid(): Grid {
  const clips: GridClip[] = [];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++)
      if (column !== HOLE.column || row !== HOLE.row)
        clips.push({ path: `${column}/${row}.mp4`, size: 1, mtimeMs: 0, column, row, seed: 0 });
  return {
    id: 'general',
    title: '',
    columns: Array.from({ length: COLUMNS }, (_, i) => ({ id: `${i}`, label: `step ${i}`, kind: 'step' })),
    rows: Array.from({ length: ROWS }, (_, i) => ({ id: `${i}`, label: `prompt ${i}` })),
    seeds: [''],
    clips,
    leftovers: [],
    notes: [],
  };
}

/** Column 3 got worse on rows 0 and 2; ann disagrees with the judge on row 2. */
function state(): SweepState {
  const signs = new Float32Array(COLUMNS * ROWS * SERIES.length).fill(NaN);
  const set = (column: number, row: number, sign: number) =>
    (signs[(row * COLUMNS + column) * SERIES.length] = sign);
  set(3, 0, -1);
  set(3, 1, 1);
  set(3, 2, -1);
  const regression = { of: 'overall', column: 3, previous: 2, worse: [2, 0], better: [], ties: 0 };
  const vote = { earlier: 2, later: 3, row: 2, seed: 0, by: 'ann', overall: 1, judge: -1 };
  return {
    broken: [],
    waiting: [],
    marks: { previous: encodeMarks(signs), baseline: '' },
    statistics: { regressions: [regression] },
    votes: [vote, { ...vote, by: 'bob', overall: -1 }],
  } as unknown as SweepState;
}

function walk(): Walk {
  const g = grid();
  return { grid: g, state: state(), clips: clipIndex(g), baseline: 0, reference: undefined, reviewer: 'ann' };
}

const at = (earlier: number, later: number, row: number) => ({ earlier, later, row, seed: 0 });

describe('steps through a sweep', () => {
  it('go to the next checkpoint, its neighbour beside it, over a hole', () => {
    assert.deepEqual(stepFrom(walk(), at(0, 1, 0), 'nextCheckpoint'), at(1, 2, 0));
    assert.deepEqual(stepFrom(walk(), at(0, 1, 1), 'nextCheckpoint'), at(1, 3, 1));
    assert.deepEqual(stepFrom(walk(), at(1, 3, 1), 'previousCheckpoint'), at(0, 1, 1));
  });

  it('keep the baseline where the pair was opened against it', () => {
    assert.deepEqual(stepFrom(walk(), at(0, 2, 0), 'nextCheckpoint'), at(0, 3, 0));
  });

  const along = (baseline: number, from: PairOfCells, steps: readonly SweepStep[]) => {
    let [pair, reference]: [PairOfCells | undefined, Walk['reference']] = [from, undefined];
    return steps.map((to) => {
      const here: Walk = { ...walk(), baseline, reference };
      const next: PairOfCells | undefined = pair && stepFrom(here, pair, to);
      if (pair && next) reference = referenceAfter(here, pair, to, next);
      pair = next;
      return next && [next.earlier, next.later];
    });
  };
  const [on, back] = ['nextCheckpoint', 'previousCheckpoint'] as const;

  it('stay against the baseline, there and back, also beside it', () => {
    assert.deepEqual(along(0, at(0, 3, 0), [back, back, on, on, on]), [
      [0, 2],
      [0, 1],
      [0, 2],
      [0, 3],
      undefined,
    ]);
    assert.deepEqual(
      along(0, at(0, 2, 0), [back, 'nextPrompt', on]),
      [
        [0, 1],
        [0, 1],
        [0, 3],
      ],
      'over a hole',
    );
    assert.deepEqual(along(3, at(0, 3, 0), [on, on, back, on, on]), [
      [1, 3],
      [2, 3],
      [1, 3],
      [2, 3],
      undefined,
    ]);
  });

  it('go over a baseline that lies between', () => {
    assert.deepEqual(along(1, at(1, 3, 0), [back, back, back]), [[1, 2], [0, 1], undefined]);
    assert.deepEqual(along(2, at(0, 2, 0), [on, on, back, back]), [
      [1, 2],
      [2, 3],
      [1, 2],
      [0, 2],
    ]);
  });

  it('are from neighbour to neighbour again after a step to what got worse', () => {
    assert.deepEqual(along(2, at(0, 2, 0), ['nextRegression', back, back]), [
      [2, 3],
      [1, 2],
      [0, 1],
    ]);
  });

  it('of neighbours go by what these are meant against, where that is known', () => {
    const against = (reference: Walk['reference']) => stepFrom({ ...walk(), reference }, at(0, 1, 0), on);
    assert.deepEqual(against('baseline'), at(0, 2, 0));
    assert.deepEqual([against('previous'), against(undefined)], [at(1, 2, 0), at(1, 2, 0)]);
    assert.deepEqual(stepFrom({ ...walk(), reference: 'previous' }, at(0, 2, 0), on), at(2, 3, 0));
  });

  it('end at the ends', () => {
    assert.equal(stepFrom(walk(), at(2, 3, 0), 'nextCheckpoint'), undefined);
    assert.equal(stepFrom(walk(), at(0, 1, 0), 'previousCheckpoint'), undefined);
    assert.equal(stepFrom(walk(), at(0, 1, 2), 'nextPrompt'), undefined);
  });

  it('go to the next prompt that has both clips', () => {
    assert.deepEqual(stepFrom(walk(), at(1, 2, 0), 'nextPrompt'), at(1, 2, 2));
    assert.deepEqual(stepFrom(walk(), at(1, 2, 2), 'previousPrompt'), at(1, 2, 0));
  });

  it('go to what got worse, and back', () => {
    assert.deepEqual(stepFrom(walk(), at(0, 1, 0), 'nextRegression'), at(2, 3, 0));
    assert.deepEqual(stepFrom(walk(), at(2, 3, 0), 'nextRegression'), at(2, 3, 2));
    assert.deepEqual(stepFrom(walk(), at(2, 3, 2), 'previousRegression'), at(2, 3, 0));
  });

  it("go to one's own disagreements with the judge, not to others'", () => {
    assert.deepEqual(stepFrom(walk(), at(0, 1, 0), 'nextDisagreement'), at(2, 3, 2));
    assert.equal(stepFrom({ ...walk(), reviewer: 'bob' }, at(0, 1, 0), 'nextDisagreement'), undefined);
  });
});

describe('what the tree says of a sweep', () => {
  it('draws win rates as text', () => {
    const rate = (value: number): Rate => ({ prompts: 9, value });
    assert.equal(sparkline([null, rate(0), rate(0.5), rate(1)], 3), '▁▅█');
    assert.equal(sparkline([rate(0), null, rate(1)], 2), '▁·█');
    assert.equal(sparkline([null, rate(1)], 1), '', 'one bar is no line');
    assert.equal(sparkline([rate(1), null], 1), '');
  });

  it('draws the last of a long run only', () => {
    const rates = Array.from({ length: 200 }, (_, i): Rate => ({ prompts: 9, value: i < 150 ? 0 : 1 }));
    assert.equal(sparkline(rates, 199), '█'.repeat(12));
    assert.equal(sparkline(rates, 151), `${'▁'.repeat(10)}██`);
  });

  it('names a trend only where the interval leaves one half', () => {
    const rate = (low: number, high: number): Rate => ({ prompts: 9, value: 0.6, interval: [low, high] });
    assert.equal(trendOf(rate(0.51, 0.7)), 'up');
    assert.equal(trendOf(rate(0.45, 0.7)), 'level');
    assert.equal(trendOf(rate(0.2, 0.49)), 'down');
    assert.equal(trendOf({ prompts: 5, value: 0.9 }), undefined);
    assert.equal(trendOf(null), undefined);
  });

  it('keeps hole, broken and waiting apart, with reason and own vote', () => {
    const g = grid();
    const at = (column: number, row: number) =>
      g.clips.findIndex((clip) => clip.column === column && clip.row === row);
    const problem = { code: 'truncated', message: 'It ends early.' } as const;
    const s = { ...state(), broken: [{ clip: at(1, 0), problem }], waiting: [at(1, 2)] };
    assert.deepEqual(cellFacts(g, s, HOLE.column, HOLE.row, 'ann'), { kind: 'hole' });
    assert.deepEqual(cellFacts(g, s, 1, 0, 'ann'), { kind: 'broken', problem });
    assert.deepEqual(cellFacts(g, s, 1, 2, 'ann'), { kind: 'waiting' });
    assert.equal(cellFacts(g, s, 3, 2, 'ann').vote?.overall, 1);
    assert.equal(cellFacts(g, s, 3, 2, 'bob').vote?.overall, -1);
    assert.deepEqual(cellFacts(g, s, 3, 1, 'ann'), { kind: 'whole' });
  });

  it('shows the vote on the pair that a cell opens, and keeps those on other seeds and columns apart', () => {
    const second = grid().clips.map((clip) => ({ ...clip, seed: 1 }));
    const two = { ...grid(), seeds: ['1', '2'], clips: [...grid().clips, ...second] };
    const [own, bobs] = state().votes;
    const [otherSeed, otherColumn] = [
      { ...own!, seed: 1, overall: -1 as const },
      { ...own!, earlier: 0, overall: 0 as const },
    ];
    const facts = (votes: SweepState['votes']) => {
      const { vote, otherVotes } = cellFacts(two, { ...state(), votes }, 3, 2, 'ann');
      return [vote, otherVotes];
    };
    assert.deepEqual(facts([own!, otherSeed, otherColumn, bobs!]), [own, [otherSeed, otherColumn]]);
    assert.deepEqual(facts([otherSeed]), [undefined, [otherSeed]]);
  });

  it('lists a prompt among the holes where one seed of two is missing', () => {
    const g = { ...grid(), seeds: ['1', '2'] };
    const second = g.clips.filter(({ column }) => column !== 0).map((clip) => ({ ...clip, seed: 1 }));
    const two = { ...g, clips: [...g.clips, ...second] };
    const holes = (column: number) =>
      rowsOf(two, state(), column, { filter: 'holes', sort: 'found', by: 'ann' });
    assert.deepEqual([holes(0), holes(1), holes(2)], [[0, 1, 2], [], [1]]);
  });

  it('filters and sorts prompts', () => {
    const rows = (
      filter: 'all' | 'regressions' | 'holes' | 'disagreements' | 'votes',
      sort: 'found' | 'worst',
      column: number,
    ) => rowsOf(grid(), state(), column, { filter, sort, by: 'ann' });
    assert.deepEqual(rows('all', 'worst', 3), [0, 2, 1]);
    assert.deepEqual(rows('regressions', 'found', 3), [0, 2]);
    assert.deepEqual(rows('holes', 'found', 2), [1]);
    assert.deepEqual(rows('disagreements', 'found', 3), [2]);
    assert.deepEqual(rows('votes', 'found', 3), [2]);
    assert.deepEqual(rows('votes', 'found', 2), []);
  });
});
