import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EarlierReport } from '../../core/bench/compare';
import { decodeBench } from '../../core/bench/decodeReport';
import type { LabelledPairs } from '../../core/bench/pairs';
import { DecodeError } from '../../core/decode';
import { problem } from '../../core/problem';
import { unreadable } from '../sample/file';
import { readPairsFile } from './pairsFile';

/** The labelled pairs of a file; refuses what is none and what has none. */
export async function readLabels(path: string): Promise<LabelledPairs> {
  const labels = await readPairsFile(path);
  if (labels.pairs.length > 0) return labels;
  throw problem('empty', [`There is no label in ${basename(path)}.`, ...labels.notes.slice(0, 3)].join(' '));
}

/** An `aesrm.bench/1` file. */
export async function readReport(path: string): Promise<EarlierReport> {
  try {
    return decodeBench(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const name = basename(path);
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw unreadable(error, name);
    throw problem('unreadable', `${name} is no report of a benchmark: ${why}.`);
  }
}
