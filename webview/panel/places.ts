import type { CriterionId } from '../../src/core/rubric';
import { type Difference, nextDifference } from '../../src/core/timeline';
import type { CriterionVerdict, Evidence } from '../../src/core/verdict';
import { spanOf } from '../../src/core/wording';
import { t } from '../strings';
import type { Selection } from './state';

export function indexOf(places: readonly Difference[], selection: Selection | undefined): number {
  return places.findIndex(
    (p) => p.criterion === selection?.criterion && p.evidenceIndex === selection.evidence,
  );
}

/** The place after (or before) the one the reader stands on; from elsewhere, the nearest in that direction. */
export function neighbour(
  places: readonly Difference[],
  selection: Selection | undefined,
  time: number,
  by: -1 | 1,
): Difference | undefined {
  const here = places[indexOf(places, selection)];
  if (here) return nextDifference(places, here, by);
  // At the very start nothing was visited yet: a difference that begins there is the next.
  return nextDifference(places, by === 1 && time === 0 ? -1 : time, by);
}

/** The selected piece of evidence, if there is one. */
export function evidenceOf(
  criteria: readonly CriterionVerdict[],
  selection: Selection | undefined,
): Evidence | undefined {
  return criterionOf(criteria, selection?.criterion)?.evidence[selection?.evidence ?? 0];
}

export function criterionOf(
  criteria: readonly CriterionVerdict[],
  id: CriterionId | undefined,
): CriterionVerdict | undefined {
  return criteria.find((c) => c.id === id);
}

/** `0.7–1.2 s`, `1.0 s` for an instant, or `whole clip`. */
export function spanText(evidence: Evidence): string {
  return evidence.whole ? t('wholeClip') : spanOf(evidence);
}
