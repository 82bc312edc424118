import * as assert from 'node:assert/strict';
import { columnsToRead, loadPairs } from '../../../../../src/core/bench/loaders';
import { brief, read, readJson, refusal } from './support';

const item = { video1: 'a.mp4', video2: 'b.mp4', preference: '1' };

describe('recognising the layout of a file of labels', () => {
  it('says in one sentence which columns were found and which layouts are known', () => {
    const said = refusal(() => read('labels.csv', 'clip,score\n1,2\n'));
    assert.match(said, /^The columns of "labels\.csv" \(clip, score\) fit no known layout: /);
    for (const known of [
      ...['VideoGen-RewardBench (path_A, path_B, A_model, B_model)', 'VideoAlign (path_A, path_B)'],
      ...['GenAI-Bench (left_video, right_video, vote_type)', 'UVE-Bench (', 'VisionRewardDB-Video ('],
      ...['MJ-Bench-Video (', 'VideoFeedback (', 'T2VQA-DB (', 'TVGE (', 'Rapidata (', 'AesRM sweep ('],
    ])
      assert.ok(said.includes(known), known);
  });

  it('names no more than twenty columns', () => {
    const names = Array.from({ length: 30 }, (_, i) => `c${i}`);
    const said = refusal(() => columnsToRead('x.parquet', names));
    assert.ok(said.includes('c19 and 10 more)'), said);
  });

  it('takes a path pair without any label for no layout', () => {
    assert.match(
      refusal(() => read('x.csv', 'path_A,path_B,prompt\na,b,c\n')),
      /fit no known layout/,
    );
  });

  it('knows a CSV by its header though no row of it is sound', () => {
    const { pairs, notes } = read('train.csv', 'path_A,path_B,VQ\na,b\n');
    assert.deepEqual(pairs, []);
    assert.equal(notes[1], 'Left out, as it has 2 fields, the first line 3: line 2.');
  });

  it('reads JSON Lines, of many lines and of one, and names the broken ones', () => {
    const line = JSON.stringify(item);
    const { pairs, notes } = read('pref.jsonl', `\uFEFF${line}\r\n{"video1": \r\n\r\n${line}\r\n5\r\n`);
    assert.deepEqual(brief(pairs), ['a.mp4 b.mp4 A overall', 'a.mp4 b.mp4 A overall']);
    assert.deepEqual(notes.slice(1), [
      'Left out, as it is not valid JSON: line 2.',
      'Left out, as it is no object: line 5.',
    ]);
    assert.equal(read('one.jsonl', line).pairs.length, 1);
  });

  it('refuses broken JSON, an empty file and a pointer of Git LFS with a sentence', () => {
    const broken = JSON.stringify([item, item], null, 1).slice(0, -20);
    assert.match(
      refusal(() => read('x.json', broken)),
      /^"x\.json" is not valid JSON: /,
    );
    for (const text of ['', ' \n', '[]', '{}', 'path_A,path_B,VQ\n'])
      assert.equal(
        refusal(() => read('x', text)),
        'There are no rows in "x".',
        text,
      );
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
    assert.match(
      refusal(() => read('x.csv', pointer)),
      /pointer to a file that Git LFS keeps/,
    );
  });

  it('looks beyond a first entry that is none', () => {
    assert.equal(readJson('x.json', [null, item]).pairs.length, 1);
  });

  it('takes a table row by row', () => {
    function* rows() {
      yield item;
      yield { ...item, preference: '2' };
    }
    const { pairs } = loadPairs({ name: 'x.parquet', columns: Object.keys(item), rows: rows() });
    assert.deepEqual(brief(pairs), ['a.mp4 b.mp4 A overall', 'a.mp4 b.mp4 B overall']);
  });
});
