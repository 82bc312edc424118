import type { JudgeSpec } from '../core/judgeSpec';
import type { RequestEstimate } from '../core/endpoint/estimate';
import type { BenchFormat } from '../core/bench/formats';
import type { BenchReport } from '../core/bench/report';

/** The wire of `bench`, between host or command line and worker. All paths absolute. */
export interface BenchParams {
  /** The file of labelled pairs. */
  pairs: string;
  /** The folder that its paths are relative to. */
  root: string;
  /** An earlier report, whose judge is compared with this one. */
  compare?: string;
  /** The compact judge where it is not told. */
  judge?: JudgeSpec;
  /** Where the whole document is written, once all is counted. */
  outputs: { format: BenchFormat; path: string }[];
}

export interface BenchProgress {
  stage: 'working' | 'counting';
  /** Clips that need nothing more (missing and broken ones too), and all. */
  clips: { done: number; total: number; broken: number };
  /** Distinct pairs of clips, each judged in both orders. */
  pairs: { done: number; total: number };
  /** Clips per second lately, and seconds left. */
  rate?: number;
  secondsLeft?: number;
}

/** What a benchmark would ask of its judge, before it begins. */
export interface BenchCost {
  /** Distinct pairs of clips. */
  pairs: { total: number };
  /** Of a vision-language model; what was answered before is counted too. */
  asks?: RequestEstimate;
}

export interface BenchMethods {
  benchCost: { params: BenchParams; progress: never; result: BenchCost };
  /** Measures the judge on labelled pairs. Clips are encoded once and kept in the cache: asked again, it goes on. */
  bench: { params: BenchParams; progress: BenchProgress; result: BenchReport };
}
