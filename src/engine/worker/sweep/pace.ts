/** Milliseconds. */
const QUICK = 200;
const STATE = 1000;
/** A state takes at most this part of the time. */
const STATES_SHARE = 0.1;
/** The rate speaks of this many at most. */
const RECENT = 40;

/** How often a run tells of itself, and how fast it goes. */
export class Pace {
  private nextQuick = 0;
  private nextState = 0;
  private ends: number[] = [];
  private started = performance.now();
  private count = 0;

  /** Work begins, after idling or for the first time: what was before does not count. */
  begin(): void {
    this.ends = [];
    this.count = 0;
    this.started = performance.now();
  }

  /** What was finished since the work began, and seconds up to the last of it. */
  get done(): { count: number; seconds: number } {
    return { count: this.count, seconds: ((this.ends.at(-1) ?? this.started) - this.started) / 1000 };
  }

  tick(tell: () => void): void {
    const now = performance.now();
    if (now < this.nextQuick) return;
    this.nextQuick = now + QUICK;
    tell();
  }

  isTimeForState(): boolean {
    return performance.now() >= this.nextState;
  }

  async timed<T>(work: () => Promise<T>): Promise<T> {
    // Until it is done, nobody else begins one.
    this.nextState = Infinity;
    const from = performance.now();
    try {
      return await work();
    } finally {
      const now = performance.now();
      this.nextState = now + Math.max(STATE, (now - from) / STATES_SHARE);
    }
  }

  /** One of what takes the time is done: a clip was encoded, or a pair asked about. */
  finished(): void {
    this.count++;
    this.ends.push(performance.now());
    if (this.ends.length > RECENT) this.ends.shift();
  }

  /** How many per second lately, and seconds for what is left. */
  outlook(left: number): { rate?: number; secondsLeft?: number } {
    if (this.ends.length < 2) return {};
    const from = this.ends.length < RECENT ? this.started : this.ends[0]!;
    const rate = (this.ends.length * 1000) / Math.max(1, performance.now() - from);
    return { rate, secondsLeft: left / rate };
  }
}
