import type { ClipMeasures } from '../../core/measures';
import type { Side } from '../../core/pair';
import { ProblemError, toProblem, type ProblemCode } from '../../core/problem';
import type { ClipRecord } from '../../core/verdict';
import type { CompareProgress } from '../../protocol/engine';
import type { CallOptions, DecodeProgress } from '../ports';

/** What reading a clip brings, whatever else it does. */
export interface ReadClip {
  record: ClipRecord;
  measures: ClipMeasures;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
}

type Read<T> = (options: CallOptions<DecodeProgress>) => Promise<T>;

/**
 * Reads both clips of a comparison, telling of each as side A's or B's; what is wrong with a clip carries its side.
 * Waits for both, so that nothing runs on; then the first failure counts.
 */
export async function bothSides<T extends ReadClip>(
  a: Read<T>,
  b: Read<T>,
  options: CallOptions<CompareProgress>,
): Promise<[T, T]> {
  const [A, B] = await Promise.allSettled([oneSide('A', a, options), oneSide('B', b, options)]);
  if (A.status === 'rejected') throw A.reason;
  if (B.status === 'rejected') throw B.reason;
  return [A.value, B.value];
}

async function oneSide<T extends ReadClip>(
  side: Side,
  read: Read<T>,
  { signal, onProgress }: CallOptions<CompareProgress>,
): Promise<T> {
  try {
    const clip = await read({
      signal,
      onProgress: (progress) => onProgress?.({ stage: 'decoding', side, ...progress }),
    });
    onProgress?.({ stage: 'clip', side, clip: clip.record, measures: clip.measures });
    return clip;
  } catch (error) {
    throw withSide(error, side);
  }
}

/** What is wrong with a clip carries its side. */
export function withSide(error: unknown, side: Side): unknown {
  const problem = toProblem(error);
  return NOT_CLIPS.includes(problem.code) ? error : new ProblemError({ ...problem, side });
}

/** Problems that are not a clip's fault carry no side. */
const NOT_CLIPS: readonly ProblemCode[] = [
  'cancelled',
  'ffmpegMissing',
  'modelMissing',
  'modelInvalid',
  'runtime',
  'answerUnread',
  'internal',
];

/** Milliseconds by stage of both clips and of the rest, as a verdict has them. */
export function timingsOf(a: ReadClip, b: ReadClip, rest: Record<string, number>): Record<string, number> {
  const named = [
    ...Object.entries(a.timings).map(([stage, ms]) => [`${stage}A`, ms] as const),
    ...Object.entries(b.timings).map(([stage, ms]) => [`${stage}B`, ms] as const),
    ...Object.entries(rest),
  ];
  return Object.fromEntries(named.map(([stage, ms]) => [stage, Math.round(ms * 10) / 10]));
}
