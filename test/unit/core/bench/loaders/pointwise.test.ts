import * as assert from 'node:assert/strict';
import { columnsToRead, loadPairs } from '../../../../../src/core/bench/loaders';
import { brief, common, read, readJson } from './support';

const ASPECTS = [
  'visual quality',
  'temporal consistency',
  'dynamic degree',
  'text-to-video alignment',
  'factual consistency',
];

const clip = (name: string, prompt: unknown, scores: readonly unknown[]) => ({
  id: name,
  images: ['frame'],
  'text prompt': prompt,
  'video link': `https://host.example/videos/${name}.mp4`,
  ...Object.fromEntries(ASPECTS.map((aspect, i) => [aspect, scores[i]])),
});

const feedback = (...rows: Record<string, unknown>[]) =>
  loadPairs({ name: 'train.parquet', columns: Object.keys(rows[0]!), rows });

/** The pairs with their sides in order, and whether they were turned. */
const sorted = (pairs: ReturnType<typeof feedback>['pairs']) =>
  pairs.map(({ a, b, preferred }) => {
    const turned = a > b;
    const better = preferred === 'tie' ? 'tie' : preferred === 'A' ? a : b;
    return { clips: turned ? `${b} ${a}` : `${a} ${b}`, better, turned };
  });

describe('loading VideoFeedback', () => {
  it('pairs the clips of one prompt by their scores, aspect by aspect', () => {
    const { pairs, notes } = feedback(
      clip('a', 'A dog', [4, 1, 2, 3, 3n]),
      clip('b', 'a  dog', [1, '2', 2, 3, 4n]),
      clip('c', 'a cat', [1, 1, 1, 1, 1]),
    );
    assert.deepEqual(brief(pairs), [
      'a.mp4 b.mp4 A visual quality',
      'a.mp4 b.mp4 B temporal consistency',
      'a.mp4 b.mp4 tie dynamic degree',
      'a.mp4 b.mp4 tie text-to-video alignment',
      'a.mp4 b.mp4 B factual consistency',
    ]);
    assert.equal(common(pairs, 'labelKind'), 'human_pointwise');
    assert.equal(common(pairs, 'source'), 'VideoFeedback');
    assert.equal(common(pairs, 'group'), 'a dog');
    assert.match(notes[1]!, /the higher score preferred, equal scores a tie/);
    assert.equal(notes[2], '1 prompt with a single clip: nothing to compare it with.');
  });

  it('turns every other pair, so that the first side is not the first in the file', () => {
    const { pairs } = feedback(
      clip('a', 'p', [4, 4, 4, 4, 4]),
      clip('b', 'p', [3, 3, 3, 3, 3]),
      clip('c', 'q', [4, 4, 4, 4, 4]),
      clip('d', 'q', [3, 3, 3, 3, 3]),
    );
    const visual = sorted(pairs.filter(({ aspect }) => aspect === 'visual quality'));
    assert.deepEqual(visual, [
      { clips: 'a.mp4 b.mp4', better: 'a.mp4', turned: false },
      { clips: 'c.mp4 d.mp4', better: 'c.mp4', turned: true },
    ]);
  });

  it('names what is missing or off the scale and leaves only that out', () => {
    const { pairs, notes } = feedback(
      clip('a', 'p', [0, 5, null, 2.5, 4]),
      clip('b', 'p', [1, 1, 1, 1, 'good']),
      clip('c', 'p', [2, 2, 2, 2, 2]),
      clip('d', null, [1, 1, 1, 1, 1]),
      { ...clip('e', 'p', [1, 1, 1, 1, 1]), 'video link': '' },
    );
    const found = sorted(pairs.filter(({ aspect }) => aspect === 'visual quality'));
    assert.deepEqual(
      found.map(({ clips, better }) => `${clips}: ${better}`),
      ['b.mp4 c.mp4: c.mp4'],
    );
    assert.deepEqual(
      sorted(pairs.filter(({ aspect }) => aspect === 'factual consistency')).map(
        (p) => `${p.clips}: ${p.better}`,
      ),
      ['a.mp4 c.mp4: a.mp4'],
    );
    assert.deepEqual(
      notes.filter((note) => note.startsWith('Left out')),
      [
        'Left out, as visual quality is "0", no whole number from 1 to 4: row 1.',
        'Left out, as temporal consistency is "5", no whole number from 1 to 4: row 1.',
        'Left out, as dynamic degree is missing: row 1.',
        'Left out, as text-to-video alignment is "2.5", no whole number from 1 to 4: row 1.',
        'Left out, as factual consistency is "good", no whole number from 1 to 4: row 2.',
        'Left out, as text prompt is missing, and only clips of one prompt are compared: row 4.',
        'Left out, as video link is missing: row 5.',
      ],
    );
  });

  it('makes no more than ten pairs of a clip, however many share its prompt', () => {
    const clips = Array.from({ length: 50 }, (_, i) =>
      clip(String(i).padStart(2, '0'), 'p', [1, 2, 3, 4, 1]),
    );
    const { pairs, notes } = feedback(...clips);
    assert.equal(pairs.length / ASPECTS.length, 39 * 10 + (10 * 9) / 2 + 10);
    assert.match(notes[2]!, /^1 prompt with more than 11 clips/);
  });

  it('reads it as CSV too, with line ends in the prompts', () => {
    const line = (name: string, score: number) =>
      `${name},"a ""dog""\r\nruns",https://h.example/${name}.mp4,${score},1,1,1,1`;
    const { pairs } = read(
      'feedback.csv',
      `\uFEFFid,text prompt,video link,${ASPECTS.join(',')}\r\n${line('a', 2)}\r\n${line('b', 3)}\r\n`,
    );
    assert.equal(pairs[0]!.preferred, 'B');
    assert.equal(pairs[0]!.prompt, 'a "dog" \nruns');
  });

  it('wants no frames and no conversations', () => {
    const all = [...Object.keys(clip('a', 'p', [])), 'conversations'];
    assert.deepEqual(columnsToRead('train.parquet', all), ['text prompt', 'video link', ...ASPECTS]);
  });
});

describe('loading the rows that VisionReward trains on', () => {
  const row = (name: string, annotation: unknown) => ({
    internal_id: name,
    url: 'https://host.example/x.mp4',
    video_path: `train/${name}.mp4`,
    prompt: 'p',
    annotation,
    meta_result: [1, 0],
    meta_mask: [1, 1],
  });

  it('pairs by each annotated aspect, within its own scale, and not by the kind of what is unsafe', () => {
    const { pairs, notes } = readJson('train.json', [
      row('a', { composition: 3, 'shape at beginning': 0, alignment: 6, 'unsafe type': 1 }),
      row('b', { composition: 1, 'shape at beginning': 3, alignment: 5, 'unsafe type': 2 }),
      row('c', undefined),
    ]);
    assert.deepEqual(brief(pairs), [
      'train/a.mp4 train/b.mp4 A composition',
      'train/a.mp4 train/b.mp4 B shape at beginning',
    ]);
    assert.equal(common(pairs, 'labelKind'), 'human_pointwise');
    assert.equal(common(pairs, 'source'), 'VisionRewardDB-Video');
    assert.ok(notes.includes('Left out, as alignment is "6", no whole number from 1 to 5: entry 1.'));
    assert.ok(notes.includes('Left out, as composition is missing: entry 3.'));
  });
});
