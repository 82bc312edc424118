import { align, isNumber, sharedSeries } from '../../src/core/align';
import { type ClipMeasures, type MeasureId } from '../../src/core/measures';
import type { Side } from '../../src/core/pair';
import { frameAt, frameInterval } from '../../src/core/plan';
import type { CriterionId } from '../../src/core/rubric';
import { PER_STEP, visibleStep, WITNESSES } from '../../src/core/witnesses';
import type { PanelSnapshot } from '../../src/protocol/panel';

/** Curves are drawn in a box of this many units, whatever its size on the screen. */
export const CURVE_WIDTH = 1000;
export const CURVE_HEIGHT = 100;

/** More points than the screen has pixels are thinned, keeping each column's extremes. */
const COLUMNS = 900;

export interface Curve {
  path: string;
  /** The measure's value at a time, for the readout. */
  at(time: number): number | undefined;
}

export interface MeasureCurves {
  low: number;
  high: number;
  sides: Partial<Record<Side, Curve>>;
}

/** Both sides' curves of one measure, on one scale. Undefined where neither was measured. */
export function measureCurves(
  sides: PanelSnapshot['sides'],
  id: MeasureId,
  total: number,
): MeasureCurves | undefined {
  const a = points(sides.A.measures, id);
  const b = points(sides.B.measures, id);
  const values = [...a, ...b].map(([, v]) => v);
  if (values.length === 0 || total <= 0) return undefined;
  const low = values.reduce((x, y) => Math.min(x, y));
  const high = values.reduce((x, y) => Math.max(x, y));
  const curve = (list: Point[]): Curve => ({
    path: path(list, total, low, high),
    at: (time) => valueAt(list, time),
  });
  return {
    low,
    high,
    sides: { ...(a.length > 0 && { A: curve(a) }), ...(b.length > 0 && { B: curve(b) }) },
  };
}

type Point = readonly [number, number];

function points(measures: ClipMeasures | undefined, id: MeasureId): Point[] {
  return (measures?.times ?? []).flatMap((t, i): Point[] => {
    const value = measures?.series[id]?.[i];
    return isNumber(value) ? [[t, value]] : [];
  });
}

function valueAt(list: readonly Point[], time: number): number | undefined {
  return list[
    frameAt(
      list.map(([t]) => t),
      time,
    )
  ]?.[1];
}

function path(list: readonly Point[], total: number, low: number, high: number): string {
  const span = high - low || 1;
  const pad = 6;
  const x = (t: number) => ((t / total) * CURVE_WIDTH).toFixed(1);
  // A flat curve lies in the middle.
  const y = (v: number) =>
    (high === low
      ? CURVE_HEIGHT / 2
      : CURVE_HEIGHT - pad - ((v - low) / span) * (CURVE_HEIGHT - 2 * pad)
    ).toFixed(1);
  const gap = 3 * frameInterval(list.map(([t]) => t)) + 1e-6;
  let before = -Infinity;
  return thinned(list)
    .map(([t, v]) => {
      const pen = t - before > Math.max(gap, total / 50) ? 'M' : 'L';
      before = t;
      return `${pen}${x(t)} ${y(v)}`;
    })
    .join('');
}

function thinned(list: readonly Point[]): readonly Point[] {
  if (list.length <= COLUMNS) return list;
  const per = Math.ceil(list.length / (COLUMNS / 2));
  const out: Point[] = [];
  for (let i = 0; i < list.length; i += per) {
    const part = list.slice(i, i + per);
    const least = part.reduce((x, y) => (y[1] < x[1] ? y : x));
    const most = part.reduce((x, y) => (y[1] > x[1] ? y : x));
    out.push(...[least, most].sort((x, y) => x[0] - y[0]));
  }
  return out;
}

/** How far the clips are apart over time: the sum of all measures' differences, in visible steps. */
export function differenceCurve(sides: PanelSnapshot['sides'], total: number): Curve | undefined {
  const { A, B } = { A: sides.A.measures, B: sides.B.measures };
  if (!A || !B || total <= 0) return undefined;
  const alignment = align(A, B);
  const sums = new Map<number, number>();
  const witnessed = new Set(Object.values(WITNESSES).flatMap((list) => list.map((w) => w.measure)));
  for (const id of witnessed) {
    if (alignment.ratesDiffer && PER_STEP.has(id)) continue;
    const s = sharedSeries(alignment, A, B, id);
    s.t.forEach((t, i) => {
      const [a, b] = [s.a[i] ?? 0, s.b[i] ?? 0];
      // One measure alone may not drown the others.
      const steps = Math.min(5, Math.abs(a - b) / visibleStep(id, a, b));
      sums.set(t, (sums.get(t) ?? 0) + steps);
    });
  }
  const list = [...sums].sort((x, y) => x[0] - y[0]);
  if (list.length === 0) return undefined;
  const high = list.reduce((most, [, v]) => Math.max(most, v), 0);
  return { path: path(list, total, 0, high || 1), at: (time) => valueAt(list, time) };
}

/** The measures shown for a criterion: what the chosen evidence speaks of first, then its other witnesses. */
export function measuresOf(
  id: CriterionId | undefined,
  evidence: readonly (MeasureId | undefined)[],
): MeasureId[] {
  const named = evidence.filter((m) => m !== undefined);
  const usual = id ? WITNESSES[id].map((w) => w.measure) : [];
  const fallback: MeasureId[] = id ? [] : ['sharpness', 'brightness'];
  return [...new Set([...named, ...usual, ...fallback])].slice(0, 2);
}
