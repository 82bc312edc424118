import type { Probabilities } from '../verdict';
import { mirrorProbabilities } from '../verdictMirror';
import { scoreOfWinner } from '../verdictRule';
import { measuredBy, meanOf } from './aspects';
import type { Series } from '../sweep/table';
import { rowOf, type JudgedLabel } from './figures';
import type { LabelledPair } from './pairs';
import type { PairRow, PairRows } from './report';
import type { BothOrders } from './stats/position';

/** Probabilities are rounded before anything is counted, so that a report's pairs give its own figures again. */
const DECIMALS = 1e6;

/** The same for both orders of the same two clips; `swapped` where the key has `b` first. */
export function clipsKey(a: string, b: string): { key: string; swapped: boolean } {
  const swapped = b < a;
  return { key: JSON.stringify(swapped ? [b, a] : [a, b]), swapped };
}

/** Labels with what the judge says of each; `judged` has the clips in the key's order. */
export function packRows(
  used: readonly LabelledPair[],
  hashes: ReadonlyMap<string, string>,
  judged: ReadonlyMap<string, BothOrders>,
): PairRows {
  const lists = { clips: numbering(), aspects: numbering(), kinds: numbering() };
  const [sources, groups] = [numbering(), numbering()];
  const rows = used.map((one): PairRow => {
    const { a, tie, b } = probabilitiesOf(one, judged);
    return [
      ...([lists.clips.of(one.a), lists.clips.of(one.b), lists.aspects.of(one.aspect)] as const),
      ...([lists.kinds.of(one.labelKind), sources.of(one.source), groups.of(one.group)] as const),
      scoreOfWinner(one.preferred),
      ...([a, tie, b] as const),
    ];
  });
  return {
    clips: lists.clips.names().map((path) => ({ path, hash: hashes.get(path)! })),
    aspects: lists.aspects.names(),
    kinds: lists.kinds.names(),
    sources: sources.names(),
    groups: groups.names(),
    rows,
  };
}

/** What a label is held against: those of its aspect's series that were judged. */
export function judgedSeries(aspect: string, orders: BothOrders): Series[] {
  return (measuredBy(aspect)?.against ?? []).filter((series) => !orders.unjudged?.includes(series));
}

/** Of the label's aspect: the mean of what is said of A and B and, mirrored, of B and A. */
function probabilitiesOf(one: LabelledPair, judged: ReadonlyMap<string, BothOrders>): Probabilities {
  const { key, swapped } = clipsKey(one.a, one.b);
  const orders = judged.get(key)!;
  const { ab, ba } = orders;
  const against = judgedSeries(one.aspect, orders);
  const p = meanOf(swapped ? ba : ab, against);
  const q = mirrorProbabilities(meanOf(swapped ? ab : ba, against));
  const mean = (side: keyof Probabilities) => Math.round(((p[side] + q[side]) / 2) * DECIMALS) / DECIMALS;
  return { a: mean('a'), tie: mean('tie'), b: mean('b') };
}

function numbering() {
  const index = new Map<string, number>();
  return {
    of(name: string): number {
      const known = index.get(name);
      if (known !== undefined) return known;
      index.set(name, index.size);
      return index.size - 1;
    },
    names: () => [...index.keys()],
  };
}

/** A report's labels as they are counted. */
export function judgedLabels(pairs: PairRows): JudgedLabel[] {
  return pairs.rows.map(([, , aspect, kind, source, group, label, a, tie, b]) => ({
    kind: pairs.kinds[kind]!,
    source: pairs.sources[source]!,
    aspect: pairs.aspects[aspect]!,
    row: rowOf(pairs.aspects[aspect]!),
    group: pairs.groups[group]!,
    label,
    p: { a, tie, b },
  }));
}
