import * as assert from 'node:assert/strict';
import { loadPairs } from '../../../../../src/core/bench/loaders';
import { brief, common, read, readJson } from './support';

const left = (id: number, vote_type: string) => ({
  id,
  prompt: 'a cat',
  video_left: `videos/${id}_l.mp4`,
  video_right: `videos/${id}_r.mp4`,
  vote_type,
});

describe('loading GenAI-Bench', () => {
  it('reads the JSON of UnifiedReward with all four votes', () => {
    const votes = ['leftvote', 'rightvote', 'tievote', 'bothbad_vote', 'skip'];
    const { pairs, notes } = readJson(
      'genai.json',
      votes.map((vote, i) => left(i, vote)),
    );
    assert.deepEqual(brief(pairs), [
      'videos/0_l.mp4 videos/0_r.mp4 A overall',
      'videos/1_l.mp4 videos/1_r.mp4 B overall',
      'videos/2_l.mp4 videos/2_r.mp4 tie overall',
      'videos/3_l.mp4 videos/3_r.mp4 tie overall',
    ]);
    assert.equal(common(pairs, 'group'), 'a cat');
    assert.equal(common(pairs, 'source'), 'GenAI-Bench');
    assert.deepEqual(notes, [
      'Read as GenAI-Bench: 4 labels.',
      '1 tie among them: people called both clips bad.',
      'Left out, as vote_type is "skip", none of leftvote, rightvote, tievote, bothbad_vote: entry 5.',
    ]);
  });

  const row = (left_video: unknown, right_video: unknown) => ({
    prompt: 'p',
    left_model: 'T2VTurbo',
    left_video,
    right_model: 'Lavie',
    right_video,
    vote_type: 'leftvote',
  });
  const table = (...rows: Record<string, unknown>[]) =>
    loadPairs({ name: 'test.parquet', columns: Object.keys(rows[0]!), rows });

  it('looks for a URL by its file name and keeps the generators', () => {
    const { pairs, notes } = table(
      row('https://host.example/T2VTurbo/a%20b.mp4?download=true', 'http://host.example/Lavie/c.mp4#t=1'),
    );
    assert.deepEqual(brief(pairs), ['a b.mp4 c.mp4 A overall']);
    assert.deepEqual(common(pairs, 'models'), ['T2VTurbo', 'Lavie']);
    assert.equal(
      notes[1],
      "The file has URLs: each clip is looked for under the root by the file's name of its URL, as a b.mp4.",
    );
  });

  it('keeps folders of all URLs where two clips have the same file name', () => {
    const { pairs, notes } = table(
      row('https://host.example/T2VTurbo/7.mp4', 'https://host.example/Lavie/7.mp4'),
      row('https://host.example/T2VTurbo/8.mp4', 'https://host.example/Lavie/9.mp4'),
    );
    assert.deepEqual(brief(pairs), [
      'T2VTurbo/7.mp4 Lavie/7.mp4 A overall',
      'T2VTurbo/8.mp4 Lavie/9.mp4 A overall',
    ]);
    assert.match(notes[1]!, /by the last 2 parts of its URL, as T2VTurbo\/7\.mp4\./);
  });

  it('lets no URL lead out of the root', () => {
    const { pairs, notes } = table(
      row('https://h.example/%2e%2e/%2e%2e/etc/passwd', 'https://h.example/c.mp4'),
    );
    assert.deepEqual(pairs, []);
    assert.equal(notes.at(-1), 'Left out, as left_video is no path below the root: row 1.');
  });

  it('says which rows have no video or no vote', () => {
    const { pairs, notes } = table(
      { ...row('a.mp4', null) },
      { ...row('a.mp4', 'b.mp4'), vote_type: undefined },
    );
    assert.deepEqual(pairs, []);
    assert.deepEqual(notes.slice(1), [
      'Left out, as right_video is missing: row 1.',
      'Left out, as vote_type is missing: row 2.',
    ]);
  });
});

describe('loading UVE-Bench', () => {
  const entry = (preference: string, over: Record<string, unknown> = {}) => ({
    video_a: 'moviegen_480p/moviegen_480p_00017.mp4',
    video_b: 'mochi/mochi_00017.mp4',
    prompt: null,
    preference,
    aspect: 'temporal_visual_quality',
    subaspects: ['temporal_visual_quality', 'flickering'],
    dataset: 'movie_gen_video_bench',
    ...over,
  });

  it('reads an object of annotations with all four preferences', () => {
    const { pairs, notes } = readJson('annotations_balanced.json', {
      'movie_gen_video_bench-temporal_visual_quality-00017-0': entry('A is better'),
      'movie_gen_video_bench-temporal_visual_quality-00017-1': entry('B is better'),
      'movie_gen_video_bench-temporal_visual_quality-00017-2': entry('same good'),
      'movie_gen_video_bench-temporal_visual_quality-00017-3': entry('same bad'),
      'movie_gen_video_bench-temporal_visual_quality-00017-4': entry('same'),
      'movie_gen_video_bench-temporal_visual_quality-00017-5': entry('A is better', { aspect: '' }),
      'movie_gen_video_bench-temporal_visual_quality-00017-6': 7,
    });
    const a = 'movie_gen_video_bench/moviegen_480p/moviegen_480p_00017.mp4';
    const b = 'movie_gen_video_bench/mochi/mochi_00017.mp4';
    assert.deepEqual(
      brief(pairs),
      ['A', 'B', 'tie', 'tie'].map((label) => `${a} ${b} ${label} temporal_visual_quality`),
    );
    assert.equal(common(pairs, 'source'), 'UVE-Bench');
    assert.deepEqual(common(pairs, 'models'), ['moviegen_480p', 'mochi']);
    assert.equal(common(pairs, 'prompt'), undefined);
    assert.deepEqual(notes.slice(1), [
      '1 tie among them: people called both clips bad.',
      'Left out, as preference is "same", none of A is better, B is better, same good, same bad: "movie_gen_video_bench-temporal_visual_quality-00017-4".',
      'Left out, as aspect is missing: "movie_gen_video_bench-temporal_visual_quality-00017-5".',
      'Left out, as it is no object: "movie_gen_video_bench-temporal_visual_quality-00017-6".',
    ]);
  });

  it('groups by the number of the prompt, whose text only some entries have', () => {
    const { pairs } = readJson('annotations.json', {
      x: entry('A is better'),
      y: entry('A is better', {
        video_b: 'Cog5B/Cog5B_00017.mp4',
        aspect: 'tv_alignment',
        prompt: 'A rally car.',
      }),
      z: entry('A is better', { dataset: 'VideoGen_Eval' }),
    });
    assert.deepEqual(
      pairs.map(({ group, prompt }) => [group, prompt]),
      [
        ['movie_gen_video_bench/00017', undefined],
        ['movie_gen_video_bench/00017', 'A rally car.'],
        ['VideoGen_Eval/00017', undefined],
      ],
    );
  });
});

describe('loading the pairs of VisionRewardDB-Video', () => {
  it('reads all three answers', () => {
    const rows = ['video1', 'video2', 'tie', 'video3'].map((standard_answer, i) => ({
      internal_id: `${i}`,
      prompt: 'p',
      standard_answer,
      video1_path: 'videos/a.mp4',
      video2_path: 'videos/b.mp4',
    }));
    const { pairs, notes } = loadPairs({ name: 'test-00000.parquet', columns: Object.keys(rows[0]!), rows });
    assert.deepEqual(
      brief(pairs),
      ['A', 'B', 'tie'].map((label) => `videos/a.mp4 videos/b.mp4 ${label} overall`),
    );
    assert.equal(common(pairs, 'labelKind'), 'human_pairwise');
    assert.equal(notes[1], 'Left out, as standard_answer is "video3", none of video1, video2, tie: row 4.');
  });
});

describe('loading MJ-Bench-Video', () => {
  const item = (overall_preference: unknown, category_preference: unknown, over = {}) => ({
    caption: 'a beaver',
    video_0_path: 'test/0_0.mp4',
    video_1_path: 'test/0_1.mp4',
    video_0_label: { object: 1 },
    category_preference,
    overall_preference,
    discard: false,
    ...over,
  });

  it('knows that Video 1 is video_0, over all and by category', () => {
    const { pairs, notes } = readJson('test.json', [
      item('Video 1 better', { Fineness: 'Video 2 better', 'Coherence & Consistency': 'Same' }),
    ]);
    assert.deepEqual(brief(pairs), [
      'test/0_0.mp4 test/0_1.mp4 A overall',
      'test/0_0.mp4 test/0_1.mp4 B Fineness',
      'test/0_0.mp4 test/0_1.mp4 tie Coherence & Consistency',
    ]);
    assert.equal(common(pairs, 'group'), 'a beaver');
    assert.deepEqual(notes, ['Read as MJ-Bench-Video: 3 labels.']);
  });

  it('leaves out what is discarded and what is no preference', () => {
    const { pairs, notes } = readJson('train.json', [
      item('Video 1 better', {}, { discard: true }),
      item('Video 3 better', { Fineness: null, Bias: ['Same'] }),
      item('Same', undefined),
    ]);
    assert.deepEqual(brief(pairs), ['test/0_0.mp4 test/0_1.mp4 tie overall']);
    assert.deepEqual(notes.slice(1), [
      'Left out, as the file marks it as discarded: entry 1.',
      'Left out, as overall_preference is "Video 3 better", none of Video 1 better, Video 2 better, Same: entry 2.',
      'Left out, as Fineness is missing: entry 2.',
      'Left out, as Bias is a list or an object, none of Video 1 better, Video 2 better, Same: entry 2.',
    ]);
  });
});

describe('loading the pairs that VideoScore2 made of T2VQA-DB and TVGE', () => {
  it('reads numbers as sides and puts .mp4 behind bare names', () => {
    const { pairs, notes } = readJson('t2vqa_db_pref.json', [
      { video1: '0001', video2: 'dir/v1.5_b', preference: '1' },
      { video1: 'a.webm', video2: 'b', preference: 2 },
      { video1: 'a', video2: 'b', preference: 'same' },
      { video1: 'a', video2: 'b', preference: '3' },
    ]);
    assert.deepEqual(brief(pairs), [
      '0001.mp4 dir/v1.5_b.mp4 A overall',
      'a.webm b.mp4 B overall',
      'a.mp4 b.mp4 tie overall',
    ]);
    assert.equal(common(pairs, 'source'), 'T2VQA-DB');
    assert.equal(pairs[0]!.group, '0001 | v1.5_b');
    assert.deepEqual(notes.slice(1), [
      'Names of clips without an extension are taken for .mp4 files.',
      'Left out, as preference is "3", none of 1, 2, same: entry 4.',
    ]);
  });

  it('makes two pairs of a row of TVGE', () => {
    const row = { video1: 'a', video2: 'b', video_quality_pref: '2', text_alignment_pref: 'same' };
    const { pairs } = readJson('tvge_pref.json', [row]);
    assert.deepEqual(brief(pairs), ['a.mp4 b.mp4 B video quality', 'a.mp4 b.mp4 tie text alignment']);
    assert.equal(common(pairs, 'source'), 'TVGE');
  });
});

describe('loading preferences in the layout of Rapidata', () => {
  it('prefers the side with more weight, aspect by aspect', () => {
    const { pairs, notes } = read(
      'rapidata.csv',
      [
        'prompt,video1,video2,model1,model2,weighted_results1_Preference,weighted_results2_Preference,weighted_results1_Coherence,weighted_results2_Coherence',
        'p,a.mp4,b.mp4,sora,luma,0.7,0.3,0.2,0.8',
        'p,a.mp4,b.mp4,sora,luma,0.5,0.5,,0.8',
        'p,a.mp4,b.mp4,sora,luma,-1,0.5,x,NaN',
      ].join('\n'),
    );
    assert.deepEqual(brief(pairs), [
      'a.mp4 b.mp4 A overall',
      'a.mp4 b.mp4 B Coherence',
      'a.mp4 b.mp4 tie overall',
    ]);
    assert.deepEqual(common(pairs, 'models'), ['sora', 'luma']);
    assert.deepEqual(notes.slice(2), [
      'Left out, as weighted_results1_Coherence is no weight: line 3, line 4.',
      'Left out, as weighted_results1_Preference is no weight: line 4.',
    ]);
  });
});
