import { open, type FileHandle } from 'node:fs/promises';

/** What the head of a shared library of Linux tells. */
export interface Elf {
  /** `x64` or `arm64`; undefined for another processor. */
  arch: string | undefined;
  isShared: boolean;
  /** The libraries that it links to, by the names that the loader asks for. */
  needed: string[];
}

const MACHINES: Record<number, string> = { 62: 'x64', 183: 'arm64' };
const SHARED_OBJECT = 3;
const [PT_LOAD, PT_DYNAMIC] = [1, 2];
const [DT_NULL, DT_NEEDED, DT_STRTAB, DT_STRSZ] = [0, 1, 5, 10];
/** A table larger than this is none. */
const LARGEST_TABLE = 16 << 20;

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

/** Undefined for a file that is no 64-bit ELF, or one cut short. Rejects where it cannot be read. */
export async function readElf(path: string): Promise<Elf | undefined> {
  const file = await open(path, 'r');
  try {
    const head = await bytesAt(file, 0, 64);
    if (!head || head.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined;
    const segments = await segmentsOf(file, head);
    const needed = segments && (await neededBy(file, segments));
    if (!needed) return undefined;
    const isShared = head.readUInt16LE(16) === SHARED_OBJECT;
    return { arch: MACHINES[head.readUInt16LE(18)], isShared, needed };
  } finally {
    await file.close();
  }
}

async function segmentsOf(file: FileHandle, head: Buffer): Promise<Segment[] | undefined> {
  const [size, count] = [head.readUInt16LE(54), head.readUInt16LE(56)];
  if (size < 56) return undefined;
  const table = await bytesAt(file, Number(head.readBigUInt64LE(32)), size * count);
  if (!table) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = i * size;
    const word = (offset: number) => Number(table.readBigUInt64LE(at + offset));
    return { type: table.readUInt32LE(at), offset: word(8), address: word(16), size: word(32) };
  });
}

async function neededBy(file: FileHandle, segments: readonly Segment[]): Promise<string[] | undefined> {
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  const table = dynamic && (await bytesAt(file, dynamic.offset, dynamic.size));
  if (!table) return undefined;
  const names: number[] = [];
  const told = new Map<number, number>();
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const [tag, value] = [Number(table.readBigInt64LE(at)), Number(table.readBigUInt64LE(at + 8))];
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) names.push(value);
    else told.set(tag, value);
  }
  const strings = await stringsAt(file, segments, told.get(DT_STRTAB), told.get(DT_STRSZ));
  return strings && names.map((at) => strings.toString('latin1', at, Math.max(at, strings.indexOf(0, at))));
}

/** Addresses of the program in memory lead into the file through the segments that are loaded. */
async function stringsAt(
  file: FileHandle,
  segments: readonly Segment[],
  address = -1,
  size = 0,
): Promise<Buffer | undefined> {
  const home = segments.find(
    (s) => s.type === PT_LOAD && address >= s.address && address < s.address + s.size,
  );
  return home && bytesAt(file, home.offset + address - home.address, size);
}

/** Undefined where the file has not so much. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  if (!Number.isSafeInteger(position) || length > LARGEST_TABLE) return undefined;
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return bytesRead === length ? buffer : undefined;
}
