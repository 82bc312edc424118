import { mirrorChoice } from '../../pair';
import { SERIES, type Series } from '../../sweep/table';
import { winnerOf, type Probabilities } from '../../verdict';
import { shareOf, type Estimate, type Observation } from './bootstrap';

/** What a judge says of two clips, and what it says when it is given them the other way round. */
export interface BothOrders {
  ab: Record<Series, Probabilities>;
  ba: Record<Series, Probabilities>;
}

export interface PositionBias {
  /** Pairs of clips that were judged in both orders. */
  pairs: number;
  /** On the whole and on each dimension of each pair. */
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
  for (const { ab, ba, group } of pairs)
    for (const series of SERIES) {
      const [one, other] = [winnerOf(ab[series]), winnerOf(ba[series])];
      changes.push({ value: Number(one !== mirrorChoice(other)), group });
      for (const winner of [one, other])
        if (winner !== 'tie') firsts.push({ value: Number(winner === 'A'), group });
    }
  return {
    pairs: pairs.length,
    verdicts: changes.length,
    changed: changes.reduce((sum, { value }) => sum + value, 0),
    changes: shareOf(changes),
    first: shareOf(firsts),
  };
}
