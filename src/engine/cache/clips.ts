import { createHash } from 'node:crypto';
import { num, obj, str, type Json } from '../../core/decode';
import { MEASURE_IDS, MEASURES, type ClipMeasures, type MeasureId } from '../../core/measures';
import type { CachedClip, EncodingCache } from '../ports';
import { packBlob, unpackBlob } from './blob';
import type { FileStore } from './store';

type Measured = Pick<CachedClip, 'record' | 'measures'>;

/** What was learned of clips, by content: measures under the plan, encodings under model and plan. */
export class ClipCache implements EncodingCache {
  constructor(private readonly store: FileStore) {}

  async get(hash: string, modelHash: string, plan: string): Promise<CachedClip | undefined> {
    const [measured, encoding] = await Promise.all([
      this.getMeasured(hash, plan),
      this.open(encodingName(hash, modelHash, plan), unpackEncoding),
    ]);
    return measured && encoding ? { ...measured, ...encoding } : undefined;
  }

  /** Whether there is an encoding; it counts as used. */
  has(hash: string, modelHash: string, plan: string): Promise<boolean> {
    return this.store.has(encodingName(hash, modelHash, plan));
  }

  hasMeasured(hash: string, plan: string): Promise<boolean> {
    return this.store.has(measuredName(hash, plan));
  }

  async put(hash: string, modelHash: string, plan: string, clip: CachedClip): Promise<void> {
    await this.putMeasured(hash, plan, clip);
    await this.store.write(
      encodingName(hash, modelHash, plan),
      packBlob({ hash, modelHash, plan, device: clip.device }, clip.encoding),
    );
  }

  getMeasured(hash: string, plan: string): Promise<Measured | undefined> {
    return this.open(measuredName(hash, plan), (header, bytes) => unpackMeasured(header, bytes, hash));
  }

  async putMeasured(hash: string, plan: string, { record, measures }: Measured): Promise<void> {
    await this.store.write(measuredName(hash, plan), packMeasured(record, measures));
  }

  /** An entry, or nothing; a spoilt one is removed. */
  private async open<T>(
    name: string,
    unpack: (header: Json, bytes: ArrayBuffer) => T,
  ): Promise<T | undefined> {
    const file = await this.store.read(name);
    if (!file) return undefined;
    try {
      const blob = unpackBlob(file);
      if (blob) return unpack(obj(blob.header, 'header'), blob.bytes);
    } catch {
      // Spoilt, or of another version.
    }
    await this.store.remove(name);
    return undefined;
  }
}

const folder = (hash: string) => hash.slice(0, 2);
const measuredName = (hash: string, plan: string) => `measures/${folder(hash)}/${hash}.${plan}`;
const encodingName = (hash: string, modelHash: string, plan: string) =>
  `encodings/${folder(hash)}/${hash}.${modelHash.slice(0, 32)}.${plan}`;

let defined: string | undefined;
/** Which measures these are, and how they are taken: what was taken otherwise is taken anew. */
function definitions(): string {
  const all = () => MEASURE_IDS.map((id) => `${id}: ${MEASURES[id].definition}`).join('\n');
  return (defined ??= createHash('sha256').update(all()).digest('hex').slice(0, 16));
}

/** The device that encoded goes with the encoding: a verdict names the one that really ran. */
function unpackEncoding({ device }: Json, bytes: ArrayBuffer): Pick<CachedClip, 'encoding' | 'device'> {
  const encoding = new Float32Array(bytes);
  return device === undefined ? { encoding } : { encoding, device: str(device, 'device') };
}

function packMeasured(record: CachedClip['record'], { times, series }: ClipMeasures): Buffer {
  const { hash, duration, fps, width, height, frames } = record;
  const numbers = [times, ...MEASURE_IDS.map((id) => series[id])].flat();
  const header = { record: { hash, duration, fps, width, height, frames }, measures: definitions() };
  return packBlob(header, Float64Array.from(numbers));
}

function unpackMeasured(header: Json, bytes: ArrayBuffer, hash: string): Measured {
  const r = obj(header.record, 'record');
  if (r.hash !== hash || header.measures !== definitions()) throw new Error('of another version');
  const numbers = new Float64Array(bytes);
  const n = numbers.length / (MEASURE_IDS.length + 1);
  if (!Number.isInteger(n)) throw new Error('cut');
  const row = (i: number) => Array.from(numbers.subarray(i * n, (i + 1) * n));
  const series = Object.fromEntries(MEASURE_IDS.map((id, i) => [id, row(i + 1)])) as Record<
    MeasureId,
    number[]
  >;
  const number = (key: string) => num(r[key], key);
  const record = {
    hash,
    duration: number('duration'),
    fps: number('fps'),
    width: number('width'),
    height: number('height'),
    frames: number('frames'),
  };
  return { record, measures: { times: row(0), series } };
}
