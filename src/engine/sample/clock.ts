/** Step between frames of which nobody says the time. */
const UNKNOWN_STEP = 0.04;
/** Least step: times that stand still or go back are moved on by this. */
const LEAST_STEP = 0.001;

/** Container times as seconds from the clip's first frame, strictly ascending. */
export class Clock {
  readonly times: number[] = [];
  private offset: number | undefined;

  /** @param offset the first frame's time, where it is known before that frame is seen (a window of a clip) */
  constructor(offset?: number) {
    this.offset = offset;
  }

  next(time: number | undefined, frameRate: number | undefined): number {
    const last = this.times.at(-1);
    const step = frameRate ? 1 / frameRate : UNKNOWN_STEP;
    this.offset ??= time;
    const wanted = time === undefined || this.offset === undefined ? undefined : time - this.offset;
    const guess = last === undefined ? 0 : last + step;
    const at = wanted ?? guess;
    const next = last !== undefined && at < last + LEAST_STEP ? last + LEAST_STEP : at;
    const rounded = Math.round(next * 1e6) / 1e6;
    this.times.push(rounded);
    return rounded;
  }
}
