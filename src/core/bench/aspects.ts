import type { Probabilities } from '../verdict';
import type { Series } from '../sweep/table';

/** What of a verdict a label's aspect is held against. */
export interface Measured {
  /** The row of the report, which labels of several aspects may share. */
  row: string;
  /** The verdict's series; of more than one the mean of the probabilities counts. */
  against: readonly Series[];
  /** The map has the aspect; another one is held against the verdict on the whole. */
  known: boolean;
}

type Held = { row?: string; against: readonly Series[] } | null;

const VA: Held = { row: 'VA', against: ['VA'] };
const VF: Held = { row: 'VF', against: ['VF'] };
const VP: Held = { row: 'VP', against: ['VP'] };
/** Between texture and flicker on one hand and the camera on the other: in a row of their own, never VP's. */
const MOTION: Held = { row: 'motion_quality', against: ['VF', 'VP'] };
const TIME: Held = { row: 'temporal_quality', against: ['VF', 'VP'] };
/** Whether it is what was asked for, no verdict says. */
const PROMPT = null;
/** How much moves or changes: no matter of taste or of craft. */
const AMOUNT = null;
/** What is true, possible or allowed in the world shown. */
const WORLD = null;

/** By the aspect as files have it, in lower case and with `_`. Null: none of ours, no verdict speaks of it. */
const MAP: Readonly<Record<string, Held>> = {
  overall: { row: 'overall', against: ['overall'] },
  video_quality: { against: ['overall'] },

  va: VA,
  visual_aesthetics: VA,
  aesthetic: VA,
  aesthetic_quality: VA,
  color: VA,
  lighting_accurate: VA,
  lighting_aes: VA,

  vf: VF,
  visual_fidelity: VF,
  static_quality: VF,
  visual_quality: VF,
  vq: VF,
  fineness: VF,
  technical_quality: VF,
  structural_correctness: VF,
  flickering: VF,
  clear: VF,
  detail_refinement: VF,
  image_quality_stability: VF,
  letters: VF,
  shape_at_beginning: VF,
  shape_throughout: VF,
  // Fewer odd or impossible things in the picture: nearest to fidelity, and more than that.
  coherence: { against: ['VF'] },
  // Taste and technique of single frames in one word.
  static_visual_quality: { against: ['VA', 'VF'] },

  vp: VP,
  visual_plausibility: VP,
  composition: VP,
  focus: VP,
  camera_movement: VP,
  camera_stability: VP,

  motion_quality: MOTION,
  mq: MOTION,
  motion_naturalness: MOTION,
  movement_smoothness: MOTION,
  movement_reality: MOTION,

  temporal_quality: TIME,
  temporal_consistency: TIME,
  temporal_visual_quality: TIME,
  appearance_consistency: TIME,
  'coherence_&_consistency': TIME,

  text_alignment: PROMPT,
  text_to_video_alignment: PROMPT,
  tv_alignment: PROMPT,
  tv_alignment_appearance: PROMPT,
  tv_alignment_motion: PROMPT,
  prompt_adherence: PROMPT,
  alignment: PROMPT,
  ta: PROMPT,

  dynamic_degree: AMOUNT,
  subject_motion_degree: AMOUNT,
  camera_motion_degree: AMOUNT,
  light_change: AMOUNT,
  object_motion_dynamic: AMOUNT,
  camera_motion_dynamic: AMOUNT,

  factual_consistency: WORLD,
  physics_law: WORLD,
  safety: WORLD,
  bias: WORLD,
};

/** Null for an aspect that is none of ours. */
export function measuredBy(aspect: string): Measured | null {
  const name = aspect
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const found = Object.hasOwn(MAP, name) ? MAP[name] : undefined;
  if (found === undefined) return { row: aspect.trim(), against: ['overall'], known: false };
  return found && { row: found.row ?? name, against: found.against, known: true };
}

export function meanOf(p: Record<Series, Probabilities>, series: readonly Series[]): Probabilities {
  const mean = (side: keyof Probabilities) => series.reduce((sum, s) => sum + p[s][side], 0) / series.length;
  return { a: mean('a'), tie: mean('tie'), b: mean('b') };
}
