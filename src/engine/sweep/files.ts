import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { obj, str } from '../../core/decode';
import { decodeProblem, type Problem } from '../../core/problem';
import type { Tagged } from '../../core/sweep/grid/prompts';
import type { FileStore } from '../cache/store';

/** What is known of one file as long as it does not change. */
export interface KnownFile {
  /** Size, times and inode: another value means another file. */
  print: string;
  hash?: string;
  problem?: Problem;
  /** How much it is to blame for the ends of engines that were reading it. */
  blame?: number;
  /** The same of the reading of its tags. */
  tagBlame?: number;
  /** The prompt that its tags tell; null: they tell none. Absent: nobody looked. */
  tagged?: Tagged | null;
}

const FORMAT = 'aesrm.sweep-files/1';
/** Milliseconds between two savings on the way, which take at most this part of the time. */
const SAVE_MS = 2000;
const SAVES_SHARE = 1 / 20;

/**
 * What is known of a sweep's files, in one file of the cache: so that ten thousand clips are found again without ten
 * thousand reads. It may be lost at any time.
 */
export class SweepFiles {
  private files = new Map<string, KnownFile>();
  private dirty = false;
  private nextSave = 0;
  /** What the cache keeps of this folder begins so. */
  readonly key: string;

  constructor(
    private readonly store: FileStore,
    private readonly root: string,
  ) {
    this.key = `sweeps/${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  }

  private get name(): string {
    return `${this.key}.json`;
  }

  async load(): Promise<void> {
    this.files = await this.read();
  }

  /**
   * What another process has learned meanwhile of files that are still the same; gives the paths of those whose content
   * was not known here.
   */
  async takeIn(): Promise<string[]> {
    const learned = [];
    for (const [path, known] of await this.read()) {
      const own = this.files.get(path);
      if (own?.print !== known.print) continue;
      this.files.set(path, { ...known, ...own });
      if (own.hash === undefined && known.hash !== undefined) learned.push(path);
    }
    return learned;
  }

  /**
   * Brings all entries up to date with the disk; what changed or is new knows nothing but its print. Files that others
   * of the tree's grids know stay known as long as they are there.
   */
  async refresh(grid: readonly string[]): Promise<void> {
    const own = new Set(grid);
    const paths = [...own, ...[...this.files.keys()].filter((path) => !own.has(path))];
    const lane = async (from: number, step: number) => {
      for (let i = from; i < paths.length; i += step) {
        const path = paths[i]!;
        const print = await printOf(join(this.root, path));
        if (print === '' && !own.has(path)) this.files.delete(path);
        else if (this.files.get(path)?.print !== print) this.files.set(path, { print });
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, i) => lane(i, 16)));
  }

  get(path: string): KnownFile | undefined {
    return this.files.get(path);
  }

  set(path: string, change: Partial<KnownFile>): void {
    this.files.set(path, { print: '', ...this.files.get(path), ...change });
    this.dirty = true;
  }

  forgetProblems(): void {
    for (const [path, { problem: _, blame: __, tagBlame, ...rest }] of this.files) {
      // Tags that were left out are read again.
      if (tagBlame !== undefined && rest.tagged === null) delete rest.tagged;
      this.files.set(path, rest);
    }
    this.dirty = true;
  }

  /** It was read, or its tags: whatever ended while that was tried before, the file is not to blame. */
  acquit(path: string, of: 'blame' | 'tagBlame' = 'blame'): void {
    const known = this.files.get(path);
    if (known?.[of] === undefined) return;
    const { [of]: _, ...rest } = known;
    this.files.set(path, rest);
    this.dirty = true;
  }

  async save(): Promise<void> {
    if (!this.dirty) return;
    this.dirty = false;
    const from = performance.now();
    await this.store.write(
      this.name,
      JSON.stringify({ format: FORMAT, files: Object.fromEntries(this.files) }),
    );
    const now = performance.now();
    this.nextSave = now + Math.max(SAVE_MS, (now - from) / SAVES_SHARE);
  }

  /** Saves where the last time is a while ago: a process that is killed has then lost little. */
  async saveNowAndThen(): Promise<void> {
    if (performance.now() >= this.nextSave) await this.save();
  }

  private async read(): Promise<Map<string, KnownFile>> {
    try {
      const text = (await this.store.read(this.name))?.toString('utf8');
      const o = obj(JSON.parse(text ?? ''), 'files');
      if (o.format !== FORMAT) return new Map();
      const entries = Object.entries(obj(o.files, 'files'));
      return new Map(entries.map(([path, value]) => [path, readKnown(value)]));
    } catch {
      // Lost or spoilt: everything is looked at again.
      return new Map();
    }
  }
}

async function printOf(path: string): Promise<string> {
  const s = await stat(path, { bigint: true }).catch(() => undefined);
  return s ? [s.size, s.mtimeNs, s.ctimeNs, s.ino].join(':') : '';
}

function readKnown(value: unknown): KnownFile {
  const o = obj(value, 'file');
  return {
    print: str(o.print, 'print'),
    ...(typeof o.hash === 'string' ? { hash: o.hash } : {}),
    ...(o.problem === undefined ? {} : { problem: decodeProblem(o.problem) }),
    ...(typeof o.blame === 'number' ? { blame: o.blame } : {}),
    ...(typeof o.tagBlame === 'number' ? { tagBlame: o.tagBlame } : {}),
    ...(o.tagged === undefined ? {} : { tagged: o.tagged === null ? null : readTagged(o.tagged) }),
  };
}

function readTagged(value: unknown): Tagged {
  const o = obj(value, 'tagged');
  return { prompt: str(o.prompt, 'prompt'), from: str(o.from, 'from') };
}
