import { frameAt, frameInterval } from './plan';
import { CRITERION_IDS, type CriterionId } from './rubric';
import type { CriterionVerdict } from './verdict';

/** What the clock needs of a clip; a `ClipRecord` will do. */
export interface ClipTiming {
  /** Seconds. */
  duration: number;
  fps: number;
  frames: number;
  /** Start of every frame, seconds from the first; without it, frames are taken to be `1 / fps` apart. */
  times?: readonly number[];
}

/** Slack for rounded times, seconds: far below a frame, above what adding floats loses. */
const SLACK = 1e-6;

/** The given times, if they are those of all frames (a long clip's measures have only some). */
function allTimes({ times, frames }: ClipTiming): readonly number[] | undefined {
  return times !== undefined && times.length > 0 && times.length === frames ? times : undefined;
}

const lastFrame = (clip: ClipTiming) => Math.max(0, clip.frames - 1);
const rate = (clip: ClipTiming) => (clip.fps > 0 ? clip.fps : 25);

/** Start of a frame, seconds. */
export function frameStart(clip: ClipTiming, frame: number): number {
  const i = Math.min(lastFrame(clip), Math.max(0, frame));
  return allTimes(clip)?.[i] ?? i / rate(clip);
}

/** The frame of a clip that the shared clock shows at `t` seconds: a clip that has ended holds its last one. */
export function frameOnClock(clip: ClipTiming, t: number): number {
  const times = allTimes(clip);
  if (times) return frameAt(times, t);
  return Math.min(lastFrame(clip), Math.max(0, Math.floor((t + SLACK) * rate(clip))));
}

/** Seconds that a frame is shown for; the last one, until the clip's end. */
export function frameDuration(clip: ClipTiming, frame: number): number {
  const times = allTimes(clip);
  if (!times) return 1 / rate(clip);
  const interval = frameInterval(times, 1 / rate(clip));
  if (frame >= lastFrame(clip)) return interval;
  return frameStart(clip, frame + 1) - frameStart(clip, frame);
}

/** Where to seek a clip for the shared clock's `t`, seconds: the middle of the frame, where no rounding shows its neighbour. */
export function seekTime(clip: ClipTiming, t: number): number {
  const frame = frameOnClock(clip, t);
  return frameStart(clip, frame) + frameDuration(clip, frame) / 2;
}

/** Length of the shared clock, seconds: that of the longer clip. */
export function totalDuration(clips: readonly ClipTiming[]): number {
  return clips.reduce((most, clip) => Math.max(most, clip.duration), 0);
}

/** The two clips, the one with the finer frame rate first; of equal rates, the longer. */
function finerFirst([a, b]: readonly [ClipTiming, ClipTiming]): [ClipTiming, ClipTiming] {
  const aFirst = rate(a) === rate(b) ? a.frames >= b.frames : rate(a) > rate(b);
  return aFirst ? [a, b] : [b, a];
}

/**
 * The next or the previous frame boundary on the side with the finer frame rate, seconds on the shared clock; where
 * that side has ended, on the other. Stays where it is at either end.
 */
export function stepFrame(t: number, direction: 1 | -1, clips: readonly [ClipTiming, ClipTiming]): number {
  const [finer, other] = finerFirst(clips);
  const finerEnd = frameStart(finer, lastFrame(finer));
  const [i, j] = [frameOnClock(finer, t), frameOnClock(other, t)];
  if (direction === -1) {
    const past = frameStart(other, j) > finerEnd + SLACK;
    return past ? Math.max(finerEnd, frameStart(other, j - 1)) : frameStart(finer, i - 1);
  }
  if (i < lastFrame(finer)) return frameStart(finer, i + 1);
  return Math.max(finerEnd, frameStart(other, j + 1));
}

/** One stop of the walk through the differences: a place of evidence. Seconds. */
export interface Difference {
  criterion: CriterionId;
  /** Index into that criterion's evidence. */
  evidenceIndex: number;
  start: number;
  end: number;
}

/**
 * The differences in order of time, then of the rubric. A criterion's evidence of the whole clip is one stop, at its
 * start. Of a tie only a place counts: it is there because a measure differs visibly though the judge calls it even.
 */
export function differences({ criteria }: { readonly criteria: readonly CriterionVerdict[] }): Difference[] {
  const stops = criteria.flatMap((c) => {
    if (c.score === null) return [];
    const firstWhole = c.evidence.findIndex((e) => e.whole);
    return c.evidence.flatMap(({ start, end, whole }, evidenceIndex): Difference[] =>
      whole && (c.score === 0 || evidenceIndex !== firstWhole)
        ? []
        : [{ criterion: c.id, evidenceIndex, start, end }],
    );
  });
  const rank = (d: Difference) => CRITERION_IDS.indexOf(d.criterion);
  return stops.sort((x, y) => x.start - y.start || rank(x) - rank(y) || x.evidenceIndex - y.evidenceIndex);
}

/**
 * The difference after or before `from`, around the end if need be: `from` is the one the reader is at, or a time in
 * seconds. Undefined only where there is none.
 */
export function nextDifference(
  list: readonly Difference[],
  from: Difference | number,
  direction: 1 | -1,
): Difference | undefined {
  if (list.length === 0) return undefined;
  if (typeof from !== 'number') {
    const at = list.findIndex(
      (d) => d.criterion === from.criterion && d.evidenceIndex === from.evidenceIndex,
    );
    return at < 0 ? nextDifference(list, from.start, direction) : list.at((at + direction) % list.length);
  }
  if (direction === 1) return list.find((d) => d.start > from + SLACK) ?? list[0];
  return list.findLast((d) => d.start < from - SLACK) ?? list.at(-1);
}

/** A time on the clock: "00:01.000", from an hour on "1:00:01.000". */
export function formatTime(seconds: number): string {
  const ms = Math.max(0, Math.round((Number.isFinite(seconds) ? seconds : 0) * 1000));
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const rest = `${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
  return ms >= 3_600_000 ? `${Math.floor(ms / 3_600_000)}:${rest}` : rest;
}
