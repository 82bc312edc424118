import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { problem } from '../../core/problem';

/** An object from a JSON file of the model `name`. */
export async function readJson(path: string, name: string): Promise<Record<string, unknown>> {
  const refuse = (cause: string) =>
    problem('modelInvalid', `The local model "${name}" is refused: "${basename(path)}" ${cause}.`);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    throw refuse('is not JSON');
  }
  throw refuse('is not an object');
}
