import type { ClipMeasures, MeasureId } from './measures';
import { frameAt, frameInterval } from './plan';

/** The frames that two clips show at one time; `t` in seconds from the first frame. */
export interface SharedPoint {
  t: number;
  /** Indices into each clip's `times`. */
  a: number;
  b: number;
}

/** Two clips' frames on one grid of seconds, over the time that both were measured. */
export interface Alignment {
  /** Grid step: the shorter frame interval of the two, seconds. */
  step: number;
  /** End of the shorter clip, seconds. */
  end: number;
  points: SharedPoint[];
  /** Frame intervals differ by more than a tenth. */
  ratesDiffer: boolean;
}

/** No frame for longer than this, seconds: the time between was not measured (a long clip is measured in windows). */
const GAP = 1;

interface Track {
  times: readonly number[];
  interval: number;
  end: number;
}

function track(m: ClipMeasures): Track {
  const interval = frameInterval(m.times);
  return { times: m.times, interval, end: (m.times.at(-1) ?? 0) + interval };
}

/** The measured frame on screen at `t`, or -1 in a gap. */
function measuredFrame({ times, interval }: Track, t: number): number {
  const i = frameAt(times, t);
  const start = times[i];
  if (start === undefined || t < start - 1e-6) return -1;
  const hold = (times[i + 1] ?? start + interval) - start;
  const shown = hold > Math.max(GAP, 3 * interval) ? interval : hold;
  return t < start + shown + 1e-6 ? i : -1;
}

/** Puts two clips on a common grid; clips of different rate or length share the time up to the shorter one's end. */
export function align(a: ClipMeasures, b: ClipMeasures): Alignment {
  const [x, y] = [track(a), track(b)];
  const step = Math.min(x.interval, y.interval);
  const end = Math.min(x.end, y.end);
  const points: SharedPoint[] = [];
  for (let k = 0; (k + 0.5) * step < end; k++) {
    // Asked in the middle of a step, so that rounding of time stamps moves nothing.
    const middle = (k + 0.5) * step;
    const [i, j] = [measuredFrame(x, middle), measuredFrame(y, middle)];
    if (i >= 0 && j >= 0) points.push({ t: k * step, a: i, b: j });
  }
  return { step, end, points, ratesDiffer: Math.abs(x.interval - y.interval) > 0.1 * step };
}

/** One measure of both clips at the shared times; points without a value on either side are left out. */
export interface SharedSeries {
  t: number[];
  a: number[];
  b: number[];
}

export function sharedSeries(
  { points }: Alignment,
  a: ClipMeasures,
  b: ClipMeasures,
  measure: MeasureId,
): SharedSeries {
  const out: SharedSeries = { t: [], a: [], b: [] };
  for (const p of points) {
    const [x, y] = [a.series[measure]?.[p.a], b.series[measure]?.[p.b]];
    if (!isNumber(x) || !isNumber(y)) continue;
    out.t.push(p.t);
    out.a.push(x);
    out.b.push(y);
  }
  return out;
}

/** Values that did not survive a wire (NaN becomes null in JSON) are no values. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length;
}
