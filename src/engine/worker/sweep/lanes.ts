/** Runs so many pieces of work at once, in the order in which they came. */
export class Lanes {
  private readonly line: (() => void)[] = [];
  private free: number;

  constructor(count: number) {
    this.free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((enter) => this.line.push(enter));
    else this.free--;
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** Waits for all, so that nothing runs on; then the first failure counts. */
export async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  const failed = ended.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
