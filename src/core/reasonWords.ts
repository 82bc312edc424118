import { MEASURES, type MeasureId } from './measures';
import type { Side } from './pair';
import type { CriterionId } from './rubric';
import { amount } from './wording';

/** How one measure speaks within one criterion. Every word here says no more than the measure does. */
export interface Words {
  /** What is wrong with the worse side, as a clause that a time can follow: "B loses edge detail". */
  fault(side: Side, value: number): string;
  /** What is measured, fit for "its ... is 40% of A's". */
  noun: string;
  /** `ratio`: one value as a share of the other where both are above 0; `values`: both values. */
  quantity: 'ratio' | 'values';
  /** Of a measure with an ordinary range: how a value further out of it is called. */
  off?: string;
  /** A tie without a visible difference: "Both are about equally sharp". */
  alike: string;
  /** A tie with nothing amiss on either side: "Neither flickers visibly". */
  clean?: string;
}

const words = (w: Words): Words => w;

const contrast = (fault: string, alike: string, clean: string) =>
  words({ fault: (s) => `${s}${fault}`, noun: 'contrast', quantity: 'ratio', alike, clean });

const palette = (fault: string, clean: string) =>
  words({
    fault: (s) => `${s}${fault}`,
    noun: 'palette drift',
    quantity: 'values',
    alike: 'Both palettes drift about equally',
    clean,
  });

const residual = (fault: (s: Side) => string) =>
  words({
    fault,
    noun: 'change left after camera motion',
    quantity: 'ratio',
    alike: 'Both change about equally from frame to frame, camera motion aside',
    clean: 'Neither changes visibly from frame to frame, camera motion aside',
  });

const flicker = (fault: (s: Side) => string, alike: string, clean: string) =>
  words({ fault, noun: 'brightness flicker', quantity: 'values', alike, clean });

const noise = (fault: (s: Side) => string) =>
  words({
    fault,
    noun: 'noise',
    quantity: 'ratio',
    alike: 'Both are about equally noisy in flat areas',
    clean: 'Neither shows visible noise in flat areas',
  });

const fineDetail = words({
  fault: (s) => `Less of ${s}'s frame holds fine detail`,
  noun: 'area of fine detail',
  quantity: 'values',
  alike: 'Fine detail covers about as much of both frames',
});

/** A description has no fault: it is worded by `DESCRIPTIONS`. */
type Spoken = Partial<Record<MeasureId, Words>>;

export const WORDS: Record<CriterionId, Spoken> = {
  'va.color': {
    palette: palette("'s colours drift away from its palette", 'Both hold their palette'),
    saturation: words({
      fault: (s, value) => (value > 22 ? `${s} is over-saturated` : `${s}'s colours are dull`),
      noun: 'saturation',
      quantity: 'values',
      off: 'further from the ordinary',
      alike: 'Both are about equally saturated',
      clean: 'Both are ordinarily saturated',
    }),
    warmth: words({
      fault: (s, value) => `${s} has a ${value > 0 ? 'warm' : 'cold'} cast`,
      noun: 'warmth',
      quantity: 'values',
      off: 'further from neutral',
      alike: 'Both are about equally warm',
      clean: 'Neither has a strong cast',
    }),
  },
  'va.lighting': {
    contrast: contrast(
      "'s light is flatter",
      'Both have about the same contrast',
      'Both have ample contrast',
    ),
    palette: palette("'s light and colours wander", 'Light and colours hold in both'),
  },
  'va.tone': {
    shadows: words({
      fault: (s) => `More of ${s}'s shadows are crushed`,
      noun: 'share of crushed shadows',
      quantity: 'values',
      alike: 'Both crush their shadows about equally',
      clean: 'Neither crushes its shadows',
    }),
    highlights: words({
      fault: (s) => `More of ${s}'s highlights are clipped`,
      noun: 'share of clipped highlights',
      quantity: 'values',
      alike: 'Both clip their highlights about equally',
      clean: 'Neither clips its highlights',
    }),
    contrast: contrast(
      "'s tonal range is narrower",
      'Both tonal ranges are about the same',
      'Both use a wide tonal range',
    ),
    detail: words({
      fault: (s) => `${s}'s gradation has fewer tones`,
      noun: 'tonal detail',
      quantity: 'ratio',
      alike: 'Both hold about as many tones',
    }),
  },
  'va.exposure': {
    brightness: words({
      fault: (s, value) => `${s} is ${value < 45 ? 'darker' : 'brighter'} than a middle exposure`,
      noun: 'mean brightness',
      quantity: 'values',
      off: 'further from a middle exposure',
      alike: 'Both are about equally bright',
      clean: 'Both are near a middle exposure',
    }),
    flicker: flicker(
      (s) => `${s}'s exposure is unsteady`,
      'Both exposures flicker about equally',
      'Both exposures are steady',
    ),
  },
  'va.style': { palette: palette("'s look drifts from its own palette", 'Both hold one palette') },
  'vf.structure': {
    residual: residual((s) => `Camera motion aside, more of ${s} changes from frame to frame`),
  },
  'vf.texture': {
    residual: residual((s) => `Camera motion aside, ${s} is busier from frame to frame`),
    noise: noise((s) => `${s}'s flat areas are noisier`),
  },
  'vf.sharpness': {
    sharpness: words({
      fault: (s) => `${s} loses edge detail`,
      noun: 'sharpness',
      quantity: 'ratio',
      alike: 'Both are about equally sharp',
    }),
    inFocus: fineDetail,
  },
  'vf.artifacts': { noise: noise((s) => `${s} shows more noise in flat areas`) },
  'vf.flicker': {
    flicker: flicker(
      (s) => `${s}'s brightness jumps`,
      'Both flicker about equally',
      'Neither flickers visibly',
    ),
    repeat: words({
      fault: (s) => `${s} repeats frames`,
      noun: 'share of repeated frames',
      quantity: 'values',
      alike: 'Both repeat about as many frames',
      clean: 'Neither repeats frames to speak of',
    }),
    palette: palette("'s colours jump", 'Colours are steady in both'),
  },
  'vp.composition': {},
  'vp.focal': {},
  'vp.camera': {
    shake: words({
      fault: (s) => `${s}'s camera shakes more`,
      noun: 'camera shake',
      quantity: 'values',
      alike: 'Both cameras shake about equally',
      clean: 'Both cameras are steady',
    }),
  },
  'vp.richness': {
    detail: words({
      fault: (s) => `${s} holds fewer tones`,
      noun: 'detail',
      quantity: 'ratio',
      alike: 'Both hold about as much detail',
    }),
    inFocus: fineDetail,
    sharpness: words({
      fault: (s) => `${s} holds less fine detail`,
      noun: 'sharpness',
      quantity: 'ratio',
      alike: 'Both hold about as much fine detail',
    }),
  },
  'vp.language': {},
};

const THIRD = 100 / 3;
const NEAR = 5;

function placed(value: number, low: string, middle: string, high: string, along: string): string {
  const share = `${Math.round(value)}% ${along}`;
  if (Math.abs(value - 50) <= NEAR) return `near the ${middle} (${share})`;
  if (Math.abs(value - THIRD) <= NEAR) return `near the ${low} third (${share})`;
  if (Math.abs(value - 2 * THIRD) <= NEAR) return `near the ${high} third (${share})`;
  return share;
}

/** How a measure reads without a better side, as what each side is. */
export interface Description {
  subject: string;
  verb: string;
  is(value: number): string;
}

/** "visual weight" + "near the left third (34% across)"; a measure that is not here is told by name and amount. */
const DESCRIPTIONS: Partial<Record<MeasureId, Description>> = {
  weightX: {
    subject: 'visual weight',
    verb: 'lies',
    is: (v) => placed(v, 'left', 'centre', 'right', 'across'),
  },
  weightY: {
    subject: 'visual weight',
    verb: 'lies',
    is: (v) => placed(v, 'upper', 'middle', 'lower', 'down'),
  },
  symmetry: { subject: 'left-right symmetry', verb: 'is', is: (v) => `${Math.round(v)}%` },
  inFocus: { subject: 'area in focus', verb: 'covers', is: (v) => `${Math.round(v)}% of the frame` },
};

export function descriptionOf(measure: MeasureId): Description {
  const named = { subject: MEASURES[measure].name, verb: 'is', is: (v: number) => amount(measure, v) };
  return DESCRIPTIONS[measure] ?? named;
}
