import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HubFile, HubModel } from '../../core/local/hub';
import { cancelled, problem, ProblemError } from '../../core/problem';
import { makeFolder } from '../folder';
import { failed, fileAddress, request, SILENCE_MS } from './hub';

/** Tries in a row that bring no byte, before a download is given up. */
const FRUITLESS = 5;
const PAUSE_MS = 500;
/** What a disk keeps free, bytes. */
const MARGIN = 256 << 20;

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((stage: 'fetching' | 'checking', done: number, total: number) => void) | undefined;
  /** Pause before the first new try, milliseconds; it doubles. */
  pauseMs?: number;
  /** Bytes free on the disk of a folder; asked of the system unless told. */
  freeBytes?: (dir: string) => Promise<number>;
}

/** Fetches files of a model into a folder. What is there whole stays, what is there in part goes on. */
export async function download(
  model: HubModel,
  revision: string,
  files: readonly HubFile[],
  dir: string,
  options: DownloadOptions = {},
): Promise<void> {
  await makeFolder(dir);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const there = await Promise.all(files.map((file) => bytesThere(join(dir, file.path), file)));
  const missing = total - there.reduce((a, b) => a + b, 0);
  const free = await (options.freeBytes ?? freeBytes)(dir);
  if (missing + MARGIN > free) throw noRoom(model.id, missing + MARGIN, free, dir);
  let before = 0;
  for (const file of files) {
    const target = join(dir, file.path);
    const onBytes = (stage: 'fetching' | 'checking', done: number) =>
      options.onProgress?.(stage, before + done, total);
    if (!(await isSound(target, file, options.signal, onBytes)))
      await fetchFile(fileAddress(model, revision, file.path), target, file, {
        ...options,
        id: model.id,
        onBytes,
      });
    before += file.bytes;
  }
}

async function bytesThere(target: string, { bytes }: HubFile): Promise<number> {
  const whole = await stat(target).catch(() => undefined);
  const part = await stat(partOf(target)).catch(() => undefined);
  return Math.min(bytes, Math.max(whole?.size ?? 0, part?.size ?? 0));
}

const partOf = (target: string) => `${target}.part`;

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

function noRoom(id: string, needed: number, free: number, dir: string): ProblemError {
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  return problem(
    'diskFull',
    `"${id}" needs ${gigabytes(needed)} GB more on the disk of "${dir}", ${gigabytes(free)} GB are free.`,
    'Free some space, or choose smaller files.',
  );
}

interface FetchOptions extends DownloadOptions {
  id: string;
  onBytes: (stage: 'fetching' | 'checking', done: number) => void;
}

/** One file, over as many connections as it takes. */
async function fetchFile(
  address: string,
  target: string,
  file: HubFile,
  options: FetchOptions,
): Promise<void> {
  const part = partOf(target);
  await makeFolder(dirname(target));
  let fruitless = 0;
  let spoiled = false;
  for (;;) {
    const before = await sizeOf(part);
    try {
      if (before < file.bytes) await fetchPart(address, part, file, options);
      if (await isSound(part, file, options.signal, options.onBytes)) return await rename(part, target);
      await rm(part, { force: true });
      // Bytes of an earlier try may have been of another state of the file: once more from the start.
      if (spoiled) throw spoilt(options.id, file.path);
      spoiled = true;
    } catch (error) {
      if (!isWorthAnother(error)) throw error;
      fruitless = (await sizeOf(part)) > before ? 0 : fruitless + 1;
      if (fruitless >= FRUITLESS) throw error;
      const pause = (options.pauseMs ?? PAUSE_MS) * 2 ** fruitless;
      await delay(pause, undefined, { signal: options.signal }).catch(() => {
        throw cancelled();
      });
    }
  }
}

const isWorthAnother = (error: unknown) =>
  error instanceof Error && (error as { again?: boolean }).again === true;

function spoilt(id: string, path: string): ProblemError {
  return problem(
    'downloadFailed',
    `"${path}" of "${id}" arrived twice as another file than the hub announces (its hash differs).`,
    'Try another mirror.',
  );
}

/** What one connection brings, put behind what is there. */
async function fetchPart(address: string, part: string, file: HubFile, options: FetchOptions): Promise<void> {
  const { id, signal, onBytes } = options;
  let have = await sizeOf(part);
  const response = await request(address, {
    ...{ id, signal },
    headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
  }).catch(async (error: unknown) => {
    // The part is longer than the file: it is of another state.
    if ((error as { status?: number }).status !== 416) throw error;
    await rm(part, { force: true });
    throw Object.assign(error as Error, { again: true });
  });
  // A server that knows no ranges sends all of it.
  if (response.status !== 206 || startOf(response) !== have) have = 0;
  const handle = await open(part, have > 0 ? 'r+' : 'w').catch(unwritable(part));
  const watch = silenceWatch();
  try {
    for await (const chunk of bodyOf(response, watch.signal, signal)) {
      watch.alive();
      if (have + chunk.length > file.bytes) throw tooLong(id, file.path);
      await handle.write(chunk, 0, chunk.length, have).catch(unwritable(part));
      have += chunk.length;
      onBytes('fetching', have);
    }
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    throw ProblemError.is(error) ? error : failed(address, error);
  } finally {
    watch.stop();
    await handle.close();
  }
  if (have < file.bytes) throw failed(address, new Error(`it ended after ${have} of ${file.bytes} bytes`));
}

/** Place of the first byte that a partial answer holds. */
function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? NaN);
}

function tooLong(id: string, path: string): ProblemError {
  return problem(
    'downloadFailed',
    `"${path}" of "${id}" is longer than the hub announces.`,
    'Try another mirror.',
  );
}

async function* bodyOf(
  response: Response,
  silence: AbortSignal,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = response.body!.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  for (const s of [silence, signal]) s?.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal?.aborted) throw cancelled();
      if (silence.aborted) throw new Error(`nothing came for ${SILENCE_MS / 1000} s`);
      if (done) return;
      yield value;
    }
  } finally {
    for (const s of [silence, signal]) s?.removeEventListener('abort', stop);
    stop();
  }
}

function silenceWatch() {
  const controller = new AbortController();
  let timer: NodeJS.Timeout;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENCE_MS);
  };
  alive();
  return { signal: controller.signal, alive, stop: () => clearTimeout(timer) };
}

function unwritable(path: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw problem(
        'diskFull',
        `The disk of "${path}" is full.`,
        'Free some space, and download again: it goes on.',
      );
    throw problem('downloadFailed', `"${path}" cannot be written (${code ?? String(error)}).`);
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Whether a file is there and is what the hub announced. */
async function isSound(
  path: string,
  { bytes, check }: HubFile,
  signal: AbortSignal | undefined,
  onBytes: FetchOptions['onBytes'],
): Promise<boolean> {
  const s = await stat(path).catch(() => undefined);
  if (!s?.isFile() || s.size !== bytes) return false;
  const isSha256 = 'sha256' in check;
  const hash: Hash = createHash(isSha256 ? 'sha256' : 'sha1');
  if (!isSha256) hash.update(`blob ${bytes}\0`);
  let done = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    if (signal?.aborted) throw cancelled();
    hash.update(chunk);
    onBytes('checking', (done += chunk.length));
  }
  return hash.digest('hex') === (isSha256 ? check.sha256 : check.gitBlob);
}
