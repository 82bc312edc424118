import { arr, DecodeError, type Json, num, obj, oneOf, optional, requireFormat, str } from '../../decode';
import { decodeProblem } from '../../problem';
import { CRITERION_IDS } from '../../rubric';
import { decodeJudge } from '../../verdictDecode';
import { SWEEP_FORMAT, type DocumentVote, type SweepDocument } from '../document';
import { LEFTOVER_REASONS, type Column, type Grid, type GridClip, type Row } from '../grid';
import { STATISTICS_METHOD, type SweepStatistics, type VoteAgreement } from '../statistics';
import { newPairTable, NOT_JUDGED, PAIRINGS, SERIES, type PairTable } from '../table';
import { criterionCode } from './cells';

const list = <T>(value: unknown, at: string, decode: (v: unknown, at: string) => T): T[] =>
  arr(value, at).map((v, i) => decode(v, `${at}[${i}]`));

/** An index into a list of `length`. */
function index(value: unknown, length: number, at: string): number {
  const n = num(value, at);
  if (!Number.isInteger(n) || n < 0 || n >= length) throw new DecodeError(`${at} points at nothing`);
  return n;
}

const COLUMN_KINDS = ['base', 'step', 'epoch', 'name', 'last'] as const;

function column(v: unknown, at: string): Column {
  const o = obj(v, at);
  const value = optional(o.value, (n) => num(n, `${at}.value`));
  return {
    id: str(o.id, `${at}.id`),
    label: str(o.label, `${at}.label`),
    kind: oneOf(o.kind, COLUMN_KINDS, `${at}.kind`),
    ...(value === undefined ? {} : { value }),
  };
}

function row(v: unknown, at: string): Row {
  const o = obj(v, at);
  const prompt = optional(o.prompt, (s) => str(s, `${at}.prompt`));
  const promptFrom = optional(o.promptFrom, (s) => str(s, `${at}.promptFrom`));
  return {
    id: str(o.id, `${at}.id`),
    label: str(o.label, `${at}.label`),
    ...(prompt === undefined ? {} : { prompt }),
    ...(promptFrom === undefined ? {} : { promptFrom }),
  };
}

function grid(v: unknown): Grid {
  const o = obj(v, 'grid');
  const pattern = optional(o.pattern, (s) => str(s, 'grid.pattern'));
  const columns = list(o.columns, 'grid.columns', column);
  const rows = list(o.rows, 'grid.rows', row);
  const seeds = list(o.seeds, 'grid.seeds', str);
  const clip = (value: unknown, at: string): GridClip => {
    const c = obj(value, at);
    return {
      path: str(c.path, `${at}.path`),
      size: num(c.size, `${at}.size`),
      mtimeMs: num(c.mtimeMs, `${at}.mtimeMs`),
      column: index(c.column, columns.length, `${at}.column`),
      row: index(c.row, rows.length, `${at}.row`),
      seed: index(c.seed, seeds.length, `${at}.seed`),
    };
  };
  return {
    id: str(o.id, 'grid.id'),
    title: str(o.title, 'grid.title'),
    ...(pattern === undefined ? {} : { pattern }),
    columns,
    rows,
    seeds,
    clips: list(o.clips, 'grid.clips', clip),
    leftovers: list(o.leftovers, 'grid.leftovers', (value, at) => {
      const l = obj(value, at);
      return { path: str(l.path, `${at}.path`), why: oneOf(l.why, LEFTOVER_REASONS, `${at}.why`) };
    }),
    notes: list(o.notes, 'grid.notes', str),
  };
}

function clipFacts(v: unknown, at: string): SweepDocument['clips'][number] {
  if (v === null) return null;
  const o = obj(v, at);
  return {
    hash: str(o.hash, `${at}.hash`),
    frames: num(o.frames, `${at}.frames`),
    duration: num(o.duration, `${at}.duration`),
    fps: num(o.fps, `${at}.fps`),
  };
}

const SIGNS = [-1, 0, 1] as const;
const CALLED = [...SIGNS, NOT_JUDGED] as const;

function place(o: Json, g: Grid, at: string): Omit<DocumentVote, 'by' | 'overall'> {
  const later = index(o.later, g.columns.length, `${at}.later`);
  return {
    earlier: index(o.earlier, later, `${at}.earlier`),
    later,
    row: index(o.row, g.rows.length, `${at}.row`),
    seed: index(o.seed, g.seeds.length, `${at}.seed`),
  };
}

function vote(v: unknown, g: Grid, at: string): DocumentVote {
  const o = obj(v, at);
  return {
    ...place(o, g, at),
    by: str(o.by, `${at}.by`),
    overall: oneOf(o.overall, SIGNS, `${at}.overall`),
  };
}

function pairTable(value: unknown, g: Grid): PairTable {
  const rows = arr(value, 'pairs');
  const table = newPairTable(rows.length);
  rows.forEach((v, i) => {
    const at = `pairs[${i}]`;
    const [r, seed, earlier, later, signs, margins, criteria] = arr(v, at);
    const where = place({ row: r, seed, earlier, later }, g, at);
    table.row[i] = where.row;
    table.seed[i] = where.seed;
    table.earlier[i] = where.earlier;
    table.later[i] = where.later;
    const [s, m, c] = [arr(signs, `${at}[4]`), arr(margins, `${at}[5]`), str(criteria, `${at}[6]`)];
    SERIES.forEach((_, k) => {
      table.winner[i * SERIES.length + k] = oneOf(s[k] as number, CALLED, `${at}[4][${k}]`);
      table.margin[i * SERIES.length + k] = num(m[k], `${at}[5][${k}]`);
    });
    CRITERION_IDS.forEach((_, k) => {
      const code = criterionCode(c.charAt(k));
      if (code === undefined) throw new DecodeError(`${at}[6] is not the rubric's fifteen`);
      table.criteria[i * CRITERION_IDS.length + k] = code;
    });
  });
  table.count = rows.length;
  return table;
}

/** The numbers were computed from the pairs: only their method is checked. */
function statistics(v: unknown): SweepStatistics | null {
  if (v === null) return null;
  const o = obj(v, 'statistics');
  if (o.method !== STATISTICS_METHOD)
    throw new DecodeError(
      `the statistics are ${JSON.stringify(o.method)}, and this version of AesRM Review reads ${STATISTICS_METHOD}`,
    );
  const series = obj(o.series, 'statistics.series');
  for (const s of SERIES) obj(series[s], `statistics.series.${s}`);
  return o as unknown as SweepStatistics;
}

/**
 * A parsed `aesrm.sweep/1` file. An unknown version, an index that points at nothing or a missing part is refused with
 * one sentence; the inside of `statistics` and `agreement` is taken as it is.
 */
export function decodeSweepDocument(value: unknown): SweepDocument {
  const o = obj(value, 'sweep');
  requireFormat(o, SWEEP_FORMAT);
  const g = grid(o.grid);
  const clips = list(o.clips, 'clips', clipFacts);
  if (clips.length !== g.clips.length) throw new DecodeError('clips are not those of the grid');
  return {
    format: SWEEP_FORMAT,
    at: str(o.at, 'at'),
    name: str(o.name, 'name'),
    root: str(o.root, 'root'),
    grid: g,
    judge: decodeJudge(o.judge),
    plan: str(o.plan, 'plan'),
    pairing: oneOf(o.pairing, PAIRINGS, 'pairing'),
    baseline: str(o.baseline, 'baseline'),
    clips,
    broken: list(o.broken, 'broken', (v, at) => {
      const b = obj(v, at);
      return { clip: index(b.clip, clips.length, `${at}.clip`), problem: decodeProblem(b.problem) };
    }),
    statistics: statistics(o.statistics),
    agreement: o.agreement === null ? null : (obj(o.agreement, 'agreement') as unknown as VoteAgreement),
    votes: list(o.votes, 'votes', (v, at) => vote(v, g, at)),
    pairs: pairTable(o.pairs, g),
  };
}
