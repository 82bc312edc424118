import { cancelled } from '../../core/problem';

interface Running<T, P> {
  result: Promise<T>;
  controller: AbortController;
  listeners: Set<(progress: P) => void>;
  callers: number;
}

/** Who leaves is told at once; the work goes on. */
export async function unlessLeft<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let onAbort!: () => void;
  const left = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Work that several callers may want at once is done once. It is given up when the last caller has gone; a caller
 * who leaves gets `cancelled` at once and disturbs nobody.
 */
export class SharedWork<T, P = never> {
  private readonly running = new Map<string, Running<T, P>>();

  async run(
    key: string,
    work: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<T>,
    {
      signal,
      onProgress,
    }: { signal?: AbortSignal | undefined; onProgress?: ((progress: P) => void) | undefined } = {},
  ): Promise<T> {
    if (signal?.aborted) throw cancelled();
    const entry = this.running.get(key) ?? this.start(key, work);
    entry.callers++;
    if (onProgress) entry.listeners.add(onProgress);
    try {
      return await unlessLeft(entry.result, signal);
    } finally {
      if (onProgress) entry.listeners.delete(onProgress);
      if (--entry.callers === 0) this.leave(key, entry);
    }
  }

  /** Gives up all that runs, and waits for its end. */
  async dispose(): Promise<void> {
    const entries = [...this.running.values()];
    for (const entry of entries) entry.controller.abort();
    await Promise.allSettled(entries.map((e) => e.result));
  }

  private start(
    key: string,
    work: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<T>,
  ): Running<T, P> {
    const controller = new AbortController();
    const listeners = new Set<(progress: P) => void>();
    const result = work(controller.signal, (progress) => listeners.forEach((listen) => listen(progress)));
    const entry: Running<T, P> = { result, controller, listeners, callers: 0 };
    this.running.set(key, entry);
    const forget = () => {
      if (this.running.get(key) === entry) this.running.delete(key);
    };
    result.then(forget, forget);
    return entry;
  }

  /** The last caller is gone: a newcomer starts afresh. */
  private leave(key: string, entry: Running<T, P>): void {
    entry.controller.abort();
    if (this.running.get(key) === entry) this.running.delete(key);
  }
}
