import type { FileHandle } from 'node:fs/promises';
import { ProblemError, type Problem } from '../../core/problem';
import { openLog } from './file';

const NEWLINE = 10;
const CHUNK = 1 << 20;
/** A line longer than this is no line of ours. */
const MAX_LINE = 16 << 20;

interface Span {
  start: number;
  length: number;
  /** Its number in the file, from 1. */
  line: number;
}

/** Lines that could not be used: how many, the first one's number, and why. */
export interface Skipped {
  lines: number;
  first: number;
  why: string;
}

/** Where a look at the lines under a key ended. */
export interface Cursor {
  lines: number;
  /** Changes when the file is read anew. */
  reading: number;
}

/** Key of a line, or the sentence that says why it has none. */
export type KeyOf = (line: Buffer) => { key: string } | { skip: string };

/**
 * Where the lines of an append-only log are, by key. It reads only what was appended since the last look,
 * and everything again where the file was replaced or cut. The end of the file that is not yet a line waits.
 */
export class LogIndex {
  private readonly spans = new Map<string, Span[]>();
  private inode = '';
  private offset = 0;
  private lines = 0;
  private dropping = false;
  private reading = 0;
  private skipped: Skipped | undefined;
  private refused: Problem | undefined;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly file: string,
    private readonly keyOf: KeyOf,
  ) {}

  /** Why nothing of the file was read, where it is there and is no log to be trusted. */
  get refusal(): Problem | undefined {
    return this.refused;
  }

  /** What was skipped so far. */
  get trouble(): Skipped | undefined {
    return this.skipped;
  }

  /**
   * What `read` makes of the lines under a key, in log order; of the `last` readable one only, if asked.
   * A line that cannot be read is skipped, after a second look at the whole file: it may have been written anew.
   */
  async find<T>(key: string, read: (line: string) => T | undefined, last = false): Promise<T[]> {
    await this.refresh();
    const first = await this.readAll(this.of(key, last), read, last);
    return first.spoilt.length === 0 ? first.found : this.again(key, read, last);
  }

  /**
   * As {@link find}, but only what came after the look that ended at `cursor`. Where the file is another one since,
   * that is everything, and `anew` says so.
   */
  async since<T>(
    key: string,
    read: (line: string) => T | undefined,
    cursor: Cursor | undefined,
  ): Promise<{ found: T[]; cursor: Cursor; anew: boolean }> {
    await this.refresh();
    const known = cursor?.reading === this.reading ? cursor.lines : 0;
    const spans = this.of(key).slice(known);
    const first = await this.readAll(spans, read);
    const isSound = first.spoilt.length === 0;
    const found = isSound ? first.found : await this.again(key, read);
    const { reading } = this;
    // What could not be opened just now is still to be read.
    const taken = first.opened ? known + spans.length : known;
    const lines = isSound ? taken : this.of(key).length;
    return { found, cursor: { lines, reading }, anew: cursor !== undefined && cursor.reading !== reading };
  }

  /** What `read` makes of every line, given its key too, in log order; else as {@link find}. */
  async all<T>(read: (line: string, key: string) => T | undefined): Promise<T[]> {
    await this.refresh();
    const first = await this.readEvery(read);
    if (first.spoilt.length === 0) return first.found;
    this.reset();
    await this.refresh();
    const { found, spoilt } = await this.readEvery(read);
    for (const { key, span } of spoilt) this.leaveOut(key, [span]);
    return found;
  }

  private async readEvery<T>(read: (line: string, key: string) => T | undefined) {
    const found: T[] = [];
    const spoilt: { key: string; span: Span }[] = [];
    const lines = [...this.spans].flatMap(([key, spans]) => spans.map((span) => ({ key, span })));
    lines.sort((a, b) => a.span.start - b.span.start);
    await this.withFile(async (handle) => {
      for (const { key, span } of lines) {
        const value = read(await readSpan(handle, span), key);
        if (value === undefined) spoilt.push({ key, span });
        else found.push(value);
      }
    });
    return { found, spoilt };
  }

  private of(key: string, last = false): Span[] {
    const spans = this.spans.get(key) ?? [];
    return last ? spans.toReversed() : spans;
  }

  /** The second look, at the whole file; what cannot be read then is left out from now on. */
  private async again<T>(key: string, read: (line: string) => T | undefined, last = false): Promise<T[]> {
    this.reset();
    await this.refresh();
    const { found, spoilt } = await this.readAll(this.of(key, last), read, last);
    this.leaveOut(key, spoilt);
    return found;
  }

  private leaveOut(key: string, spoilt: readonly Span[]): void {
    for (const span of spoilt) this.skip('not readable', span.line);
    this.spans.set(
      key,
      this.of(key).filter((span) => !spoilt.includes(span)),
    );
  }

  private async readAll<T>(spans: readonly Span[], read: (line: string) => T | undefined, last = false) {
    const found: T[] = [];
    const spoilt: Span[] = [];
    if (spans.length === 0) return { found, spoilt, opened: true };
    const opened = await this.withFile(async (handle) => {
      for (const span of spans) {
        const value = read(await readSpan(handle, span));
        if (value === undefined) spoilt.push(span);
        else found.push(value);
        if (last && found.length > 0) return;
      }
    });
    return { found, spoilt, opened };
  }

  private skip(why: string, line: number): void {
    if (this.skipped) this.skipped.lines++;
    else this.skipped = { lines: 1, first: line, why };
  }

  private refresh(): Promise<void> {
    this.refreshing ??= this.withFile((handle) => this.readTail(handle))
      .then(() => undefined)
      .finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** What cannot be opened has no lines, and is told by false; a file that is a link is not opened. */
  private async withFile(use: (handle: FileHandle) => Promise<void>): Promise<boolean> {
    this.refused = undefined;
    let handle: FileHandle;
    try {
      handle = await openLog(this.file, 'read');
    } catch (error) {
      if (error instanceof ProblemError) this.refused = error.problem;
      return false;
    }
    try {
      await use(handle);
      return true;
    } finally {
      await handle.close();
    }
  }

  private async readTail(handle: FileHandle): Promise<void> {
    const { size, ino, dev } = await handle.stat();
    const inode = `${dev}:${ino}`;
    if (await this.replaced(handle, inode, size)) this.reset(inode);
    let carried: Buffer = Buffer.alloc(0);
    for (let at = this.offset; at < size;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const text = carried.length
        ? Buffer.concat([carried, chunk.subarray(0, bytesRead)])
        : chunk.subarray(0, bytesRead);
      carried = this.takeLines(text);
      if (carried.length > MAX_LINE) carried = this.drop(carried);
    }
  }

  /** Whether the file is another one than it was, or was written anew under the same name. */
  private async replaced(handle: FileHandle, inode: string, size: number): Promise<boolean> {
    if (inode !== this.inode || size < this.offset) return true;
    if (this.offset === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, this.offset - 1);
    return !this.dropping && buffer[0] !== NEWLINE;
  }

  /** Forgets everything; the next look reads the whole file. */
  private reset(inode = ''): void {
    this.inode = inode;
    this.reading++;
    this.spans.clear();
    this.skipped = undefined;
    this.dropping = false;
    this.offset = this.lines = 0;
  }

  /** Gives up the line that `text` is the start of. */
  private drop(text: Buffer): Buffer {
    if (!this.dropping) this.skip('far too long', this.lines + 1);
    this.dropping = true;
    this.offset += text.length;
    return Buffer.alloc(0);
  }

  /** Takes the whole lines; returns what is left. `this.offset` is where `text` starts. */
  private takeLines(text: Buffer): Buffer {
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      if (!this.dropping) this.take(text.subarray(start, end), this.offset + start);
      this.dropping = false;
      start = end + 1;
    }
    this.offset += start;
    return text.subarray(start);
  }

  private take(line: Buffer, start: number): void {
    this.lines++;
    if (line.length === 0) return;
    const found = this.keyOf(line);
    if ('skip' in found) return this.skip(found.skip, this.lines);
    const span: Span = { start, length: line.length, line: this.lines };
    const spans = this.spans.get(found.key);
    if (spans) spans.push(span);
    else this.spans.set(found.key, [span]);
  }
}

async function readSpan(handle: FileHandle, { start, length }: Span): Promise<string> {
  const line = Buffer.alloc(length);
  await handle.read(line, 0, length, start);
  return line.toString('utf8');
}
