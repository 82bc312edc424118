import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVIDER_FILES } from '../../src/core/gpu/libraries';

export interface LibraryParts {
  needed?: readonly string[];
  machine?: number;
  type?: number;
  /** Behind all that a loader reads. */
  tail?: string;
}

/** A shared library of Linux that links to others and holds nothing: a loader gets as far as looking for those. */
export function sharedLibrary({ needed = [], machine = 62, type = 3, tail = '' }: LibraryParts = {}): Buffer {
  const names = ['', ...needed].map((name) => Buffer.from(`${name}\0`, 'latin1'));
  const offsets = names.map((_, i) => names.slice(0, i).reduce((sum, b) => sum + b.length, 0));
  const strings = Buffer.concat(names);
  const dynamicAt = 64 + 2 * 56;
  const stringsAt = dynamicAt + 16 * (needed.length + 3);
  const size = stringsAt + strings.length;
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeUInt16LE(type, 16);
  head.writeUInt16LE(machine, 18);
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(64n, 32);
  for (const [at, value] of [
    [52, 64],
    [54, 56],
    [56, 2],
  ] as const)
    head.writeUInt16LE(value, at);
  const table = (entries: readonly (readonly [number, number])[]) => words(entries.flat());
  const dynamic = table([
    ...offsets.slice(1).map((at) => [1, at] as const),
    [5, stringsAt],
    [10, strings.length],
    [0, 0],
  ]);
  const segments = [segment(1, 0, size), segment(2, dynamicAt, dynamic.length)];
  return Buffer.concat([head, ...segments, dynamic, strings, Buffer.from(tail, 'latin1')]);
}

function segment(type: number, offset: number, size: number): Buffer {
  const kind = Buffer.alloc(8);
  kind.writeUInt32LE(type, 0);
  kind.writeUInt32LE(4, 4);
  return Buffer.concat([kind, words([offset, offset, offset, size, size, 8])]);
}

function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => buffer.writeBigUInt64LE(BigInt(value), 8 * i));
  return buffer;
}

/** A folder that passes for the CUDA provider of that version. */
export function providerFolder(dir: string, version: string, needed: readonly string[] = []): string {
  mkdirSync(dir, { recursive: true });
  for (const name of PROVIDER_FILES)
    writeFileSync(join(dir, name), sharedLibrary({ needed, tail: `\0${version}\0` }));
  return dir;
}
