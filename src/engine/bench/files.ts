import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EarlierReport } from '../../core/bench/compare';
import { decodeBench } from '../../core/bench/decodeReport';
import type { LabelledPairs } from '../../core/bench/pairs';
import { readPlainPairs } from '../../core/bench/plain';
import { DecodeError } from '../../core/decode';
import { problem, type ProblemError } from '../../core/problem';

/** The labelled pairs of a file; refuses what is none and what has none. */
export async function readLabels(path: string): Promise<LabelledPairs> {
  const text = await textOf(path);
  const labels = decoded(path, 'no file of labelled pairs', () => readPlainPairs(text));
  if (labels.pairs.length > 0) return labels;
  throw problem('empty', [`There is no label in ${basename(path)}.`, ...labels.notes.slice(0, 3)].join(' '));
}

/** An `aesrm.bench/1` file. */
export async function readReport(path: string): Promise<EarlierReport> {
  const text = await textOf(path);
  return decoded(path, 'no report of a benchmark', () => decodeBench(JSON.parse(text)));
}

function decoded<T>(path: string, what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error;
    const why = error instanceof DecodeError ? error.message : 'it is not JSON';
    throw problem('unreadable', `${basename(path)} is ${what}: ${why}.`);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

function unreadable(path: string, { code, message }: NodeJS.ErrnoException): ProblemError {
  if (code === 'ENOENT' || code === 'ENOTDIR') return problem('fileMissing', `There is no file ${path}.`);
  if (code === 'EISDIR') return problem('notAFile', `${path} is a folder, not a file.`);
  if (code === 'EACCES' || code === 'EPERM')
    return problem('unreadable', `${path} may not be read: permission is denied.`);
  return problem('unreadable', `${path} cannot be read: ${message}.`);
}
