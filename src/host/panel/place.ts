import type { SweepPlace, SweepStep } from '../../protocol/panel';
import { isHidden, type PanelModel } from './model';

/** Steps that do not follow the judge's word. */
const NEUTRAL: readonly SweepStep[] = [
  'nextCheckpoint',
  'previousCheckpoint',
  'nextPrompt',
  'previousPrompt',
];

/**
 * A place as the reader may see it: the sides as they stand, and nothing that blind mode hides. A vote reveals its own
 * pair only: the next ones are still to be voted on.
 *
 * @param turned the pair's A is of the later column
 */
export function placeView(place: SweepPlace, model: PanelModel, turned: boolean): SweepPlace {
  const { sides: _, ...rest } = place;
  const hidden = isHidden(model);
  const own = !hidden && place.earlier === place.later - 1 ? place.later : undefined;
  const blind = {
    ...rest,
    marks: place.marks.map((mark, column) => (column === own ? mark : null)),
    can: place.can.filter((step) => NEUTRAL.includes(step)),
  };
  if (hidden) return blind;
  return {
    ...(model.blind.on ? blind : rest),
    sides: model.swapped === turned ? { A: 'earlier', B: 'later' } : { A: 'later', B: 'earlier' },
  };
}
