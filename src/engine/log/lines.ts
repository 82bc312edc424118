import { createHash } from 'node:crypto';
import { obj, str, type Json } from '../../core/decode';
import { pairKey } from '../../core/pair';
import type { Verdict } from '../../core/verdict';
import type { KeyOf } from './index';

/**
 * A line is the record itself, after three fields of the log's own: the machine that it was made on, and a key,
 * so that a long log is indexed without reading every line to its end.
 */
const HEAD = /^\{"format":"([^"]{1,64})","machine":"[^"]{0,64}","key":"([0-9a-f]{32})",/;
const HEAD_BYTES = 256;
const CLOSE = '}'.charCodeAt(0);

export function toLine<T extends { format: string }>(record: T, machine: string, key: string): string {
  const { format, ...rest } = record;
  return JSON.stringify({ format, machine, key, ...rest });
}

export interface VerdictIdentity {
  hashes: readonly [string, string];
  judgeHash: string;
  plan: string;
  options: Verdict['options'];
}

export function verdictKey({ hashes, judgeHash, plan, options }: VerdictIdentity): string {
  const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  return short(pairKey(hashes[0], hashes[1], judgeHash, plan, JSON.stringify(sorted)));
}

export function identityOf(verdict: Verdict): VerdictIdentity {
  const { a, b, judge, plan, options } = verdict;
  return { hashes: [a.hash, b.hash], judgeHash: judge.hash, plan, options };
}

export function votesKey(hashes: readonly [string, string]): string {
  return short(pairKey(hashes[0], hashes[1], '', '', 'votes'));
}

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Reads a line's key from its head, or from the record where another program wrote the line. */
export function keyReader(format: string, keyOfRecord: (record: Json) => string): KeyOf {
  return (line) => {
    if (line[line.length - 1] !== CLOSE && line.at(-2) !== CLOSE) return { skip: 'not a whole line' };
    const head = HEAD.exec(line.toString('latin1', 0, HEAD_BYTES));
    if (head?.[1] === format) return { key: head[2]! };
    try {
      const record = obj(JSON.parse(line.toString('utf8')), 'the line');
      const found = str(record.format, 'format');
      if (found !== format) return { skip: `of the format "${found}", which this version does not read` };
      return { key: keyOfRecord(record) };
    } catch (error) {
      return { skip: error instanceof SyntaxError ? 'not JSON' : (error as Error).message };
    }
  };
}

export function parseLine(line: string): Json {
  return obj(JSON.parse(line), 'the line');
}
