import { SERIES, type Series } from './table';

/**
 * The verdict of every cell against another column, two hex digits per cell: two bits per series, the overall lowest:
 * 0 not judged, 1 worse, 2 tie, 3 better. Seeds of a cell are averaged; the sign of the mean counts.
 */
export type Marks = string;

export type Mark = -1 | 0 | 1 | null;

/** @param signs by cell and series ({@link SERIES}): mean sign of the cell, NaN where nothing was judged */
export function encodeMarks(signs: Float32Array): Marks {
  const cells = signs.length / SERIES.length;
  let marks = '';
  for (let cell = 0; cell < cells; cell++) {
    let bits = 0;
    for (let s = 0; s < SERIES.length; s++) {
      const sign = signs[cell * SERIES.length + s]!;
      if (!Number.isNaN(sign)) bits |= (Math.sign(sign) + 2) << (2 * s);
    }
    marks += (bits < 16 ? '0' : '') + bits.toString(16);
  }
  return marks;
}

export function markOf(marks: Marks, cell: number, series: Series): Mark {
  const bits = parseInt(marks.slice(2 * cell, 2 * cell + 2), 16);
  const code = (bits >> (2 * SERIES.indexOf(series))) & 3;
  return code === 0 || Number.isNaN(bits) ? null : ((code - 2) as Mark);
}
