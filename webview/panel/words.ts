import type { Choice } from '../../src/core/pair';
import { DIMENSIONS } from '../../src/core/rubric';
import type { Call, CriterionVerdict, DimensionCall, Probabilities, Verdict } from '../../src/core/verdict';
import type { SweepPlace } from '../../src/protocol/panel';
import { t } from '../strings';

/** Whole percents that sum to 100. */
export function percents({ a, tie, b }: Probabilities): [number, number, number] {
  const exact = [a, tie, b].map((p) => p * 100);
  const floor = exact.map(Math.floor);
  let missing = 100 - floor.reduce((x, y) => x + y, 0);
  const byRest = [0, 1, 2].sort((i, j) => exact[j]! - floor[j]! - (exact[i]! - floor[i]!));
  for (const i of byRest) if (missing-- > 0) floor[i]! += 1;
  return floor as [number, number, number];
}

export function winnerWords(winner: Choice): string {
  return t(({ A: 'aBetter', tie: 'tied', B: 'bBetter' } as const)[winner]);
}

/** A verdict's call; or one order's word, of which no probability is on record; or none. */
export type Said = DimensionCall | Choice | undefined;

/** Undefined where nothing was said. */
export function winnerIn(said: Said): Choice | undefined {
  if (typeof said !== 'object') return said;
  return said.unjudged ? undefined : said.winner;
}

export function callWords({ winner, unjudged }: DimensionCall): string {
  return unjudged ? t('dimensionNotJudged') : winnerWords(winner);
}

/** The winner's own probability, percent. */
export function confidence(call: Call): number {
  const [a, tie, b] = percents(call.p);
  return { A: a, tie, B: b }[call.winner];
}

/** The side that a criterion speaks for; `none` where it was not judged. */
export function scoreChoice({ status, score }: Pick<CriterionVerdict, 'status' | 'score'>): Choice | 'none' {
  if (status !== 'judged' || score === null) return 'none';
  return score === 0 ? 'tie' : score > 0 ? 'A' : 'B';
}

export function scoreWords(choice: Choice | 'none'): string {
  return choice === 'none' ? t('notSeen') : winnerWords(choice);
}

/** A verdict in a sentence or two, for who does not see it. */
export function verdictText({ overall, dimensions }: Verdict): string {
  const each = DIMENSIONS.map(({ id, name }) => t('dimensionSaid', name, callWords(dimensions[id])));
  return t('verdictSaid', winnerWords(overall.winner), confidence(overall), each.join(' '));
}

/** Where in its sweep a pair stands, for who does not see it. */
export function placeText({ columns, earlier, later, row }: SweepPlace): string {
  const label = row.prompt ?? row.label;
  return t('sweepPlace', columns[earlier] ?? '', columns[later] ?? '', row.index + 1, row.count, label);
}
