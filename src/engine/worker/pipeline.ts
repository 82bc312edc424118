import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { FRAME_PLAN } from '../../core/plan';
import { saidConcepts } from '../../core/concepts';
import { assembleVerdict } from '../../core/verdictRule';
import type { ClipRequest, CompareProgress } from '../../protocol/engine';
import { locateFfmpeg } from '../ffmpeg/locate';
import type { Judgement, JudgePair } from '../judge';
import { verdictParts } from '../judgement';
import { loadModel } from '../model/manifest';
import type {
  Analysis,
  CachedClip,
  CallOptions,
  Comparison,
  CreatePipeline,
  DecodeProgress,
  FileIdentity,
  JudgeStatus,
  Pipeline,
  PipelineOptions,
} from '../ports';
import type { DecodedClip } from '../sample/clip';
import { decodeClip } from '../sample/decode';
import { hashClip, refuseIfChanged, statClip } from '../sample/file';
import { CompactJudge } from './compactJudge';
import { listDevices } from './runtime';
import { SharedWork } from './shared';
import { bothSides, timingsOf } from './sides';

const REMEMBERED_HASHES = 4096;
const PLAN = FRAME_PLAN.id;

export const createPipeline: CreatePipeline = (options) => new ClipPipeline(options);

interface Decoded {
  clip: DecodedClip;
  ms: number;
}
type Inspection = Omit<Analysis, 'encoding' | 'device'>;

class ClipPipeline implements Pipeline {
  private readonly hashes = new Map<string, FileIdentity>();
  private readonly decoding = new SharedWork<Decoded, DecodeProgress>();
  private readonly analysing = new SharedWork<Analysis, DecodeProgress>();
  private judgeIs: Promise<CompactJudge> | undefined;

  constructor(private readonly options: PipelineOptions) {}

  async identify(path: string, signal?: AbortSignal, onProgress?: () => void): Promise<FileIdentity> {
    const name = basename(path);
    const { size, mtimeMs, ino } = await statClip(path, name);
    const key = `${ino}:${size}:${mtimeMs}:${path}`;
    const known = this.hashes.get(key);
    if (known) return known;
    const identity = await hashClip(path, name, { signal, onProgress });
    this.hashes.set(key, identity);
    const [oldest] = this.hashes.keys();
    if (this.hashes.size > REMEMBERED_HASHES && oldest !== undefined) this.hashes.delete(oldest);
    return identity;
  }

  async inspect(clip: ClipRequest, options: CallOptions<DecodeProgress> = {}): Promise<Inspection> {
    const from = performance.now();
    const identity = await this.identityOf(clip, options);
    const hashed = performance.now() - from;
    const decoded = await this.decode(clip, identity, options);
    const record = { path: clip.name, ...recordOf(identity.hash, decoded.clip) };
    const timings = { hash: hashed, decode: decoded.ms };
    return { record, measures: decoded.clip.measures, cached: false, timings };
  }

  async analyse(clip: ClipRequest, options: CallOptions<DecodeProgress> = {}): Promise<Analysis> {
    const from = performance.now();
    const [judge, identity] = await Promise.all([this.judge(), this.identityOf(clip, options)]);
    const hash = performance.now() - from;
    const analysis = await this.analysing.run(
      identity.hash,
      (signal, onProgress) => this.analyseContent(judge, clip, identity, { signal, onProgress }),
      options,
    );
    return {
      ...analysis,
      record: { ...analysis.record, path: clip.name },
      timings: { ...analysis.timings, hash },
    };
  }

  async compare(
    { a, b, prompt }: { a: ClipRequest; b: ClipRequest; prompt?: string | undefined },
    { signal, onProgress }: CallOptions<CompareProgress> = {},
  ): Promise<Comparison> {
    const from = performance.now();
    const judge = await this.judge();
    const read = (clip: ClipRequest) => (options: CallOptions<DecodeProgress>) => this.analyse(clip, options);
    const [A, B] = await bothSides(read(a), read(b), { signal, onProgress });
    onProgress?.({ stage: 'judging' });
    const asked = performance.now();
    const judged = await judge.compare(
      {
        a: { path: a.path, ...A },
        b: { path: b.path, ...B },
        ...(prompt === undefined ? {} : { prompt }),
      },
      { signal },
    );
    const now = performance.now();
    const { claimed, concepts } = judge.model.manifest;
    const verdict = assembleVerdict({
      id: randomUUID(),
      at: new Date().toISOString(),
      judge: judge.info,
      device: devicesOf(A, B) ?? judged.device,
      plan: PLAN,
      options: {},
      prompt,
      a: A.record,
      b: B.record,
      ...verdictParts(judged, claimed),
      concepts: concepts && {
        A: saidConcepts(A.encoding, concepts),
        B: saidConcepts(B.encoding, concepts),
      },
      measures: { A: A.measures, B: B.measures },
      timings: timingsOf(A, B, { judge: now - asked, total: now - from }),
    });
    return { verdict, measures: { A: A.measures, B: B.measures } };
  }

  async frames(clip: ClipRequest, options: CallOptions<DecodeProgress> = {}): Promise<DecodedClip> {
    const identity = await this.identityOf(clip, options);
    return (await this.decode(clip, identity, options)).clip;
  }

  async *judgeMany(pairs: Iterable<JudgePair>, signal?: AbortSignal): AsyncGenerator<Judgement> {
    yield* (await this.judge()).compareMany(pairs, { signal });
  }

  async judgeStatus(): Promise<JudgeStatus> {
    const { info, model } = await this.judge();
    const { agreement, claimed, short } = model.manifest;
    return { ...info, agreement, claimed, short, cardPath: model.cardPath };
  }

  devices(): Promise<string[]> {
    return listDevices();
  }

  async dispose(): Promise<void> {
    await Promise.all([this.analysing.dispose(), this.decoding.dispose()]);
    const judge = await this.judgeIs?.catch(() => undefined);
    this.judgeIs = undefined;
    await judge?.dispose();
  }

  /** The model is read and checked once; where it is refused, it is read again at the next call. */
  private judge(): Promise<CompactJudge> {
    const { modelDir, device, log } = this.options;
    return (this.judgeIs ??= loadModel(modelDir)
      .then((model) => new CompactJudge(model, { device, log }))
      .catch((error: unknown) => {
        this.judgeIs = undefined;
        throw error;
      }));
  }

  /** While a large file is hashed, its decoding stands at nought. */
  private identityOf(
    { path }: ClipRequest,
    { signal, onProgress }: CallOptions<DecodeProgress>,
  ): Promise<FileIdentity> {
    return this.identify(path, signal, () => onProgress?.({ seconds: 0 }));
  }

  private async analyseContent(
    judge: CompactJudge,
    clip: ClipRequest,
    identity: FileIdentity,
    options: CallOptions<DecodeProgress>,
  ): Promise<Analysis> {
    const { cache } = this.options;
    const { hash } = identity;
    const known = await cache?.get(hash, judge.info.hash, PLAN);
    if (known) return { ...known, record: { path: clip.name, ...known.record }, cached: true, timings: {} };
    const decoded = await this.decode(clip, identity, options);
    const { burst, burstSize, measures } = decoded.clip;
    this.options.onFrames?.(hash, burst, burstSize);
    const from = performance.now();
    const { encoding, device } = await judge.encodeOn(burst, burstSize.width, burstSize.height);
    const timings = { decode: decoded.ms, encode: performance.now() - from };
    const fresh: CachedClip = { record: recordOf(hash, decoded.clip), measures, encoding, device };
    await cache?.put(hash, judge.info.hash, PLAN, fresh);
    return { ...fresh, record: { path: clip.name, ...fresh.record }, cached: false, timings };
  }

  /** One decoding pass for all who want this content now. */
  private decode(
    clip: ClipRequest,
    identity: FileIdentity,
    options: CallOptions<DecodeProgress>,
  ): Promise<Decoded> {
    const { decodeDeadline: deadline, ffmpegPath, log } = this.options;
    const { path, name } = clip;
    return this.decoding.run(
      identity.hash,
      async (signal, onProgress) => {
        const from = performance.now();
        const ffmpeg = await locateFfmpeg(ffmpegPath, log);
        const decoded = await decodeClip({ ffmpeg, path, name, deadline, signal, onProgress, log });
        await refuseIfChanged(path, name, identity);
        return { clip: decoded, ms: performance.now() - from };
      },
      options,
    );
  }
}

/** Where the clips were encoded, now or when the cache was filled; the pair's own graph weighs nothing. */
function devicesOf(...clips: Analysis[]): string | undefined {
  const devices = new Set(clips.flatMap(({ device }) => device ?? []));
  return devices.size > 0 ? [...devices].join(' and ') : undefined;
}

function recordOf(hash: string, { duration, fps, size, frames }: DecodedClip): CachedClip['record'] {
  return { hash, duration, fps, width: size.width, height: size.height, frames };
}
