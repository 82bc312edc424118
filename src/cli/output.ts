import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { plainLine } from '../core/markdown';
import type { Problem } from '../core/problem';

/** stdout with back pressure; a reader that has gone is no error. */
export class Output {
  private gone = false;

  constructor(onGone: () => void) {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') complain(`stdout: ${error.message}`);
      this.gone = true;
      onGone();
    });
  }

  async write(text: string): Promise<void> {
    if (this.gone || process.stdout.write(text)) return;
    // An error ends the wait too: nobody reads on.
    await once(process.stdout, 'drain').catch(() => undefined);
  }

  json(value: unknown): Promise<void> {
    return this.write(`${JSON.stringify(value)}\n`);
  }

  /** What the engine writes into a file: a million pairs do not cross between processes as one message. */
  async throughFile(name: string, make: (path: string) => Promise<unknown>): Promise<void> {
    const dir = await mkdtemp(join(tmpdir(), 'aesrm-'));
    try {
      const path = join(dir, name);
      await make(path);
      for await (const piece of createReadStream(path, 'utf8')) await this.write(piece as string);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
}

/** One line on stderr, whatever the text holds. */
export function complain(text: string): void {
  clearStatus();
  process.stderr.write(`aesrm: ${plainLine(text)}\n`);
}

export function problemText({ message, fix }: Problem): string {
  return fix === undefined ? message : `${message} ${fix}`;
}

/** What the system says went wrong, without its code and names. */
export function systemReason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(
    /^E[A-Z0-9]+: |, \w+( '.*)?$/gs,
    '',
  );
}

let shown = false;
let told = 0;
/** A log that nobody watches gets a line so often. */
const TELL_MS = 15_000;

/** What is going on: on one line of a terminal that the next text overwrites; elsewhere now and then a line. */
export function status(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[2K${text}`);
    shown = true;
    return;
  }
  const now = Date.now();
  if (told === 0) told = now;
  if (now - told < TELL_MS) return;
  told = now;
  process.stderr.write(`aesrm: ${text}\n`);
}

export function clearStatus(): void {
  if (shown) process.stderr.write('\r\u001b[2K');
  shown = false;
}

/** Told once, when the folder of the record was made. */
export function keptIn(logDir: string | null): void {
  if (logDir !== null) complain(`verdicts are kept in ${relative(process.cwd(), logDir) || '.'}`);
}
