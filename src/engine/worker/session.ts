import { basename, join } from 'node:path';
import { FRAME_PLAN } from '../../core/plan';
import { COMPACT, type JudgeSpec } from '../../core/judgeSpec';
import { toProblem } from '../../core/problem';
import type { LocalModelRecord } from '../../core/local/record';
import type { ClipRecord } from '../../core/verdict';
import type { ClipMeasures } from '../../core/measures';
import { CACHE_FOLDER } from '../../protocol/cacheFolders';
import type { ClipRequest, EngineStatus, Forerunner, GpuConfig, InitParams } from '../../protocol/engine';
import { ClipCache } from '../cache/clips';
import { HashMemo } from '../cache/hashes';
import { ProxyCache } from '../cache/proxies';
import { FileStore } from '../cache/store';
import type { Carrier } from '../carrier';
import { Thumbnails } from '../cache/thumbnails';
import { locateFfmpeg } from '../ffmpeg/locate';
import { makeProxy } from '../ffmpeg/proxy';
import { machineId } from '../log/machine';
import type { Skipped } from '../log/index';
import { VerdictLog } from '../log/verdicts';
import { SweepRowLog } from '../log/sweepRows';
import { VoteLog } from '../log/votes';
import type { CallOptions, DecodeProgress, Ffmpeg, Log, Pipeline } from '../ports';
import { Foreseen } from './foreseen';
import { taggedPrompt, type TaggedPrompt } from '../tags/prompt';
import { Gate } from './gate';
import type { EndpointPorts } from './endpoint';
import { knownCards } from './gpu/cards';
import { Judges } from './judging/judges';
import { openLocalCarrier } from './local/carrier';
import { createPipeline } from './pipeline';
import { chooseRuntime } from './runtimeHome';
import { SharedWork } from './shared';
import type { ReadClip } from './sides';
import { PathNote } from './sweep/pathNote';

/** Below this a cache could not hold one proxy. */
const LEAST_CACHE = 32 << 20;
/** Clips worked on at once: two decode while one is encoded. */
const DECODERS = 3;

const NEVER = new AbortController().signal;

interface Logs {
  verdicts: VerdictLog;
  votes: VoteLog;
  rows: SweepRowLog;
}

/** Files of a record by what is in them. */
const LOG_FILES: Record<keyof Logs, string> = {
  verdicts: 'verdicts.jsonl',
  votes: 'votes.jsonl',
  rows: 'sweeps.jsonl',
};

export interface Inspected {
  clip: ClipRecord;
  measures: ClipMeasures;
  /** Nothing was decoded. */
  cached: boolean;
}

/** What lives as long as the worker: the pipeline, the caches, the logs. Nothing native is loaded by making one. */
export class Session {
  readonly pipeline: Pipeline;
  readonly judges: Judges;
  readonly clips: ClipCache;
  /** Comparisons take both places, single clips one. */
  readonly gate = new Gate(DECODERS);
  readonly store: FileStore;
  readonly foreseen = new Foreseen();
  private readonly memo: HashMemo;
  private readonly proxies: ProxyCache;
  /** Two pairs of a sweep may want the same clip's at once. */
  private readonly proxying = new SharedWork<string, DecodeProgress>();
  private readonly thumbnails: Thumbnails;
  private readonly tagNotes = new Map<string, { note: PathNote; left: Promise<string[]> }>();
  private readonly logs = new Map<string, Logs>();
  private readonly told = new Map<string, string>();
  private machineIs: Promise<string> | undefined;
  private ffmpegIs: Promise<Ffmpeg> | undefined;
  private readonly cards = knownCards();

  constructor(
    private readonly config: InitParams,
    readonly log: Log,
    access: EndpointPorts['access'],
  ) {
    const dir = join(config.cacheDir, CACHE_FOLDER);
    this.store = new FileStore(dir, Math.max(LEAST_CACHE, config.cacheBytes), (text) => log('warn', text));
    void this.store.tidy();
    chooseRuntime(config.gpu, log);
    this.clips = new ClipCache(this.store);
    this.memo = new HashMemo(this.store);
    this.proxies = new ProxyCache(this.store);
    this.thumbnails = new Thumbnails(this.store);
    this.pipeline = createPipeline({
      modelDir: config.modelDir,
      device: config.device,
      decodeDeadline: config.decodeDeadline,
      ffmpegPath: config.ffmpegPath,
      cache: this.clips,
      onFrames: (hash, frames, size) => void this.thumbnails.keep(hash, frames, size),
      log,
    });
    const { ffmpegPath, decodeDeadline } = config;
    this.judges = new Judges({
      compact: () => this.pipeline.judgeStatus(),
      localCarrier: (record) => this.localCarrier(record),
      inspect: (clip, options) => this.read(clip, options),
      hashOf: (path, signal) => this.hash(path, signal),
      inTurn: (signal, work) => this.gate.run(1, signal, work),
      ...{ access, ffmpegPath, decodeDeadline, log },
    });
  }

  /** What the GPU has of its own; undefined where nobody named a folder for it. */
  get gpu(): GpuConfig | undefined {
    return this.config.gpu;
  }

  /** The engine before this one, where that ended of itself. */
  get forerunner(): Forerunner | undefined {
    return this.config.forerunner;
  }

  /**
   * The note on a folder's clips whose tags are being read, one for all its sweeps; `left`: of which clips the engine
   * before this one told, where that ended of itself.
   */
  tagNote(folder: string): { note: PathNote; left: Promise<string[]> } {
    let known = this.tagNotes.get(folder);
    if (!known) {
      const note = new PathNote(this.store, `${folder}.tags`);
      this.tagNotes.set(folder, (known = { note, left: note.take(this.forerunner?.pid) }));
    }
    return known;
  }

  logsOf(dir: string): Logs {
    let logs = this.logs.get(dir);
    if (!logs) {
      logs = { verdicts: new VerdictLog(dir), votes: new VoteLog(dir), rows: new SweepRowLog(dir) };
      this.logs.set(dir, logs);
    }
    return logs;
  }

  /** What of a log could not be read, in a sentence; new until it was told once, and then in the worker's log. */
  unread(dir: string, kind: keyof Logs): { text?: string; isNew: boolean } {
    const { trouble, refusal } = this.logsOf(dir)[kind];
    const name = `${basename(dir)}/${LOG_FILES[kind]}`;
    const text = refusal?.message ?? (trouble && unreadText(name, trouble));
    if (text === undefined) return { isNew: false };
    const key = join(dir, kind);
    const isNew = this.told.get(key) !== text;
    if (isNew) this.log('warn', `${text} Folder: ${dir}`);
    this.told.set(key, text);
    return { text, isNew };
  }

  machine(): Promise<string> {
    return (this.machineIs ??= machineId());
  }

  /** Hash of the clip's content; an unchanged file is not read again, not even by another process. */
  async hash(path: string, signal?: AbortSignal, onReading?: () => void): Promise<string> {
    const known = await this.memo.get(path);
    if (known) return known;
    const before = await this.memo.fingerprint(path);
    const { hash } = await this.pipeline.identify(path, signal, onReading);
    void this.memo.put(path, before, hash);
    return hash;
  }

  /** Record and measures of one clip, from the cache where it has them. */
  async inspect(request: ClipRequest, options: CallOptions<DecodeProgress> = {}): Promise<Inspected> {
    const hash = await this.hash(request.path, options.signal, () => options.onProgress?.({ seconds: 0 }));
    const known = await this.clips.getMeasured(hash, FRAME_PLAN.id);
    if (known)
      return { clip: { path: request.name, ...known.record }, measures: known.measures, cached: true };
    const { record, measures } = await this.pipeline.inspect(request, options);
    await this.clips.putMeasured(record.hash, FRAME_PLAN.id, { record, measures });
    return { clip: record, measures, cached: false };
  }

  /** {@link inspect} in its turn among all that is decoded. */
  private read(clip: ClipRequest, options: CallOptions<DecodeProgress>): Promise<ReadClip> {
    const from = performance.now();
    return this.gate.run(1, options.signal ?? NEVER, async () => {
      const { clip: record, measures } = await this.inspect(clip, options);
      return { record, measures, timings: { read: performance.now() - from } };
    });
  }

  async proxy(path: string, options: CallOptions<DecodeProgress>): Promise<string> {
    const hash = await this.hash(path, options.signal, () => options.onProgress?.({ seconds: 0 }));
    const ffmpeg = await this.ffmpeg();
    const deadline = this.config.decodeDeadline;
    const make = (target: string, o: CallOptions<DecodeProgress>) =>
      makeProxy({ ffmpeg, path, target, deadline }, o);
    return this.proxying.run(
      hash,
      (signal, onProgress) => this.proxies.find(hash, make, { signal, onProgress }),
      options,
    );
  }

  /** A still of the clip; where none is kept, the clip is decoded for it as for the judge. */
  async thumbnail(path: string, signal?: AbortSignal): Promise<{ path: string; hash: string }> {
    const hash = await this.hash(path, signal);
    if (!(await this.thumbnails.has(hash))) {
      const { burst, burstSize } = await this.pipeline.frames({ path, name: basename(path) }, { signal });
      await this.thumbnails.keep(hash, burst, burstSize);
    }
    return { path: this.thumbnails.path(hash), hash };
  }

  /** The prompt that the clip's file, or the picture beside it, tells of itself. */
  async taggedPrompt(path: string, signal: AbortSignal): Promise<TaggedPrompt | undefined> {
    return taggedPrompt(await this.ffmpeg(), path, { deadline: this.config.decodeDeadline, signal });
  }

  /** Path of the still of a clip's content; null where none is kept. */
  async keptThumbnail(hash: string): Promise<string | null> {
    return (await this.thumbnails.has(hash)) ? this.thumbnails.path(hash) : null;
  }

  clearCache(): Promise<{ files: number; bytes: number }> {
    return this.store.clear();
  }

  async status(withDevices: boolean, spec: JudgeSpec = COMPACT): Promise<EngineStatus> {
    const refused = (error: unknown) => ({ problem: toProblem(error) });
    const [ffmpeg, judge, devices] = await Promise.all([
      this.ffmpeg().catch(refused),
      this.judges.status(spec).catch(refused),
      withDevices ? this.pipeline.devices().catch(() => []) : [],
    ]);
    return { ffmpeg, judge, devices, pid: process.pid };
  }

  /** A carrier over a local model; the caller disposes of it. */
  localCarrier(record: LocalModelRecord): Carrier {
    const { device, lean } = this.config;
    return openLocalCarrier({
      ...{ record, device, log: this.log, lean: lean?.[record.name] },
      hashOf: (path, signal) => this.hash(path, signal),
      ffmpeg: () => this.ffmpeg(),
      cards: this.cards,
      weighs: (name) =>
        this.log('debug', name === null ? 'a local model rests' : `asking ${name}`, undefined, name),
    });
  }

  /** Found once; looked for again after it was not found. */
  private ffmpeg(): Promise<Ffmpeg> {
    this.ffmpegIs ??= locateFfmpeg(this.config.ffmpegPath, this.log).catch((error: unknown) => {
      this.ffmpegIs = undefined;
      throw error;
    });
    return this.ffmpegIs;
  }
}

function unreadText(name: string, { lines, first, why }: Skipped): string {
  const many = lines === 1 ? `Line ${first}` : `${lines} lines, the first of them line ${first},`;
  return `${many} of ${name} could not be used (${why}); nothing was removed.`;
}
