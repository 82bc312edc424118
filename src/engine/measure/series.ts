import { MEASURE_IDS, type ClipMeasures, type MeasureId } from '../../core/measures';
import type { FrameRow } from './frame';
import { PALETTE_BINS } from './luma';

/** Frames in a row, without a gap. */
export interface MeasuredRun {
  times: readonly number[];
  rows: readonly FrameRow[];
}

/** Mean absolute difference to the frame before, in levels, under which a frame repeats it. */
const REPEAT_LEVELS = 0.02;
/**
 * A codec leaves traces in frames that were repeated before it: they differ by under this share of what goes on
 * around them, where that is a motion of this many levels at least. It goes on within so many frames before and
 * after: a motion that begins or ends, and a cut between stills, hold no frame.
 */
const HELD = { share: 0.08, reach: 6, levels: 1.3 };

type Series = Record<MeasureId, number[]>;

/** All measures of a clip from its runs of frames: one for a clip decoded whole, one for each window of a long one. */
export function assembleMeasures(runs: readonly MeasuredRun[]): ClipMeasures {
  const palette = meanPalette(runs.flatMap((run) => run.rows));
  const series = Object.fromEntries(MEASURE_IDS.map((id) => [id, [] as number[]])) as Series;
  for (const run of runs) {
    const own = seriesOf(run.rows, palette);
    for (const id of MEASURE_IDS) series[id].push(...own[id].map(finite));
  }
  return { times: runs.flatMap((run) => [...run.times]), series };
}

/** Four decimals are finer than any measure is, and short on the wire. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e4) / 1e4 : 0;
}

function seriesOf(rows: readonly FrameRow[], palette: Float64Array): Series {
  const of = (pick: (row: FrameRow) => number) => rows.map(pick);
  return {
    brightness: of((r) => r.brightness),
    contrast: of((r) => r.contrast),
    shadows: of((r) => r.shadows),
    highlights: of((r) => r.highlights),
    saturation: of((r) => r.saturation),
    warmth: of((r) => r.warmth),
    palette: of((r) => paletteDistance(r.palette, palette)),
    sharpness: of((r) => r.sharpness),
    noise: of((r) => r.noise),
    detail: of((r) => r.detail),
    inFocus: of((r) => r.inFocus),
    flicker: flicker(rows),
    change: sinceBefore(rows, 1, (r) => percent(r.motion?.difference)),
    residual: sinceBefore(rows, 1, (r) => percent(r.motion?.residual)),
    shake: sinceBefore(rows, 2, shake),
    repeat: repeats(rows.map((r) => r.motion?.difference)),
    weightX: of((r) => r.weightX),
    weightY: of((r) => r.weightY),
    symmetry: of((r) => r.symmetry),
  };
}

/** Of each frame, by its difference to the one before: 1 where it repeats that one, else 0. */
function repeats(differences: readonly (number | undefined)[]): number[] {
  const isHeld = (difference: number, i: number) => {
    const most = (from: number, to: number) => Math.max(0, ...differences.slice(from, to).map((d) => d ?? 0));
    const going = Math.min(most(Math.max(0, i - HELD.reach), i), most(i + 1, i + 1 + HELD.reach));
    return going >= HELD.levels && difference < HELD.share * going;
  };
  return differences.map((d, i) => (d !== undefined && (d < REPEAT_LEVELS || isHeld(d, i)) ? 1 : 0));
}

function percent(levels: number | undefined): number {
  return ((levels ?? 0) / 255) * 100;
}

/**
 * A measure against the frames before. The first frames, which have too few before them, take the value of the
 * first that has enough; 0 where none has.
 */
function sinceBefore(
  rows: readonly FrameRow[],
  needs: number,
  measure: (row: FrameRow, before: FrameRow) => number,
): number[] {
  const values = rows.slice(needs).map((row, i) => measure(row, rows[i + needs - 1] as FrameRow));
  const first = values[0] ?? 0;
  return [...new Array<number>(Math.min(needs, rows.length)).fill(first), ...values];
}

function shake(row: FrameRow, before: FrameRow): number {
  const dx = (row.motion?.dx ?? 0) - (before.motion?.dx ?? 0);
  const dy = (row.motion?.dy ?? 0) - (before.motion?.dy ?? 0);
  return (Math.hypot(dx, dy) / row.width) * 100;
}

/** The first and the last frame take their neighbour's value: against one neighbour alone a fade would flicker. */
function flicker(rows: readonly FrameRow[]): number[] {
  const inner = rows.slice(1, -1).map((row, i) => {
    const neighbours = ((rows[i]?.mean ?? 0) + (rows[i + 2]?.mean ?? 0)) / 2;
    return percent(Math.abs(row.mean - neighbours));
  });
  if (inner.length === 0) return rows.map(() => 0);
  return [inner[0] ?? 0, ...inner, inner.at(-1) ?? 0];
}

function meanPalette(rows: readonly FrameRow[]): Float64Array {
  const mean = new Float64Array(PALETTE_BINS);
  for (const row of rows)
    row.palette.forEach((share, bin) => (mean[bin] = (mean[bin] ?? 0) + share / rows.length));
  return mean;
}

function paletteDistance(palette: Float32Array, mean: Float64Array): number {
  let sum = 0;
  palette.forEach((share, bin) => (sum += Math.abs(share - (mean[bin] ?? 0))));
  return (sum / 2) * 100;
}
