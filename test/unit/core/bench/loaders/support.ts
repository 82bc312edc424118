import * as assert from 'node:assert/strict';
import { loadPairs } from '../../../../../src/core/bench/loaders';
import type { LabelledPair } from '../../../../../src/core/bench/pairs';
import { ProblemError } from '../../../../../src/core/problem';

export const read = (name: string, text: string) => loadPairs({ name, text });

export const readJson = (name: string, value: unknown) => read(name, JSON.stringify(value));

/** What tells pairs apart, in short: sides, side preferred, aspect. */
export const brief = (pairs: readonly LabelledPair[]) =>
  pairs.map(({ a, b, preferred, aspect }) => `${a} ${b} ${preferred} ${aspect}`);

/** What all pairs agree on; fails where they do not. */
export function common<K extends keyof LabelledPair>(
  pairs: readonly LabelledPair[],
  key: K,
): LabelledPair[K] {
  const [first, ...others] = pairs.map((pair) => pair[key]);
  for (const other of others) assert.deepEqual(other, first);
  return first!;
}

export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.message;
    throw error;
  }
  assert.fail('nothing was refused');
}
