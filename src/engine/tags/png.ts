import { inflateSync } from 'node:zlib';
import { bytesAt, plainFile, type Tags } from './file';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of all texts of a picture, unpacked. */
const MOST_TEXT = 8 << 20;
/** Chunks looked at: texts stand before the picture, or soon after. */
const MOST_CHUNKS = 10_000;

/** The texts of a PNG (`tEXt`, `zTXt`, `iTXt`) by keyword; none where it is missing or no PNG. */
export async function pngTexts(path: string): Promise<Tags> {
  const file = await plainFile(path);
  if (!file) return {};
  const tags: Tags = {};
  let room = MOST_TEXT;
  try {
    if (!(await bytesAt(file, 0, 8))?.equals(SIGNATURE)) return {};
    for (let at = 8, n = 0; n < MOST_CHUNKS; n++) {
      const head = await bytesAt(file, at, 8);
      const id = head?.toString('latin1', 4, 8);
      if (!head || id === 'IEND') break;
      const length = head.readUInt32BE(0);
      const isText = id === 'tEXt' || id === 'zTXt' || id === 'iTXt';
      const body = isText && length <= room ? await bytesAt(file, at + 8, length) : undefined;
      const text = body && textIn(id!, body, room);
      if (text) {
        tags[text.keyword] ??= text.text;
        room -= text.size;
      }
      at += 12 + length;
    }
    return tags;
  } finally {
    await file.close();
  }
}

interface Text {
  keyword: string;
  text: string;
  /** Bytes, unpacked. */
  size: number;
}

/** @param room bytes that the text may unpack to */
function textIn(id: string, body: Buffer, room: number): Text | undefined {
  const end = body.indexOf(0);
  if (end < 0) return undefined;
  const keyword = body.toString('latin1', 0, end).toLowerCase();
  const rest = body.subarray(end + 1);
  // Writers put UTF-8 into tEXt as often as the Latin-1 that the format asks for.
  if (id === 'tEXt') return withText(keyword, rest);
  if (id === 'zTXt') return withText(keyword, unpacked(rest.subarray(1), room));
  const isPacked = rest[0] === 1;
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const text = rest.subarray(translated + 1);
  return withText(keyword, isPacked ? unpacked(text, room) : text);
}

function withText(keyword: string, text: Buffer | undefined): Text | undefined {
  return text && { keyword, text: text.toString('utf8'), size: keyword.length + text.length };
}

function unpacked(data: Buffer, room: number): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, room) });
  } catch {
    return undefined;
  }
}
