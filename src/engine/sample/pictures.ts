import { frameAt, FRAME_PLAN, isLong, sampleTimes } from '../../core/plan';
import type { ClipRecord } from '../../core/verdict';
import type { Picture } from '../judge';
import type { DecodeRequest } from './clip';
import { passBase } from './decode';
import { statClip } from './file';
import type { Size } from './header';
import { PassLost, runPass, type Frame, type PassBase } from './pass';
import { refuse } from './problems';

export interface PicturesRequest extends DecodeRequest {
  /** What is known of the clip from its decoding. */
  record: Pick<ClipRecord, 'duration' | 'fps' | 'width' | 'height' | 'frames'>;
  /** Times of all its frames, where they are known; else they are taken to be evenly spaced. */
  times?: readonly number[] | undefined;
  count: number;
  /** Longest side, pixels; a smaller clip is not enlarged. */
  longSide: number;
}

/** Seconds on either side of a wanted time that are decoded of a long clip. */
const REACH = 0.25;
/** So many frames at least, whatever the frame rate. */
const LEAST_FRAMES = 3;

/** Even sides, as the plan's frames have; none below 8. */
function pictureSize({ width, height }: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(width, height));
  const even = (side: number) => 2 * Math.max(4, Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

const scaled = ({ width, height }: Size) => `scale=w=${width}:h=${height}:flags=area,format=rgb24`;

/**
 * Still pictures of a clip that was decoded before, larger than the frames that are measured: `count` of them, evenly
 * spread as the plan spreads its samples, each frame once, in order of time. Frames that are not wanted are decoded and
 * neither scaled nor copied.
 */
export function takePictures(request: PicturesRequest): Promise<Picture[]> {
  return take(request).catch((error: unknown) => {
    if (error instanceof PassLost) return take(request);
    throw error;
  });
}

async function take(request: PicturesRequest): Promise<Picture[]> {
  await statClip(request.path, request.name);
  const base = {
    ...(await passBase(request)),
    filter: scaled(pictureSize(request.record, request.longSide)),
  };
  const { duration, frames } = request.record;
  const wanted = sampleTimes(duration, { ...FRAME_PLAN, samples: request.count });
  if (base.source === undefined && isLong(duration, frames)) {
    const found = await fromWindows(request, base, wanted);
    if (found.length > 0) return found;
  }
  return fromWhole(request, base, wanted);
}

type Base = PassBase & { filter: string };

async function fromWhole(
  request: PicturesRequest,
  base: Base,
  wanted: readonly number[],
): Promise<Picture[]> {
  const { frames, fps } = request.record;
  const known = request.times?.length === frames ? request.times : undefined;
  const times = known ?? Array.from({ length: frames }, (_, i) => i / fps);
  const indices = [...new Set(wanted.map((t) => frameAt(times, t)))];
  const pictures: Picture[] = [];
  const onFrame = (frame: Frame) => {
    pictures.push(pictureOf(frame, times[indices[pictures.length]!]!));
    return pictures.length < indices.length;
  };
  const select = `select='${indices.map((i) => `eq(n,${i})`).join('+')}'`;
  const pass = await runPass({ ...base, filter: `${select},${base.filter}`, onFrame });
  if (pictures.length < indices.length) await refuse(request, pass);
  return pictures;
}

/** By seeking; a place without a frame is left out. */
async function fromWindows(
  request: PicturesRequest,
  base: Base,
  wanted: readonly number[],
): Promise<Picture[]> {
  const reach = Math.max(REACH, LEAST_FRAMES / request.record.fps);
  const pictures: Picture[] = [];
  for (const time of wanted) {
    const start = Math.max(0, time - reach);
    let best: Picture | undefined;
    const pass = await runPass({
      ...base,
      window: { start, length: time + reach - start },
      onFrame: (frame, header) => {
        const at = Math.max(0, (frame.time ?? time) - (header.start ?? 0));
        if (best && at > time) return false;
        best = pictureOf(frame, at);
        return true;
      },
    });
    // Killed are those that had what was wanted of them.
    if (!['exit', 'killed'].includes(pass.ending.how)) await refuse(request, pass);
    const last = pictures.at(-1);
    if (best && (!last || best.time > last.time)) pictures.push(best);
  }
  return pictures;
}

function pictureOf({ width, height, rgb }: Frame, time: number): Picture {
  return { width, height, rgb: rgb.slice(), time: Math.round(time * 1e4) / 1e4 };
}
