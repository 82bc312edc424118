import {
  burstAround,
  FRAME_PLAN,
  frameAt,
  frameInterval,
  LEAST_WINDOW_FRAMES,
  sampleTimes,
  windowStarts,
} from '../../core/plan';
import { FrameMeasurer } from '../measure/frame';
import { assembleMeasures, type MeasuredRun } from '../measure/series';
import type { DecodedClip, DecodeRequest, LongClip } from './clip';
import { Clock } from './clock';
import type { Header, Size } from './header';
import { rateOf } from './length';
import { runPass, type PassBase } from './pass';
import { refuse, refuseIfPartMissing } from './problems';

const AT_ONCE = 2;

interface Window extends MeasuredRun {
  /** The frames around the sample, each as often as the plan asks. */
  burst: Uint8Array[];
  size: Size | undefined;
  header: Header;
}

/**
 * Decodes a long clip in one short window around each sample, by seeking. Undefined where fewer than half of the
 * windows hold a frame, or where one of a sound clip's holds none: then the container's duration is wrong.
 */
export async function decodeWindows(
  request: DecodeRequest,
  base: PassBase,
  long: LongClip,
): Promise<DecodedClip | undefined> {
  const places = windowPlaces(long);
  const windows = await inParallel(places, (place, k) =>
    decodeWindow(request, base, long, place, k, places.length),
  );
  const filled = windows.filter((w) => w.times.length > 0);
  const burstSize = filled[0]?.size;
  if (!burstSize || filled.length * 2 < windows.length) return undefined;
  const lost = windows.findIndex((w) => w.times.length === 0);
  const header = windows[lost]?.header;
  if (header && !(await refuseIfPartMissing(request, places[lost]?.sample ?? 0, long.duration, header)))
    return undefined;
  const steps = filled.map((w) => frameInterval(w.times, NaN)).filter(Number.isFinite);
  const fps = rateOf(
    steps.length > 0 ? steps.reduce((a, b) => a + b) / steps.length : 1 / (long.frameRate ?? 25),
    long.frameRate,
  );
  return {
    duration: long.duration,
    fps,
    size: long.displayed,
    frames: Math.max(1, Math.round(long.duration * fps)),
    measures: assembleMeasures(filled),
    burst: joinBursts(windows, burstSize),
    burstSize,
  };
}

interface Place {
  start: number;
  length: number;
  /** The sampled time. */
  sample: number;
}

/** Windows of the plan, longer where frames are rare, never overlapping. */
function windowPlaces({ duration, frameRate }: LongClip): Place[] {
  const spacing = duration / FRAME_PLAN.samples;
  const least = frameRate ? LEAST_WINDOW_FRAMES / frameRate : 0;
  const length = Math.min(spacing, Math.max(FRAME_PLAN.windowSeconds, least));
  const samples = sampleTimes(duration);
  return windowStarts(duration, { ...FRAME_PLAN, windowSeconds: length }).map((start, k) => ({
    start,
    length,
    sample: samples[k] ?? start,
  }));
}

async function decodeWindow(
  request: DecodeRequest,
  base: PassBase,
  long: LongClip,
  place: Place,
  index: number,
  count: number,
): Promise<Window> {
  const clock = new Clock(long.start);
  const measurer = new FrameMeasurer();
  const frames: Uint8Array[] = [];
  const pass = await runPass({
    ...base,
    window: place,
    onFrame: (frame) => {
      clock.next(frame.time, long.frameRate);
      frames.push(frame.rgb.slice());
      measurer.add(frame.rgb, frame.width, frame.height);
      return true;
    },
  });
  if (pass.ending.how !== 'exit' || pass.ending.signal !== null) await refuse(request, pass);
  request.onProgress?.({ seconds: (long.duration * (index + 1)) / count, of: long.duration });
  const around = frames.length > 0 ? burstAround(frameAt(clock.times, place.sample), frames.length) : [];
  const burst = around.map((i) => frames[i] as Uint8Array);
  return { times: clock.times, rows: measurer.rows, burst, size: pass.analysed, header: pass.header };
}

/** All bursts one after the other; a window without frames shows its nearest neighbour's. */
function joinBursts(windows: readonly Window[], size: Size): Uint8Array {
  const bytes = size.width * size.height * 3;
  const all = new Uint8Array(windows.length * FRAME_PLAN.burst * bytes);
  windows.forEach((_, k) => {
    const nearest = windows
      .map((w, i) => ({ w, distance: Math.abs(i - k) }))
      .filter(({ w }) => w.burst.length > 0)
      .sort((x, y) => x.distance - y.distance)[0];
    nearest?.w.burst.forEach((frame, j) => all.set(frame, (k * FRAME_PLAN.burst + j) * bytes));
  });
  return all;
}

/** Runs the tasks in order, a few at a time; the first failure is the answer, after all that run have ended. */
async function inParallel<T, R>(
  items: readonly T[],
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await task(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
  const failure = lanes.find((l) => l.status === 'rejected');
  if (failure) throw failure.reason;
  return results;
}
