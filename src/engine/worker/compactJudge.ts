import { holdsConcepts } from '../../core/concepts';
import { FRAME_PLAN } from '../../core/plan';
import { cancelled, problem, ProblemError } from '../../core/problem';
import { DIMENSION_IDS, type CriterionId, type Dimension } from '../../core/rubric';
import type { JudgeInfo, Probabilities } from '../../core/verdict';
import type { Device } from '../../protocol/engine';
import type { EncodingJudge, Judgement, JudgeCall, JudgePair } from '../judge';
import type { LoadedModel } from '../model/manifest';
import type { Log } from '../ports';
import { openSession, type Feeds, type OpenOptions, type Session } from './runtime';

/** Pairs in one run of the judge's graph. */
export const PAIRS_AT_ONCE = 1024;
/** Frames that the encoder sees of a clip. */
const FRAMES = FRAME_PLAN.samples * FRAME_PLAN.burst;
/** Largest difference between a verdict and its mirror at which a judge counts as symmetric. */
const SYMMETRY_TOLERANCE = 1e-6;
const CHOICES = 3;

export interface CompactOptions {
  device: Device;
  log?: Log | undefined;
  /** Opens a graph; {@link openSession} unless told. */
  open?: (path: string, options: OpenOptions) => Promise<Session>;
}

export interface Encoded {
  encoding: Float32Array;
  /** The execution provider that made it. */
  device: string;
}

/** The embedded judge: an encoder that sees each clip once, and a small graph that judges pairs of encodings. */
export class CompactJudge implements EncodingJudge {
  readonly info: JudgeInfo;
  private encoderIs: Promise<Session> | undefined;
  private judgeIs: Promise<Session> | undefined;
  private deviceIs = 'cpu';
  /** The session that was given up for the processor. */
  private failed: Session | undefined;

  constructor(
    readonly model: LoadedModel,
    private readonly options: CompactOptions,
  ) {
    const { id, name, version } = model.manifest;
    const capabilities = { symmetric: true, streaming: false, encodes: true, reasons: false };
    this.info = { id, name, version, hash: model.hash, kind: 'compact', capabilities };
  }

  get device(): string {
    return this.deviceIs;
  }

  async encode(frames: Uint8Array, width: number, height: number): Promise<Float32Array> {
    return (await this.encodeOn(frames, width, height)).encoding;
  }

  /** A device may pass its probe and fail at a clip's real size: then the processor takes over for good. */
  async encodeOn(frames: Uint8Array, width: number, height: number): Promise<Encoded> {
    const feed = frameFeed(frames, width, height);
    const session = await this.encoder();
    try {
      return await this.encodeBy(session, feed);
    } catch (error) {
      if (session.device === 'cpu') throw error;
      return this.encodeBy(await this.processorFor(session, error), feed);
    }
  }

  async compare(pair: JudgePair, call: JudgeCall = {}): Promise<Judgement> {
    for await (const judgement of this.compareMany([pair], call)) return judgement;
    throw new Error('no judgement was made');
  }

  async *compareMany(pairs: Iterable<JudgePair>, call: JudgeCall = {}): AsyncGenerator<Judgement> {
    let batch: JudgePair[] = [];
    for (const pair of pairs) {
      batch.push(pair);
      if (batch.length < PAIRS_AT_ONCE) continue;
      yield* await this.judgeBatch(batch, call.signal);
      batch = [];
    }
    if (batch.length > 0) yield* await this.judgeBatch(batch, call.signal);
  }

  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled([this.encoderIs, this.judgeIs]);
    this.encoderIs = this.judgeIs = undefined;
    for (const s of sessions) if (s.status === 'fulfilled') await s.value?.dispose();
  }

  private async encodeBy(session: Session, feed: Feeds[string]): Promise<Encoded> {
    const { input, output, encodingSize, name, concepts } = this.model.manifest;
    const outputs = await this.guarded(session.device, () => session.run({ [input.encoder]: feed }));
    const encoding = outputs[output.encoding];
    if (encoding?.length !== encodingSize || encoding.some((v) => !Number.isFinite(v)))
      throw problem('modelInvalid', `The judge "${name}" gave no valid encoding.`);
    if (concepts && !holdsConcepts(encoding, concepts))
      throw problem('modelInvalid', `The judge "${name}" gave no valid probabilities for its concepts.`);
    return { encoding: Float32Array.from(encoding), device: session.device };
  }

  private processorFor(failed: Session, error: unknown): Promise<Session> {
    if (this.failed !== failed) {
      this.failed = failed;
      const why = error instanceof Error ? error.message : String(error);
      this.options.log?.('warn', `${why} The judge goes on on the processor instead of ${failed.device}.`);
      this.encoderIs = this.openEncoder('cpu', failed);
    }
    return this.encoder();
  }

  private async judgeBatch(batch: readonly JudgePair[], signal?: AbortSignal): Promise<Judgement[]> {
    if (signal?.aborted) throw cancelled();
    const size = this.model.manifest.encodingSize;
    const a = stack(
      batch.map((p) => p.a.encoding),
      size,
    );
    const b = stack(
      batch.map((p) => p.b.encoding),
      size,
    );
    const session = await this.judge();
    const outputs = await this.guarded(session.device, () => this.runJudge(session, a, b, batch.length));
    return batch.map((_, i) => this.judgement(outputs, i));
  }

  private async runJudge(
    session: Session,
    a: Float32Array,
    b: Float32Array,
    count: number,
  ): Promise<Outputs> {
    const { input, output, encodingSize, criteria, name } = this.model.manifest;
    const dims = [count, encodingSize];
    const all = await session.run({
      [input.a]: { type: 'float32', data: a, dims },
      [input.b]: { type: 'float32', data: b, dims },
    });
    const named = {
      criteria: all[output.criteria],
      dimensions: all[output.dimensions],
      overall: all[output.overall],
    };
    const rows = { criteria: criteria.length, dimensions: DIMENSION_IDS.length, overall: 1 };
    for (const key of ['criteria', 'dimensions', 'overall'] as const)
      if (!areProbabilities(named[key], count * rows[key]))
        throw problem('modelInvalid', `The judge "${name}" gave no valid probabilities for "${key}".`);
    return named as Outputs;
  }

  private judgement({ criteria, dimensions, overall }: Outputs, i: number): Judgement {
    const { manifest } = this.model;
    const ids = manifest.criteria;
    const claimed = new Set(manifest.claimed);
    const judged = ids.flatMap((id, k): [CriterionId, Probabilities][] =>
      claimed.has(id) ? [[id, triple(criteria, i * ids.length + k)]] : [],
    );
    const dims = DIMENSION_IDS.map((d, k) => [d, triple(dimensions, i * DIMENSION_IDS.length + k)]);
    return {
      overall: triple(overall, i),
      dimensions: Object.fromEntries(dims) as Record<Dimension, Probabilities>,
      criteria: Object.fromEntries(judged),
      device: this.deviceIs,
    };
  }

  private encoder(): Promise<Session> {
    return (this.encoderIs ??= this.openEncoder(this.options.device));
  }

  private openEncoder(device: Device, instead?: Session): Promise<Session> {
    const opening = this.tryEncoder(device, instead);
    // Where it does not open, the next who asks tries again.
    opening.catch(() => {
      if (this.encoderIs === opening) this.encoderIs = undefined;
    });
    return opening;
  }

  private async tryEncoder(device: Device, instead?: Session): Promise<Session> {
    await instead?.dispose().catch(() => undefined);
    const probe = { [this.model.manifest.input.encoder]: frameFeed(probeFrames(64, 48), 64, 48) };
    const session = await this.open(this.model.encoder, { device, log: this.options.log, probe });
    this.deviceIs = session.device;
    return session;
  }

  private open(path: string, options: OpenOptions): Promise<Session> {
    return (this.options.open ?? openSession)(path, options);
  }

  private judge(): Promise<Session> {
    return (this.judgeIs ??= this.openJudge().catch((error: unknown) => {
      this.judgeIs = undefined;
      throw error;
    }));
  }

  /** The pair graph is tiny: the processor is the quickest place for it. */
  private async openJudge(): Promise<Session> {
    // A device that somebody chose and that does not work is told of, even where every encoding came from the cache.
    if (!['auto', 'cpu'].includes(this.options.device)) await this.encoder();
    const session = await this.open(this.model.judge, { device: 'cpu', log: this.options.log });
    const size = this.model.manifest.encodingSize;
    const [a, b] = [pseudoRandom(4 * size, 1), pseudoRandom(4 * size, 2)];
    const [ab, ba] = [await this.runJudge(session, a, b, 4), await this.runJudge(session, b, a, 4)];
    if (asymmetry(ab, ba) <= SYMMETRY_TOLERANCE) return session;
    await session.dispose();
    throw problem(
      'modelInvalid',
      `The judge "${this.info.name}" gives another verdict when the sides are swapped.`,
    );
  }

  private async guarded<T>(device: string, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (ProblemError.is(error)) throw error;
      const cause = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw problem('runtime', `The judge failed on ${device}: ${cause}.`, 'Set "aesrm.device" to "cpu".');
    }
  }
}

interface Outputs {
  criteria: Float32Array;
  dimensions: Float32Array;
  overall: Float32Array;
}

/** Frames of a clip, RGB, as the encoder's input. */
export function frameFeed(frames: Uint8Array, width: number, height: number) {
  return { type: 'uint8' as const, data: frames, dims: [FRAMES, height, width, 3] };
}

function stack(encodings: readonly (Float32Array | undefined)[], size: number): Float32Array {
  const all = new Float32Array(encodings.length * size);
  encodings.forEach((e, i) => {
    if (e?.length !== size) throw new Error(`an encoding of ${size} numbers was expected`);
    all.set(e, i * size);
  });
  return all;
}

function triple(values: Float32Array, row: number): Probabilities {
  const [a = 0, tie = 0, b = 0] = values.subarray(row * CHOICES, (row + 1) * CHOICES);
  return { a, tie, b };
}

function areProbabilities(values: Float32Array | undefined, rows: number): values is Float32Array {
  if (values?.length !== rows * CHOICES) return false;
  for (let row = 0; row < rows; row++) {
    const { a, tie, b } = triple(values, row);
    if (!(Math.min(a, tie, b) >= -1e-6) || !(Math.abs(a + tie + b - 1) < 1e-2)) return false;
  }
  return true;
}

/** Largest difference between what is said of (a, b) and the mirror of what is said of (b, a). */
function asymmetry(ab: Outputs, ba: Outputs): number {
  let worst = 0;
  for (const key of ['criteria', 'dimensions', 'overall'] as const)
    for (let row = 0; row < ab[key].length / CHOICES; row++) {
      const [p, q] = [triple(ab[key], row), triple(ba[key], row)];
      worst = Math.max(worst, Math.abs(p.a - q.b), Math.abs(p.b - q.a), Math.abs(p.tie - q.tie));
    }
  return worst;
}

function probeFrames(width: number, height: number): Uint8Array {
  return Uint8Array.from(pseudoRandom(FRAMES * width * height * 3, 3), (v) => Math.round((v + 1) * 127));
}

/** Numbers from -1 to 1, the same every time. */
function pseudoRandom(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
