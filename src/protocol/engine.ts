import type { Restart } from '../core/chain/chat';
import type { JudgeSpec } from '../core/judgeSpec';
import type { Agreement } from '../core/modelManifest';
import type { ClipMeasures } from '../core/measures';
import type { Side } from '../core/pair';
import type { Problem } from '../core/problem';
import type { CriterionId } from '../core/rubric';
import type { ClipRecord, CriterionVerdict, JudgeInfo, Verdict } from '../core/verdict';
import type { Vote } from '../core/vote';
import type { BenchMethods } from './bench';
import type { GpuMethods } from './gpu';
import type { JudgesMethods } from './judges';
import type { ModelMethods } from './models';
import type { SweepMethods } from './sweep';

export const DEVICES = ['auto', 'cuda', 'directml', 'coreml', 'webgpu', 'cpu'] as const;
export type Device = (typeof DEVICES)[number];

/** What the worker is told once, before anything else. All paths absolute. */
export interface EngineConfig {
  /** Folder of `models/compact`. */
  modelDir: string;
  /** Folder for encodings and proxies; may be deleted at any time. */
  cacheDir: string;
  /** Largest size of the cache folder, bytes. */
  cacheBytes: number;
  device: Device;
  /** The user's own ffmpeg, if set: tried first. */
  ffmpegPath?: string;
  /** Seconds without a decoded frame after which ffmpeg is ended. */
  decodeDeadline: number;
  gpu?: GpuConfig;
}

export interface GpuConfig {
  /** Folder for what is fetched or made for the GPU; nothing else is in it. */
  dir: string;
  /** The user's folder with the CUDA provider of ONNX Runtime, as the setting has it. */
  libraries?: string;
}

/** What a worker is told first. */
export interface InitParams extends EngineConfig {
  /** The worker before this one, where that ended of itself or had to be ended for its silence. */
  forerunner?: Forerunner;
  /** Local models by name, and how many workers died of memory over each. */
  lean?: Record<string, number>;
}

export interface Forerunner {
  /** Process id. */
  pid: number;
  /** It was ended by SIGKILL, from outside: by a person, or for want of memory. */
  killed: boolean;
}

/** A judge as it is told of. */
export interface JudgeFacts extends JudgeInfo {
  agreement: Agreement[];
  /** What its card says in short, a sentence each. */
  short?: string[];
  /** Of a judge that has a card. */
  cardPath?: string;
}

export interface EngineStatus {
  ffmpeg:
    { path: string; version: string; origin: 'setting' | 'ffmpeg-static' | 'PATH' } | { problem: Problem };
  judge: JudgeFacts | { problem: Problem };
  /** Execution providers that ONNX Runtime offers here. */
  devices: string[];
  pid: number;
}

export interface ClipRequest {
  /** Absolute path. */
  path: string;
  /** What the record calls it: relative to the workspace folder, with `/`. */
  name: string;
}

export interface CompareParams {
  a: ClipRequest;
  b: ClipRequest;
  prompt?: string;
  /** The compact judge where it is not told. */
  judge?: JudgeSpec;
  /** Folder of the log (`.aesrm`), absolute; null keeps no record. */
  logDir: string | null;
  /** Where a sweep keeps what cannot be written to `logDir`: what lies there is known too. */
  fallbackLogDir?: string;
  /** Judge again though the log knows the pair. */
  again: boolean;
  /** The pair may be asked for next: what the log knows counts, but nothing is kept until it is. */
  foresee?: boolean;
}

export type CompareProgress =
  | { stage: 'clip'; side: Side; clip: ClipRecord; measures: ClipMeasures }
  | { stage: 'decoding'; side: Side; seconds: number; of?: number }
  | { stage: 'judging' }
  /** Of a judge that streams: a criterion as it stands now, told again where more answers change it. */
  | { stage: 'criterion'; criterion: CriterionVerdict }
  /** It begins an answer anew: of these criteria nothing is written any more. */
  | { stage: 'restarted'; why: Restart; withdrawn: readonly CriterionId[] }
  | { stage: 'problem'; side: Side; problem: Problem }
  | { stage: 'note'; text: string };

export interface CompareResult {
  verdict: Verdict;
  /** When the log answered: the time of that verdict is `verdict.at`. */
  fromLog: boolean;
  /** The log's folder was made for this verdict. */
  logCreated: boolean;
  /** The record could not be kept; the verdict holds all the same. */
  logProblem?: Problem;
  /** A verdict from the log comes without those that the cache no longer holds: `inspect` takes them again. */
  measures: { A?: ClipMeasures; B?: ClipMeasures };
}

/** Where votes are kept: both places count. */
export interface VotePlaces {
  logDir: string;
  /** Takes what cannot be written to `logDir`. */
  fallbackLogDir?: string;
}

export interface VoteParams extends VotePlaces {
  vote: Vote;
}

export interface KeptVote {
  /** The folder of the place that took it was made for it. */
  logCreated: boolean;
  /** It is not in `logDir`: where it is, and why. */
  elsewhere?: { dir: string; problem: Problem };
}

/** The worker's methods. */
export interface EngineMethods extends SweepMethods, BenchMethods, JudgesMethods, GpuMethods, ModelMethods {
  init: { params: InitParams; progress: never; result: EngineStatus };
  compare: { params: CompareParams; progress: CompareProgress; result: CompareResult };
  /** Decodes and measures one clip (or answers from the cache). */
  inspect: {
    params: ClipRequest;
    progress: CompareProgress;
    result: { clip: ClipRecord; measures: ClipMeasures };
  };
  /** Makes (or finds) an H.264 proxy without audio that a webview can play. */
  proxy: { params: { path: string }; progress: { seconds: number; of?: number }; result: { path: string } };
  appendVote: { params: VoteParams; progress: never; result: KeptVote };
  /** Votes of the unordered pair, in the order in which they were cast; `notes` say what of the log could not be read. */
  votes: {
    params: VotePlaces & { hashes: [string, string] };
    progress: never;
    result: { votes: Vote[]; notes?: string[] };
  };
  status: { params: { judge?: JudgeSpec } | null; progress: never; result: EngineStatus };
  clearCache: { params: null; progress: never; result: { files: number; bytes: number } };
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
  /** The device that is about to be opened, which may end the worker; null: that is over. */
  opening?: string | null;
  /** The local model that is about to take memory, which may end the worker; null: that is over. */
  weighs?: string | null;
}

/** What the user said of an endpoint's origin. */
export interface EndpointAccess {
  /** Frames may go there. */
  allowed: boolean;
  /** Of that origin alone. It crosses the wire when it is used, and is kept nowhere but with the host. */
  key?: string;
}

/** What the host offers the worker. */
export interface EngineHostMethods {
  log: { params: LogLine; progress: never; result: null };
  /** Asks for consent where there is none yet, which may take a person's time. */
  endpointAccess: { params: { origin: string }; progress: never; result: EndpointAccess };
}
