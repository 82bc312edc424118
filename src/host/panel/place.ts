import type { SweepPlace, SweepStep } from '../../protocol/panel';
import { isHidden, type PanelModel } from './model';

/** Steps that do not follow the judge's word. */
const NEUTRAL: readonly SweepStep[] = [
  'nextCheckpoint',
  'previousCheckpoint',
  'nextPrompt',
  'previousPrompt',
];

/** A place as the reader may see it: the sides as they stand, and nothing that blind mode hides. */
export function placeView(place: SweepPlace, model: PanelModel): SweepPlace {
  const { sides: _, ...rest } = place;
  if (isHidden(model))
    return {
      ...rest,
      marks: place.marks.map(() => null),
      can: place.can.filter((step) => NEUTRAL.includes(step)),
    };
  return {
    ...rest,
    sides: model.swapped ? { A: 'later', B: 'earlier' } : { A: 'earlier', B: 'later' },
  };
}
