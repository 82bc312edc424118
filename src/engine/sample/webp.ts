import type { FileHandle } from 'node:fs/promises';
import { firstBytes } from './file';
import type { Size } from './header';

/** One picture of a WebP file, as its container describes it. */
export interface WebpFrame extends Size {
  x: number;
  y: number;
  /** Seconds that it stands. */
  duration: number;
  /** Blend over what is there, or replace it. */
  blend: boolean;
  /** Clear its place before the next picture. */
  clear: boolean;
  /** Where its own chunks (`ALPH`, `VP8 `, `VP8L`) lie in the file. */
  start: number;
  length: number;
}

export interface Webp extends Size {
  frames: WebpFrame[];
}

interface Chunk {
  id: string;
  start: number;
  length: number;
}

/** Bytes; the graphs that generators keep there take a tenth. */
const MOST_EXIF = 16 << 20;
const STILL_SECONDS = 0.04;
/** As browsers do: a picture that asks for no time stands for a tenth of a second. */
const SHORTEST_MS = 11;
const DEFAULT_MS = 100;

export const isWebp = async (path: string): Promise<boolean> => isWebpHead(await firstBytes(path, 12));

/** Whether a file's first twelve bytes, a character each, are a WebP's. */
export const isWebpHead = (head: string): boolean => /^RIFF.{4}WEBP/s.test(head);

/** Lists the pictures of a WebP file without reading them. Throws where the container is broken or cut. */
export async function readWebp(file: FileHandle): Promise<Webp> {
  const fileSize = (await file.stat()).size;
  const chunks = await listChunks(file, 12, fileSize);
  const extended = chunks.find((c) => c.id === 'VP8X');
  const canvas = extended ? await canvasSize(file, extended) : await stillSize(file, chunks[0]);
  const animated = chunks.filter((c) => c.id === 'ANMF');
  const still = { ...canvas, x: 0, y: 0, duration: STILL_SECONDS, blend: false, clear: false };
  const frames =
    animated.length > 0
      ? await Promise.all(animated.map((c) => animationFrame(file, c)))
      : [{ ...still, start: 12, length: fileSize - 12 }];
  const outside = frames.some((f) => f.x + f.width > canvas.width || f.y + f.height > canvas.height);
  if (outside) throw new Error('a picture lies outside the canvas');
  return { ...canvas, frames };
}

/** Its EXIF data, empty where it has none. Throws where the container is broken or cut. */
export async function webpExif(file: FileHandle): Promise<Buffer> {
  const chunks = await listChunks(file, 12, (await file.stat()).size);
  const exif = chunks.find(({ id, length }) => id === 'EXIF' && length <= MOST_EXIF);
  return exif ? bytes(file, exif.start, exif.length) : Buffer.alloc(0);
}

/** The frame as a still WebP file of its own. */
export async function stillOf(file: FileHandle, frame: WebpFrame): Promise<Buffer> {
  const body = await bytes(file, frame.start, frame.length);
  const needsHeader = body.toString('latin1', 0, 4) === 'ALPH';
  const header = needsHeader ? extendedHeader(frame) : Buffer.alloc(0);
  const riff = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  riff.writeUInt32LE(4 + header.length + body.length, 4);
  return Buffer.concat([riff, header, body]);
}

function extendedHeader({ width, height }: Size): Buffer {
  const header = Buffer.alloc(18);
  header.write('VP8X', 'latin1');
  header.writeUInt32LE(10, 4);
  header[8] = 0x10;
  header.writeUIntLE(width - 1, 12, 3);
  header.writeUIntLE(height - 1, 15, 3);
  return header;
}

async function listChunks(file: FileHandle, from: number, end: number): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (let at = from; at + 8 <= end;) {
    const head = await bytes(file, at, 8);
    const length = head.readUInt32LE(4);
    if (at + 8 + length > end) throw new Error('the file ends early');
    chunks.push({ id: head.toString('latin1', 0, 4), start: at + 8, length });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

async function animationFrame(file: FileHandle, chunk: Chunk): Promise<WebpFrame> {
  const head = await bytes(file, chunk.start, 16);
  const ms = head.readUIntLE(12, 3);
  const flags = head[15] ?? 0;
  return {
    x: head.readUIntLE(0, 3) * 2,
    y: head.readUIntLE(3, 3) * 2,
    width: head.readUIntLE(6, 3) + 1,
    height: head.readUIntLE(9, 3) + 1,
    duration: (ms < SHORTEST_MS ? DEFAULT_MS : ms) / 1000,
    blend: (flags & 2) === 0,
    clear: (flags & 1) === 1,
    start: chunk.start + 16,
    length: chunk.length - 16,
  };
}

async function canvasSize(file: FileHandle, chunk: Chunk): Promise<Size> {
  const head = await bytes(file, chunk.start, 10);
  return { width: head.readUIntLE(4, 3) + 1, height: head.readUIntLE(7, 3) + 1 };
}

async function stillSize(file: FileHandle, chunk: Chunk | undefined): Promise<Size> {
  const head = await bytes(file, chunk?.start ?? 0, 10);
  if (chunk?.id === 'VP8 ')
    return { width: head.readUInt16LE(6) & 0x3fff, height: head.readUInt16LE(8) & 0x3fff };
  if (chunk?.id !== 'VP8L') throw new Error('no picture in it');
  const bits = head.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

async function bytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw new Error('the file ends early');
  return buffer;
}
