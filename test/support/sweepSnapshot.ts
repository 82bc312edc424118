import { CRITERION_IDS } from '../../src/core/rubric';
import {
  cellOf,
  summaryOf,
  type CellIds,
  type Column,
  type Grid,
  type GridClip,
} from '../../src/core/sweep/grid';
import { encodeMarks } from '../../src/core/sweep/marks';
import {
  LEAST_PROMPTS,
  STATISTICS_METHOD,
  type Rate,
  type Regression,
  type SeriesStatistics,
  type SweepStatistics,
} from '../../src/core/sweep/statistics';
import { SERIES, type Series } from '../../src/core/sweep/table';
import type { JudgeInfo } from '../../src/core/verdict';
import type { SweepDiff, SweepState } from '../../src/protocol/sweep';
import type { SweepGridMessage, SweepSnapshot } from '../../src/protocol/sweepPage';

const PROMPTS = [
  'traditional bread, top view',
  'piano hands, close up',
  'rain on a neon street',
  'two guys under a tree',
  'a rabbit in the grass, morning light, shallow depth of field',
  'fireworks over a harbour',
  'camp fire at night',
  'waves on a beach at sunset',
  'a train through snow',
];

export const column = (i: number): Column => ({
  id: `step-${(i + 1) * 1000}`,
  label: `step ${(i + 1) * 1000}`,
  kind: 'step',
  value: (i + 1) * 1000,
});

/** A whole grid, its clips in the order that the contract asks for. */
export function sweepGrid(columns: number, rows: number, over: Partial<Grid> = {}): Grid {
  const seeds = over.seeds ?? [''];
  const clips: GridClip[] = [];
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < columns; c++)
      for (let seed = 0; seed < seeds.length; seed++)
        clips.push({ path: pathAt(c, row, seed), size: 9, mtimeMs: 1, column: c, row, seed });
  return {
    id: 'general',
    title: 'Folders are checkpoints, file names are prompts.',
    pattern: '{checkpoint}/{prompt}_{seed}.mp4',
    columns: Array.from({ length: columns }, (_, i) => column(i)),
    rows: Array.from({ length: rows }, (_, i) => ({
      id: `p${i}`,
      label: PROMPTS[i] ?? `prompt ${i + 1}`,
      prompt: `${PROMPTS[i] ?? `prompt ${i + 1}`}, the whole text`,
    })),
    seeds,
    clips,
    leftovers: [],
    notes: [],
    ...over,
  };
}

/** Of a grid as {@link sweepGrid} makes it. */
export const cellIds = (c: number, row: number): CellIds => ({ column: column(c).id, row: `p${row}` });
export const pathAt = (c: number, row: number, seed = 0): string => `step-${c}/p ${row}#${seed}.mp4`;

export function gridMessage(grid: Grid, over: Partial<SweepGridMessage> = {}): SweepGridMessage {
  return { revision: 1, grid, clipBase: 'http://127.0.0.1/clips', thumbBase: 'http://127.0.0.1/t', ...over };
}

/** Sign of a cell: the same numbers at every run, none on the first column. */
export function signOf(columnIndex: number, row: number, series: number): -1 | 0 | 1 {
  return (((((columnIndex * 7 + row * 5 + series * 3) % 3) + 3) % 3) - 1) as -1 | 0 | 1;
}

function marks(grid: Grid): string {
  const signs = new Float32Array(grid.columns.length * grid.rows.length * SERIES.length).fill(NaN);
  for (let row = 0; row < grid.rows.length; row++)
    for (let c = 1; c < grid.columns.length; c++)
      for (let s = 0; s < SERIES.length; s++)
        signs[cellOf(grid, c, row) * SERIES.length + s] = signOf(c, row, s);
  return encodeMarks(signs);
}

function rate(value: number, prompts: number): Rate {
  const low = Math.max(0, value - 0.11);
  const high = Math.min(1, value + 0.11);
  return { prompts, value, ...(prompts < LEAST_PROMPTS ? {} : { interval: [low, high] }) };
}

function seriesStatistics(grid: Grid, series: Series): SeriesStatistics {
  const s = SERIES.indexOf(series);
  const prompts = grid.rows.length;
  const value = (c: number) => 0.5 + 0.16 * Math.sin(c * 0.9 + s * 1.3) * Math.min(1, c) + 0.01 * s;
  const enough = prompts >= LEAST_PROMPTS;
  const rates = grid.columns.map((_, c) => (c === 0 ? null : rate(value(c), prompts)));
  return {
    againstBaseline: rates,
    againstPrevious: rates.map((r, c) => (r === null ? null : rate(1 - value(c), prompts))),
    ranking: {
      strengths: grid.columns.map((_, c) => ({
        value: c * 0.1 - 0.2,
        ...(enough ? { interval: [c * 0.1 - 0.4, c * 0.1] as [number, number] } : {}),
      })),
      ties: 0.4,
    },
    best: enough ? { columns: [...grid.columns.keys()].slice(1).reverse(), by: 'ranking', thin: [] } : null,
  };
}

export function sweepStatistics(grid: Grid, over: Partial<SweepStatistics> = {}): SweepStatistics {
  const series = Object.fromEntries(SERIES.map((s) => [s, seriesStatistics(grid, s)]));
  return {
    method: STATISTICS_METHOD,
    baseline: 0,
    pairing: 'all',
    pairs: 100,
    unjudged: 0,
    series: series as Record<Series, SeriesStatistics>,
    regressions: [],
    tests: { made: 4 * (grid.columns.length - 1), detectable: 0.79 },
    replicates: 400,
    ...over,
  };
}

export function regression(over: Partial<Regression> = {}): Regression {
  return {
    of: 'VF',
    column: 1,
    previous: 0,
    worse: [1, 3],
    better: [0],
    ties: 2,
    p: 0.003,
    adjusted: 0.012,
    detectable: 0.8,
    ...over,
  };
}

export function sweepState(grid: Grid, over: Partial<SweepState> = {}): SweepState {
  const pairs =
    grid.rows.length * grid.seeds.length * ((grid.columns.length * (grid.columns.length - 1)) / 2);
  return {
    gridRevision: 1,
    judge: JUDGE,
    device: 'cpu',
    pairs: { total: pairs, judged: pairs },
    clips: { total: grid.clips.length, encoded: grid.clips.length },
    broken: [],
    waiting: [],
    marks: { previous: marks(grid), baseline: marks(grid) },
    hashes: grid.clips.map(() => ''),
    statistics: sweepStatistics(grid),
    votes: [],
    agreement: null,
    kept: { dir: '.aesrm', created: false },
    notes: [],
    ...over,
  };
}

const JUDGE: JudgeInfo = {
  id: 'compact',
  name: 'Compact judge',
  version: '0.1.0',
  hash: 'ab12'.repeat(16),
  kind: 'compact',
  capabilities: { symmetric: true, streaming: false, encodes: true, reasons: true },
};

export function sweepSnapshot(grid: Grid | undefined, over: Partial<SweepSnapshot> = {}): SweepSnapshot {
  return {
    revision: 1,
    name: 'wan-lora-run7',
    folder: 'samples/wan-lora-run7',
    phase: 'done',
    grids: grid ? [summaryOf(grid)] : [],
    ...(grid ? { grid: grid.id, state: sweepState(grid) } : {}),
    pairing: 'all',
    judge: {
      ...JUDGE,
      device: 'cpu',
      agreement: [
        { set: 'FETV', labelKind: 'human_rating_3_annotators', pairs: 310, accuracy: 0.68, ci: [0.63, 0.73] },
      ],
    },
    reviewer: 'me',
    ...over,
  };
}

export function sweepDiff(earlier: number, later: number): SweepDiff {
  return {
    earlier,
    later,
    criteria: CRITERION_IDS.map((id, i) => ({
      id,
      better: i,
      ties: 2,
      worse: 15 - i,
      rate: rate((i + 1) / 17, 17),
      worseRows: i < 12 ? [2, 0].slice(0, i < 6 ? 2 : 1) : [],
    })),
  };
}

/** A sweep of five columns and nine rows or more with two regressions, and with votes of two people. */
export function regressedSweep(grid: Grid): SweepSnapshot {
  return sweepSnapshot(grid, {
    state: sweepState(grid, {
      statistics: sweepStatistics(grid, {
        regressions: [
          regression({ column: 2, previous: 1, worse: [6, 2] }),
          regression({ of: 'VA', column: 4 }),
        ],
      }),
      votes: [
        { earlier: 2, later: 3, row: 5, seed: 0, by: 'me', overall: 1, judge: -1 },
        { earlier: 2, later: 3, row: 4, seed: 0, by: 'me', overall: 1, judge: 1 },
        { earlier: 2, later: 3, row: 7, seed: 0, by: 'someone', overall: 1, judge: -1 },
      ],
    }),
  });
}
