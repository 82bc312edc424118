import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DecodeError, obj, optional, str } from '../core/decode';
import { problem, type ProblemError } from '../core/problem';
import { systemReason } from './output';

export type PairId = string | number;

export interface PairLine {
  /** As given, else the line's number. */
  id: PairId;
  a: string;
  b: string;
  prompt: string | undefined;
}

/** One line of a file of pairs, or why it is none. */
export type ReadPair = { id: PairId; pair: PairLine } | { id: PairId; error: string };

/** The lines of a file of pairs, or of stdin for `-`, as they come; empty ones are passed over. */
export async function* readPairs(file: string, root: string | undefined): AsyncGenerator<ReadPair> {
  const fromStdin = file === '-';
  if (!fromStdin) await refuseUnlessFile(file);
  const base = resolve(root ?? (fromStdin ? '.' : dirname(file)));
  const input = fromStdin ? process.stdin : createReadStream(file);
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++;
      const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() !== '') yield readLine(text, number, base);
    }
  } catch (error) {
    throw unreadable(fromStdin ? 'stdin' : file, error);
  } finally {
    input.destroy();
  }
}

async function refuseUnlessFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? problem('fileMissing', `There is no file ${file}.`)
      : unreadable(file, error);
  });
  if (found.isDirectory()) throw problem('notAFile', `${file} is a folder, not a file of pairs.`);
}

function unreadable(name: string, error: unknown): ProblemError {
  return problem('unreadable', `${name} cannot be read: ${systemReason(error)}.`);
}

function readLine(text: string, number: number, base: string): ReadPair {
  let id: PairId = number;
  try {
    const o = obj(JSON.parse(text), 'it');
    if (typeof o.id === 'string' || typeof o.id === 'number') id = o.id;
    else if (o.id !== undefined && o.id !== null) throw new DecodeError('id is neither text nor a number');
    const [a, b] = [path(o.a, 'a'), path(o.b, 'b')];
    const prompt = optional(o.prompt, (v) => str(v, 'prompt'));
    return { id, pair: { id, a: resolve(base, a), b: resolve(base, b), prompt } };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    return { id, error: `Line ${number} is not a pair: ${why}.` };
  }
}

function path(value: unknown, at: string): string {
  const text = str(value, at);
  if (text === '' || text.includes('\0')) throw new DecodeError(`${at} is not a path`);
  return text;
}
