import assert from 'node:assert/strict';
import { grids, pad, product, shape } from './support';

const FOLDERS = ['base', 'step-1000', 'step-2000'];
const COLUMNS = ['base', 'step 1000', 'step 2000'];
const each = (
  name: (prompt: string, i: number) => string,
  prompts: readonly string[],
  seeds: number[] = [0],
) =>
  product(FOLDERS, prompts, seeds).map(
    ([folder, prompt, seed]) => `out/${folder}/${name(prompt!, Number(seed))}`,
  );
const TWO = ['A cat walks on grass', 'A dog runs in snow'];
const underscored = TWO.map((text) => text.replaceAll(' ', '_'));

const CONVENTIONS: [
  string,
  string[],
  { columns?: string[]; rows?: string[]; seeds?: string[]; clips?: number },
][] = [
  ['dancegrpo', each((p) => `hunyuan_3_${p}.mp4`, ['0', '7']), { rows: ['3-0', '3-7'] }],
  [
    'hunyuanvideo',
    each((p, seed) => `2026-08-23-10:11:12_seed${seed}_${p}.mp4`, TWO, [41, 42]),
    { rows: TWO, seeds: ['41', '42'] },
  ],
  [
    'ltx-video',
    each((p, seed) => `video_output_0_${p.replaceAll(' ', '-')}_${seed}_704x1216x121_0.mp4`, TWO, [171198]),
    { rows: TWO, seeds: ['171198'] },
  ],
  ['wan', each((p) => `t2v-14B_1280*720_1_1_${p}_20260823_101112.mp4`, underscored), { rows: TWO }],
  ['wan', each((p) => `ti2v-5B_1280x704_1_${p}_20260823_101112.mp4`, underscored), { rows: TWO }],
  [
    'open-sora-plan',
    each((p, k) => `EulerAncestralDiscrete_${p}_gs7.5_s100_i${k}.mp4`, ['0', '1'], [0, 1]),
    { seeds: ['0', '1'] },
  ],
  [
    'open-sora',
    each((p) => `prompt_${pad(p, 4)}.mp4`, ['0', '1']).flatMap((path) => [
      path,
      path.replace('.mp4', '.txt'),
    ]),
    { clips: 6 },
  ],
  ['open-sora', each((p, k) => `sample_${pad(p, 4)}-${k}.mp4`, ['0', '1'], [0, 1]), { seeds: ['0', '1'] }],
  ['self-forcing', each((p, k) => `${p}-${k}_ema.mp4`, ['0', '1'], [0, 1]), { seeds: ['0', '1'] }],
  [
    'comfyui',
    each((p) => `ComfyUI_${pad(p, 5)}_.mp4`, ['1', '2']),
    { rows: ['ComfyUI_00001', 'ComfyUI_00002'] },
  ],
  [
    'comfyui',
    product([1000, 2000], [1, 2]).map(([s, p]) => `video/wan_step${s}_${pad(p!, 5)}_.mp4`),
    { columns: ['step 1000', 'step 2000'], rows: ['wan 00001', 'wan 00002'] },
  ],
  [
    'videohelpersuite',
    [...each((p) => `AnimateDiff_${pad(p, 5)}.mp4`, ['1', '2']), 'out/base/AnimateDiff_00002-audio.mp4'],
    { rows: ['AnimateDiff_00001', 'AnimateDiff_00002'], clips: 6 },
  ],
  [
    'swarmui',
    product(['wan2_1_t2v_14B', 'wan2_2_t2v_14B'], TWO)
      .map(([model, p], i) => `Output/local/raw/2026-08-23/143200${i}-${p}-${model}`)
      .flatMap((stem) => [`${stem}.mp4`, `${stem}.swarm.json`]),
    { columns: ['wan2_1_t2v_14B', 'wan2_2_t2v_14B'], rows: TWO, clips: 4 },
  ],
  [
    'hunyuanvideo-1.5-generate',
    product(['720p_t2v', '480p_t2v'], ['11', '12']).map(
      ([model, second]) => `outputs/output_${model}_2026-08-23 10:11:${second}.mp4`,
    ),
    { columns: ['480p_t2v', '720p_t2v'], rows: ['prompt 1', 'prompt 2'] },
  ],
  [
    'vbench',
    product(['cogvideox', 'wan'], ['subject_consistency', 'scene'], [0, 1]).flatMap(([model, dim, i]) => [
      `vbench_videos/${model}/${dim}/a person ${dim === 'scene' ? 'sits' : 'swims'} in ocean-${i}.mp4`,
    ]),
    {
      columns: ['cogvideox', 'wan'],
      rows: ['a person sits in ocean', 'a person swims in ocean'],
      seeds: ['0', '1'],
    },
  ],
  [
    'evalcrafter',
    [
      ...product(['gen2', 'pika'], ['0000', '0001']).map(([m, p]) => `${m}/videos/${p}.mp4`),
      'prompts/0000.txt',
    ],
    { columns: ['gen2', 'pika'], clips: 4 },
  ],
  [
    't2v-compbench',
    product(['gen2', 'pika'], ['motion_binding', 'action_binding'], ['0001', '0002']).map(
      ([m, category, p]) => `${m}/video/${category}/${p}.mp4`,
    ),
    {
      columns: ['gen2', 'pika'],
      rows: ['action_binding/0001', 'action_binding/0002', 'motion_binding/0001', 'motion_binding/0002'],
    },
  ],
  [
    'videogenhub',
    [
      ...product(['LaVie', 'CogVideoX'], ['0_a_toilet,_frozen_in_time', '1_a_cup_on_a_table']).map(
        ([m, p]) => `results/exp/${m}/${p}.mp4`,
      ),
      'results/exp/dataset_lookup.json',
    ],
    { columns: ['CogVideoX', 'LaVie'], rows: ['a toilet, frozen in time', 'a cup on a table'], clips: 4 },
  ],
];

describe('grid: clips of inference tools and benchmarks', () => {
  for (const [tool, paths, expected] of CONVENTIONS)
    it(`${tool}: ${paths[0]!}`, () => {
      const [grid] = grids(paths);
      assert.deepEqual(shape(grid), {
        id: tool,
        columns: expected.columns ?? COLUMNS,
        rows: expected.rows ?? ['prompt 0', 'prompt 1'],
        seeds: expected.seeds ?? [''],
        clips: expected.clips ?? paths.length,
      });
    });
});
