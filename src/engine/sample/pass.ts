import type { Writable } from 'node:stream';
import { FRAME_PLAN } from '../../core/plan';
import { COMMON, fileInput, passthrough, PICTURE_ONLY } from '../ffmpeg/arguments';
import { startFfmpeg, type Ending } from '../ffmpeg/child';
import { isAtLeast } from '../ffmpeg/locate';
import type { Ffmpeg } from '../ports';
import { FrameReader } from './frameReader';
import { StderrReader, type FrameInfo, type Header, type Size } from './header';

/** One frame as it comes; `rgb` is valid only during the call. */
export interface Frame extends Size, FrameInfo {
  rgb: Uint8Array;
  index: number;
}

export interface PassRequest {
  ffmpeg: Ffmpeg;
  path: string;
  deadline: number;
  signal?: AbortSignal | undefined;
  /** Only this part of the clip; times stay absolute. */
  window?: { start: number; length: number } | undefined;
  /** Makes the frames; the plan's filter unless told. */
  filter?: string | undefined;
  /** Raw frames on stdin instead of the file: input arguments, and who writes them. */
  source?:
    { args: readonly string[]; write: (to: Writable, signal: AbortSignal) => Promise<void> } | undefined;
  /** Return false to end the pass here. */
  onFrame: (frame: Frame, header: Header, frameRate: number | undefined) => boolean;
}

/** What all passes over a clip have in common. */
export type PassBase = Omit<PassRequest, 'onFrame' | 'window'>;

export interface PassResult {
  ending: Ending;
  header: Header;
  frames: number;
  displayed?: Size | undefined;
  analysed?: Size | undefined;
  frameRate?: number | undefined;
}

/** Arguments of the pass's ffmpeg; raw frames go to its stdout, a line for each to its stderr. */
export function passArguments(
  ffmpeg: Ffmpeg,
  stderr: StderrReader,
  {
    path,
    window,
    source,
    filter = FRAME_PLAN.filter,
  }: Pick<PassRequest, 'path' | 'window' | 'source' | 'filter'>,
): string[] {
  const seek = window ? ['-copyts', '-ss', window.start.toFixed(6), '-t', window.length.toFixed(6)] : [];
  return [
    ...COMMON,
    ...(source ? source.args : fileInput(path, seek)),
    ...PICTURE_ONLY,
    ...['-vf', stderr.filters(filter, isAtLeast(ffmpeg.version, 4, 4))],
    ...passthrough(ffmpeg),
    ...['-f', 'rawvideo', 'pipe:1'],
  ];
}

/** The pass ended through no fault of the clip or of ffmpeg; another may do. */
export class PassLost extends Error {}

/** One ffmpeg process over one clip: frames of the plan's filter, each with its time, in one pass. */
export async function runPass(request: PassRequest): Promise<PassResult> {
  const { ffmpeg, source } = request;
  const stderr = new StderrReader((info) => frames.add(info));
  const child = startFfmpeg(ffmpeg.path, passArguments(ffmpeg, stderr, request), {
    ...request,
    withStdin: source !== undefined,
    onLine: (line) => stderr.read(line),
    isChatter: (line) => stderr.isChatter(line),
  });
  let failure: { error: unknown } | undefined;
  const attempt = (step: () => void) => {
    try {
      if (!failure) step();
    } catch (error) {
      failure = { error };
      child.kill();
    }
  };
  let unwanted = false;
  const frames = new FrameReader(
    child.stdout,
    () => stderr.analysed,
    (rgb, info) => {
      child.alive();
      if (unwanted || !stderr.analysed) return;
      const frame = { rgb, index: frames.frames - 1, ...info, ...stderr.analysed };
      attempt(() => {
        if (request.onFrame(frame, stderr.header, stderr.frameRate) !== false) return;
        unwanted = true;
        child.kill();
      });
    },
  );
  const stop = new AbortController();
  const written = source && child.stdin ? source.write(child.stdin, stop.signal) : undefined;
  written?.catch((error: unknown) =>
    attempt(() => {
      throw error;
    }),
  );
  const ending = await child.ended;
  stop.abort();
  await written?.catch(() => undefined);
  if (failure) throw failure.error;
  if (ending.how === 'lost') throw new PassLost('what had started ffmpeg has ended');
  const { header, displayed, analysed, frameRate } = stderr;
  return { ending, header, frames: frames.frames, displayed, analysed, frameRate };
}
