import { arr, bool, DecodeError, num, obj, oneOf, optional, requireFormat, str } from '../decode';
import { decodeProblem } from '../problem';
import { SERIES } from '../sweep/table';
import { decodeJudge } from '../verdictDecode';
import {
  BENCH_FORMAT,
  BENCH_METHOD,
  type AspectUse,
  type BenchCell,
  type BenchComparison,
  type BenchDifference,
  type BenchDocument,
  type BenchMacro,
  type PairRow,
  type PairRows,
} from './report';
import type { Estimate } from './stats/bootstrap';
import type { Calibration } from './stats/calibration';
import type { PositionBias } from './stats/position';

const list = <T>(value: unknown, at: string, decode: (value: unknown, at: string) => T): T[] =>
  arr(value, at).map((v, i) => decode(v, `${at}[${i}]`));
const orNull = <T>(value: unknown, at: string, decode: (value: unknown, at: string) => T): T | null =>
  value === null ? null : decode(value, at);

/** Fields of an object that are all numbers. */
function numbers<K extends string>(o: Record<string, unknown>, at: string, names: readonly K[]) {
  return Object.fromEntries(names.map((name) => [name, num(o[name], `${at}.${name}`)])) as Record<K, number>;
}

function texts<K extends string>(o: Record<string, unknown>, at: string, names: readonly K[]) {
  return Object.fromEntries(names.map((name) => [name, str(o[name], `${at}.${name}`)])) as Record<K, string>;
}

function estimate(value: unknown, at: string): Estimate {
  const o = obj(value, at);
  const ends = optional(o.interval, (v) => list(v, `${at}.interval`, num));
  if (ends && ends.length !== 2) throw new DecodeError(`${at}.interval does not have two ends`);
  return { value: num(o.value, `${at}.value`), ...(ends ? { interval: [ends[0]!, ends[1]!] } : {}) };
}

function calibration(value: unknown, at: string): Calibration {
  const o = obj(value, at);
  return {
    ...numbers(o, at, ['pairs', 'error', 'byChance']),
    bins: list(o.bins, `${at}.bins`, (v, where) =>
      numbers(obj(v, where), where, ['pairs', 'confidence', 'accuracy']),
    ),
  };
}

function cell(value: unknown, at: string): BenchCell {
  const o = obj(value, at);
  const calibrated = obj(o.calibrated, `${at}.calibrated`);
  return {
    ...texts(o, at, ['kind', 'source', 'aspect']),
    ...numbers(o, at, ['pairs', 'ties', 'groups', 'decisiveGroups', 'calledTies', 'commonest']),
    withoutTies: orNull(o.withoutTies, `${at}.withoutTies`, estimate),
    withTies: estimate(o.withTies, `${at}.withTies`),
    calibrated: {
      ...estimate(calibrated, `${at}.calibrated`),
      threshold: num(calibrated.threshold, `${at}.calibrated.threshold`),
    },
    calibration: orNull(o.calibration, `${at}.calibration`, calibration),
  };
}

function macro(value: unknown, at: string): BenchMacro {
  const o = obj(value, at);
  return {
    ...texts(o, at, ['kind', 'row']),
    withoutTies: orNull(o.withoutTies, `${at}.withoutTies`, estimate),
    withTies: orNull(o.withTies, `${at}.withTies`, estimate),
    sources: list(o.sources, `${at}.sources`, (v, where) => {
      const s = obj(v, where);
      return {
        source: str(s.source, `${where}.source`),
        decisive: num(s.decisive, `${where}.decisive`),
        averaged: bool(s.averaged, `${where}.averaged`),
      };
    }),
  };
}

function position(value: unknown): PositionBias {
  const o = obj(value, 'position');
  return {
    ...numbers(o, 'position', ['pairs', 'verdicts', 'changed']),
    unanswered: optional(o.unanswered, (v) => num(v, 'position.unanswered')) ?? 0,
    changes: orNull(o.changes, 'position.changes', estimate),
    first: orNull(o.first, 'position.first', estimate),
  };
}

function aspect(value: unknown, at: string): AspectUse {
  const o = obj(value, at);
  const notJudged = optional(o.notJudged, (v) => num(v, `${at}.notJudged`));
  return {
    aspect: str(o.aspect, `${at}.aspect`),
    labels: num(o.labels, `${at}.labels`),
    row: orNull(o.row, `${at}.row`, str),
    against: list(o.against, `${at}.against`, (v, where) => oneOf(v, SERIES, where)),
    known: bool(o.known, `${at}.known`),
    ...(notJudged === undefined ? {} : { notJudged }),
  };
}

function difference(value: unknown, at: string): BenchDifference {
  const o = obj(value, at);
  return {
    ...texts(o, at, ['kind', 'aspect']),
    source: orNull(o.source, `${at}.source`, str),
    ...numbers(o, at, ['pairs', 'groups']),
    withoutTies: orNull(o.withoutTies, `${at}.withoutTies`, estimate),
    withTies: estimate(o.withTies, `${at}.withTies`),
  };
}

function comparison(value: unknown): BenchComparison {
  const o = obj(value, 'comparison');
  return {
    ...texts(o, 'comparison', ['name', 'at', 'plan']),
    judge: decodeJudge(o.judge),
    ...numbers(o, 'comparison', ['shared', 'onlyHere', 'onlyThere', 'relabelled']),
    differences: list(o.differences, 'comparison.differences', difference),
  };
}

function pairRows(value: unknown): PairRows {
  const o = obj(value, 'pairs');
  const names = (key: string) => list(o[key], `pairs.${key}`, str);
  const clips = list(o.clips, 'pairs.clips', (v, where) => texts(obj(v, where), where, ['path', 'hash']));
  const lists = { aspects: names('aspects'), kinds: names('kinds'), sources: names('sources') };
  const groups = names('groups');
  const sizes = [clips, clips, lists.aspects, lists.kinds, lists.sources, groups].map((of) => of.length);
  const rows = list(o.rows, 'pairs.rows', (v, at) => pairRow(v, at, sizes));
  return { clips, ...lists, groups, rows };
}

function pairRow(value: unknown, at: string, sizes: readonly number[]): PairRow {
  const row = list(value, at, num);
  const [label, ...p] = row.slice(sizes.length);
  const isIndexed = sizes.every((size, i) => Number.isInteger(row[i]) && row[i]! >= 0 && row[i]! < size);
  const isChance = p.length === 3 && p.every((x) => x >= 0 && x <= 1);
  if (!isIndexed || !isChance || ![-1, 0, 1].includes(label!)) throw new DecodeError(`${at} is not a pair`);
  return row as PairRow;
}

/** An `aesrm.bench/1` document. */
export function decodeBench(value: unknown): BenchDocument {
  const o = obj(value, 'the report');
  requireFormat(o, BENCH_FORMAT);
  const counts = obj(o.counts, 'counts');
  const compared = optional(o.comparison, comparison);
  return {
    format: BENCH_FORMAT,
    method: oneOf(o.method, [BENCH_METHOD], 'method'),
    ...texts(o, 'the report', ['at', 'name', 'plan']),
    judge: decodeJudge(o.judge),
    replicates: num(o.replicates, 'replicates'),
    counts: {
      ...numbers(counts, 'counts', ['labels', 'used', 'noneOfOurs', 'withoutClip', 'clips']),
      // An earlier report has none: it left nothing out for that.
      notJudged: optional(counts.notJudged, (v) => num(v, 'counts.notJudged')) ?? 0,
    },
    aspects: list(o.aspects, 'aspects', aspect),
    problems: list(o.problems, 'problems', (v, at) => {
      const p = obj(v, at);
      return {
        path: str(p.path, `${at}.path`),
        labels: num(p.labels, `${at}.labels`),
        problem: decodeProblem(p.problem),
      };
    }),
    notes: list(o.notes, 'notes', str),
    cells: list(o.cells, 'cells', cell),
    macros: list(o.macros, 'macros', macro),
    calibration: list(o.calibration, 'calibration', (v, at) => {
      const c = obj(v, at);
      return {
        kind: str(c.kind, `${at}.kind`),
        calibration: calibration(c.calibration, `${at}.calibration`),
      };
    }),
    position: position(o.position),
    ...(compared ? { comparison: compared } : {}),
    pairs: pairRows(o.pairs),
  };
}
