import { inflateSync } from 'node:zlib';
import { bytesAt, plainFile, type Tags } from './file';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of one text, unpacked. */
const MOST_TEXT = 8 << 20;
/** Chunks looked at: texts stand before the picture, or soon after. */
const MOST_CHUNKS = 10_000;

/** The texts of a PNG (`tEXt`, `zTXt`, `iTXt`) by keyword; none where it is missing or no PNG. */
export async function pngTexts(path: string): Promise<Tags> {
  const file = await plainFile(path);
  if (!file) return {};
  const tags: Tags = {};
  try {
    if (!(await bytesAt(file, 0, 8))?.equals(SIGNATURE)) return {};
    for (let at = 8, n = 0; n < MOST_CHUNKS; n++) {
      const head = await bytesAt(file, at, 8);
      const id = head?.toString('latin1', 4, 8);
      if (!head || id === 'IEND') break;
      const length = head.readUInt32BE(0);
      const isText = id === 'tEXt' || id === 'zTXt' || id === 'iTXt';
      const body = isText && length <= MOST_TEXT ? await bytesAt(file, at + 8, length) : undefined;
      const text = body && textIn(id!, body);
      if (text) tags[text.keyword] ??= text.text;
      at += 12 + length;
    }
    return tags;
  } finally {
    await file.close();
  }
}

function textIn(id: string, body: Buffer): { keyword: string; text: string } | undefined {
  const end = body.indexOf(0);
  if (end < 0) return undefined;
  const keyword = body.toString('latin1', 0, end).toLowerCase();
  const rest = body.subarray(end + 1);
  // Writers put UTF-8 into tEXt as often as the Latin-1 that the format asks for.
  if (id === 'tEXt') return { keyword, text: rest.toString('utf8') };
  if (id === 'zTXt') return withText(keyword, unpacked(rest.subarray(1)));
  const isPacked = rest[0] === 1;
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const text = rest.subarray(translated + 1);
  return withText(keyword, isPacked ? unpacked(text) : text);
}

function withText(keyword: string, text: Buffer | undefined): { keyword: string; text: string } | undefined {
  return text && { keyword, text: text.toString('utf8') };
}

function unpacked(data: Buffer): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: MOST_TEXT });
  } catch {
    return undefined;
  }
}
