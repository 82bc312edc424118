import { open, type FileHandle } from 'node:fs/promises';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { problem } from '../../core/problem';
import { COMMON, passthrough } from '../ffmpeg/arguments';
import { startFfmpeg } from '../ffmpeg/child';
import type { Ffmpeg } from '../ports';
import { readWebp, stillOf, type Webp, type WebpFrame } from './webp';

/** The canvas is kept in memory, four bytes a pixel. */
const MAX_CANVAS = 2 ** 25;
/** Pictures and pixels that a steady source writes at most: beyond, its step is made longer. */
const MAX_PICTURES = 36_000;
const MAX_PIXELS_WRITTEN = 2 ** 34;

export interface RawSource {
  /** Input arguments of the ffmpeg that reads the frames from its stdin. */
  args: string[];
  write: (to: Writable, signal: AbortSignal) => Promise<void>;
  /** Seconds from the first frame, one for each. */
  times: number[];
  duration: number;
}

/**
 * Frames of an animated (or still) WebP. ffmpeg's decoder reads still pictures only, so the container is taken
 * apart here, each picture is decoded by ffmpeg as a still, and they are laid over each other here.
 * @param steady repeat pictures, so that a constant rate keeps their times, to 10 ms where there are not too many
 */
export async function webpSource(
  ffmpeg: Ffmpeg,
  path: string,
  name: string,
  deadline: number,
  steady = false,
): Promise<RawSource> {
  const webp = await parse(path, name);
  if (webp.width * webp.height > MAX_CANVAS)
    throw problem(
      'tooLarge',
      `"${name}" measures ${webp.width} x ${webp.height} pixels, too many for an animated WebP.`,
    );
  let duration = 0;
  const times = webp.frames.map((f) => (duration += f.duration) - f.duration);
  const { step, repeats } = steady ? steadyRate(webp) : { step: 4, repeats: () => 1 };
  return {
    args: rawInput(webp, ['-framerate', `100/${step}`]),
    times,
    duration,
    write: (to, signal) => composeAll({ ffmpeg, path, webp, deadline, signal, repeats }, to),
  };
}

/** A step in hundredths of a second, and how often each picture is written at that step. */
export function steadyRate({ frames, width, height }: Pick<Webp, 'frames' | 'width' | 'height'>): {
  step: number;
  repeats: (index: number) => number;
} {
  const ticks = frames.map((f) => Math.max(1, Math.round(f.duration * 100)));
  let total = 0;
  const ends = ticks.map((t) => (total += t));
  const most = Math.max(1, Math.min(MAX_PICTURES, Math.floor(MAX_PIXELS_WRITTEN / (width * height))));
  const step = Math.max(ticks.reduce(commonDivisor), Math.ceil(total / most));
  const slot = (index: number) => Math.round((ends[index] ?? 0) / step);
  return { step, repeats: (index) => Math.max(1, slot(index) - slot(index - 1)) };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function rawInput({ width, height }: Webp, rate: string[]): string[] {
  const format = ['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`];
  return ['-protocol_whitelist', 'pipe', ...format, ...rate, '-i', 'pipe:0'];
}

async function parse(path: string, name: string): Promise<Webp> {
  const file = await open(path, 'r');
  try {
    return await readWebp(file);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw problem('truncated', `"${name}" is a WebP file that cannot be read: ${cause}.`);
  } finally {
    await file.close();
  }
}

interface Composition {
  ffmpeg: Ffmpeg;
  path: string;
  webp: Webp;
  deadline: number;
  signal: AbortSignal;
  /** How often the picture is written. */
  repeats: (index: number) => number;
}

async function composeAll(c: Composition, to: Writable): Promise<void> {
  const args = [...COMMON, '-protocol_whitelist', 'pipe', '-f', 'webp_pipe', '-i', 'pipe:0'];
  const raw = ['-noautoscale', '-f', 'rawvideo', '-pix_fmt', 'rgba'];
  const child = startFfmpeg(c.ffmpeg.path, [...args, ...raw, ...passthrough(c.ffmpeg), 'pipe:1'], {
    ...c,
    withStdin: true,
  });
  const file = await open(c.path, 'r');
  try {
    const fed = child.stdin ? feed(file, c.webp.frames, child.stdin) : Promise.resolve();
    fed.catch(() => child.kill());
    const canvas = new Canvas(c.webp.width, c.webp.height);
    let index = 0;
    for await (const picture of pictures(child.stdout, c.webp.frames)) {
      child.alive();
      const shown = canvas.show(c.webp.frames[index] as WebpFrame, picture);
      for (let n = c.repeats(index++); n > 0; n--) if (!to.write(shown)) await drained(to, c.signal);
      // `shown` is the pipe's now: the canvas gives a new one for every picture.
    }
    to.end();
  } finally {
    child.kill();
    await child.ended;
    await file.close();
  }
}

async function feed(file: FileHandle, frames: readonly WebpFrame[], to: Writable): Promise<void> {
  for (const frame of frames) if (!to.write(await stillOf(file, frame))) await drained(to);
  to.end();
}

/** Resolves when the pipe takes more, or will never take any. */
async function drained(to: Writable, signal?: AbortSignal): Promise<void> {
  if (to.destroyed || signal?.aborted) return;
  const stop = new AbortController();
  const give = { signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal };
  await Promise.race([once(to, 'drain', give), once(to, 'close', give)]).catch(() => undefined);
  stop.abort();
}

/** Cuts the decoded pictures, each of its own size, from the pipe. */
async function* pictures(stream: Readable, frames: readonly WebpFrame[]): AsyncGenerator<Uint8Array> {
  let index = 0;
  let filled = 0;
  let picture = newPicture(frames[0]);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length && index < frames.length;) {
      const part = chunk.subarray(at, at + picture.length - filled);
      picture.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < picture.length) continue;
      yield picture;
      filled = 0;
      picture = newPicture(frames[++index]);
    }
  }
}

function newPicture(frame: WebpFrame | undefined): Uint8Array {
  return new Uint8Array(frame ? frame.width * frame.height * 4 : 0);
}

/** What a viewer would show, over black. */
class Canvas {
  private readonly rgba: Uint8Array;
  private toClear: WebpFrame | undefined;

  constructor(
    private readonly width: number,
    height: number,
  ) {
    this.rgba = new Uint8Array(width * height * 4);
  }

  show(frame: WebpFrame, picture: Uint8Array): Uint8Array {
    if (this.toClear) this.rows(this.toClear, (at, length) => this.rgba.fill(0, at, at + length));
    this.toClear = frame.clear ? frame : undefined;
    let from = 0;
    this.rows(frame, (at, length) => {
      const row = picture.subarray(from, (from += length));
      if (frame.blend) blendRow(this.rgba, at, row);
      else this.rgba.set(row, at);
    });
    return overBlack(this.rgba);
  }

  private rows(f: WebpFrame, each: (at: number, length: number) => void): void {
    for (let y = 0; y < f.height; y++) each(((f.y + y) * this.width + f.x) * 4, f.width * 4);
  }
}

function blendRow(canvas: Uint8Array, at: number, row: Uint8Array): void {
  for (let i = 0; i < row.length; i += 4) {
    const alpha = row[i + 3] ?? 0;
    const under = ((canvas[at + i + 3] ?? 0) * (255 - alpha)) / 255;
    const sum = alpha + under;
    for (let c = 0; c < 3 && sum > 0; c++)
      canvas[at + i + c] = Math.round(((row[i + c] ?? 0) * alpha + (canvas[at + i + c] ?? 0) * under) / sum);
    canvas[at + i + 3] = Math.round(sum);
  }
}

function overBlack(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) {
    const alpha = rgba[i + 3] ?? 0;
    for (let c = 0; c < 3; c++)
      rgb[o + c] = alpha === 255 ? (rgba[i + c] ?? 0) : Math.round(((rgba[i + c] ?? 0) * alpha) / 255);
  }
  return rgb;
}
