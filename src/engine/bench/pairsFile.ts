import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asyncBufferFromFile } from 'hyparquet';
import { loadPairs } from '../../core/bench/loaders';
import type { LabelledPairs } from '../../core/bench/pairs';
import { problem, ProblemError } from '../../core/problem';
import { firstBytes, unreadable } from '../sample/file';
import { parquetTable } from './parquet';

const PARQUET = 'PAR1';

/** Beyond it a text does not fit into one string. */
const MOST_TEXT_BYTES = 400_000_000;

/** The labelled pairs of a file (CSV, JSON, JSON Lines, Parquet) in the layout of a public set. */
export async function readPairsFile(path: string): Promise<LabelledPairs> {
  const name = basename(path);
  try {
    const { size } = await fileAt(path, name);
    if ((await firstBytes(path, PARQUET.length)) === PARQUET)
      return loadPairs(await parquetTable(name, await asyncBufferFromFile(path)));
    if (size > MOST_TEXT_BYTES) throw problem('tooLarge', `"${name}" is too large to be read as text.`);
    return loadPairs({ name, text: await readFile(path, 'utf8') });
  } catch (error) {
    throw ProblemError.is(error) ? error : unreadable(error, name);
  }
}

async function fileAt(path: string, name: string): Promise<{ size: number }> {
  const found = await stat(path);
  if (!found.isFile()) throw problem('notAFile', `"${name}" is not a file of pairs.`);
  return found;
}
