import type { MeasureId } from './measures';
import type { CriterionId } from './rubric';

/**
 * In which direction a measure counts as better. `below` says where more stops to matter;
 * `within` is how far from `to` nothing is amiss; `describes` has no better side.
 */
export type Sense =
  | { better: 'lower' }
  | { better: 'higher'; below?: number }
  | { better: 'nearer'; to: number; within: number }
  | { better: 'describes' };

export interface Witness {
  measure: MeasureId;
  sense: Sense;
  /** Asked only where the judge took a side: in a tie another criterion tells of it. */
  aside?: true;
}

const lower = (measure: MeasureId): Witness => ({ measure, sense: { better: 'lower' } });
const higher = (measure: MeasureId): Witness => ({ measure, sense: { better: 'higher' } });
const describes = (measure: MeasureId): Witness => ({ measure, sense: { better: 'describes' } });
const aside = (measure: MeasureId): Witness => ({ ...describes(measure), aside: true });
/** Above 30% a frame is contrasty already, and more is not better. */
const CONTRAST: Witness = { measure: 'contrast', sense: { better: 'higher', below: 30 } };

/** Which measures speak of a criterion, the most telling first. */
export const WITNESSES: Record<CriterionId, readonly Witness[]> = {
  'va.color': [
    lower('palette'),
    // From 9% to 35% is ordinary; under it colours are dull, over it they are loud.
    { measure: 'saturation', sense: { better: 'nearer', to: 22, within: 13 } },
    // A cast of up to 15% is a choice of palette.
    { measure: 'warmth', sense: { better: 'nearer', to: 0, within: 15 } },
  ],
  // Light that wanders moves all colours.
  'va.lighting': [CONTRAST, lower('palette'), aside('brightness'), aside('weightX'), aside('weightY')],
  // Few steps of grey instead of a gradation leave few tones.
  'va.tone': [lower('shadows'), lower('highlights'), CONTRAST, higher('detail')],
  // From 37% to 53% is a middle exposure.
  'va.exposure': [
    { measure: 'brightness', sense: { better: 'nearer', to: 45, within: 8 } },
    lower('flicker'),
  ],
  'va.style': [lower('palette')],
  'vf.structure': [lower('residual'), aside('symmetry')],
  'vf.texture': [lower('residual'), lower('noise'), aside('sharpness')],
  'vf.sharpness': [higher('sharpness'), higher('inFocus')],
  // Blocks, ghosts and bands may leave more edges or fewer: that says where they are, not that they are worse.
  'vf.artifacts': [lower('noise'), aside('sharpness'), aside('inFocus'), aside('detail')],
  'vf.flicker': [lower('flicker'), lower('repeat'), lower('palette'), aside('change')],
  'vp.composition': [describes('weightX'), describes('weightY'), describes('symmetry')],
  // Deep or shallow focus is a choice: the measure says what differs, not what is better.
  'vp.focal': [
    describes('inFocus'),
    aside('sharpness'),
    aside('symmetry'),
    aside('weightX'),
    aside('weightY'),
  ],
  'vp.camera': [lower('shake'), aside('change')],
  // Sharp blocks are counted too: a picture can lose its layers and keep its range of tones.
  'vp.richness': [higher('detail'), higher('inFocus'), { ...higher('sharpness'), aside: true }],
  'vp.language': [],
};

/** The same measure without a better side: where it differs, and no more. */
export function asDescription({ measure }: Witness): Witness {
  return { measure, sense: { better: 'describes' } };
}

/** The witness of a criterion that a piece of evidence names, if the table knows it. */
export function witnessOf(id: CriterionId, measure: MeasureId | undefined): Witness | undefined {
  return WITNESSES[id].find((w) => w.measure === measure);
}

/**
 * Smallest difference that a viewer is taken to see: it must reach `absolute` (in the measure's unit) and
 * `relative` (share of the larger value). Chosen by eye, not fitted to votes.
 * `trace`: a fault measure under this on both sides counts as absent.
 */
interface Visibility {
  absolute: number;
  relative: number;
  trace?: number;
}

export const VISIBILITY: Record<MeasureId, Visibility> = {
  brightness: { absolute: 4, relative: 0.08 },
  contrast: { absolute: 2, relative: 0.1 },
  shadows: { absolute: 2, relative: 0.25, trace: 2 },
  highlights: { absolute: 1, relative: 0.25, trace: 1 },
  saturation: { absolute: 4, relative: 0.1 },
  warmth: { absolute: 4, relative: 0.15 },
  palette: { absolute: 6, relative: 0.2, trace: 8 },
  sharpness: { absolute: 0.5, relative: 0.12 },
  noise: { absolute: 0.5, relative: 0.2, trace: 1 },
  detail: { absolute: 0.15, relative: 0.03 },
  inFocus: { absolute: 5, relative: 0.15 },
  flicker: { absolute: 0.5, relative: 0.3, trace: 0.5 },
  change: { absolute: 0.5, relative: 0.2 },
  residual: { absolute: 0.5, relative: 0.2, trace: 0.5 },
  shake: { absolute: 0.25, relative: 0.3, trace: 0.25 },
  repeat: { absolute: 0.1, relative: 0.3, trace: 0.03 },
  weightX: { absolute: 4, relative: 0 },
  weightY: { absolute: 4, relative: 0 },
  symmetry: { absolute: 3, relative: 0 },
};

/** Measures taken from one frame to the next: at different frame rates their sizes cannot be compared. */
export const PER_STEP: ReadonlySet<MeasureId> = new Set<MeasureId>(['change', 'residual', 'shake']);

/** How much is amiss at a value, in the measure's unit; lower is better. Only differences of it mean anything. */
export function cost(sense: Sense, value: number): number {
  switch (sense.better) {
    case 'lower':
      return value;
    case 'higher':
      return -Math.min(sense.below ?? Infinity, value);
    case 'nearer':
      return Math.max(0, Math.abs(value - sense.to) - sense.within);
    case 'describes':
      return 0;
  }
}

/** What a difference between two values must reach to be visible, in the measure's unit. */
export function visibleStep(measure: MeasureId, a: number, b: number): number {
  const { absolute, relative } = VISIBILITY[measure];
  return Math.max(absolute, relative * Math.max(Math.abs(a), Math.abs(b)));
}

/** Whether two values differ visibly at all, better or not. */
export function differs(measure: MeasureId, a: number, b: number): boolean {
  return Math.abs(a - b) >= visibleStep(measure, a, b);
}

/** By how much a measure favours A (above 0) or B (below 0), in its unit. Exactly antisymmetric; never -0. */
export function gain({ sense }: Witness, a: number, b: number): number {
  return cost(sense, b) - cost(sense, a);
}

/** Which side a measure visibly takes: 1 for A, -1 for B, 0 for none. */
export function takesSide(witness: Witness, a: number, b: number): -1 | 0 | 1 {
  const g = gain(witness, a, b);
  if (Math.abs(g) < visibleStep(witness.measure, a, b)) return 0;
  return g > 0 ? 1 : -1;
}
