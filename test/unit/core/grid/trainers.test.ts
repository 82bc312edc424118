import assert from 'node:assert/strict';
import { grids, leftovers, pad, product, shape } from './support';

const STEPS = [0, 500, 1000];
const STEP_LABELS = ['step 0', 'step 500', 'step 1000'];
const steps = (
  name: (step: string, prompt: string) => string,
  prompts: readonly (string | number)[] = [0, 1],
) => product(STEPS, prompts).map(([step, prompt]) => name(step!, prompt!));
const ONE = [''];
const NUMBERED = ['prompt 0', 'prompt 1'];

/** Convention, its files, and what has to be seen of the likeliest grid. */
const CONVENTIONS: [
  string,
  string[],
  { id?: string; columns?: string[]; rows?: string[]; seeds?: string[] },
][] = [
  ['ai-toolkit', steps((s, p) => `run/samples/17635630007${pad(p, 2)}__${pad(s, 9)}_${p}.webp`), {}],
  ['musubi-tuner', steps((s, p) => `out/sample/lora_${pad(s, 6)}_${pad(p, 2)}_20260823101112.mp4`), {}],
  [
    'musubi-tuner',
    product([1, 2], [0, 1], [42, 43]).map(
      ([e, p, d]) => `sample/e${pad(e!, 6)}_${pad(p!, 2)}_20260823101112_${d}.mp4`,
    ),
    { id: 'musubi-tuner: epochs', columns: ['epoch 1', 'epoch 2'], seeds: ['42', '43'] },
  ],
  [
    'onetrainer',
    steps((s, p) => `samples/${p} - A cat on grass/2026-08-23_10-11-12-training-sample-${s}-3-0.mp4`),
    { rows: ['A cat on grass', 'A cat on grass'] },
  ],
  [
    'simpletuner',
    [
      ...steps((s, p) => `validation_images/step_${s}_${p}_0_832x480.mp4`, ['alien_market', 'red_car']),
      'benchmarks/base_model/alien_market_832x480_0.mp4',
      'benchmarks/base_model/red_car_832x480_0.mp4',
    ],
    { columns: ['base', ...STEP_LABELS], rows: ['alien market', 'red car'] },
  ],
  ['hunyuanvideo-1.5', steps((s, p) => `o/samples/step_${pad(s, 6)}_prompt_${pad(p, 2)}.mp4`), {}],
  ['ltx-trainer', steps((s, p) => `run/samples/step_${pad(s, 6)}_${p}.mp4`), {}],
  [
    'ltx-trainer',
    steps((s, p) => `samples/step_${pad(s, 6)}_${p}.mp4`, [1, 2]),
    { rows: ['prompt 1', 'prompt 2'] },
  ],
  [
    'videox-fun',
    product(STEPS, [0, 1], [0, 1]).map(([s, r, p]) => `sample/sample-${s}-rank${r}-image-${p}.mp4`),
    { seeds: ['0', '1'] },
  ],
  ['videox-fun', steps((s, p) => `validation_sample/sample-${s}-${p}.mp4`), {}],
  ['fastvideo', steps((s, p) => `o/validation_step_${s}_inference_steps_3_video_${p}.mp4`), {}],
  [
    'fastvideo',
    product(STEPS, [0, 1], [0, 1]).map(
      ([s, r, p]) => `validation_step_${s}_inference_steps_3_rank_${r}_video_${p}.mp4`,
    ),
    { rows: ['prompt 0-0', 'prompt 0-1', 'prompt 1-0', 'prompt 1-1'] },
  ],
  ['fastvideo', steps((s, p) => `validation_step_${s}_sample_50_guidance_4.5_video_${p}.mp4`), {}],
  [
    'finetrainers',
    [
      ...steps(
        (s, p) => `out/validation-${s}-0-2-${p}-1745000000.mp4`,
        ['A-red-toy-car', 'PIKA_CRUSH-A-cake--'],
      ),
      'out/final-1000-0-2-A-red-toy-car-1745000900.mp4',
    ],
    { columns: [...STEP_LABELS, 'final'], rows: ['A red toy car', 'PIKA CRUSH A cake'] },
  ],
  [
    'finetrainers',
    steps((s, p) => `validation-${s}-0-2-${p}.mp4`, ['a-cat', 'a-dog']),
    { rows: ['a-cat', 'a-dog'] },
  ],
  [
    'cogvideo',
    steps(
      (s, p) => `validation_res/validation-${s}-${p}.mp4`,
      ['3-A-cat--walking-on-the-gras-1f3ab', '0-A-cat--walking-on-the-gras-00000'],
    ),
    { rows: ['A cat walking on the gras', 'A cat walking on the gras'] },
  ],
  [
    'cogvideo',
    ['policy', 'ref'].map((side) => `validation-100-0-${side}-A-cat-1f3ab.mp4`),
    { columns: ['step 100 policy', 'step 100 ref'], rows: ['A-cat'] },
  ],
  [
    'diffusers',
    product(['validation', 'test'], [0, 1]).map(
      ([phase, i]) => `${phase}_video_${i}_A_cat_walking_on_the_gras.mp4`,
    ),
    { columns: ['validation', 'test'], rows: ['A cat walking on the gras'], seeds: ['0', '1'] },
  ],
  [
    'pref-grpo',
    steps((s, p) => `eval_video/${s}_step/sample_0${p}_rank${p}_A_cat_walking_${p}.mp4`),
    { rows: ['A cat walking 0', 'A cat walking 1'] },
  ],
  [
    'vader',
    steps((s, p) => `samples/step_${s}/0_3_000${p}.mp4`, [1, 2]),
    { rows: ['prompt 3_0001-0', 'prompt 3_0002-0'] },
  ],
  [
    'vgen',
    product(STEPS, ['a_cat_walking_by', 'a_dog_running_by'], [8888, 9999]).map(
      ([s, p, d]) => `log/sample_${pad(s!, 6)}/${p}_${d}_0.mp4`,
    ),
    { rows: ['a cat walking by', 'a dog running by'], seeds: ['8888', '9999'] },
  ],
  [
    'lightning',
    steps((s, p) => `images/val/samples-gs${s}_ep3_idx${p}_rank0.mp4`),
    { rows: ['prompt 0-0', 'prompt 0-1'] },
  ],
  ['cogvideo-sat', steps((s, p) => `video/samples_gs-${pad(s, 6)}/${pad(p, 6)}.mp4`), {}],
  ['animatediff', [...steps((s, p) => `samples/sample-${s}/${p}.gif`), 'samples/sample-500.gif'], {}],
  [
    'tune-a-video',
    steps((s, p) => `samples/sample-${s}/${p}.gif`, ['a man is skiing', 'a panda is surfing, cartoon']),
    { rows: ['a man is skiing', 'a panda is surfing, cartoon'] },
  ],
  [
    'text-to-video-finetuning',
    steps((s, p) => `samples/${s}_dataset-json_${p}.mp4`, ['a man is skiing', 'a man is flying']),
    { rows: ['a man is flying', 'a man is skiing'] },
  ],
  [
    'motiondirector',
    steps((s, p) => `samples/${s}_${p}.mp4`, ['A person is riding', 'A person is flying']),
    { rows: ['A person is flying', 'A person is riding'] },
  ],
  [
    'wandb',
    steps(
      (s, p) => `wandb/run-20260823_101112-abcd1234/files/media/videos/eval/vid_${s}_${p.repeat(20)}.mp4`,
      ['a', 'b'],
    ),
    { rows: ['vid', 'vid 2'] },
  ],
];

describe('grid: samples of trainers', () => {
  for (const [tool, paths, expected] of CONVENTIONS)
    it(`${tool}: ${paths[0]!}`, () => {
      const [grid] = grids(paths);
      const seeds = expected.seeds ?? ONE;
      const { clips, ...seen } = shape(grid);
      assert.deepEqual(seen, {
        id: expected.id ?? tool,
        columns: expected.columns ?? STEP_LABELS,
        rows: expected.rows ?? NUMBERED,
        seeds,
      });
      const auxiliary = Object.values(leftovers(grid)).filter((why) => why === 'auxiliary').length;
      assert.equal(clips, paths.length - auxiliary);
    });
});
