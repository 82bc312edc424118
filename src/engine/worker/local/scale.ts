import { once } from 'node:events';
import { problem } from '../../../core/problem';
import type { CarrierFrame } from '../../carrier';
import { COMMON } from '../../ffmpeg/arguments';
import { startFfmpeg } from '../../ffmpeg/child';
import type { Ffmpeg } from '../../ports';

/** Seconds; scaling a handful of frames takes a fraction of one. */
const DEADLINE = 30;

/** Frames of one size in another, by ffmpeg: a model's own resizing differs from the original's. */
export async function scaleFrames(
  ffmpeg: Ffmpeg,
  frames: readonly CarrierFrame[],
  to: { width: number; height: number },
  signal?: AbortSignal,
): Promise<CarrierFrame[]> {
  const { width, height } = frames[0]!;
  const raw = (size: string) => ['-f', 'rawvideo', '-pix_fmt', 'rgb24', ...(size ? ['-s', size] : [])];
  const args = [
    ...[...COMMON, ...raw(`${width}x${height}`), '-i', 'pipe:0'],
    ...['-vf', `scale=${to.width}:${to.height}:flags=bicubic`, ...raw(''), 'pipe:1'],
  ];
  const child = startFfmpeg(ffmpeg.path, args, { deadline: DEADLINE, signal, withStdin: true });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const { rgb } of frames)
    if (!child.stdin!.write(rgb)) await Promise.race([once(child.stdin!, 'drain'), child.ended]);
  child.stdin!.end();
  const ending = await child.ended;
  signal?.throwIfAborted();
  const bytes = Buffer.concat(chunks);
  const size = to.width * to.height * 3;
  if (bytes.length !== size * frames.length)
    throw problem('ffmpegFailed', `ffmpeg did not scale the frames (${ending.tail.at(-1) ?? ending.how}).`);
  return frames.map((_, i) => ({ ...to, rgb: bytes.subarray(i * size, (i + 1) * size) }));
}
