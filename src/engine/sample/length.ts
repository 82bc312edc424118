import { frameInterval } from '../../core/plan';

/** Duration is the last frame's time and one interval; the declared rate is taken where the frames bear it out. */
export function lengthOf(
  times: readonly number[],
  declared: number | undefined,
): { duration: number; fps: number } {
  const sane = declared !== undefined && declared > 0 && declared <= 1000;
  const interval = frameInterval(times, sane ? 1 / declared : undefined);
  return { duration: (times.at(-1) ?? 0) + interval, fps: rateOf(interval, declared) };
}

/** Frames per second: the container's word where it lies within 5% of the frames' own, to three decimals. */
export function rateOf(interval: number, declared: number | undefined): number {
  const own = 1 / interval;
  const rate = declared !== undefined && Math.abs(declared / own - 1) < 0.05 ? declared : own;
  return Math.round(rate * 1000) / 1000;
}
