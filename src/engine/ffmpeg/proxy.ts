import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { cancelled, problem, type ProblemError } from '../../core/problem';
import type { CallOptions, DecodeProgress, Ffmpeg, MakeProxy, ProxyRequest } from '../ports';
import { statClip } from '../sample/file';
import { isWebp } from '../sample/webp';
import { webpSource, type RawSource } from '../sample/webpSource';
import { COMMON, fileInput, passthrough, PICTURE_ONLY } from './arguments';
import { startFfmpeg, type Ending } from './child';

/** At most 1280 wide, even in both directions, square pixels, eight bits. */
const FILTER = [
  "scale=w='2*max(1,round(min(1280,iw*max(1,sar))/2))'",
  "h='2*max(1,round(ih/min(1,sar)*min(1,1280/(iw*max(1,sar)))/2))'",
  'flags=bicubic,setsar=1,format=yuv420p',
].join(':');
/** A key frame every dozen frames: seeking is quick. */
const GROUP = ['-g', '12', '-movflags', '+faststart', '-video_track_timescale', '90000'];
/** H.264 encoders by preference, with what makes each quick and good enough. */
const ENCODERS: Record<string, readonly string[]> = {
  libx264: ['-preset', 'veryfast', '-crf', '18', '-bf', '0'],
  libopenh264: ['-b:v', '8M'],
  h264_videotoolbox: ['-b:v', '8M'],
  h264_mf: ['-b:v', '8M'],
};

/** Makes an H.264 stand-in without sound that a webview can play and seek; it appears whole or not at all. */
export const makeProxy: MakeProxy = async (request, options = {}) => {
  const name = basename(request.path);
  await statClip(request.path, name);
  const source = (await isWebp(request.path))
    ? await webpSource(request.ffmpeg, request.path, name, request.deadline, true)
    : undefined;
  // The cache knows what a process that died has left by this name.
  const scratch = `${request.target}.${process.pid}-${randomBytes(4).toString('hex')}.making`;
  try {
    await encodeWithAny(request, name, scratch, source, options);
    await rename(scratch, request.target).catch((error: unknown) => {
      throw problem('unreadable', `The playable copy of "${name}" could not be kept: ${String(error)}.`);
    });
  } finally {
    await rm(scratch, { force: true });
  }
};

async function encodeWithAny(
  request: ProxyRequest,
  name: string,
  scratch: string,
  source: RawSource | undefined,
  options: CallOptions<DecodeProgress>,
): Promise<void> {
  for (const [encoder, quality] of Object.entries(ENCODERS)) {
    const coding = ['-c:v', encoder, ...quality];
    const ending = await encode(request, coding, scratch, source, options);
    if (ending.how === 'exit' && ending.code === 0) return;
    if (!/Unknown encoder/.test(ending.tail.join('\n'))) throw explain(request, name, ending);
  }
  throw problem(
    'ffmpegFailed',
    `ffmpeg ${request.ffmpeg.version} has no H.264 encoder, so no playable copy of "${name}" can be made.`,
    'Install an ffmpeg with libx264.',
  );
}

async function encode(
  request: ProxyRequest,
  coding: readonly string[],
  scratch: string,
  source: RawSource | undefined,
  { signal, onProgress }: CallOptions<DecodeProgress>,
): Promise<Ending> {
  const { ffmpeg, path, deadline } = request;
  const args = [
    ...COMMON,
    ...(source ? source.args : fileInput(path)),
    ...PICTURE_ONLY,
    ...['-map_metadata', '-1', '-vf', FILTER, ...coding, ...GROUP, ...timestamps(ffmpeg, source)],
    ...['-progress', 'pipe:1', '-f', 'mp4', '-y', outputFile(scratch)],
  ];
  let of = source?.duration;
  const onLine = (line: string) => (of ??= durationIn(line));
  const child = startFfmpeg(ffmpeg.path, args, { signal, deadline, onLine, withStdin: source !== undefined });
  let last = -1;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const seconds = progressIn(text);
    if (seconds === undefined || seconds <= last) return;
    last = seconds;
    child.alive();
    onProgress?.({ seconds, ...(of === undefined ? {} : { of }) });
  });
  const stop = new AbortController();
  const written = source && child.stdin ? source.write(child.stdin, stop.signal) : undefined;
  written?.catch(() => child.kill());
  const ending = await child.ended;
  stop.abort();
  await written?.catch(() => undefined);
  return ending.how === 'lost' ? encode(request, coding, scratch, source, { signal, onProgress }) : ending;
}

/** The clip's own time stamps; a source at a constant rate has none of its own. */
function timestamps(ffmpeg: Ffmpeg, source: RawSource | undefined): string[] {
  return source ? [] : passthrough(ffmpeg);
}

/** Unlike an input's, an output's name is not expanded by the mp4 muxer; the protocol keeps a dash or colon harmless. */
function outputFile(path: string): string {
  return `file:${path}`;
}

function durationIn(line: string): number | undefined {
  const m = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d+)/.exec(line);
  return m ? Number(m[1]) * 3600 + Number(m[2]) * 60 + Number(m[3]) : undefined;
}

function progressIn(text: string): number | undefined {
  const times = [...text.matchAll(/^out_time_us=(\d+)$/gm)];
  const last = times.at(-1)?.[1];
  return last === undefined ? undefined : Number(last) / 1e6;
}

function explain({ ffmpeg, deadline }: ProxyRequest, name: string, ending: Ending): ProblemError {
  const said = ending.tail.join('\n');
  if (ending.how === 'cancelled') return cancelled();
  if (ending.how === 'deadline')
    return problem(
      'deadline',
      `ffmpeg made no progress on a playable copy of "${name}" for ${deadline} s and was ended.`,
    );
  if (/No space left on device|Disk quota exceeded/i.test(said))
    return problem(
      'diskFull',
      `The disk is full: no playable copy of "${name}" could be made.`,
      'Free some space.',
    );
  if (/matches no streams/.test(said)) return problem('noVideo', `"${name}" holds no video track.`);
  if (/Invalid data found/.test(said)) return problem('notVideo', `"${name}" cannot be read as a video.`);
  const word = ending.tail.filter((l) => l.trim() !== '').at(-1) ?? 'it said nothing';
  return problem(
    'ffmpegFailed',
    `ffmpeg ${ffmpeg.version} could not make a playable copy of "${name}": ${word}.`,
  );
}
