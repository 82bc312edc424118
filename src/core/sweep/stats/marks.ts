import { encodeMarks, type Marks } from '../marks';
import type { StatisticsInput } from '../statistics';
import { SERIES } from '../table';
import { gatherCells, meanSign, previousColumns, type PairCells } from './cells';

/**
 * The marks of every cell (`row * columns + column`) against the column before it and against the baseline. A mark
 * always speaks of its own column, also of one that lies before the baseline.
 */
export function sweepMarks(input: StatisticsInput): { previous: Marks; baseline: Marks } {
  const cells = gatherCells(input);
  return {
    previous: marksAgainst(cells, previousColumns(cells)),
    baseline: marksAgainst(cells, new Array<number>(input.columns).fill(input.baseline)),
  };
}

function marksAgainst(cells: PairCells, references: readonly (number | null)[]): Marks {
  const signs = new Float32Array(cells.rows * cells.columns * SERIES.length).fill(NaN);
  references.forEach((reference, column) => {
    if (reference === null) return;
    for (let row = 0; row < cells.rows; row++) {
      const at = (row * cells.columns + column) * SERIES.length;
      cells.series.forEach((of, s) => (signs[at + s] = meanSign(of, column, reference, row)));
    }
  });
  return encodeMarks(signs);
}
