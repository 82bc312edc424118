import data from './framePlan.json';

/** How frames are taken from a clip. One data file, read by the engine and by the training alike. */
export interface FramePlan {
  id: string;
  /** Sampled positions, uniform, each in the middle of its interval. */
  samples: number;
  /** Adjacent frames taken at each position; the middle one is the frame shown at that time, but for the clip's ends. */
  burst: number;
  /** Longest side of the analysed frames, pixels. */
  longSide: number;
  /** ffmpeg's video filter that makes the analysed frames. */
  filter: string;
  /** Clips up to this many seconds are decoded whole; longer ones are seeked. */
  wholeUpTo: number;
  /** A clip of more frames than this is seeked too. */
  maxWholeFrames: number;
  /** Length of each window of a seeked clip, seconds. */
  windowSeconds: number;
}

export const FRAME_PLAN: FramePlan = data;

/** Times of the sampled positions: the middle of each of `plan.samples` equal intervals, seconds from the first frame. */
export function sampleTimes(duration: number, plan: FramePlan = FRAME_PLAN): number[] {
  return Array.from({ length: plan.samples }, (_, k) => ((k + 0.5) / plan.samples) * duration);
}

/** Median of a list; 0 of an empty one. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((x, y) => x - y);
  const mid = sorted.length >> 1;
  return sorted.length % 2 ? sorted[mid]! : (sorted[mid - 1]! + sorted[mid]!) / 2;
}

/** Median time from one frame to the next, seconds; `fallback` for a clip of one frame. */
export function frameInterval(times: readonly number[], fallback = 0.04): number {
  const steps = times.slice(1).map((t, i) => t - times[i]!);
  const step = median(steps.filter((s) => s > 0));
  return step > 0 ? step : fallback;
}

/** Index of the frame on screen at time `t`: the last whose time is not after it, or the first. */
export function frameAt(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (times[mid]! <= t + 1e-6) low = mid;
    else high = mid - 1;
  }
  return low;
}

/**
 * Indices of one burst, `plan.burst` adjacent frames about `centre`. At an end of the clip the burst lies inside it: a frame
 * that was taken twice would look like one that the clip repeats. Only where there are fewer frames than that it repeats any.
 * @param count frames there are
 */
export function burstAround(centre: number, count: number, plan: FramePlan = FRAME_PLAN): number[] {
  const half = plan.burst >> 1;
  const last = count - 1;
  const middle =
    count < plan.burst ? centre : Math.min(last - (plan.burst - 1 - half), Math.max(half, centre));
  return Array.from({ length: plan.burst }, (_, j) => Math.min(last, Math.max(0, middle + j - half)));
}

/**
 * Indices of the `samples * burst` frames that the encoder sees, sample by sample, inside the clip.
 * @param times presentation times of all decoded frames, seconds from the first, ascending
 * @param duration seconds
 */
export function burstIndices(
  times: readonly number[],
  duration: number,
  plan: FramePlan = FRAME_PLAN,
): number[] {
  return sampleTimes(duration, plan).flatMap((t) => burstAround(frameAt(times, t), times.length, plan));
}

/** A window holds at least so many frames, whatever the frame rate. */
export const LEAST_WINDOW_FRAMES = 6;

/**
 * Whether a clip is decoded in windows, not whole. Unknown values (undefined) do not make it long, nor does a duration with
 * so few frames that windows would hold them all, some of them fewer than a burst.
 */
export function isLong(
  duration: number | undefined,
  frames: number | undefined,
  plan: FramePlan = FRAME_PLAN,
): boolean {
  if (frames !== undefined && frames <= plan.samples * LEAST_WINDOW_FRAMES) return false;
  return (duration ?? 0) > plan.wholeUpTo || (frames ?? 0) > plan.maxWholeFrames;
}

/** Start times of a long clip's windows, each centred on a sampled position, seconds from the first frame. */
export function windowStarts(duration: number, plan: FramePlan = FRAME_PLAN): number[] {
  const latest = Math.max(0, duration - plan.windowSeconds);
  return sampleTimes(duration, plan).map((t) => Math.min(latest, Math.max(0, t - plan.windowSeconds / 2)));
}
