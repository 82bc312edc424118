import { DecodeError, obj, oneOf, str } from './decode';

export const PROBLEM_CODES = [
  'fileMissing',
  'notAFile',
  'empty',
  'notVideo',
  'noVideo',
  'truncated',
  'stillWriting',
  'tooLarge',
  'deadline',
  'unreadable',
  'ffmpegMissing',
  'ffmpegFailed',
  'modelMissing',
  'modelInvalid',
  'runtime',
  'outOfMemory',
  'downloadFailed',
  'answerUnread',
  'questionRefused',
  'logUnwritable',
  'logCorrupt',
  'diskFull',
  'gpuLibraries',
  'fetchFailed',
  'endpointInvalid',
  'endpointNotAllowed',
  'endpointUnreachable',
  'endpointRefused',
  'endpointFailed',
  'workerDied',
  'cancelled',
  'internal',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Where the judge is at fault, or the way to it: another judge may do. */
const OF_THE_JUDGE: readonly ProblemCode[] = [
  'modelMissing',
  'modelInvalid',
  'runtime',
  'outOfMemory',
  'answerUnread',
  'questionRefused',
  'gpuLibraries',
  'endpointInvalid',
  'endpointNotAllowed',
  'endpointUnreachable',
  'endpointRefused',
  'endpointFailed',
  'workerDied',
];

/** What went wrong, for a person: one sentence that names the file and the cause, and what to do where there is something. */
export interface Problem {
  code: ProblemCode;
  /** One sentence: what happened, to which file. */
  message: string;
  /** What the user can do. */
  fix?: string;
  /** The side whose clip is at fault, where one is. */
  side?: 'A' | 'B';
  /** What a model said that could not be read, as a verdict's `raw`. It may tell the clips apart. */
  raw?: string;
}

export function isOfTheJudge({ code, side }: Problem): boolean {
  return side === undefined && OF_THE_JUDGE.includes(code);
}

/** The only error that crosses a wire. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
  static is(error: unknown, code?: ProblemCode): error is ProblemError {
    return error instanceof ProblemError && (code === undefined || error.problem.code === code);
  }
}

export function problem(code: ProblemCode, message: string, fix?: string): ProblemError {
  return new ProblemError({ code, message, ...(fix === undefined ? {} : { fix }) });
}

export function cancelled(): ProblemError {
  return problem('cancelled', 'The comparison was cancelled.');
}

/** Any thrown value as a {@link Problem}; an abort becomes `cancelled`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof DecodeError) return { code: 'internal', message: error.message };
  if (error instanceof Error && error.name === 'AbortError') return cancelled().problem;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

export function decodeProblem(value: unknown): Problem {
  const o = obj(value, 'problem');
  return {
    code: oneOf(o.code, PROBLEM_CODES, 'problem.code'),
    message: str(o.message, 'problem.message'),
    ...(o.fix === undefined ? {} : { fix: str(o.fix, 'problem.fix') }),
    ...(o.side === undefined ? {} : { side: oneOf(o.side, ['A', 'B'] as const, 'problem.side') }),
    ...(o.raw === undefined ? {} : { raw: str(o.raw, 'problem.raw') }),
  };
}
