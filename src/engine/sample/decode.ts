import { burstIndices, FRAME_PLAN, isLong } from '../../core/plan';
import { assembleMeasures } from '../measure/series';
import { FrameMeasurer } from '../measure/frame';
import type { DecodeProgress } from '../ports';
import type { DecodedClip, DecodeRequest, LongClip } from './clip';
import { Clock } from './clock';
import { firstBytes, refuseIfChanged, statClip } from './file';
import type { Header, Size } from './header';
import { concatenate, FrameKeeper } from './keeper';
import { lengthOf } from './length';
import { PassLost, runPass, type Frame, type PassBase, type PassResult } from './pass';
import { refuse, refuseIfCut } from './problems';
import { isWebpHead } from './webp';
import { webpSource } from './webpSource';
import { decodeWindows } from './windows';

/** Decodes and measures a clip in one pass of one ffmpeg; a long clip in windows around the plan's samples. */
export async function decodeClip(request: DecodeRequest): Promise<DecodedClip> {
  const before = await statClip(request.path, request.name);
  const clip = await decode(request).catch((error: unknown) => {
    if (error instanceof PassLost) return decode(request);
    throw error;
  });
  await refuseIfChanged(request.path, request.name, before);
  return clip;
}

async function decode(request: DecodeRequest): Promise<DecodedClip> {
  const base = await passBase(request);
  const first = await wholePass(request, base, true);
  if (first.kind === 'whole') return first.clip;
  const windows = await decodeWindows(request, base, first);
  if (windows) return windows;
  request.log?.('info', `"${request.name}" is shorter than its container says: it is decoded whole.`);
  const again = await wholePass(request, base, false);
  if (again.kind === 'long') throw new Error('a whole pass ended early');
  return again.clip;
}

type Base = PassBase & { times?: readonly number[] };

/** The plan's filter for clips of packed colours (GIF, WebP): in planes they are scaled to the same values twice as fast. */
export const PLANAR_FILTER = `format=gbrp,${FRAME_PLAN.filter}`;

/** What every pass over this clip has in common; ffmpeg cannot read an animated WebP, which is handed to it. */
export async function passBase({ ffmpeg, path, name, deadline, signal }: DecodeRequest): Promise<Base> {
  const base = { ffmpeg, path, deadline, signal };
  const head = await firstBytes(path, 12);
  if (isWebpHead(head)) {
    const source = await webpSource(ffmpeg, path, name, deadline);
    return { ...base, filter: PLANAR_FILTER, source, times: source.times };
  }
  return head.startsWith('GIF8') ? { ...base, filter: PLANAR_FILTER } : base;
}

async function wholePass(
  request: DecodeRequest,
  base: Base,
  mayBeLong: boolean,
): Promise<{ kind: 'whole'; clip: DecodedClip } | LongClip> {
  const clock = new Clock();
  const measurer = new FrameMeasurer();
  const report = throttled(request.onProgress);
  let keeper: FrameKeeper | undefined;
  let long: { start: number; duration: number } | undefined;
  const onFrame = (frame: Frame, header: Header, rate: number | undefined): boolean => {
    const { duration } = header;
    if (
      mayBeLong &&
      frame.index === 0 &&
      duration !== undefined &&
      isLong(duration, rate === undefined ? undefined : duration * rate)
    ) {
      long = { start: frame.time ?? 0, duration };
      return false;
    }
    const time = clock.next(base.times?.[frame.index] ?? frame.time, rate);
    (keeper ??= new FrameKeeper(duration, rate)).offer(frame.index, time, frame.rgb);
    measurer.add(frame.rgb, frame.width, frame.height);
    report(time, duration);
    return true;
  };
  const pass = await runPass({ ...base, onFrame });
  if (long && pass.displayed)
    return { kind: 'long', ...long, frameRate: pass.frameRate, displayed: pass.displayed };
  await refuse(request, pass);
  const { duration, fps } = lengthOf(clock.times, pass.frameRate);
  await refuseIfCut(request, pass, duration);
  const burstSize = pass.analysed as Size;
  const indices = burstIndices(clock.times, duration);
  const bytes = burstSize.width * burstSize.height * 3;
  const taken = keeper?.take(indices, bytes);
  keeper?.release();
  const burst = taken ?? (await fetchFrames(request, base, indices, bytes));
  const measures = assembleMeasures([{ times: clock.times, rows: measurer.rows }]);
  const size = pass.displayed as Size;
  return {
    kind: 'whole',
    clip: { duration, fps, size, frames: clock.times.length, measures, burst, burstSize },
  };
}

/** A second pass, for a clip whose container was wrong about its length. */
async function fetchFrames(
  request: DecodeRequest,
  base: Base,
  indices: readonly number[],
  frameBytes: number,
): Promise<Uint8Array> {
  const wanted = new Set(indices);
  const last = Math.max(...indices);
  const found = new Map<number, Uint8Array>();
  const onFrame = (frame: Frame): boolean => {
    if (wanted.has(frame.index)) found.set(frame.index, frame.rgb.slice());
    return frame.index < last;
  };
  const pass: PassResult = await runPass({ ...base, onFrame });
  const frames = concatenate(indices, found, frameBytes);
  if (frames) return frames;
  await refuse(request, pass);
  throw new Error(`"${request.name}" gave other frames when it was read again`);
}

const REPORT_MS = 100;

function throttled(
  onProgress: ((progress: DecodeProgress) => void) | undefined,
): (seconds: number, of: number | undefined) => void {
  let next = 0;
  return (seconds, of) => {
    const now = performance.now();
    if (!onProgress || now < next) return;
    next = now + REPORT_MS;
    onProgress({ seconds, ...(of === undefined ? {} : { of }) });
  };
}
