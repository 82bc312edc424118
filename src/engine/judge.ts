import type { Restart } from '../core/chain/chat';
import type { Combined, Told } from '../core/chain/combine';
import type { CriterionId, Dimension } from '../core/rubric';
import type { ClipRecord, JudgeInfo, Orders, Probabilities, Usage, Verdict } from '../core/verdict';
import type { CarrierFrame } from './carrier';

/** A clip in pictures, for judges that look for themselves. */
export interface Picture extends CarrierFrame {
  /** Seconds from the clip's first frame. */
  time: number;
}

/** One clip as a judge is given it. */
export interface JudgeClip {
  /** Absolute path, for judges that look for themselves. */
  path: string;
  record: ClipRecord;
  /** Of its frames, seconds, for judges that look for themselves. */
  times?: readonly number[];
  /** Present where `capabilities.encodes`: what {@link EncodingJudge.encode} made of the clip. */
  encoding?: Float32Array;
  /** In order of time. */
  pictures?: readonly Picture[];
}

export interface JudgePair {
  a: JudgeClip;
  b: JudgeClip;
  prompt?: string;
}

/** What a judge says of a pair, before reasons and evidence are composed. */
export interface Judgement {
  overall: Probabilities;
  /** Those that were judged. */
  dimensions: Partial<Record<Dimension, Probabilities>>;
  /** Criteria that the judge has no eyes for are absent. */
  criteria: Partial<Record<CriterionId, Probabilities>>;
  /** The execution provider that really ran. */
  device: string;
  /** Of a judge that was asked in both orders; any other is symmetric. */
  orders?: Orders;
  /** What each of them says, for the real sides. */
  inOrders?: Combined['inOrders'];
  /** Of a judge with `capabilities.reasons`. */
  told?: Partial<Record<CriterionId, Told>>;
  confidence?: Verdict['confidence'];
  raw?: string;
  usage?: Usage;
  reduced?: string;
  /** Milliseconds by stage, where a judge has stages. */
  timings?: Record<string, number>;
}

export interface JudgeCall {
  signal?: AbortSignal | undefined;
  /** Streaming judges report a criterion as it comes, and again where more answers change it. */
  onCriterion?: ((id: CriterionId, p: Probabilities, told?: Told) => void) | undefined;
  /** An answer is begun anew; of criteria that no other answer judges, what was told no longer counts. */
  onRestart?: ((why: Restart, withdrawn: readonly CriterionId[]) => void) | undefined;
}

/** Anything that can say which of two clips is better. */
export interface Judge {
  readonly info: JudgeInfo;
  compare(pair: JudgePair, call?: JudgeCall): Promise<Judgement>;
  dispose(): Promise<void>;
}

/** A judge that looks at each clip once and at pairs by their encodings. */
export interface EncodingJudge extends Judge {
  /** The provider in use; known once {@link encode} or {@link compare} has run. */
  readonly device: string;
  /** `frames`: the plan's `samples * burst` frames, RGB, one after the other. */
  encode(frames: Uint8Array, width: number, height: number): Promise<Float32Array>;
  /** One judgement per pair, in order. */
  compareMany(pairs: Iterable<JudgePair>, call?: JudgeCall): AsyncGenerator<Judgement>;
}
