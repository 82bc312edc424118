import { winnerOf, type Probabilities } from '../verdict';
import { scoreOf, type Score } from '../verdictRule';
import { measuredBy } from './aspects';
import { LEAST_DECISIVE, type BenchCell, type BenchFigures, type BenchMacro } from './report';
import { groupsIn, meanShare, shareOf, type Observation } from './stats/bootstrap';
import { calibrationOf, type Sureness } from './stats/calibration';
import { positionBias, type BothOrders } from './stats/position';
import { calibrateTies, isRight } from './stats/ties';

/** A label beside what the judge says of its aspect. */
export interface JudgedLabel {
  kind: string;
  source: string;
  aspect: string;
  /** Of the report; of aspects that share one. */
  row: string;
  group: string;
  /** 1 where A is preferred. */
  label: Score;
  p: Probabilities;
}

export function benchFigures(
  labels: readonly JudgedLabel[],
  pairs: readonly (BothOrders & { group: string })[],
): BenchFigures {
  const kinds = [...groupBy(byKindFirst(labels), ({ kind }) => kind)];
  return {
    cells: kinds.flatMap(([, ofKind]) => cellsOf(ofKind)),
    macros: kinds.flatMap(([kind, ofKind]) => macrosOf(kind, ofKind)),
    calibration: kinds.flatMap(([kind, ofKind]) => {
      const calibration = calibrationOf(ofKind.map(surenessOf));
      return calibration ? [{ kind, calibration }] : [];
    }),
    position: positionBias(pairs),
  };
}

/** Kind by kind in the order in which they come, people's labels before all others. */
export function byKindFirst<T extends { kind: string }>(items: readonly T[]): T[] {
  const kinds = [...groupBy(items, ({ kind }) => kind)];
  const people = kinds.filter(([kind]) => isPeoples(kind));
  const others = kinds.filter(([kind]) => !isPeoples(kind));
  return [...people, ...others].flatMap(([, of]) => of);
}

/** Labels that people gave: no claims of a method, no damage that was done on purpose, no other judge's word. */
export const isPeoples = (kind: string) => kind.startsWith('human');

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

export const marginOf = ({ p }: JudgedLabel) => p.a - p.b;

/** Decisive labels against the sign of the lean; no lean at all is right half of the time. */
export function signRight(labels: readonly JudgedLabel[]): Observation[] {
  return labels
    .filter(({ label }) => label !== 0)
    .map((one) => ({ value: (1 + Math.sign(marginOf(one)) * one.label) / 2, group: one.group }));
}

/** All labels against the judge's own call. */
export function callRight(labels: readonly JudgedLabel[]): Observation[] {
  return labels.map(({ p, label, group }) => ({ value: Number(scoreOf(p) === label), group }));
}

function surenessOf({ p, label }: JudgedLabel): Sureness {
  return { confidence: Math.max(p.a, p.tie, p.b), right: scoreOf(p) === label };
}

/** By aspect and source, aspects of one row together. */
function cellsOf(ofKind: readonly JudgedLabel[]): BenchCell[] {
  const byRow = [...groupBy(ofKind, ({ row }) => row).values()];
  return byRow.flatMap((ofRow) =>
    [...groupBy(ofRow, ({ aspect, source }) => JSON.stringify([aspect, source])).values()].map(cellOf),
  );
}

function cellOf(labels: JudgedLabel[]): BenchCell {
  const { kind, source, aspect } = labels[0]!;
  const counts = ([1, 0, -1] as const).map((label) => labels.filter((one) => one.label === label).length);
  const leanings = labels.map((one) => ({ margin: marginOf(one), label: one.label }));
  const { threshold } = calibrateTies(leanings);
  const decisive = signRight(labels);
  const atThreshold = labels.map(({ group }, i) => ({
    value: Number(isRight(leanings[i]!, threshold)),
    group,
  }));
  return {
    ...{ kind, source, aspect },
    pairs: labels.length,
    ties: counts[1]!,
    groups: groupsIn(atThreshold),
    calledTies: labels.filter(({ p }) => winnerOf(p) === 'tie').length,
    commonest: Math.max(...counts) / labels.length,
    decisiveGroups: groupsIn(decisive),
    withoutTies: shareOf(decisive),
    withTies: shareOf(callRight(labels))!,
    calibrated: { ...shareOf(atThreshold)!, threshold },
    calibration: calibrationOf(labels.map(surenessOf)),
  };
}

function macrosOf(kind: string, ofKind: readonly JudgedLabel[]): BenchMacro[] {
  return [...groupBy(ofKind, ({ row }) => row)].map(([row, ofRow]) => {
    const { sources, averaged } = averagedSources(ofRow);
    return {
      ...{ kind, row, sources },
      withoutTies: meanShare(averaged.map(signRight)),
      withTies: meanShare(averaged.map(callRight)),
    };
  });
}

/** All sources of a row, and the labels of those that are large enough to be averaged. */
export function averagedSources(ofRow: readonly JudgedLabel[]) {
  const bySource = [...groupBy(ofRow, ({ source }) => source)];
  const sources = bySource.map(([source, labels]) => {
    const decisive = signRight(labels).length;
    return { source, decisive, averaged: decisive >= LEAST_DECISIVE };
  });
  return { sources, averaged: bySource.flatMap(([, labels], i) => (sources[i]!.averaged ? [labels] : [])) };
}

/** The row of an aspect that a judged label has. */
export const rowOf = (aspect: string) => measuredBy(aspect)?.row ?? aspect;
