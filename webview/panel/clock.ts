import type { Side } from '../../src/core/pair';
import {
  type ClipTiming,
  frameOnClock,
  frameStart,
  seekTime,
  stepFrame,
  totalDuration,
} from '../../src/core/timeline';
import type { SideView } from '../../src/protocol/panel';

export const SIDES: readonly Side[] = ['A', 'B'];

/** Evidence is rounded to 0.1 ms, and its start must not read as the frame before. */
const ROUNDING = 0.001;

/** The two clips as they stand on the one clock, in seconds from the first frame. */
export class PairClock {
  private readonly clips: Record<Side, ClipTiming>;
  readonly total: number;

  /** @param mediaDurations what the video elements say, until a clip is measured */
  constructor(sides: Record<Side, SideView>, mediaDurations: Partial<Record<Side, number>> = {}) {
    this.clips = { A: timing(sides.A, mediaDurations.A), B: timing(sides.B, mediaDurations.B) };
    this.total = totalDuration([this.clips.A, this.clips.B]);
  }

  duration(side: Side): number {
    return this.clips[side].duration;
  }

  count(side: Side): number {
    return this.clips[side].frames;
  }

  /** Index of the frame that the side shows; past its end, its last. */
  frame(side: Side, time: number): number {
    return frameOnClock(this.clips[side], time);
  }

  /** Start of the frame that the side shows. */
  frameTime(side: Side, time: number): number {
    return frameStart(this.clips[side], this.frame(side, time));
  }

  /** The frame boundary that a rounded time means. */
  boundary(time: number): number {
    const near = SIDES.map((side) => this.frameTime(side, time + ROUNDING)).find(
      (t) => Math.abs(t - time) < ROUNDING,
    );
    return near ?? time;
  }

  /** Where the side's video stands for that time: the middle of its frame, which no rounding misses. */
  mediaTime(side: Side, time: number): number {
    return seekTime(this.clips[side], time);
  }

  step(time: number, by: -1 | 1): number {
    return stepFrame(time, by, [this.clips.A, this.clips.B]);
  }

  /** It is over on that side while the other goes on. */
  ended(side: Side, time: number): boolean {
    const { duration, fps } = this.clips[side];
    return duration > 0 && this.total - duration > 0.5 / fps && time >= duration;
  }
}

function timing({ clip, measures }: SideView, mediaDuration: number | undefined): ClipTiming {
  if (clip)
    return {
      duration: clip.duration,
      fps: clip.fps,
      frames: clip.frames,
      ...(measures && { times: measures.times }),
    };
  const duration = mediaDuration !== undefined && Number.isFinite(mediaDuration) ? mediaDuration : 0;
  return { duration, fps: 25, frames: Math.max(1, Math.round(duration * 25)) };
}
