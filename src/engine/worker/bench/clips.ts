import { join } from 'node:path';
import { FRAME_PLAN } from '../../../core/plan';
import { cancelled, type Problem } from '../../../core/problem';
import type { JudgeClip } from '../../judge';
import type { ClipRequest } from '../../../protocol/engine';
import type { CachedClip, CallOptions, DecodeProgress, JudgeStatus } from '../../ports';
import { realRoot } from '../../sweep/tree';
import { clipTrouble } from '../clipTrouble';
import { ALONE } from '../gate';
import type { Session } from '../session';
import { allOf, Lanes } from '../sweep/lanes';
import type { ClipBlame } from './blame';

/** Clips read at once: two decode while one is encoded. */
const CLIPS_AT_ONCE = 3;

type ReadyContent = Pick<CachedClip, 'record' | 'measures' | 'device'> &
  Partial<Pick<CachedClip, 'encoding'>>;

interface Listener {
  /** Something goes on. */
  onAlive(): void;
  /** A clip was decoded and encoded, not found in the cache. */
  onEncoded(): void;
}

/** The clips of a benchmark: each is read once. */
export class BenchClips {
  private readonly broken = new Map<string, Problem>();
  private readonly found = new Map<string, JudgeClip>();
  private readonly devices = new Set<string>();
  private readonly stop = new AbortController();

  /** @param paths relative to `root` */
  constructor(
    private readonly session: Session,
    private readonly root: string,
    private readonly paths: readonly string[],
    private readonly judge: JudgeStatus,
    private readonly blame: ClipBlame,
    private readonly listener: Listener,
  ) {}

  get total(): number {
    return this.paths.length;
  }

  get done(): number {
    return this.found.size + this.broken.size;
  }

  /** Of clips that could not be read, in the order of the file, whichever was tried first. */
  get problems(): Map<string, Problem> {
    return new Map(
      this.paths.flatMap((path) => (this.broken.has(path) ? [[path, this.broken.get(path)!]] : [])),
    );
  }

  /** Where the clips were encoded, now or when the cache was filled; empty where nothing is known of it. */
  get device(): string {
    return [...this.devices].join(' and ');
  }

  of(path: string): JudgeClip | undefined {
    return this.found.get(path);
  }

  hashes(): Map<string, string> {
    return new Map([...this.found].map(([path, { record }]) => [path, record.hash]));
  }

  /** Reads all, in the order of the file; a clip that cannot be read is noted and the others go on. */
  async read(cancel: AbortSignal): Promise<void> {
    const lanes = new Lanes(CLIPS_AT_ONCE);
    const signal = AbortSignal.any([cancel, this.stop.signal]);
    try {
      await allOf(this.paths.map((path) => lanes.run(() => this.readOne(path, signal))));
    } catch (error) {
      throw cancel.aborted ? cancelled() : this.stop.signal.aborted ? this.stop.signal.reason : error;
    }
  }

  private async readOne(path: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const leftOut = this.blame.problemOf(path);
    if (leftOut) return void this.broken.set(path, leftOut);
    try {
      const { record, encoding, measures, device } = await this.ready(path, signal);
      const clip = { path: join(this.root, path), record: { ...record, path } };
      // No more is held than a judge needs: all clips are in memory together.
      this.found.set(path, encoding ? { ...clip, encoding } : { ...clip, times: measures.times });
      if (device !== undefined) this.devices.add(device);
    } catch (error) {
      const trouble = signal.aborted ? undefined : clipTrouble(error);
      if (!trouble) this.fail(error);
      // Of a folder that went away it is no clip that is missing.
      if (trouble.code === 'fileMissing') await realRoot(this.root).catch((gone: unknown) => this.fail(gone));
      this.broken.set(path, trouble);
    }
    this.listener.onAlive();
  }

  /** From the cache where it has the content, which an unchanged file need not be read for. */
  private async ready(path: string, signal: AbortSignal): Promise<ReadyContent> {
    const { session, listener, judge } = this;
    const file = join(this.root, path);
    const onProgress = () => listener.onAlive();
    const hash = await session.hash(file, signal, onProgress);
    const known = judge.capabilities.encodes
      ? await session.clips.get(hash, judge.hash, FRAME_PLAN.id)
      : await session.clips.getMeasured(hash, FRAME_PLAN.id);
    if (known) return known;
    const places = this.blame.isSuspect(path) ? ALONE : 1;
    return session.gate.run(places, signal, async () => {
      const clip = await this.blame.during(path, () =>
        this.decoded({ path: file, name: path }, { signal, onProgress }),
      );
      if (!clip.cached) listener.onEncoded();
      return clip;
    });
  }

  private async decoded(
    request: ClipRequest,
    options: CallOptions<DecodeProgress>,
  ): Promise<ReadyContent & { cached: boolean }> {
    const { session, judge } = this;
    if (judge.capabilities.encodes) return session.pipeline.analyse(request, options);
    const { clip, measures, cached } = await session.inspect(request, options);
    return { record: clip, measures, cached };
  }

  /** Nothing more is begun after that. */
  private fail(error: unknown): never {
    this.stop.abort(error);
    throw error;
  }
}
