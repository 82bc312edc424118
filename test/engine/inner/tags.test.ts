import * as assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exifTexts } from '../../../src/engine/tags/exif';
import { pngTexts } from '../../../src/engine/tags/png';
import { containerTags } from '../../../src/engine/tags/container';
import { isUntaggedMp4 } from '../../../src/engine/tags/untagged';
import { ffmpeg as runFfmpeg } from '../../support/ffmpeg';
import { taggedClip, taggedPng } from '../../support/tagged';
import { ffmpeg } from './support';

const MEGABYTE = 1 << 20;
const MOST = 9 * MEGABYTE;
const size = (tags: Record<string, string>) =>
  Object.values(tags).reduce((sum, text) => sum + text.length, 0);

describe('tags of files that were made to take memory', () => {
  const dir = mkdtempSync(join(tmpdir(), 'aesrm-tags-'));
  after(() => rmSync(dir, { recursive: true, force: true }));

  it('of a picture are bounded in all, and its first are read', async () => {
    const path = join(dir, 'many.png');
    const large = 'x'.repeat(3 * MEGABYTE);
    taggedPng(path, [
      ['tEXt', 'prompt', 'a cat'],
      ...Array.from({ length: 20 }, (_, i) => ['zTXt', `k${i}`, large] as ['zTXt', string, string]),
    ]);
    const tags = await pngTexts(path);
    assert.equal(tags['prompt'], 'a cat');
    assert.ok(size(tags) > 2 * MEGABYTE && size(tags) < MOST, `${size(tags)} bytes`);
  });

  it('of EXIF data are bounded though its fields lie over each other', () => {
    const fields = 100;
    const head = Buffer.alloc(10 + fields * 12);
    head.write('II*\0', 'latin1');
    head.writeUInt32LE(8, 4);
    head.writeUInt16LE(fields, 8);
    const body = Buffer.alloc(3 * MEGABYTE, 'x');
    for (let i = 0; i < fields; i++) {
      const name = Buffer.from(`n${String.fromCharCode(97 + (i % 26))}${i}:`);
      name.copy(body, i * 8);
      const at = 10 + i * 12;
      head.writeUInt16LE(2, at + 2);
      head.writeUInt32LE(body.length - i * 8, at + 4);
      head.writeUInt32LE(head.length + i * 8, at + 8);
    }
    const tags = exifTexts(Buffer.concat([head, body]));
    assert.ok(Object.keys(tags).length > 0);
    assert.ok(size(tags) < MOST, `${size(tags)} bytes`);
  });
});

describe('an MP4 without tags', () => {
  const dir = mkdtempSync(join(tmpdir(), 'aesrm-tags-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=5:d=0.4'];

  function made(name: string, ...options: string[]): string {
    const path = join(dir, name);
    runFfmpeg([...PICTURE, ...options, '-pix_fmt', 'yuv420p', `file:${path}`]);
    return path;
  }

  async function isUntagged(path: string): Promise<boolean> {
    const file = await open(path, 'r');
    try {
      return await isUntaggedMp4(file);
    } finally {
      await file.close();
    }
  }

  it('is known by its boxes, wherever these are', async () => {
    const paths = [
      made('plain.mp4'),
      made('front.mp4', '-movflags', '+faststart'),
      made('pieces.mp4', '-movflags', '+frag_keyframe+empty_moov'),
      made('exact.mp4', '-fflags', '+bitexact', '-map_metadata', '-1'),
      made('sound.mp4', '-f', 'lavfi', '-i', 'sine=d=0.4', '-c:a', 'aac'),
    ];
    for (const path of paths) {
      assert.equal(await isUntagged(path), true, path);
      const said = Object.keys(await containerTags(await ffmpeg(), path, { deadline: 20 }));
      const own = ['major_brand', 'minor_version', 'compatible_brands', 'encoder'];
      assert.deepEqual(
        said.filter((name) => !own.includes(name)),
        [],
        'ffmpeg says the same',
      );
    }
  });

  it('is none where anything else is in it', async () => {
    const words = ['prompt', 'comment', 'description', 'title'].map((tag) => {
      const path = join(dir, `${tag}.mp4`);
      taggedClip(path, { [tag]: 'a cat' });
      return path;
    });
    const plain = readFileSync(made('to-spoil.mp4'));
    const spoilt = (name: string, data: Buffer) => {
      const path = join(dir, name);
      writeFileSync(path, data);
      return path;
    };
    const box = (name: string, body = '') => {
      const data = Buffer.alloc(8 + body.length);
      data.writeUInt32BE(data.length, 0);
      data.write(name + body, 4, 'latin1');
      return data;
    };
    const others = [
      made('short.mp4', '-metadata', 'comment=a cat'),
      made('track.mp4', '-metadata:s:v', 'title=a cat'),
      made('other.mkv'),
      made('other.mov', '-metadata', 'comment=a cat'),
      spoilt('cut.mp4', plain.subarray(0, plain.length - 20)),
      spoilt('behind.mp4', Buffer.concat([plain, box('uuid', 'XMP')])),
      spoilt('proto.mp4', Buffer.concat([plain, box('__proto__'.slice(0, 4))])),
      spoilt('slop.mp4', Buffer.concat([plain, Buffer.alloc(4)])),
      spoilt('many.mp4', Buffer.concat([plain, ...Array.from({ length: 2000 }, () => box('free'))])),
      spoilt('nothing.mp4', Buffer.alloc(0)),
    ];
    for (const path of [...words, ...others]) assert.equal(await isUntagged(path), false, path);
  });
});
