import type { FileHandle } from 'node:fs/promises';
import { bytesAt } from './file';

/** What an MP4 may consist of, box by box, and hold no words; a list is what may be inside. */
interface Boxes {
  readonly [name: string]: true | Boxes;
}

/** What muxers write when they are given no tags; `©too` is their own name. */
const WORDLESS: Boxes = {
  ...{ ftyp: true, styp: true, free: true, skip: true, wide: true, mdat: true },
  ...{ moof: true, mfra: true, sidx: true },
  moov: {
    ...{ mvhd: true, mvex: true, iods: true, trak: { tkhd: true, edts: true, tref: true, mdia: true } },
    udta: { meta: { hdlr: true, free: true, ilst: { '\xa9too': true } } },
  },
};
const MOST_BOXES = 1000;

/** A walk that ends where anything else is met. */
interface Walk {
  file: FileHandle;
  /** Boxes that may still be looked at. */
  left: number;
}

/**
 * Whether a file is an MP4 without any tags, as most trainers write them: then no ffmpeg need be started to read
 * them. Only boxes that are known to hold none are passed by; in all other cases the answer is no.
 */
export async function isUntaggedMp4(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  const head = await bytesAt(file, 4, 4);
  return head?.toString('latin1') === 'ftyp' && isWordless({ file, left: MOST_BOXES }, 0, size, WORDLESS);
}

async function isWordless(walk: Walk, from: number, end: number, known: Boxes): Promise<boolean> {
  for (let at = from; at < end;) {
    const box = walk.left-- > 0 ? await boxAt(walk.file, at, end) : undefined;
    const inside = box && Object.hasOwn(known, box.name) ? known[box.name] : undefined;
    if (!box || inside === undefined) return false;
    const start = box.name === 'meta' ? box.start + META_VERSION : box.start;
    if (inside !== true && !(await isWordless(walk, start, box.end, inside))) return false;
    at = box.end;
  }
  return true;
}

/** A version and flags before the boxes in it; QuickTime's has none, and its first box is then no known one. */
const META_VERSION = 4;

/** The box at a position, its content from `start`; undefined where there is none that ends within `limit`. */
async function boxAt(
  file: FileHandle,
  at: number,
  limit: number,
): Promise<{ name: string; start: number; end: number } | undefined> {
  const head = await bytesAt(file, at, 8);
  if (!head) return undefined;
  const short = head.readUInt32BE(0);
  const long = short === 1 ? await bytesAt(file, at + 8, 8) : undefined;
  const start = at + (long ? 16 : 8);
  const end = short === 0 ? limit : at + (long ? Number(long.readBigUInt64BE(0)) : short);
  return end >= start && end <= limit ? { name: head.toString('latin1', 4, 8), start, end } : undefined;
}
