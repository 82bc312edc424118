import { problem, type ProblemError } from '../problem';

/** The last word on a model that was too much for the machine with less of everything, too. */
export function outOfMemory(name: string): ProblemError {
  return problem(
    'outOfMemory',
    `The local model "${name}" is too large for this machine's memory, with half of the frames and its smallest files too.`,
    'Choose a smaller model (AesRM: Manage Models…), or close other programs and reload the window.',
  );
}
