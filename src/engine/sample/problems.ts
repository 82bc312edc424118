import { cancelled, problem, type ProblemError } from '../../core/problem';
import { MAX_PIXELS } from '../ffmpeg/arguments';
import type { DecodeRequest } from './clip';
import { looksLikeVideo, stopsShort } from './container';
import { statClip, stillWriting } from './file';
import type { Header } from './header';
import type { PassResult } from './pass';

/** A file changed so lately is taken to be in the making. */
const FRESH_MS = 5000;
/** A clip that misses more than this part of its length, with damage reported, is cut. */
const TOLERATED_LOSS = 0.1;

/** What ffmpeg says where there is no frame. */
const TOO_LARGE =
  /exceeds specified max pixel count|Picture size \d+x\d+ is invalid|dimensions .*(too large|invalid)/i;
const UNRECOGNISED =
  /moov atom not found|detected only with low score|Invalid data found|Format not on whitelist|End of file/;
const NO_DECODER =
  /Decoder .*not found|no decoder|Unknown decoder|not supported|unsupported|not implemented/i;

/** Throws the problem of a pass that failed or gave no frame. */
export async function refuse(request: DecodeRequest, pass: PassResult): Promise<void> {
  const { ending } = pass;
  if (ending.how === 'cancelled') throw cancelled();
  if (ending.how === 'notStarted') throw failed(request, `it could not be started: ${lastWord(pass)}`);
  if (ending.how === 'deadline') throw silent(request);
  if (pass.frames > 0 && pass.analysed && pass.displayed) return refuseCrash(request, pass);
  throw await withoutFrames(request, pass);
}

/** Throws `truncated` (or `stillWriting`) where the container promised a longer clip and the data are damaged. */
export async function refuseIfCut(request: DecodeRequest, pass: PassResult, duration: number): Promise<void> {
  const promised = pass.header.duration;
  const isShort = promised !== undefined && duration < promised * (1 - TOLERATED_LOSS);
  if (isShort && pass.header.damage > 0)
    throw await endsEarly(request, `${duration.toFixed(1)} of ${promised.toFixed(1)} s could be read`);
  if (await stopsShort(request.path))
    throw await endsEarly(request, `only ${duration.toFixed(1)} s could be read`);
}

/**
 * The same for a long clip that showed nothing at one of its samples. A sound clip may be so: its sound may go on after
 * the last picture (true), or its container may count its length from another moment than its first picture (false).
 */
export async function refuseIfPartMissing(
  request: DecodeRequest,
  from: number,
  duration: number,
  { damage, hasAudio, start = 0 }: Header,
): Promise<boolean> {
  if (damage > 0 || (await stopsShort(request.path)))
    throw await endsEarly(request, `there is no picture at ${from.toFixed(0)} of ${duration.toFixed(0)} s`);
  return hasAudio && start < duration * TOLERATED_LOSS;
}

async function endsEarly(request: DecodeRequest, what: string): Promise<ProblemError> {
  if (await isFresh(request)) return stillWriting(request.name);
  return problem('truncated', `"${request.name}" ends early: ${what}.`, 'Copy or render the file again.');
}

function refuseCrash(request: DecodeRequest, pass: PassResult): void {
  const { how, signal } = pass.ending;
  if (how === 'exit' && signal !== null) throw failed(request, `it was ended by ${signal}`);
}

function silent({ name, deadline }: DecodeRequest): ProblemError {
  return problem(
    'deadline',
    `ffmpeg gave no frame of "${name}" for ${deadline} s and was ended.`,
    'Check that the file is on a disk that answers, or raise "aesrm.decodeDeadlineSeconds".',
  );
}

function failed({ name, ffmpeg }: DecodeRequest, cause: string): ProblemError {
  return problem('ffmpegFailed', `ffmpeg ${ffmpeg.version} failed on "${name}": ${cause}.`);
}

async function withoutFrames(request: DecodeRequest, pass: PassResult): Promise<ProblemError> {
  const { name, ffmpeg } = request;
  const said = pass.ending.tail.join('\n');
  if (pass.ending.signal !== null) return failed(request, `it was ended by ${pass.ending.signal}`);
  // It may have gone since it was looked at.
  await statClip(request.path, name);
  const { hasAudio, hasVideo } = pass.header;
  if (TOO_LARGE.test(said))
    return problem(
      'tooLarge',
      `"${name}" has a larger picture than ${MAX_PIXELS / 2 ** 20} megapixels${sizeIn(said)}.`,
    );
  if (/Permission denied/.test(said))
    return problem('unreadable', `"${name}" may not be read: permission is denied.`);
  if (!hasVideo && hasAudio) return problem('noVideo', `"${name}" has sound but no picture.`);
  if (!hasVideo && UNRECOGNISED.test(said)) return unknownContent(request);
  if (!hasVideo) return problem('noVideo', `"${name}" holds no video track.`);
  if (NO_DECODER.test(said))
    return problem('unreadable', `ffmpeg ${ffmpeg.version} cannot decode "${name}": ${lastWord(pass)}.`);
  if (await isFresh(request)) return stillWriting(name);
  if (/partial file|ended prematurely/i.test(said)) return cut(request);
  return problem('noVideo', `"${name}" has a video track without a single frame that can be decoded.`);
}

/** No container was recognised: a video cut before its index, or something else under a video's name. */
async function unknownContent(request: DecodeRequest): Promise<ProblemError> {
  const { path, name } = request;
  if (!(await looksLikeVideo(path)))
    return problem('notVideo', `"${name}" is not a video: no container is recognised in it.`);
  return (await isFresh(request)) ? stillWriting(name) : cut(request);
}

function cut({ name }: DecodeRequest): ProblemError {
  return problem(
    'truncated',
    `"${name}" is cut: its index or its data are missing.`,
    'Copy or render the file again.',
  );
}

async function isFresh({ path, name }: DecodeRequest): Promise<boolean> {
  const { mtimeMs } = await statClip(path, name);
  return Math.abs(Date.now() - mtimeMs) < FRESH_MS;
}

function sizeIn(said: string): string {
  const m = /(?:Picture size |dimensions )(\d+)x(\d+)/.exec(said);
  return m ? ` (${m[1]} x ${m[2]})` : '';
}

/** ffmpeg's last line, without the address of the part that spoke. */
function lastWord(pass: PassResult): string {
  const line = pass.ending.tail.filter((l) => l.trim() !== '').at(-1) ?? 'it said nothing';
  return line
    .replace(/^\[[^\]]*\] /, '')
    .replace(/[.\s]+$/, '')
    .slice(0, 200);
}
