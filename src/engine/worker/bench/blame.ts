import { createHash } from 'node:crypto';
import { num, obj } from '../../../core/decode';
import type { Problem } from '../../../core/problem';
import type { Session } from '../session';
import { PathNote } from '../sweep/pathNote';
import { blameFor, MOST_BLAME } from '../sweep/reading';

/**
 * Which clips engines were reading when they ended: such a clip is read alone, and left out when it was too often.
 * A benchmark that is asked for again begins without blame.
 */
export class ClipBlame {
  private readonly name: string;
  private readonly note: PathNote;
  private blame = new Map<string, number>();

  /** @param what tells this benchmark from others */
  constructor(
    private readonly session: Session,
    what: readonly string[],
    private readonly signal: AbortSignal,
  ) {
    const key = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
    this.name = `bench/${key}.blame`;
    this.note = new PathNote(session.store, `bench/${key}.reading`);
  }

  /** Takes over from the engine before this one, where that ended of itself. */
  async load(): Promise<void> {
    const { forerunner } = this.session;
    if (!forerunner) return;
    this.blame = await this.takeFrom(forerunner.pid);
    for (const path of await this.note.take(forerunner.pid))
      this.blame.set(path, (this.blame.get(path) ?? 0) + blameFor(forerunner));
    await this.write();
  }

  isSuspect(path: string): boolean {
    return this.blame.has(path);
  }

  /** Why a clip is left out, where it is. */
  problemOf(path: string): Problem | undefined {
    if ((this.blame.get(path) ?? 0) < MOST_BLAME) return undefined;
    const message = `The engine ended again and again while reading "${path}".`;
    return { code: 'workerDied', message, fix: 'Look at the clip, then run the benchmark again.' };
  }

  /** Notes a clip while `work` reads it; what was read is cleared. */
  async during<T>(path: string, work: () => Promise<T>): Promise<T> {
    const done = await this.note.during(path, this.signal, work);
    if (this.blame.delete(path)) await this.write();
    return done;
  }

  /** Nothing is left for an engine that comes after. */
  async forget(): Promise<void> {
    this.blame.clear();
    await this.write();
  }

  private async takeFrom(pid: number): Promise<Map<string, number>> {
    const { store } = this.session;
    const text = await store.read(this.nameOf(pid));
    await store.remove(this.nameOf(pid));
    try {
      const o = obj(JSON.parse(text?.toString('utf8') ?? ''), 'blame');
      return new Map(Object.entries(o).map(([path, blame]) => [path, num(blame, path)]));
    } catch {
      return new Map();
    }
  }

  private write(): Promise<void> {
    const { store } = this.session;
    const name = this.nameOf(process.pid);
    if (this.blame.size === 0) return store.remove(name);
    return store.write(name, JSON.stringify(Object.fromEntries(this.blame)));
  }

  private nameOf(pid: number): string {
    return `${this.name}.${pid}`;
  }
}
