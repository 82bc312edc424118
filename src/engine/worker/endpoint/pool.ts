import { cancelled } from '../../../core/problem';
import type { Lane } from './lane';

interface Waiter {
  avoid: ReadonlySet<Lane>;
  enter(lane: Lane): void;
}

/** Longest sleep of a timer here; a rest that is longer is looked at again. */
const MOST_SLEEP = 60_000;

/** Gives each request an endpoint: one that has room and does not rest, by weight; first come, first served. */
export class Pool {
  private readonly line: Waiter[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly lanes: readonly Lane[]) {}

  /** Endpoints in `avoid` are taken only where no other one is up. */
  enter(signal: AbortSignal, avoid: ReadonlySet<Lane>): Promise<Lane> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled());
      const onAbort = () => {
        const index = this.line.indexOf(waiter);
        if (index >= 0) this.line.splice(index, 1);
        reject(cancelled());
      };
      const waiter: Waiter = {
        avoid,
        enter: (lane) => {
          signal.removeEventListener('abort', onAbort);
          resolve(lane);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.line.push(waiter);
      this.advance();
    });
  }

  leave(lane: Lane): void {
    lane.active--;
    this.advance();
  }

  close(): void {
    clearTimeout(this.timer);
    for (const { connections } of this.lanes) connections.close();
  }

  private advance(): void {
    const now = Date.now();
    for (let i = 0; i < this.line.length;) {
      const waiter = this.line[i]!;
      const lane = this.pick(waiter.avoid, now);
      if (!lane) {
        i++;
        continue;
      }
      this.line.splice(i, 1);
      lane.active++;
      lane.served++;
      waiter.enter(lane);
    }
    this.wakeLater(now);
  }

  private pick(avoid: ReadonlySet<Lane>, now: number): Lane | undefined {
    const others = this.lanes.filter((lane) => !avoid.has(lane) && now >= lane.restsUntil);
    // Where someone has to mend them all, nobody is kept waiting for the news; and it may have been done.
    const isHopeless = this.lanes.every(({ broken }) => broken);
    const may = isHopeless
      ? this.lanes.filter(({ active, config }) => active < config.concurrency)
      : (others.length > 0 ? others : this.lanes).filter((lane) => lane.hasRoom(now));
    const load = ({ active, served, config }: Lane) =>
      [active / config.weight, served / config.weight] as const;
    return may.sort((a, b) => {
      const [x, y] = [load(a), load(b)];
      return x[0] - y[0] || x[1] - y[1];
    })[0];
  }

  /** An endpoint whose rest ends tells nobody of itself. */
  private wakeLater(now: number): void {
    clearTimeout(this.timer);
    if (this.line.length === 0) return;
    const ends = this.lanes.map(({ restsUntil }) => restsUntil).filter((end) => end > now);
    if (ends.length === 0) return;
    const sleep = Math.min(Math.min(...ends) - now, MOST_SLEEP);
    this.timer = setTimeout(() => this.advance(), sleep);
  }
}
