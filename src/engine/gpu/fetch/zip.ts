import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { problem } from '../../../core/problem';

/** A NuGet package is a zip. Only what such packages use is read: stored and deflated files, below 4 GiB. */
export interface ZipEntry {
  name: string;
  /** Bytes, unpacked. */
  size: number;
  packed: number;
  method: number;
  /** Of its local header. */
  offset: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const [STORED, DEFLATED] = [0, 8];
/** The longest comment after the directory. */
const TAIL = 22 + 0xffff;
const BEYOND = 0xffffffff;

export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = await bytesAt(file, Math.max(0, size - TAIL), Math.min(size, TAIL), path);
    let end = tail.length - 22;
    while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
    if (end < 0) throw broken(path);
    const [length, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
    return entriesOf(await bytesAt(file, offset, length, path), path);
  } finally {
    await file.close();
  }
}

function entriesOf(directory: Buffer, path: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== ENTRY) throw broken(path);
    const nameLength = directory.readUInt16LE(at + 28);
    const word = (offset: number) => directory.readUInt32LE(at + offset);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const method = directory.readUInt16LE(at + 10);
    entries.push({ name, method, packed: word(20), size: word(24), offset: word(42) });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** Unpacks one entry to a file of its own. */
export async function unpack(
  zip: string,
  entry: ZipEntry,
  to: string,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined },
): Promise<void> {
  const { name, method, packed, size } = entry;
  if ((method !== STORED && method !== DEFLATED) || packed === BEYOND || size === BEYOND) throw broken(zip);
  const start = await dataStart(zip, entry);
  let written = 0;
  const count = new PassThrough();
  count.on('data', (chunk: Buffer) => onBytes?.((written += chunk.length)));
  await pipeline(
    createReadStream(zip, { start, end: start + packed - 1 }),
    method === DEFLATED ? createInflateRaw() : new PassThrough(),
    count,
    createWriteStream(to),
    ...(signal ? [{ signal }] : []),
  );
  if (written !== size)
    throw problem('fetchFailed', `${name} in ${zip} has not the size that is told of it.`);
}

async function dataStart(zip: string, { offset }: ZipEntry): Promise<number> {
  const file = await open(zip, 'r');
  try {
    const head = await bytesAt(file, offset, 30, zip);
    if (head.readUInt32LE(0) !== LOCAL) throw broken(zip);
    return offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw broken(path);
  return buffer;
}

const broken = (path: string) => problem('fetchFailed', `${path} is no zip that can be read here.`);
