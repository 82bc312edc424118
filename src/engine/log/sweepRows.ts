import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { arr, type Json, requireFormat, str } from '../../core/decode';
import type { Problem } from '../../core/problem';
import { CRITERION_IDS } from '../../core/rubric';
import { NOT_JUDGED, SERIES, type Called, type PairTable } from '../../core/sweep/table';
import { winnerOf } from '../../core/verdict';
import { scoreOfWinner } from '../../core/verdictRule';
import type { Judgement } from '../judge';
import { appendLine } from './append';
import { LogIndex, type Cursor, type Skipped } from './index';
import { keyReader, parseLine, toLine } from './lines';

export const ROWS_FORMAT = 'aesrm.sweep-rows/1';

/** Pairs in one line at most: a line is one write. */
const PAIRS_PER_LINE = 4096;
/**
 * Two clips (uint16), two probabilities per series (uint16 of 65535), the series' winners (one byte, two bits each:
 * sign + 1, 3 where it was not judged), a criterion per byte.
 */
const BYTES = 2 * 2 + SERIES.length * 2 * 2 + 1 + CRITERION_IDS.length;
const FULL = 65535;

/** A judged pair by the content of its clips. */
export interface JudgedPair {
  judgement: Judgement;
  /** SHA-256, hex. */
  a: string;
  b: string;
}

/** One line of the log, unpacked only when it is walked. */
export interface RowBlock {
  hashes: string[];
  pairs: Buffer;
  /** Key of the prompt that the judge was told, empty for none; absent where it reads none, or the line does not say. */
  prompt?: string;
  /** The id of the machine that it was made on, empty where the line does not say; absent until it is kept. */
  machine?: string;
}

/** A line as it stands in the log, whichever judge and plan it is of. */
export interface LoggedRows extends RowBlock {
  /** Empty where the line does not say, as is `at`. */
  judgeHash: string;
  /** ISO 8601. */
  at: string;
}

/** What a pair's verdict depends on besides its clips. */
export interface RowsIdentity {
  judgeHash: string;
  plan: string;
}

export function rowsKey({ judgeHash, plan }: RowsIdentity): string {
  return createHash('sha256').update(`rows:${judgeHash}:${plan}`).digest('hex').slice(0, 32);
}

const keyOfLine = keyReader(ROWS_FORMAT, (record) =>
  rowsKey({ judgeHash: str(record.judge, 'judge'), plan: str(record.plan, 'plan') }),
);

/** The compact rows of all sweeps of one log folder. */
export class SweepRowLog {
  private readonly file: string;
  private readonly index: LogIndex;

  constructor(dir: string) {
    this.file = join(dir, 'sweeps.jsonl');
    this.index = new LogIndex(this.file, keyOfLine);
  }

  get trouble(): Skipped | undefined {
    return this.index.trouble;
  }

  get refusal(): Problem | undefined {
    return this.index.refusal;
  }

  /** Blocks that came after the look that ended at `cursor`; see {@link LogIndex.since}. */
  since(
    identity: RowsIdentity,
    cursor?: Cursor,
  ): Promise<{ found: RowBlock[]; cursor: Cursor; anew: boolean }> {
    return this.index.since(rowsKey(identity), readBlock, cursor);
  }

  /** Every line, in log order. */
  all(): Promise<LoggedRows[]> {
    return this.index.all(readRows);
  }

  /** On the disk when this returns. */
  async append(
    blocks: readonly RowBlock[],
    identity: RowsIdentity,
    machine: string,
  ): Promise<{ created: boolean }> {
    let created = false;
    for (const block of blocks) {
      const record = {
        format: ROWS_FORMAT,
        at: new Date().toISOString(),
        judge: identity.judgeHash,
        plan: identity.plan,
        ...(block.prompt === undefined ? {} : { prompt: block.prompt }),
        clips: block.hashes,
        pairs: block.pairs.toString('base64'),
      };
      const done = await appendLine(this.file, toLine(record, machine, rowsKey(identity)));
      created ||= done.created;
    }
    return { created };
  }
}

/**
 * Pairs as they are kept, and as they are read again: what is shown is what is in the log. `prompt`: of a judge that reads
 * it, the key of what it was told.
 */
export function packPairs(pairs: readonly JudgedPair[], prompt?: string): RowBlock[] {
  const told = prompt === undefined ? {} : { prompt };
  const blocks = [];
  for (let from = 0; from < pairs.length; from += PAIRS_PER_LINE)
    blocks.push({ ...pack(pairs.slice(from, from + PAIRS_PER_LINE)), ...told });
  return blocks;
}

function pack(pairs: readonly JudgedPair[]): RowBlock {
  const ids = new Map<string, number>();
  const idOf = (hash: string) => {
    if (!ids.has(hash)) ids.set(hash, ids.size);
    return ids.get(hash)!;
  };
  const bytes = Buffer.alloc(pairs.length * BYTES);
  pairs.forEach(({ a, b, judgement: { overall, dimensions, criteria } }, i) => {
    const calls = SERIES.map((s) => (s === 'overall' ? overall : dimensions[s]));
    let at = i * BYTES;
    at = bytes.writeUInt16LE(idOf(a), at);
    at = bytes.writeUInt16LE(idOf(b), at);
    let winners = 0;
    calls.forEach((p, s) => {
      at = bytes.writeUInt16LE(p ? share(p.a) : 0, at);
      at = bytes.writeUInt16LE(p ? share(p.b) : 0, at);
      winners |= ((p ? scoreOfWinner(winnerOf(p)) : NOT_JUDGED) + 1) << (2 * s);
    });
    at = bytes.writeUInt8(winners, at);
    for (const id of CRITERION_IDS) {
      const p = criteria[id];
      at = bytes.writeInt8(p ? scoreOfWinner(winnerOf(p)) : NOT_JUDGED, at);
    }
  });
  return { hashes: [...ids.keys()], pairs: bytes };
}

const share = (p: number) => Math.min(FULL, Math.max(0, Math.round(p * FULL)));

/** Calls `use` with the indices (into `hashes`) of every pair of a block and its place in it. */
export function eachPair({ pairs }: RowBlock, use: (a: number, b: number, from: number) => void): void {
  for (let from = 0; from + BYTES <= pairs.length; from += BYTES)
    use(pairs.readUInt16LE(from), pairs.readUInt16LE(from + 2), from);
}

/** The calls of the pair at `from`, by {@link SERIES}: 1 where its A is better, or {@link NOT_JUDGED}. */
export function scoresAt({ pairs }: RowBlock, from: number): Called[] {
  const winners = pairs[winnersFrom(from)]!;
  return SERIES.map((_, s) => scoreIn(winners, s));
}

const winnersFrom = (from: number) => from + 4 + 4 * SERIES.length;
const scoreIn = (winners: number, series: number) => (((winners >> (2 * series)) & 3) - 1) as Called;

/** Writes the pair at `from` into a table's entry; `turned`: its B is the earlier clip. */
export function readPair(
  { pairs }: RowBlock,
  from: number,
  table: PairTable,
  entry: number,
  turned: boolean,
): void {
  const sign = turned ? 1 : -1;
  const calls = from + 4;
  const winners = pairs[winnersFrom(from)]!;
  for (let s = 0; s < SERIES.length; s++) {
    const at = entry * SERIES.length + s;
    const margin = pairs.readUInt16LE(calls + 4 * s) - pairs.readUInt16LE(calls + 4 * s + 2);
    const score = scoreIn(winners, s);
    table.margin[at] = score === NOT_JUDGED ? 0 : (sign * margin) / FULL;
    table.winner[at] = score === NOT_JUDGED ? NOT_JUDGED : sign * score;
  }
  const scores = winnersFrom(from) + 1;
  for (let k = 0; k < CRITERION_IDS.length; k++) {
    const score = pairs.readInt8(scores + k);
    table.criteria[entry * CRITERION_IDS.length + k] = score >= -1 && score <= 1 ? sign * score : NOT_JUDGED;
  }
}

function readBlock(line: string): RowBlock | undefined {
  try {
    return blockOf(parseLine(line));
  } catch {
    return undefined;
  }
}

function readRows(line: string): LoggedRows | undefined {
  try {
    const record = parseLine(line);
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const block = blockOf(record);
    return block && { ...block, judgeHash: text(record.judge), at: text(record.at) };
  } catch {
    return undefined;
  }
}

/** @throws DecodeError */
function blockOf(record: Json): RowBlock | undefined {
  requireFormat(record, ROWS_FORMAT);
  const hashes = arr(record.clips, 'clips').map((v, i) => str(v, `clips[${i}]`));
  const pairs = Buffer.from(str(record.pairs, 'pairs'), 'base64');
  const machine = typeof record.machine === 'string' ? record.machine : '';
  const told = typeof record.prompt === 'string' ? { prompt: record.prompt } : {};
  return pairs.length % BYTES === 0 ? { hashes, pairs, ...told, machine } : undefined;
}
