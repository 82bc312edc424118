import * as assert from 'node:assert/strict';
import { brief, common, read } from './support';

const REWARDBENCH =
  'path_A,path_B,A_model,B_model,prompt,VQ,MQ,TA,Overall,fps_A,num_frames_A,fps_B,num_frames_B';
const TRAIN = 'path_A,path_B,prompt,VQ,MQ,TA,fps_A,num_frames_A,fps_B,num_frames_B,MOS_A_VQ,metainfo_idx';
const EXPORT =
  'path_A,path_B,prompt,VQ,MQ,TA,Overall,fps_A,num_frames_A,fps_B,num_frames_B,VA,VF,VP,margin,source';

const A = 'videos/kling1.5/kling1.5_00103.mp4';
const B = 'videos/gen3/gen3_00103.mp4';

const rewardBench = (...lines: string[]) =>
  read('videogen-rewardbench.csv', `\uFEFF${[REWARDBENCH, ...lines].join('\r\n')}\r\n`);

describe('loading VideoGen-RewardBench', () => {
  it('makes four pairs of a row, one per dimension', () => {
    const { pairs, notes } = rewardBench(`${A},${B},kling1.5,gen3,A  red fox,A,B,same,B,24,121,24,125`);
    assert.deepEqual(brief(pairs), [
      `${A} ${B} A VQ`,
      `${A} ${B} B MQ`,
      `${A} ${B} tie TA`,
      `${A} ${B} B overall`,
    ]);
    assert.deepEqual(common(pairs, 'models'), ['kling1.5', 'gen3']);
    assert.equal(common(pairs, 'source'), 'VideoGen-RewardBench');
    assert.equal(common(pairs, 'labelKind'), 'human_pairwise');
    assert.equal(common(pairs, 'prompt'), 'A  red fox');
    assert.equal(common(pairs, 'group'), 'a red fox');
    assert.deepEqual(notes, ['Read as VideoGen-RewardBench: 4 labels.']);
  });

  it('groups the same prompt however it is written, over quotes and line ends', () => {
    const { pairs } = rewardBench(
      `${A},${B},k,g,"A fox, ""red""\r\nin snow",A,A,A,A,1,1,1,1`,
      `${A},${B},k,g,"a FOX, ""red"" in  snow ",B,B,B,B,1,1,1,1`,
    );
    assert.equal(pairs.length, 8);
    assert.equal(common(pairs, 'group'), 'a fox, "red" in snow');
  });

  it('names wrong and missing values with their lines and leaves only them out', () => {
    const { pairs, notes } = rewardBench(
      `${A},${B},k,g,p,A,C,,a,1,1,1,1`,
      `${A},${B},k,g,p,invalid,invalid,A,B,1,1,1,1`,
      `${A},${B},k,g,two, fields,A,A,A,A,1,1,1,1`,
      `,${B},k,g,p,A,A,A,A,1,1,1,1`,
      `${A},${A},k,g,p,A,A,A,A,1,1,1,1`,
      `/abs.mp4,../up.mp4,k,g,p,A,A,A,A,1,1,1,1`,
      `${A},${B},k,g,p,A,C,A,A,1,1,1,1`,
    );
    assert.deepEqual(
      pairs.map(({ aspect, preferred }) => `${aspect} ${preferred}`),
      ['VQ A', 'TA A', 'overall B', 'VQ A', 'TA A', 'overall A'],
    );
    assert.deepEqual(notes, [
      'Read as VideoGen-RewardBench: 6 labels.',
      'Marked as invalid in the file and left out: VQ 1, MQ 1.',
      'Left out, as MQ is "C", none of A, B, same, invalid: line 2, line 8.',
      'Left out, as TA is missing: line 2.',
      'Left out, as Overall is "a", none of A, B, same, invalid: line 2.',
      'Left out, as it has 14 fields, the first line 13: line 4.',
      'Left out, as path_A is missing: line 5.',
      'Left out, as both sides are the same clip: line 6.',
      'Left out, as path_A is no path below the root: line 7.',
      'Left out, as path_B is no path below the root: line 7.',
    ]);
  });

  it('names a few lines of many', () => {
    const { notes } = rewardBench(
      ...Array.from({ length: 9 }, () => `${A},${B},k,g,p,A,A,A,?,1,1,1,1`),
      `${A},${B},k,g,p,A,A,A,A,1,1,1,1`,
    );
    assert.equal(
      notes[1],
      'Left out, as Overall is "?", none of A, B, same, invalid: line 2, line 3, line 4, line 5, line 6 and 4 more.',
    );
  });
});

describe('loading the CSV that VideoAlign trains on', () => {
  it('reads the dimensions that it has, takes ./ off the paths and counts what is invalid', () => {
    const { pairs, notes } = read(
      'train.csv',
      `${TRAIN}\n./videos/a.mp4,videos/b.mp4,p,A,invalid,same,8,16,8,16,3.5,1\n`,
    );
    assert.deepEqual(brief(pairs), ['videos/a.mp4 videos/b.mp4 A VQ', 'videos/a.mp4 videos/b.mp4 tie TA']);
    assert.equal(common(pairs, 'source'), 'VideoAlign');
    assert.equal(common(pairs, 'models'), undefined);
    assert.deepEqual(notes, [
      'Read as VideoAlign: 2 labels.',
      'Marked as invalid in the file and left out: MQ 1.',
    ]);
  });

  it('groups by the two files, whichever stands first, where there is no prompt', () => {
    const { pairs } = read(
      'train.csv',
      `path_A,path_B,VQ\r\nx/a.v1.mp4,y/b#2.mp4,A\r\ny\\b#2.mp4,x/a.v1.mp4,A\r\n`,
    );
    assert.deepEqual(brief(pairs), ['x/a.v1.mp4 y/b#2.mp4 A VQ', 'y/b#2.mp4 x/a.v1.mp4 A VQ']);
    assert.equal(common(pairs, 'group'), 'a.v1 | b#2');
  });
});

describe('loading the CSV that a sweep exports for VideoAlign', () => {
  it("keeps people's votes apart from the judge's word", () => {
    const { pairs, notes } = read(
      'pairs.csv',
      [
        EXPORT,
        'a.mp4,b.mp4,p,invalid,invalid,invalid,B,8,16,8,16,A,same,invalid,0.2,vote:ann+bob',
        'a.mp4,c.mp4,p,invalid,invalid,invalid,A,8,16,8,16,A,A,A,-0.2,judge:compact@0123456789ab',
        'a.mp4,d.mp4,p,invalid,invalid,invalid,A,8,16,8,16,A,A,A,-0.2,someone',
      ].join('\r\n'),
    );
    assert.deepEqual(
      pairs.map(({ b, preferred, aspect, labelKind }) => `${b} ${preferred} ${aspect} ${labelKind}`),
      [
        'b.mp4 B overall human_pairwise',
        'b.mp4 A VA judge',
        'b.mp4 tie VF judge',
        'c.mp4 A overall judge',
        'c.mp4 A VA judge',
        'c.mp4 A VF judge',
        'c.mp4 A VP judge',
      ],
    );
    assert.equal(common(pairs, 'source'), 'AesRM sweep');
    assert.match(notes[1]!, /label kind "judge"/);
    assert.deepEqual(notes.slice(2), [
      'Marked as invalid in the file and left out: VP 1.',
      'Left out, as source says neither vote nor judge: line 4.',
    ]);
  });
});
