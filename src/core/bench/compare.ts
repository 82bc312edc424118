import { averagedSources, byKindFirst, callRight, groupBy, signRight, type JudgedLabel } from './figures';
import type { BenchComparison, BenchDifference, BenchDocument, PairRows } from './report';
import { judgedLabels } from './rows';
import { groupsIn, meanDifference, type Observation } from './stats/bootstrap';

/** What is read of an earlier report. */
export type EarlierReport = Pick<BenchDocument, 'name' | 'at' | 'judge' | 'plan' | 'pairs'>;

interface Both {
  here: JudgedLabel;
  there: JudgedLabel;
}

/** Two judges on the labels that both reports have; a pair is the same by the content of its clips. */
export function compareReports(here: Pick<BenchDocument, 'pairs'>, there: EarlierReport): BenchComparison {
  const { name, at, judge, plan } = there;
  const [mine, theirs] = [byContent(here.pairs), byContent(there.pairs)];
  const found = [...mine].flatMap(([key, label]): Both[] => {
    const other = theirs.get(key);
    return other ? [{ here: label, there: other }] : [];
  });
  const shared = found.filter(({ here: one, there: other }) => one.label === other.label);
  return {
    ...{ name, at, judge, plan },
    shared: shared.length,
    onlyHere: mine.size - found.length,
    onlyThere: theirs.size - found.length,
    relabelled: found.length - shared.length,
    differences: differencesOf(shared),
  };
}

/** By content, aspect, kind and source, A being the clip whose hash comes first; of labels on the same the first. */
function byContent(pairs: PairRows): Map<string, JudgedLabel> {
  const found = new Map<string, JudgedLabel>();
  judgedLabels(pairs).forEach((label, i) => {
    const [a, b] = [pairs.clips[pairs.rows[i]![0]]!.hash, pairs.clips[pairs.rows[i]![1]]!.hash];
    const turned = b < a ? mirrored(label) : label;
    const { kind, source, aspect } = label;
    const key = JSON.stringify([...[a, b].sort(), aspect, kind, source]);
    if (!found.has(key)) found.set(key, turned);
  });
  return found;
}

function mirrored(label: JudgedLabel): JudgedLabel {
  const { a, tie, b } = label.p;
  return { ...label, label: (0 - label.label) as JudgedLabel['label'], p: { a: b, tie, b: a } };
}

function differencesOf(shared: readonly Both[]): BenchDifference[] {
  const cells = groupBy(shared, ({ here: { kind, row, aspect, source } }) =>
    JSON.stringify([kind, row, aspect, source]),
  );
  const rows = groupBy(shared, ({ here: { kind, row } }) => JSON.stringify([kind, row]));
  const all = [...[...cells.values()].map(ofCell), ...[...rows.values()].flatMap(ofRow)];
  return byKindFirst(all);
}

function ofCell(both: readonly Both[]): BenchDifference {
  const { kind, source, aspect } = both[0]!.here;
  return { kind, source, aspect, ...differences([both]) };
}

/** The mean over the sources that are averaged; nothing where that is none, or only one, which has its own line. */
function ofRow(both: readonly Both[]): BenchDifference[] {
  const { kind, row } = both[0]!.here;
  const { sources } = averagedSources(both.map(({ here }) => here));
  const averaged = new Set(sources.flatMap(({ source, averaged: is }) => (is ? [source] : [])));
  if (averaged.size < 2) return [];
  const kept = both.filter(({ here }) => averaged.has(here.source));
  const bySource = [...groupBy(kept, ({ here }) => here.source).values()];
  return [{ kind, source: null, aspect: row, ...differences(bySource) }];
}

function differences(sources: readonly (readonly Both[])[]) {
  const paired = (right: (labels: readonly JudgedLabel[]) => Observation[]) =>
    sources.map((both) => {
      const there = right(both.map((one) => one.there));
      return right(both.map((one) => one.here)).map(({ value, group }, i) => ({
        value: value - there[i]!.value,
        group,
      }));
    });
  const calls = paired(callRight);
  return {
    pairs: calls.flat().length,
    groups: calls.reduce((sum, source) => sum + groupsIn(source), 0),
    withoutTies: meanDifference(paired(signRight)),
    withTies: meanDifference(calls)!,
  };
}
