import type { ClipMeasures } from '../core/measures';
import type { CriterionId } from '../core/rubric';
import type { ClipRecord, Verdict } from '../core/verdict';
import type { ClipRequest, CompareProgress, Device, JudgeFacts } from '../protocol/engine';
import type { Judgement, JudgePair } from './judge';
import type { DecodedClip } from './sample/clip';

/** What the inside of the engine asks of its surroundings, and what it offers them. Types only. */

/**
 * `opening`: the device that is about to be opened, which may end the process; null when that is over. `weighs`: the
 * same of a local model that is about to take memory.
 */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  text: string,
  opening?: string | null,
  weighs?: string | null,
) => void;

/** An ffmpeg that answered `-version`. */
export interface Ffmpeg {
  path: string;
  /** As it says itself, e.g. `5.1.9-0+deb12u1`. */
  version: string;
  origin: 'setting' | 'ffmpeg-static' | 'PATH';
}

/** `engine/ffmpeg/locate.ts`. Rejects with the problem `ffmpegMissing`. */
export type LocateFfmpeg = (settingPath: string | undefined, log?: Log) => Promise<Ffmpeg>;

/** All that was learned of one clip's content; the path is the caller's. */
export interface CachedClip {
  record: Omit<ClipRecord, 'path'>;
  measures: ClipMeasures;
  encoding: Float32Array;
  /** The execution provider that made the encoding; absent where nobody kept it. */
  device?: string;
}

/** Keyed by content, model and plan. A cache never fails: what cannot be read is not there. */
export interface EncodingCache {
  get(hash: string, modelHash: string, plan: string): Promise<CachedClip | undefined>;
  put(hash: string, modelHash: string, plan: string, clip: CachedClip): Promise<void>;
}

export interface CallOptions<P> {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: P) => void) | undefined;
}

/** Seconds decoded so far, and the clip's length where it is known. */
export interface DecodeProgress {
  seconds: number;
  of?: number;
}

/** The identity of a file's content at one moment. */
export interface FileIdentity {
  /** SHA-256, hex. */
  hash: string;
  size: number;
  mtimeMs: number;
}

export interface Analysis extends CachedClip {
  record: ClipRecord;
  /** The cache answered: nothing was decoded. */
  cached: boolean;
  /** Milliseconds: `hash`, `decode`, `encode`. */
  timings: Record<string, number>;
}

/** What a judge needs of a clip: an encoding where it judges by these. */
export type ReadyClip = Omit<Analysis, 'encoding'> & { encoding?: Float32Array };

export interface Comparison {
  verdict: Verdict;
  measures: { A: ClipMeasures; B: ClipMeasures };
}

/** The judge as the engine knows it. */
export interface JudgeStatus extends JudgeFacts {
  claimed: readonly CriterionId[];
}

/** `engine/worker/pipeline.ts`: the one way from paths to a verdict. Everything rejects with `ProblemError`. */
export interface Pipeline {
  /**
   * Hash of a clip's content, remembered by path, size and time of change. Refuses what is not a file. `onProgress`
   * hears now and then that a large file is still being read.
   */
  identify(path: string, signal?: AbortSignal, onProgress?: () => void): Promise<FileIdentity>;
  /** Decodes and measures without the model. */
  inspect(
    clip: ClipRequest,
    options?: CallOptions<DecodeProgress>,
  ): Promise<Omit<Analysis, 'encoding' | 'device'>>;
  /** Decodes, measures and encodes; asks the cache first. Two calls for the same content share one pass. */
  analyse(clip: ClipRequest, options?: CallOptions<DecodeProgress>): Promise<Analysis>;
  /** Analyses both clips and judges them; asks no log. */
  compare(
    pair: { a: ClipRequest; b: ClipRequest; prompt?: string | undefined },
    options?: CallOptions<CompareProgress>,
  ): Promise<Comparison>;
  /** Decodes the frames that a judge is shown, without measures' and model's cost beyond the one pass. */
  frames(
    clip: ClipRequest,
    options?: CallOptions<DecodeProgress>,
  ): Promise<Pick<DecodedClip, 'burst' | 'burstSize'>>;
  /** Judges pairs of clips that were analysed, from their encodings; in order. */
  judgeMany(pairs: Iterable<JudgePair>, signal?: AbortSignal): AsyncGenerator<Judgement>;
  /** Reads and checks the model (once); rejects with `modelMissing` or `modelInvalid`. */
  judgeStatus(): Promise<JudgeStatus>;
  /** Execution providers that ONNX Runtime offers here; rejects with `runtime` where it does not load. */
  devices(): Promise<string[]>;
  dispose(): Promise<void>;
}

export interface PipelineOptions {
  modelDir: string;
  device: Device;
  /** Seconds without a decoded frame after which ffmpeg is ended. */
  decodeDeadline: number;
  ffmpegPath?: string | undefined;
  cache?: EncodingCache | undefined;
  /** Is shown the frames of every clip that is decoded for the judge; they hold only during the call. */
  onFrames?:
    ((hash: string, frames: Uint8Array, size: { width: number; height: number }) => void) | undefined;
  log?: Log | undefined;
}

/** `engine/worker/pipeline.ts`. Does no work and cannot fail: everything is found at first use. */
export type CreatePipeline = (options: PipelineOptions) => Pipeline;

export interface ProxyRequest {
  ffmpeg: Ffmpeg;
  /** Absolute path of the clip. */
  path: string;
  /** Absolute path of the `.mp4` to make. It appears whole or not at all. */
  target: string;
  /** Seconds without progress after which ffmpeg is ended. */
  deadline: number;
}

/** `engine/ffmpeg/proxy.ts`. */
export type MakeProxy = (request: ProxyRequest, options?: CallOptions<DecodeProgress>) => Promise<void>;
