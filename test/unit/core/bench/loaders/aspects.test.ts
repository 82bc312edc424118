import * as assert from 'node:assert/strict';
import { measuredBy } from '../../../../../src/core/bench/aspects';
import { RAPIDATA, TVGE } from '../../../../../src/core/bench/loaders/pairwise';
import { VIDEOFEEDBACK, VISIONREWARD } from '../../../../../src/core/bench/loaders/pointwise';
import { VIDEOGEN_REWARDBENCH } from '../../../../../src/core/bench/loaders/videoAlign';
import { readJson } from './support';

type Rows = [set: string, rows: unknown];

const sides = { video1: 'a.mp4', video2: 'b.mp4', prompt: 'p' };
const filled = (names: Iterable<string>, value: unknown) =>
  Object.fromEntries([...names].map((name) => [name, value]));

/** The aspects of UVE-Bench, as its description lists them. */
const UVE = [
  ...['tv_alignment', 'tv_alignment_appearance', 'tv_alignment_motion'],
  ...['static_visual_quality', 'aesthetic_quality', 'technical_quality', 'structural_correctness'],
  ...['dynamic_degree', 'subject_motion_degree', 'camera_motion_degree', 'light_change'],
  ...['temporal_visual_quality', 'appearance_consistency', 'flickering', 'motion_naturalness'],
];
/** The categories of MJ-Bench-Video, as its test split has them. */
const MJ = ['Alignment', 'Safety', 'Fineness', 'Coherence & Consistency', 'Bias'];

const pointwise = (row: Record<string, unknown>, path: string): unknown[] =>
  ['a.mp4', 'b.mp4'].map((name) => ({ ...row, [path]: name }));

const SETS: readonly Rows[] = [
  [
    'VideoGen-RewardBench',
    [
      {
        ...{ path_A: 'a.mp4', path_B: 'b.mp4', A_model: 'm', B_model: 'n' },
        ...filled(VIDEOGEN_REWARDBENCH.oneOf!, 'A'),
      },
    ],
  ],
  [
    'AesRM sweep',
    [
      {
        ...{ path_A: 'a.mp4', path_B: 'b.mp4', source: 'vote:me' },
        ...filled(['Overall', 'VA', 'VF', 'VP'], 'A'),
      },
    ],
  ],
  [
    'UVE-Bench',
    UVE.map((aspect) => ({
      ...{ video_a: 'm/1.mp4', video_b: 'n/1.mp4', dataset: 'd', preference: 'A is better', aspect },
    })),
  ],
  [
    'MJ-Bench-Video',
    [
      {
        ...{ video_0_path: 'a.mp4', video_1_path: 'b.mp4', overall_preference: 'Same' },
        category_preference: filled(MJ, 'Same'),
      },
    ],
  ],
  ['VideoFeedback', pointwise({ ...filled(VIDEOFEEDBACK.needs, 1), 'text prompt': 'p' }, 'video link')],
  [
    'VisionRewardDB-Video',
    pointwise({ prompt: 'p', annotation: filled(Object.keys(VISIONREWARD), 1) }, 'video_path'),
  ],
  ['T2VQA-DB', [{ ...sides, preference: '1' }]],
  ['TVGE', [{ ...sides, ...filled(TVGE.needs, '1'), video1: 'a.mp4', video2: 'b.mp4' }]],
  [
    'Rapidata',
    [
      {
        ...sides,
        ...filled(RAPIDATA.oneOf!, 1),
        ...filled(
          RAPIDATA.oneOf!.map((name) => name.replace('results1', 'results2')),
          2,
        ),
      },
    ],
  ],
];

/** Of a set's aspects: the row of each, and null of those that are left out. */
function rowsOf(rows: unknown): Record<string, string | null> {
  const { pairs } = readJson('pairs.json', rows);
  return Object.fromEntries(pairs.map(({ aspect }) => [aspect, measuredBy(aspect)?.row ?? null]));
}

describe('the aspects of the sets that are read', () => {
  for (const [set, rows] of SETS)
    it(`of ${set} each is held against a verdict of its own or left out on purpose`, () => {
      const { pairs } = readJson('pairs.json', rows);
      assert.ok(pairs.length > 0 && pairs.every(({ source }) => source === set));
      const strangers = pairs.filter(({ aspect }) => measuredBy(aspect)?.known === false);
      assert.deepEqual(
        strangers.map(({ aspect }) => aspect),
        [],
      );
    });

  it('scores of one clip count for the dimension whose criteria they name', () => {
    const rows = rowsOf(SETS.find(([set]) => set === 'VisionRewardDB-Video')![1]);
    assert.deepEqual(rows, {
      ...filled(['color', 'lighting accurate', 'lighting aes'], 'VA'),
      ...filled(['clear', 'detail refinement', 'image quality stability', 'letters'], 'VF'),
      ...filled(['shape at beginning', 'shape throughout'], 'VF'),
      ...filled(['composition', 'focus', 'camera movement', 'camera stability'], 'VP'),
      ...filled(['movement smoothness', 'movement reality'], 'motion_quality'),
      ...filled(['alignment', 'object motion dynamic', 'camera motion dynamic'], null),
      ...filled(['physics law', 'safety'], null),
    });
  });

  it('coherence over time is no matter of the whole', () => {
    assert.deepEqual(rowsOf(SETS.find(([set]) => set === 'MJ-Bench-Video')![1]), {
      ...{ overall: 'overall', Fineness: 'VF', 'Coherence & Consistency': 'temporal_quality' },
      ...filled(['Alignment', 'Safety', 'Bias'], null),
    });
  });
});
