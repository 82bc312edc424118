import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PROVIDER_FILES } from '../../../core/gpu/libraries';
import { problem } from '../../../core/problem';
import type { GpuFetchProgress } from '../../../protocol/gpu';
import type { CallOptions } from '../../ports';
import { gpuPlaces, RECEIPT } from '../layout';
import { diskTrouble, download } from './download';
import { findPackage, NUGET, type PackageEntry } from './nuget';
import { unpack, zipEntries, type ZipEntry } from './zip';

/** Where they lie in the package. */
const INSIDE = 'runtimes/linux-x64/native/';
/** A package and what it unpacks to, in sizes of the package: the libraries shrink to no less than a third. */
const ROOM = 4;

export interface FetchRequest {
  /** The version of ONNX Runtime that is to load them. */
  version: string;
  /** The folder for all that belongs to the GPU. */
  root: string;
  /** The registry's entry point; NuGet's own unless told. */
  index?: string;
  /** Milliseconds between attempts on a cut connection. */
  pauseMs?: number;
}

/**
 * Fetches the CUDA provider of one version and unpacks it; the folder appears whole or not at all. What was there
 * already is not fetched again. The path of the folder.
 */
export async function fetchProvider(
  { version, root, index = NUGET, pauseMs }: FetchRequest,
  { signal, onProgress }: CallOptions<GpuFetchProgress> = {},
): Promise<string> {
  const places = gpuPlaces(root);
  const dir = places.libraries(version);
  if (await isWhole(dir)) return dir;
  try {
    onProgress?.({ stage: 'asking' });
    const entry = await findPackage(version, index, signal);
    await mkdir(places.download, { recursive: true });
    await needRoom(root, ROOM * entry.size);
    const path = join(places.download, `${version}.nupkg`);
    const onBytes = (bytes: number) => onProgress?.({ stage: 'fetching', bytes, of: entry.size });
    await download(entry, path, { signal, onBytes, ...(pauseMs === undefined ? {} : { pauseMs }) });
    await unpackAll(path, { dir, entry, version }, { signal, onProgress });
    await rm(places.download, { recursive: true, force: true });
    return dir;
  } catch (error) {
    throw diskTrouble(error, root) ?? error;
  }
}

async function unpackAll(
  path: string,
  { dir, entry, version }: { dir: string; entry: PackageEntry; version: string },
  { signal, onProgress }: CallOptions<GpuFetchProgress>,
): Promise<void> {
  const entries = await zipEntries(path);
  const wanted = PROVIDER_FILES.map((name) => entryOf(entries, name, entry));
  const of = wanted.reduce((sum, { size }) => sum + size, 0);
  await needRoom(join(dir, '..'), of);
  const making = `${dir}.${process.pid}-${randomBytes(4).toString('hex')}.making`;
  await mkdir(making, { recursive: true });
  try {
    let done = 0;
    for (const one of wanted) {
      const onBytes = (bytes: number) => onProgress?.({ stage: 'unpacking', bytes: done + bytes, of });
      await unpack(path, one, join(making, basename(one.name)), { signal, onBytes });
      done += one.size;
    }
    const files = await Promise.all(PROVIDER_FILES.map((name) => describe(making, name)));
    const receipt = { version, package: entry.name, from: entry.url, sha512: entry.sha512, files };
    await writeFile(join(making, RECEIPT), `${JSON.stringify(receipt, undefined, 2)}\n`);
    await rm(dir, { recursive: true, force: true });
    await rename(making, dir);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

function entryOf(entries: readonly ZipEntry[], name: string, { url }: PackageEntry): ZipEntry {
  const found = entries.find((entry) => entry.name === `${INSIDE}${name}`);
  if (!found) throw problem('fetchFailed', `${url} holds no ${INSIDE}${name}.`);
  return found;
}

async function describe(dir: string, name: string) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(dir, name), { highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer);
  return { name, size: (await stat(join(dir, name))).size, sha256: hash.digest('hex') };
}

/** Whether the folder holds what its receipt names. */
async function isWhole(dir: string): Promise<boolean> {
  try {
    const { files } = JSON.parse(await readFile(join(dir, RECEIPT), 'utf8')) as {
      files: { name: string; size: number }[];
    };
    const sizes = await Promise.all(files.map(async ({ name }) => (await stat(join(dir, name))).size));
    return files.every(({ size }, i) => sizes[i] === size);
  } catch {
    return false;
  }
}

async function needRoom(dir: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize >= bytes) return;
  const [need, have] = [bytes, bavail * bsize].map((n) => `${Math.ceil(n / 1e6)} MB`);
  throw problem('diskFull', `${dir} has ${have} free, and this needs ${need}.`, 'Make room on that disk.');
}
