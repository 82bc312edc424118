import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  parquetWriteBuffer,
  type ColumnSource,
  type ParquetWriteOptions,
  type SchemaElement,
} from 'hyparquet-writer';
import { loadPairs } from '../../../src/core/bench/loaders';
import { ProblemError, type Problem } from '../../../src/core/problem';
import { readPairsFile } from '../../../src/engine/bench/pairsFile';
import { parquetTable } from '../../../src/engine/bench/parquet';
import { removeTempDirs, tempDir } from './support';

type How = Omit<ParquetWriteOptions, 'writer' | 'columnData'>;

function written(name: string, columnData: ColumnSource[], how: How = {}): string {
  const path = join(tempDir(), name);
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, ...how })));
  return path;
}

async function refused(path: string): Promise<Problem> {
  const error: unknown = await readPairsFile(path).then(
    () => assert.fail('nothing was refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}

const strings = (name: string, data: (string | null)[]): ColumnSource => ({ name, data, type: 'STRING' });

const ROWS = 5;
const genAiBench = () => [
  strings(
    'prompt',
    Array.from({ length: ROWS }, (_, i) => `prompt "${i}",\r\nnext`),
  ),
  strings('left_model', Array<string>(ROWS).fill('Lavie')),
  strings(
    'left_video',
    Array.from({ length: ROWS }, (_, i) => `https://h.example/v/l${i}.mp4`),
  ),
  strings('right_model', Array<string>(ROWS).fill('T2VTurbo')),
  strings(
    'right_video',
    Array.from({ length: ROWS }, (_, i) => `https://h.example/v/r${i}.mp4`),
  ),
  strings('vote_type', ['leftvote', 'rightvote', 'tievote', 'bothbad_vote', null]),
];

/** A frame of Zstandard whose blocks are not compressed. */
function zstdStored(input: Uint8Array): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(input.length);
  const block = Buffer.alloc(3);
  block.writeUIntLE((input.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), size, block, input]);
}

const COMPRESSORS: ParquetWriteOptions['compressors'] = {
  GZIP: (input) => gzipSync(input),
  BROTLI: (input) => brotliCompressSync(input),
  ZSTD: zstdStored,
  LZ4_RAW: (input) => input,
};

describe('labelled pairs from Parquet', () => {
  afterEach(removeTempDirs);

  const codecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD'] as const;
  for (const codec of codecs)
    it(`reads GenAI-Bench as ${codec} in several row groups`, async () => {
      const how = { codec, rowGroupSize: 2, ...(codec === 'SNAPPY' ? {} : { compressors: COMPRESSORS }) };
      const { pairs, notes } = await readPairsFile(written('test-00000-of-00001.parquet', genAiBench(), how));
      assert.deepEqual(
        pairs.map(({ a, b, preferred, prompt }) => [a, b, preferred, prompt]),
        ['A', 'B', 'tie', 'tie'].map((side, i) => [`l${i}.mp4`, `r${i}.mp4`, side, `prompt "${i}", \nnext`]),
      );
      assert.deepEqual(pairs[0]!.models, ['Lavie', 'T2VTurbo']);
      assert.equal(notes.at(-1), 'Left out, as vote_type is missing: row 5.');
    });

  it('goes by what is in the file, not by its extension', async () => {
    const { pairs } = await readPairsFile(written('0000.csv', genAiBench()));
    assert.equal(pairs.length, 4);
  });

  it('reads scores in a struct of whole numbers of 64 bits', async () => {
    const field = (name: string): SchemaElement => ({ name, type: 'INT64', repetition_type: 'OPTIONAL' });
    const text = (name: string): SchemaElement => ({
      ...{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    });
    const schema: SchemaElement[] = [
      { name: 'root', num_children: 3 },
      ...[text('video_path'), text('prompt')],
      { name: 'annotation', repetition_type: 'OPTIONAL', num_children: 2 },
      ...[field('composition'), field('lighting aes')],
    ];
    const columns = [
      { name: 'video_path', data: ['a.mp4', 'b.mp4'] },
      { name: 'prompt', data: ['p', 'p'] },
      {
        name: 'annotation',
        data: [
          { composition: 3n, 'lighting aes': 2n },
          { composition: 1n, 'lighting aes': null },
        ],
      },
    ];
    const { pairs, notes } = await readPairsFile(written('train.parquet', columns, { schema }));
    assert.deepEqual(
      pairs.map(({ a, b, preferred, aspect }) => `${a} ${b} ${preferred} ${aspect}`),
      ['a.mp4 b.mp4 A composition'],
    );
    assert.ok(notes.includes('Left out, as lighting aes is missing: row 2.'), notes.join('\n'));
  });

  it('fetches the columns that it needs and not the frames beside them', async () => {
    const count = 40;
    const numbers = (name: string) => ({ name, data: Array<number>(count).fill(3), type: 'INT32' as const });
    const file = parquetWriteBuffer({
      columnData: [
        strings(
          'id',
          Array.from({ length: count }, (_, i) => String(i)),
        ),
        {
          name: 'images',
          data: Array.from({ length: count }, () => randomBytes(200_000)),
          type: 'BYTE_ARRAY',
        },
        strings('text prompt', Array<string>(count).fill('p')),
        strings(
          'video link',
          Array.from({ length: count }, (_, i) => `https://h.example/${i}.mp4`),
        ),
        ...['visual quality', 'temporal consistency', 'dynamic degree'].map(numbers),
        ...['text-to-video alignment', 'factual consistency'].map(numbers),
        {
          name: 'conversations',
          data: Array.from({ length: count }, () => randomBytes(200_000)),
          type: 'BYTE_ARRAY',
        },
      ],
      rowGroupSize: 10,
    });
    let fetched = 0;
    const table = await parquetTable('train.parquet', {
      byteLength: file.byteLength,
      slice: (from, to) => {
        const part = file.slice(from, to);
        fetched += part.byteLength;
        return part;
      },
    });
    assert.equal(loadPairs(table).pairs.length / 5, 29 * 10 + (10 * 9) / 2 + 10);
    assert.ok(file.byteLength > 16_000_000);
    // The end of the file, where its index is, is fetched in one piece of 512 kB.
    assert.ok(fetched < 700_000, `${fetched} bytes of ${file.byteLength}`);
  });

  it('refuses videos that stand in the file themselves, and says what to do', async () => {
    const bytes: SchemaElement = { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' };
    const path: SchemaElement = { ...bytes, name: 'path', converted_type: 'UTF8' };
    const video = (name: string): SchemaElement[] => [
      { name, repetition_type: 'OPTIONAL', num_children: 2 },
      ...[bytes, path],
    ];
    const schema: SchemaElement[] = [
      { name: 'root', num_children: 5 },
      ...[...video('video1'), ...video('video2'), { ...path, name: 'prompt' }],
      { name: 'weighted_results1_Preference', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      { name: 'weighted_results2_Preference', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
    ];
    const clip = [{ bytes: Uint8Array.of(1, 2), path: 'a.mp4' }];
    const file = written(
      'train.parquet',
      [
        { name: 'video1', data: clip },
        { name: 'video2', data: clip },
        { name: 'prompt', data: ['p'] },
        { name: 'weighted_results1_Preference', data: [0.7] },
        { name: 'weighted_results2_Preference', data: [0.3] },
      ],
      { schema },
    );
    const { message, fix } = await refused(file);
    assert.equal(message, '"train.parquet" has the videos themselves in it (video1, video2), not paths.');
    assert.ok(fix);
  });

  it('names the columns of a table in no known layout', async () => {
    const { message } = await refused(
      written('x.parquet', [strings('clip', ['a']), strings('score', ['1'])]),
    );
    assert.match(message, /^The columns of "x\.parquet" \(clip, score\) fit no known layout: /);
  });

  it('says what is wrong with a file that is cut or compressed as cannot be read', async () => {
    const whole = Buffer.from(parquetWriteBuffer({ columnData: genAiBench() }));
    const cut = join(tempDir(), 'cut.parquet');
    writeFileSync(cut, whole.subarray(0, whole.length - 20));
    assert.match((await refused(cut)).message, /^"cut\.parquet" cannot be read as a Parquet file: /);
    const how = { codec: 'LZ4_RAW' as const, compressors: COMPRESSORS };
    assert.match((await refused(written('lz4.parquet', genAiBench(), how))).message, /codec: LZ4_RAW\.$/);
  });
});

describe('labelled pairs from a file of text', () => {
  afterEach(removeTempDirs);

  it('reads CSV and JSON', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'train.csv'), '\uFEFFpath_A,path_B,VQ\r\na.mp4,b.mp4,B\r\n');
    writeFileSync(join(dir, 'pref.json'), JSON.stringify([{ video1: 'ä', video2: 'b', preference: '1' }]));
    const [csv, json] = await Promise.all(
      ['train.csv', 'pref.json'].map((name) => readPairsFile(join(dir, name))),
    );
    assert.equal(csv!.pairs[0]!.preferred, 'B');
    assert.equal(json!.pairs[0]!.a, 'ä.mp4');
  });

  it('refuses what is not there, a folder and an empty file', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'folder'));
    writeFileSync(join(dir, 'empty.csv'), '');
    assert.equal((await refused(join(dir, 'none.csv'))).code, 'fileMissing');
    assert.equal((await refused(join(dir, 'folder'))).code, 'notAFile');
    assert.equal((await refused(join(dir, 'empty.csv'))).message, 'There are no rows in "empty.csv".');
  });
});
