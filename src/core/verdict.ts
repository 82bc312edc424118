import type { PairConcepts } from './concepts';
import type { MeasureId } from './measures';
import type { Choice } from './pair';
import type { CriterionId, Dimension } from './rubric';

export const VERDICT_FORMAT = 'aesrm.verdict/1';

/** Probabilities that A is better, that they tie, that B is better; they sum to 1. */
export interface Probabilities {
  a: number;
  tie: number;
  b: number;
}

/** What is known of a call that was not made: nothing. */
export const EVEN: Probabilities = { a: 1 / 3, tie: 1 / 3, b: 1 / 3 };

export interface Call {
  winner: Choice;
  p: Probabilities;
}

/** A dimension's call. One that the judge did not make stands as an even tie, and counts nowhere. */
export interface DimensionCall extends Call {
  unjudged?: true;
}

/** A place in the clips that a reason speaks of; `start` and `end` in seconds from the first frame. */
export interface Evidence {
  side: 'A' | 'B' | 'both';
  start: number;
  end: number;
  measure?: MeasureId;
  /** The measure's value on each side over that time. */
  a?: number;
  b?: number;
  unit?: string;
  /** The difference holds throughout: `start` and `end` span all the time that both clips share. */
  whole?: boolean;
}

export interface CriterionVerdict {
  id: CriterionId;
  status: 'judged' | 'notSeen' | 'missing';
  /** 1 where A is better, -1 where B is, 0 for no visible difference; null unless judged. */
  score: -1 | 0 | 1 | null;
  p?: Probabilities;
  reason: string;
  /** The reason as the judge worded it itself, with `{A}` and `{B}` for the clips. */
  words?: string;
  evidence: Evidence[];
}

/** One clip as it was judged. */
export interface ClipRecord {
  /** Relative to the workspace folder where the clip lies in it, with `/`. */
  path: string;
  /** SHA-256 of the file, hex. */
  hash: string;
  /** Seconds. */
  duration: number;
  fps: number;
  /** Displayed size in pixels: rotation and pixel aspect applied. */
  width: number;
  height: number;
  /** Frames decoded; of a long clip, the estimate from duration and fps. */
  frames: number;
}

export interface JudgeInfo {
  id: string;
  name: string;
  version: string;
  /** SHA-256 over the model's file hashes. */
  hash: string;
  kind: 'compact' | 'local-vlm' | 'endpoint';
  capabilities: { symmetric: boolean; streaming: boolean; encodes: boolean; reasons: boolean };
}

export type Orders =
  | { mode: 'symmetric' }
  | {
      mode: 'both';
      ab: Choice;
      ba: Choice;
      consistent: boolean;
      /** The order that got no answer, where one did not: it counts as knowing nothing. */
      unanswered?: 'ab' | 'ba';
    };

/** What a judgement took of a model that answers requests; tokens where it counts them. */
export interface Usage {
  requests: number;
  promptTokens?: number;
  completionTokens?: number;
}

/** What probabilities come from: those of the model's verdict tokens, or how far its answers agree. */
export const CONFIDENCES = ['tokens', 'agreement'] as const;

export interface Verdict {
  format: typeof VERDICT_FORMAT;
  id: string;
  /** ISO 8601. */
  at: string;
  rubric: string;
  judge: JudgeInfo & { device: string };
  plan: string;
  options: Record<string, string | number | boolean>;
  prompt?: string;
  a: ClipRecord;
  b: ClipRecord;
  overall: Call;
  dimensions: Record<Dimension, DimensionCall>;
  criteria: CriterionVerdict[];
  /** What the judge says that each clip is like, where its model says so. */
  concepts?: PairConcepts;
  orders: Orders;
  calibration?: string;
  confidence?: (typeof CONFIDENCES)[number];
  /** The model's own words, unchecked. */
  raw?: string;
  usage?: Usage;
  /** What the model was not shown of what it should have been, and why. */
  reduced?: string;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
}

/** Winner of three probabilities: the largest; an exact draw that involves both sides is a tie. */
export function winnerOf(p: Probabilities): Choice {
  if (p.a > p.b && p.a > p.tie) return 'A';
  if (p.b > p.a && p.b > p.tie) return 'B';
  return 'tie';
}
