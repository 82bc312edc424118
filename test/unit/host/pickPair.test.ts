import * as assert from 'node:assert/strict';
import { VIDEO_EXTENSIONS } from '../../../src/core/pair';
import {
  ageOf,
  newestFirst,
  pairFromSelection,
  pairTitle,
  sizeText,
  VIDEO_GLOB,
} from '../../../src/host/pickPair';

const isText = (value: unknown): value is string => typeof value === 'string';
const pair = (clicked: unknown, selected?: unknown) =>
  pairFromSelection(clicked, selected, isText, (path) => path);

describe('host: the two clips of a selection', () => {
  it('are the two that are selected, whichever was clicked', () => {
    assert.deepEqual(pair('/b.mp4', ['/a.mp4', '/b.mp4']), { pair: ['/a.mp4', '/b.mp4'] });
    assert.deepEqual(pair(undefined, ['/a.MP4', '/b.webm']), { pair: ['/a.MP4', '/b.webm'] });
  });

  it('are refused when there are not two', () => {
    const refused = { refused: 'notTwo' };
    for (const args of [
      [],
      ['/a.mp4'],
      ['/a.mp4', ['/a.mp4']],
      ['/a.mp4', []],
      ['/a.mp4', ['/a.mp4', '/a.mp4']],
    ])
      assert.deepEqual(pair(args[0], args[1]), refused, JSON.stringify(args));
    assert.deepEqual(pair('/a.mp4', ['/a.mp4', '/b.mp4', '/c.mp4']), refused);
    assert.deepEqual(pair('/a.mp4', ['/a.mp4', 7]), refused);
  });

  it('are refused when one is no video', () => {
    assert.deepEqual(pair('/a.mp4', ['/a.mp4', '/notes.txt']), { refused: 'notVideos' });
  });
});

describe('host: the list of clips', () => {
  const file = (uri: string, mtimeMs: number) => ({ uri, name: uri, folder: '', bytes: 1, mtimeMs });

  it('has the newest first, and a fixed order among equals', () => {
    const sorted = newestFirst([file('b', 1), file('c', 2), file('a', 1)]);
    assert.deepEqual(
      sorted.map((f) => f.uri),
      ['c', 'a', 'b'],
    );
  });

  it('finds every extension in either case', () => {
    for (const ext of VIDEO_EXTENSIONS)
      assert.ok(VIDEO_GLOB.includes(ext.replace(/[a-z]/g, (c) => `[${c}${c.toUpperCase()}]`)), ext);
  });

  it('tells age and size in a word', () => {
    const now = 1_000_000_000_000;
    const ages = [5, 65, 7300, 90_000, 40 * 86_400, 800 * 86_400].map((s) => ageOf(now - s * 1000, now));
    assert.deepEqual(
      ages.map((a) => `${a.count} ${a.unit}`),
      ['0 now', '1 minute', '2 hour', '1 day', '1 month', '2 year'],
    );
    assert.equal(ageOf(now + 5000, now).unit, 'now');
    assert.deepEqual([12, 1500, 999_499, 999_600, 41_000_000, 999_600_000, 2.5e9].map(sizeText), [
      '12 B',
      '2 KB',
      '999 KB',
      '1.0 MB',
      '41.0 MB',
      '1.0 GB',
      '2.5 GB',
    ]);
  });
});

describe('host: the title of a pair', () => {
  const clip = (folder: string, name: string) => ({ folder, name });

  it('has the names, and the folders where the names are alike', () => {
    assert.equal(pairTitle(clip('x', 'a.mp4'), clip('x', 'b.mp4')), 'a.mp4 ↔ b.mp4');
    assert.equal(
      pairTitle(clip('run/step-100', 'a.mp4'), clip('run/step-200', 'a.mp4')),
      'step-100 ↔ step-200: a.mp4',
    );
    assert.equal(pairTitle(clip('one/out', 'a.mp4'), clip('two/out', 'a.mp4')), 'one/out ↔ two/out: a.mp4');
  });
});
