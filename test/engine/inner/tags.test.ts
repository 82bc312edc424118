import * as assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exifTexts } from '../../../src/engine/tags/exif';
import { pngTexts } from '../../../src/engine/tags/png';
import { taggedPng } from '../../support/tagged';

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
