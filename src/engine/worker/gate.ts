import { cancelled } from '../../core/problem';

/** All places: nothing else is let in meanwhile. */
export const ALONE = Infinity;

interface Waiter {
  weight: number;
  enter(): void;
}

/** Lets so much work in at once; the rest waits in line, first come, first served. */
export class Gate {
  private readonly line: Waiter[] = [];
  private free: number;

  constructor(private readonly places: number) {
    this.free = places;
  }

  async run<T>(weight: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const taken = Math.min(weight, this.places);
    await this.enter(taken, signal);
    try {
      return await work();
    } finally {
      this.free += taken;
      this.advance();
    }
  }

  private enter(weight: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled());
      const onAbort = () => {
        this.line.splice(this.line.indexOf(waiter), 1);
        reject(cancelled());
        this.advance();
      };
      const waiter: Waiter = {
        weight,
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.line.push(waiter);
      this.advance();
    });
  }

  private advance(): void {
    for (let next = this.line[0]; next && next.weight <= this.free; next = this.line[0]) {
      this.line.shift();
      this.free -= next.weight;
      next.enter();
    }
  }
}
