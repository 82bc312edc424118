import assert from 'node:assert/strict';
import { grids, leftovers, product, shape } from './support';

interface Expected {
  columns: string[];
  rows: string[];
  seeds?: string[];
  /** Where not all. */
  clips?: number;
  /** Of the likeliest grid. */
  id?: string;
  /** Labels of the columns of the other grids. */
  others?: string[][];
}

const mp4 = (parts: readonly string[]) => `${parts.join('/')}.mp4`;
const PETS = ['cat', 'dog'];
const STEPS = ['step 100', 'step 200'];
const LONG = 'a very long prompt with many words '.repeat(7);

/** Trees in nobody's convention, and what a person would call their checkpoints and prompts. */
const TREES: [string, string[], Expected][] = [
  [
    'runs with a folder of videos in each checkpoint',
    product(['exp3'], ['ckpt-000200', 'ckpt-001000'], ['video'], PETS).map(mp4),
    { columns: ['step 200', 'step 1000'], rows: PETS },
  ],
  [
    'learning rates and steps in one folder name, in the order of both',
    product(['lr1e-4', 'lr5e-5'], ['500', '2000'], PETS).map(([l, s, p]) => `${l}_step${s}/${p}.mp4`),
    { columns: ['lr5e-5_step500', 'lr5e-5_step2000', 'lr1e-4_step500', 'lr1e-4_step2000'], rows: PETS },
  ],
  [
    'prompt, seed and a short step in the name',
    product(['01', '02'], ['42', '43'], ['2000', '10000']).map(
      ([p, d, s]) => `prompt${p}_seed${d}_s${s}.mp4`,
    ),
    { columns: ['step 2000', 'step 10000'], rows: ['prompt 1', 'prompt 2'], seeds: ['42', '43'] },
  ],
  [
    'bare seeds as folders',
    product(['step-100', 'step-200'], ['42', '1234'], PETS).map(mp4),
    { columns: STEPS, rows: PETS, seeds: ['42', '1234'] },
  ],
  [
    'short seeds behind steps, a folder for each prompt',
    product(PETS, ['100', '200'], ['1', '2']).map(([p, s, d]) => `${p}/step${s}_s${d}.mp4`),
    { columns: STEPS, rows: PETS, seeds: ['1', '2'] },
  ],
  [
    'models as folders, each with its own kind of file',
    [
      ...PETS.map((p) => `wan/${p}.mp4`),
      ...PETS.map((p) => `lora/${p}.webp`),
      ...PETS.map((p) => `ltx/${p}.MOV`),
    ],
    { columns: ['lora', 'ltx', 'wan'], rows: PETS },
  ],
  [
    'versions of models',
    product(['wan2.1-1.3B', 'wan2.1-14B', 'wan2.2-5B'], PETS).map(mp4),
    { columns: ['wan2.1-1.3B', 'wan2.1-14B', 'wan2.2-5B'], rows: PETS },
  ],
  [
    'models as names in a folder for each prompt',
    product(['cat', 'dog', 'cow'], ['ltx', 'wan2.2']).map(mp4),
    { columns: ['ltx', 'wan2.2'], rows: ['cat', 'cow', 'dog'] },
  ],
  [
    'settings as names in a numbered folder for each prompt',
    product(['prompt_1', 'prompt_2'], ['sharp', 'soft']).map(mp4),
    { columns: ['sharp', 'soft'], rows: ['prompt 1', 'prompt 2'] },
  ],
  [
    'numbers with gaps',
    product(['step_100', 'step_250', 'step_1000'], ['003', '007', '012']).map(mp4),
    { columns: ['step 100', 'step 250', 'step 1000'], rows: ['prompt 3', 'prompt 7', 'prompt 12'] },
  ],
  [
    'bare numbers for both',
    product(['200', '400', '1000'], ['0001', '0002', '0003']).map(([s, p]) => `validation/${s}/${p}.mp4`),
    { columns: ['200', '400', '1000'], rows: ['prompt 1', 'prompt 2', 'prompt 3'] },
  ],
  [
    'two checkpoints on one prompt',
    ['ckpt1/x.mp4', 'ckpt2/x.mp4'],
    { columns: ['step 1', 'step 2'], rows: ['x'] },
  ],
  [
    'one prompt, the step in the name',
    ['500', '1000', '1500'].map((s) => `sample_step_${s}.mp4`),
    { columns: ['step 500', 'step 1000', 'step 1500'], rows: ['sample'] },
  ],
  [
    'one prompt, each clip named like its folder',
    ['500', '1000', '1500'].map((s) => `checkpoint-${s}/checkpoint-${s}.mp4`),
    { columns: ['step 500', 'step 1000', 'step 1500'], rows: ['clip'] },
  ],
  [
    'a checkpoint that has few of the prompts',
    [...product(['step-100', 'step-200'], ['a', 'b', 'c', 'd', 'e']).map(mp4), 'step-300/c.mp4'],
    { columns: [...STEPS, 'step 300'], rows: ['a', 'b', 'c', 'd', 'e'] },
  ],
  [
    'guidance and shift as folders, as decimals',
    product(['cfg12_shift5', 'cfg7.5_shift5', 'cfg3_shift5'], PETS).map(mp4),
    { columns: ['cfg3_shift5', 'cfg7.5_shift5', 'cfg12_shift5'], rows: PETS },
  ],
  [
    'guidance in the name',
    product(['cat_walks', 'dog_runs'], ['3.0', '5.5', '10.0']).map(([p, c]) => `${p}_cfg${c}.mp4`),
    { columns: ['cfg3.0', 'cfg5.5', 'cfg10.0'], rows: ['cat_walks', 'dog_runs'] },
  ],
  [
    'strengths of a LoRA',
    product(['lora_scale_0.25', 'lora_scale_0.5', 'lora_scale_1.0'], PETS).map(mp4),
    { columns: ['lora_scale_0.25', 'lora_scale_0.5', 'lora_scale_1.0'], rows: PETS },
  ],
  [
    'days as runs',
    product(['2026-08-20_10-11-12', '2026-08-21_09-00-00'], PETS).map(mp4),
    { columns: ['2026-08-20_10-11-12', '2026-08-21_09-00-00'], rows: PETS },
  ],
  [
    'days as runs of the same steps',
    product(['20260820_101112', '20260821_090000'], ['step-100', 'step-200'], PETS).map(mp4),
    {
      id: 'general: all runs',
      columns: product(['20260820_101112', '20260821_090000'], ['step-100', 'step-200']).map((p) =>
        p.join(' · '),
      ),
      rows: PETS,
      others: [STEPS, STEPS],
    },
  ],
  [
    'the time of writing in every name',
    product(['step100', 'step200'], PETS).map(([s, p], i) => `${s}/${p}_20260823_10111${i}.mp4`),
    { columns: STEPS, rows: PETS },
  ],
  [
    'the day in names and folders of one step each',
    [
      ['2026-08-23', '100'],
      ['2026-08-24', '200'],
    ].flatMap(([day, s]) => PETS.map((p) => `${day}/${day}_${p}_step${s}.mp4`)),
    { columns: STEPS, rows: PETS },
  ],
  [
    'names made on Windows',
    product(['Checkpoint 1000', 'Checkpoint 2000'], ['A cat (1)', 'A dog (2)', 'Ein Hündchen']).map(
      ([s, p]) => `${s}/${p}.MP4`,
    ),
    { columns: ['step 1000', 'step 2000'], rows: ['A cat (1)', 'A dog (2)', 'Ein Hündchen'] },
  ],
  [
    'prompts that differ in a number alone',
    product(['step-100', 'step-200'], ['3 cats', '4 cats', '12 cats']).map(mp4),
    { columns: STEPS, rows: ['3 cats', '4 cats', '12 cats'] },
  ],
  [
    'such prompts with the step behind them',
    product(['3_cats_on_a_roof', '4_cats_on_a_roof'], ['100', '200']).map(([p, s]) => `${p}_${s}.mp4`),
    { columns: ['100', '200'], rows: ['3 cats on a roof', '4 cats on a roof'] },
  ],
  [
    'prompts whose slashes became folders',
    product(['step-100', 'step-200'], ['a cat/dog walking', 'a cow/pig walking']).map(mp4),
    { columns: STEPS, rows: ['a cat/dog walking', 'a cow/pig walking'] },
  ],
  [
    'prompts of emoji',
    product(['step-100', 'step-200'], ['🐈', '🐈🐈', '🐕‍🦺']).map(mp4),
    { columns: STEPS, rows: ['🐈', '🐈🐈', '🐕‍🦺'] },
  ],
  [
    'prompts cut where a name ends, at 255 bytes',
    product(['step-100', 'step-200'], ['x', 'y']).map(([s, p]) => `${s}/${(p + LONG).slice(0, 251)}.mp4`),
    { columns: STEPS, rows: ['x', 'y'].map((p) => (p + LONG).slice(0, 251).trim()) },
  ],
  [
    'thousands',
    product(['5k', '10k', '100k'], PETS).map(mp4),
    { columns: ['5k', '10k', '100k'], rows: PETS },
  ],
  [
    'thousands behind a word, one with a decimal',
    product(['step1.5k', 'step10k', 'step900'], PETS).map(mp4),
    { columns: ['step 900', 'step 1500', 'step 10000'], rows: PETS },
  ],
  [
    'thousands in the name',
    product(PETS, ['5k', '10k', '100k']).map(([p, s]) => `${p}_${s}.mp4`),
    { columns: ['5k', '10k', '100k'], rows: PETS },
  ],
  [
    'steps of five digits, with and without zeros before them',
    product(PETS, ['00500', '01000', '20000']).map(([p, s]) => `${p}_${s}.mp4`),
    { columns: ['00500', '01000', '20000'], rows: PETS },
  ],
  [
    'steps of four digits behind prompts with a text beside each',
    product(['a cat', 'a dog'], ['1000', '2000']).flatMap(([p, s]) => [`${p}_${s}.mp4`, `${p}_${s}.txt`]),
    { columns: ['1000', '2000'], rows: ['a cat', 'a dog'], clips: 4 },
  ],
  [
    'folder and name both tell the step',
    product(['100', '200'], ['0', '1']).map(([s, p]) => `checkpoint-${s}/step${s}_p${p}.mp4`),
    { columns: STEPS, rows: ['prompt 0', 'prompt 1'] },
  ],
  [
    'the folder again at the start of each name',
    product(['step_100', 'step_200'], ['0', '1']).map(([s, p]) => `${s}/${s}_prompt_${p}.mp4`),
    { columns: STEPS, rows: ['prompt 0', 'prompt 1'] },
  ],
  [
    'epoch and step of Lightning',
    product(['epoch=0-step=500', 'epoch=1-step=1000', 'epoch=11-step=10000'], PETS).map(mp4),
    { columns: ['step 500', 'step 1000', 'step 10000'], rows: PETS },
  ],
  [
    'base first, then steps, then best, final and averaged ones',
    product(['ema', 'final', 'step-1000', 'best', 'base', 'step-200', 'step-1000-ema'], PETS).map(mp4),
    { columns: ['base', 'step 200', 'step 1000', 'best', 'final', 'ema', 'step-1000-ema'], rows: PETS },
  ],
  [
    'weights as folders, the last without a number',
    product(['wan_v2-step00000500', 'wan_v2-step00001000', 'wan_v2'], PETS).map(mp4),
    { columns: ['step 500', 'step 1000', 'wan_v2'], rows: PETS },
  ],
  [
    'files of weights as folders',
    product(['lora_step_500.safetensors', 'lora_step_1000.safetensors'], PETS).map(mp4),
    { columns: ['step 500', 'step 1000'], rows: PETS },
  ],
  [
    'steps in names, and a final one',
    product(['step500', 'step1000', 'final'], ['0', '1']).map(([s, p]) => `${s}_${p}.mp4`),
    { columns: ['step 500', 'step 1000', 'final'], rows: ['prompt 0', 'prompt 1'] },
  ],
  [
    'steps and epochs of one run',
    product(['epoch-1', 'epoch-2', 'step-100', 'step-200'], PETS).map(mp4),
    { columns: STEPS, rows: PETS, clips: 4, others: [['epoch 1', 'epoch 2']] },
  ],
  [
    'the same in names',
    product(PETS, ['epoch1', 'epoch2', 'step100', 'step200']).map(([p, s]) => `${p}_${s}.mp4`),
    { columns: STEPS, rows: PETS, clips: 4, others: [['epoch 1', 'epoch 2']] },
  ],
  [
    'two layouts in one tree',
    [
      ...product(['step-100', 'step-200'], [...PETS, 'cow']).map((p) => `train/${mp4(p)}`),
      ...product(['wan', 'ltx'], PETS).map(([m, p]) => `compare/${p}/${m}.mp4`),
    ],
    { id: 'general: train', columns: STEPS, rows: ['cat', 'cow', 'dog'], clips: 6, others: [['ltx', 'wan']] },
  ],
  [
    'ranks of processes before samples',
    product(['100', '200'], ['0', '1'], ['0', '1']).map(
      ([s, r, p]) => `val/step_${s}/rank${r}_sample${p}.mp4`,
    ),
    { columns: STEPS, rows: ['rank0_sample0', 'rank0_sample1', 'rank1_sample0', 'rank1_sample1'] },
  ],
  [
    'sidecars of every kind around',
    product(['step-100', 'step-200'], PETS).flatMap(([s, p]) =>
      ['mp4', 'txt', 'json', 'png', 'latent.pt', 'mp4.md5', 'srt'].map((ext) => `${s}/${p}.${ext}`),
    ),
    { columns: STEPS, rows: PETS, clips: 4 },
  ],
];

describe('grid: trees of no convention', () => {
  for (const [
    what,
    paths,
    { columns, rows, seeds = [''], clips = paths.length, id = 'general', others = [] },
  ] of TREES)
    it(what, () => {
      const [grid, ...more] = grids(paths);
      assert.deepEqual(shape(grid), { id, columns, rows, seeds, clips });
      assert.deepEqual(
        more.map((other) => other.columns.map(({ label }) => label)),
        others,
      );
      assert.ok(Object.values(leftovers(grid)).every((why) => why === 'otherLayout'));
      const cells = new Set(grid!.clips.map(({ column, row, seed }) => `${column} ${row} ${seed}`));
      assert.equal(cells.size, clips);
    });
});
