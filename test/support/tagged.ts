import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { ffmpeg, FFMPEG } from './ffmpeg';

/** Clips and pictures with tags, made by ffmpeg as generators make them. */

const SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=5:d=0.4'];

/** ComfyUI's graph around a prompt: a sampler whose `positive` leads to a text by way of another node. */
export function graph(prompt: string): string {
  return JSON.stringify({
    3: { class_type: 'KSampler', inputs: { positive: ['12', 0], negative: ['7', 0] }, is_changed: ['@'] },
    6: { class_type: 'CLIPTextEncode', inputs: { text: prompt, clip: ['4', 1] } },
    7: { class_type: 'CLIPTextEncode', inputs: { text: 'blurry, ugly, watermark, worst quality, static' } },
    12: { class_type: 'WanImageToVideo', inputs: { positive: ['6', 0], negative: ['7', 0], width: 64 } },
  }).replace('"@"', 'NaN');
}

/** Written by ffmpeg's muxer of the file's extension. */
export function taggedClip(path: string, tags: Readonly<Record<string, string>>): void {
  const flags = /\.(?:mp4|mov)$/.test(path) ? ['-movflags', 'use_metadata_tags'] : [];
  const coding = path.endsWith('.webm') ? ['-c:v', 'libvpx'] : ['-pix_fmt', 'yuv420p'];
  const told = Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`]);
  ffmpeg([...SOURCE, ...coding, ...flags, ...told, `file:${path}`]);
}

/** An animated WebP with an EXIF chunk in the manner of Pillow: ASCII fields, each after the header's directory. */
export function taggedWebp(path: string, fields: Readonly<Record<number, string>>): void {
  ffmpeg([...SOURCE, '-c:v', 'libwebp_anim', `file:${path}`]);
  const made = readFileSync(path);
  const body = exif(fields);
  const head = Buffer.alloc(8);
  head.write('EXIF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  const whole = Buffer.concat([made, head, body, Buffer.alloc(body.length % 2)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  whole[20] = (whole[20] ?? 0) | 0x08;
  writeFileSync(path, whole);
}

function exif(fields: Readonly<Record<number, string>>): Buffer {
  const entries = Object.entries(fields).map(([tag, text]) => ({
    tag: Number(tag),
    text: Buffer.from(`${text}\0`),
  }));
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length, 0);
  let from = 8 + directory.length;
  for (const [i, { tag, text }] of entries.entries()) {
    const at = 2 + 12 * i;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(2, at + 2);
    directory.writeUInt32LE(text.length, at + 4);
    directory.writeUInt32LE(from, at + 8);
    from += text.length;
  }
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  return Buffer.concat([header, directory, ...entries.map(({ text }) => text)]);
}

/** A PNG of one frame with text chunks before its picture. */
export function taggedPng(path: string, texts: readonly ['tEXt' | 'zTXt' | 'iTXt', string, string][]): void {
  const made = execFileSync(FFMPEG, [
    ...SOURCE,
    '-v',
    'error',
    '-frames:v',
    '1',
    '-f',
    'image2pipe',
    '-c:v',
    'png',
    '-',
  ]);
  const afterHeader = 8 + 12 + 13;
  const chunks = texts.map(([id, keyword, text]) => {
    const rest = {
      tEXt: () => Buffer.from(text),
      zTXt: () => Buffer.concat([Buffer.from([0]), deflateSync(Buffer.from(text))]),
      iTXt: () => Buffer.concat([Buffer.from([1, 0, 0, 0]), deflateSync(Buffer.from(text))]),
    }[id]();
    const body = Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), rest]);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length, 0);
    head.write(id, 4, 'latin1');
    return Buffer.concat([head, body, Buffer.alloc(4)]);
  });
  writeFileSync(path, Buffer.concat([made.subarray(0, afterHeader), ...chunks, made.subarray(afterHeader)]));
}
