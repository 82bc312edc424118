import type { Tags } from './file';

/** Fields looked at in one directory. */
const MOST_FIELDS = 200;
/** Bytes of all texts: fields may lie over each other. */
const MOST_TEXT = 8 << 20;
const ASCII = 2;
const ENTRY = 12;

/**
 * Texts of EXIF data in the manner of ComfyUI: fields that hold `name:value` (`prompt:{…}` in Model, `workflow:{…}`
 * in Make), by that name. Broken data says what can be read of it.
 */
export function exifTexts(data: Buffer): Tags {
  const prefix = data.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0;
  const tiff = data.subarray(prefix);
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return {};
  const isLittle = order === 'II';
  const u16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const start = u32(4);
  if (start + 2 > tiff.length) return {};
  const tags: Tags = {};
  const fields = Math.min(u16(start), MOST_FIELDS);
  let room = MOST_TEXT;
  for (let at = start + 2, i = 0; i < fields && at + ENTRY <= tiff.length; i++, at += ENTRY) {
    if (u16(at + 2) !== ASCII) continue;
    const length = u32(at + 4);
    const from = length <= 4 ? at + 8 : u32(at + 8);
    if (length > room) continue;
    room -= length;
    const text = tiff.toString('utf8', from, Math.min(from + length, tiff.length)).replace(/\0+$/, '');
    const colon = text.indexOf(':');
    if (colon > 0 && colon <= 40) tags[text.slice(0, colon).toLowerCase()] ??= text.slice(colon + 1);
  }
  return tags;
}
