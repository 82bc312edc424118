import { basename } from 'node:path';
import { problem, type ProblemError } from '../../../core/problem';

/** A folder in which no sweep was found; `message` says why where that is known. */
export function nothingFound(root: string, message?: string): ProblemError {
  return problem(
    'noVideo',
    message ?? `No two videos in "${basename(root)}" have anything in common.`,
    'Give a pattern that says which part of a path is what, as in {checkpoint}/{prompt}_{seed}.mp4.',
  );
}
