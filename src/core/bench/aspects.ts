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

/** By the aspect as files have it, in lower case and with `_`. Null: none of ours, no verdict speaks of it. */
const MAP: Readonly<Record<string, { row?: string; against: readonly Series[] } | null>> = {
  overall: { row: 'overall', against: ['overall'] },
  va: { row: 'VA', against: ['VA'] },
  visual_aesthetics: { row: 'VA', against: ['VA'] },
  vf: { row: 'VF', against: ['VF'] },
  visual_fidelity: { row: 'VF', against: ['VF'] },
  static_quality: { row: 'VF', against: ['VF'] },
  visual_quality: { row: 'VF', against: ['VF'] },
  vq: { row: 'VF', against: ['VF'] },
  fineness: { row: 'VF', against: ['VF'] },
  vp: { row: 'VP', against: ['VP'] },
  visual_plausibility: { row: 'VP', against: ['VP'] },
  // Between texture and flicker on one hand and the camera on the other: in a row of their own, never VP's.
  temporal_quality: { against: ['VF', 'VP'] },
  motion_quality: { against: ['VF', 'VP'] },
  mq: { row: 'motion_quality', against: ['VF', 'VP'] },
  temporal_consistency: { row: 'temporal_quality', against: ['VF', 'VP'] },
  video_quality: { against: ['overall'] },
  text_alignment: null,
  text_to_video_alignment: null,
  tv_alignment: null,
  prompt_adherence: null,
  alignment: null,
  ta: null,
  // How much moves, what is true or allowed: no matter of taste or of craft.
  dynamic_degree: null,
  factual_consistency: null,
  safety: null,
  bias: null,
};

/** Null for an aspect that is none of ours. */
export function measuredBy(aspect: string): Measured | null {
  const name = aspect
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  if (!Object.hasOwn(MAP, name)) return { row: aspect.trim(), against: ['overall'], known: false };
  const found = MAP[name]!;
  return found && { row: found.row ?? name, against: found.against, known: true };
}

export function meanOf(p: Record<Series, Probabilities>, series: readonly Series[]): Probabilities {
  const mean = (side: keyof Probabilities) => series.reduce((sum, s) => sum + p[s][side], 0) / series.length;
  return { a: mean('a'), tie: mean('tie'), b: mean('b') };
}
