import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../../../core/problem';
import { MANUAL, unreachable, type PackageEntry } from './nuget';

/** How often a download that was cut is taken up again without having got on. */
const ATTEMPTS = 4;
/** Without a byte, then the connection counts as cut. */
const SILENCE_MS = 30_000;

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  onBytes?: ((bytes: number) => void) | undefined;
  /** Milliseconds between attempts; grows with each. */
  pauseMs?: number;
}

/**
 * Brings a package to `path`, going on where an earlier attempt ended, and holds it against size and hash. What has
 * another hash is removed. Rejects with `fetchFailed`.
 */
export async function download(entry: PackageEntry, path: string, options: DownloadOptions): Promise<void> {
  let got = await sizeOf(path);
  if (got > entry.size) got = await startOver(path);
  for (let failures = 0; got < entry.size;) {
    const before = got;
    const cut = await piece(entry, path, got, options);
    got = await sizeOf(path);
    if (got > entry.size) {
      await startOver(path);
      throw problem(
        'fetchFailed',
        `${entry.url} is larger than the ${entry.size} bytes it should have.`,
        MANUAL,
      );
    }
    failures = got > before ? 0 : failures + 1;
    if (got >= entry.size) break;
    if (failures >= ATTEMPTS) throw unfinished(entry, got, cut);
    await delay((failures + 1) * (options.pauseMs ?? 1000), undefined, signalOf(options));
  }
  const hash = await sha512(path);
  if (hash === entry.sha512) return;
  await startOver(path);
  throw problem(
    'fetchFailed',
    `${entry.name} came with another SHA-512 than the registry names; it was removed.`,
    'Try again; if it happens again, something between this machine and nuget.org changes what is fetched.',
  );
}

/** Fetches from `from` on as far as it goes. The reason why it ended early; undefined where it did not. */
async function piece(
  { url, size }: PackageEntry,
  path: string,
  from: number,
  { signal, onBytes }: DownloadOptions,
): Promise<unknown> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(new Error('no byte came in time')), SILENCE_MS);
  const either = signal ? AbortSignal.any([signal, silent.signal]) : silent.signal;
  try {
    const answer = await fetch(url, {
      signal: either,
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
    });
    if (!answer.ok || !answer.body) throw problem('fetchFailed', `${url} answered ${answer.status}.`, MANUAL);
    // Where the server gives all instead of the rest, all it is.
    const start = answer.status === 206 ? startOf(answer.headers.get('content-range'), from, url) : 0;
    const file = await open(path, start > 0 ? 'r+' : 'w');
    try {
      let at = start;
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
        await file.write(chunk, 0, chunk.length, at);
        at += chunk.length;
        timer.refresh();
        onBytes?.(at);
        if (at > size) break;
      }
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    const told = diskTrouble(error, path) ?? error;
    if (told instanceof Error && told.name === 'ProblemError') throw told;
    return told;
  } finally {
    clearTimeout(timer);
  }
}

function startOf(range: string | null, from: number, url: string): number {
  if (Number(/^bytes (\d+)-/.exec(range ?? '')?.[1] ?? NaN) === from) return from;
  throw problem('fetchFailed', `${url} answered with another part than it was asked for.`, MANUAL);
}

function unfinished({ url, size }: PackageEntry, got: number, cut: unknown) {
  if (got === 0 && cut instanceof Error) return unreachable(url, cut);
  const cause = cut instanceof Error ? ` (${cut.message})` : '';
  return problem(
    'fetchFailed',
    `${new URL(url).host} gave ${got} of ${size} bytes and no more${cause}.`,
    'Try again: it goes on where it ended.',
  );
}

export function diskTrouble(error: unknown, path: string) {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return problem('diskFull', `There is no room left for ${path}.`, 'Make room on that disk and try again.');
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return problem('fetchFailed', `${path} cannot be written (${code}).`);
  return undefined;
}

const signalOf = ({ signal }: DownloadOptions) => (signal ? { signal } : {});

async function startOver(path: string): Promise<0> {
  await rm(path, { force: true });
  return 0;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function sha512(path: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('base64');
}
