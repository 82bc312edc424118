import { ProblemError, toProblem, type Problem, type ProblemCode } from '../../core/problem';

/** What stops work on many clips; everything else is one clip's trouble. */
const FATAL: readonly ProblemCode[] = [
  'cancelled',
  'diskFull',
  'logUnwritable',
  'ffmpegMissing',
  'modelMissing',
  'modelInvalid',
  'runtime',
  'internal',
];

/** The trouble of one clip, which others need not suffer from; undefined for what stops them all. */
export function clipTrouble(error: unknown): Problem | undefined {
  // A file that goes between two of its readings is missing too.
  if (!ProblemError.is(error))
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? { ...toProblem(error), code: 'fileMissing' }
      : undefined;
  return FATAL.includes(error.problem.code) ? undefined : error.problem;
}
