import { mirrorChoice } from '../../pair';
import { SERIES, type Series } from '../../sweep/table';
import { EVEN, winnerOf, type Probabilities } from '../../verdict';
import { shareOf, type Estimate, type Observation } from './bootstrap';

/** What a judge says of two clips, and what it says when it is given them the other way round. */
export interface BothOrders {
  ab: Record<Series, Probabilities>;
  ba: Record<Series, Probabilities>;
  /** Of these it says nothing in one order at least: what stands there for its answer knows nothing. */
  unsaid?: readonly Series[];
  /** Of these it says nothing in either order. */
  unjudged?: readonly Series[];
}

type Said = Partial<BothOrders['ab']>;

/** From what is said in each order, as it was shown; {@link EVEN} stands for what is not. */
export function bothOrders(ab: Said, ba: Said): BothOrders {
  const filled = (said: Said) =>
    Object.fromEntries(SERIES.map((series) => [series, said[series] ?? EVEN])) as BothOrders['ab'];
  const unsaid = SERIES.filter((series) => !ab[series] || !ba[series]);
  const unjudged = unsaid.filter((series) => !ab[series] && !ba[series]);
  return {
    ...{ ab: filled(ab), ba: filled(ba) },
    ...(unsaid.length > 0 ? { unsaid } : {}),
    ...(unjudged.length > 0 ? { unjudged } : {}),
  };
}

export interface PositionBias {
  /** Pairs of clips that were judged in both orders. */
  pairs: number;
  /** Pairs that are left out: in one order there is no verdict, and so none that a swap could have changed. */
  unanswered: number;
  /** On the whole and on each dimension of each pair, so far as both orders say it. */
  verdicts: number;
  changed: number;
  /** Share of verdicts that change when the sides are swapped. */
  changes: Estimate | null;
  /** Share of decisive verdicts, in both orders, for the side named first; null where all are ties. */
  first: Estimate | null;
}

export function positionBias(pairs: readonly (BothOrders & { group: string })[]): PositionBias {
  const changes: Observation[] = [];
  const firsts: Observation[] = [];
  const isSaid = ({ unsaid = [] }: BothOrders, series: Series) => !unsaid.includes(series);
  const answered = pairs.filter((pair) => isSaid(pair, 'overall'));
  for (const pair of answered)
    for (const series of SERIES.filter((id) => isSaid(pair, id))) {
      const { ab, ba, group } = pair;
      const [one, other] = [winnerOf(ab[series]), winnerOf(ba[series])];
      changes.push({ value: Number(one !== mirrorChoice(other)), group });
      for (const winner of [one, other])
        if (winner !== 'tie') firsts.push({ value: Number(winner === 'A'), group });
    }
  return {
    pairs: answered.length,
    unanswered: pairs.length - answered.length,
    verdicts: changes.length,
    changed: changes.reduce((sum, { value }) => sum + value, 0),
    changes: shareOf(changes),
    first: shareOf(firsts),
  };
}
