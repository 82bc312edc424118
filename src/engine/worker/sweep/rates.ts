import { num, obj } from '../../../core/decode';
import type { FileStore } from '../../cache/store';

const FORMAT = 'aesrm.sweep-rates/1';
const NAME = 'sweeps/rates.json';
/** Fewer than this say too little of a rate. */
const LEAST = 6;
/** Judges that are remembered, the latest first. */
const MOST = 8;

/** How fast judges went through clips, or through pairs that they are asked about, on this machine, in one file of the cache. It may be lost at any time. */
export class Rates {
  constructor(private readonly store: FileStore) {}

  /** How many per second in the latest run of a judge; undefined before there was one. */
  async of(judgeHash: string): Promise<number | undefined> {
    return (await this.read()).get(judgeHash);
  }

  /** @param count that were finished in so many seconds, decoding and all */
  async keep(judgeHash: string, count: number, seconds: number): Promise<void> {
    if (count < LEAST || seconds <= 0) return;
    const rates = await this.read();
    rates.delete(judgeHash);
    const latest = [[judgeHash, count / seconds] as const, ...rates].slice(0, MOST);
    await this.store.write(NAME, JSON.stringify({ format: FORMAT, rates: Object.fromEntries(latest) }));
  }

  private async read(): Promise<Map<string, number>> {
    try {
      const o = obj(JSON.parse((await this.store.read(NAME))?.toString('utf8') ?? ''), 'rates');
      if (o.format !== FORMAT) return new Map();
      const entries = Object.entries(obj(o.rates, 'rates'));
      return new Map(entries.map(([hash, rate]) => [hash, num(rate, hash)]));
    } catch {
      return new Map();
    }
  }
}
