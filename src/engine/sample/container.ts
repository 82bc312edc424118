import { open } from 'node:fs/promises';

/** A GIF ends with this byte; some programs leave a few more behind it. */
const GIF_TRAILER = 0x3b;
const GIF_TAIL = 16;
/** Boxes whose loss is the clip's loss. */
const DATA_BOXES = ['moov', 'mdat', 'moof'];
const MAX_BOXES = 20_000;

/** Whether the first bytes are those of a container in the list of accepted names. */
export async function looksLikeVideo(path: string): Promise<boolean> {
  const { head } = await ends(path);
  const isMp4 = /^....(ftyp|moov|mdat|wide|free|skip|styp)/s.test(head.toString('latin1'));
  return isMp4 || /^(\x1aE\xdf\xa3|GIF8|RIFF....(AVI |WEBP))/s.test(head.toString('latin1'));
}

/**
 * Whether a file stops before the end that its own container names; ffmpeg reads some of these without a word.
 * Only MP4 and its kin, AVI and GIF name one.
 */
export async function stopsShort(path: string): Promise<boolean> {
  const { head, tail, size } = await ends(path);
  const kind = head.toString('latin1');
  if (kind.startsWith('GIF8')) return !tail.includes(GIF_TRAILER);
  if (/^RIFF....AVI /s.test(kind)) {
    const declared = head.readUInt32LE(4);
    return declared < 0xffff_fffe && declared + 8 > size;
  }
  return /^....ftyp/s.test(kind) && (await lastBoxEnd(path, size)) > size;
}

/** Where the last of an MP4's outermost boxes says that it ends. */
async function lastBoxEnd(path: string, size: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(16);
    let at = 0;
    for (let boxes = 0; at + 16 <= size && boxes < MAX_BOXES; boxes++) {
      await file.read(head, 0, 16, at);
      const short = head.readUInt32BE(0);
      const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
      const isKnown = DATA_BOXES.includes(head.toString('latin1', 4, 8));
      if (length < 8 || (!isKnown && at + length > size)) return at; // to the end, or no box at all
      at += length;
    }
    return at;
  } finally {
    await file.close();
  }
}

async function ends(path: string): Promise<{ head: Buffer; tail: Buffer; size: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(12);
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(GIF_TAIL, size));
    await file.read(tail, 0, tail.length, size - tail.length);
    return { head, tail, size };
  } finally {
    await file.close();
  }
}
