import type { Problem } from '../problem';
import { measuredBy } from './aspects';
import { compareReports, type EarlierReport } from './compare';
import { benchFigures } from './figures';
import type { LabelledPair, LabelledPairs } from './pairs';
import { BENCH_FORMAT, BENCH_METHOD, type AspectUse, type BenchDocument, type Measurement } from './report';
import { clipsKey, judgedLabels, judgedSeries, packRows } from './rows';
import { REPLICATES } from './stats/bootstrap';
import type { BothOrders } from './stats/position';

export interface BenchInput extends Measurement {
  /** ISO 8601. */
  at: string;
  /** File name of the pairs. */
  name: string;
  labels: LabelledPairs;
  /** Content by path, of the clips that were read. */
  hashes: ReadonlyMap<string, string>;
  /** By path, of the clips that are missing or could not be read. */
  problems: ReadonlyMap<string, Problem>;
  /** What the judge says of two clips in both orders, by {@link clipsKey}; `ab` has the clips in the key's order. */
  judged: ReadonlyMap<string, BothOrders>;
  earlier?: EarlierReport | undefined;
}

/** The labels that a verdict speaks of: only their clips need be looked at. */
export function labelsOfOurs({ pairs }: LabelledPairs): LabelledPair[] {
  return pairs.filter(({ aspect }) => measuredBy(aspect) !== null);
}

export function buildBench(input: BenchInput): BenchDocument {
  const { labels, problems, hashes, judged, earlier, ...rest } = input;
  const ours = labelsOfOurs(labels);
  const answered = ours.filter(({ a, b }) => judged.has(clipsKey(a, b).key));
  const isUsed = ({ a, b, aspect }: LabelledPair) =>
    judgedSeries(aspect, judged.get(clipsKey(a, b).key)!).length > 0;
  const used = answered.filter(isUsed);
  const notJudged = answered.filter((label) => !isUsed(label));
  const pairs = packRows(used, hashes, judged);
  const figures = benchFigures(judgedLabels(pairs), ordersWithGroups(answered, judged));
  const aspects = aspectsOf(labels.pairs, notJudged);
  const uses = usesOf(ours);
  const document: BenchDocument = {
    format: BENCH_FORMAT,
    method: BENCH_METHOD,
    ...rest,
    replicates: REPLICATES,
    counts: {
      labels: labels.pairs.length,
      used: used.length,
      noneOfOurs: labels.pairs.length - ours.length,
      withoutClip: ours.length - answered.length,
      notJudged: notJudged.length,
      clips: hashes.size,
    },
    aspects,
    problems: [...problems].map(([path, problem]) => ({
      ...{ path, problem },
      labels: uses.get(path) ?? 0,
    })),
    notes: [...labels.notes, ...aspectNotes(aspects)],
    ...figures,
    pairs,
  };
  return earlier ? { ...document, comparison: compareReports(document, earlier) } : document;
}

/** By path: how many labels have the clip. */
function usesOf(pairs: readonly LabelledPair[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { a, b } of pairs) for (const path of new Set([a, b])) uses.set(path, (uses.get(path) ?? 0) + 1);
  return uses;
}

function byAspect(pairs: readonly LabelledPair[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { aspect } of pairs) counts.set(aspect, (counts.get(aspect) ?? 0) + 1);
  return counts;
}

function aspectsOf(pairs: readonly LabelledPair[], unjudged: readonly LabelledPair[]): AspectUse[] {
  const out = byAspect(unjudged);
  return [...byAspect(pairs)].map(([aspect, labels]) => {
    const measured = measuredBy(aspect);
    if (!measured) return { aspect, labels, row: null, against: [], known: true };
    const { row, against, known } = measured;
    const notJudged = out.get(aspect);
    return { aspect, labels, row, against: [...against], known, ...(notJudged ? { notJudged } : {}) };
  });
}

function aspectNotes(aspects: readonly AspectUse[]): string[] {
  const unknown = aspects.filter(({ known }) => !known).map(({ aspect }) => `"${aspect}"`);
  if (unknown.length === 0) return [];
  return [
    `The map of aspects does not have ${unknown.join(', ')}: in a row of their own, held against the verdict on the whole.`,
  ];
}

/** Distinct pairs of clips with the group of their first label. */
function ordersWithGroups(answered: readonly LabelledPair[], judged: BenchInput['judged']) {
  const found = new Map<string, BothOrders & { group: string }>();
  for (const { a, b, source, group } of answered) {
    const { key } = clipsKey(a, b);
    if (!found.has(key)) found.set(key, { ...judged.get(key)!, group: JSON.stringify([source, group]) });
  }
  return [...found.values()];
}
