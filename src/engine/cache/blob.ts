import { crc32 } from 'node:zlib';
import type { Json } from '../../core/decode';

/**
 * One file of the cache: magic, length of the header, its JSON, then numbers, then a CRC-32 of all before.
 * Little-endian, as every machine that runs this is.
 */
const MAGIC = Buffer.from('AESRMC1\n');
const HEAD = MAGIC.length + 4;

export function packBlob(header: Json, numbers: Float32Array | Float64Array): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const body = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const whole = Buffer.concat([MAGIC, length, json, body]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(whole));
  return Buffer.concat([whole, sum]);
}

/** Header and the bytes behind it; undefined for anything that is not a whole, sound file of the cache. */
export function unpackBlob(file: Buffer): { header: unknown; bytes: ArrayBuffer } | undefined {
  const end = file.length - 4;
  if (end < HEAD || !file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (crc32(file.subarray(0, end)) !== file.readUInt32LE(end)) return undefined;
  const start = HEAD + file.readUInt32LE(MAGIC.length);
  if (start > end) return undefined;
  try {
    const header: unknown = JSON.parse(file.toString('utf8', HEAD, start));
    return { header, bytes: new Uint8Array(file.subarray(start, end)).buffer };
  } catch {
    return undefined;
  }
}
