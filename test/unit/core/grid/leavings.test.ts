import { itReads, pad, product, type Leaving } from './support';

const sha = (n: number) => pad((n * 7919).toString(16), 10).repeat(2);
const safetensors = (folder: string, steps: readonly number[]) =>
  steps.map((step) => `${folder}/checkpoint-${step}/pytorch_lora_weights.safetensors`);

const LEAVINGS: Leaving[] = [
  {
    what: 'finetrainers: inputs of image-to-video, control clips, checkpoints, logs',
    clips: [
      ...product([250, 500], ['A-red-toy-car', 'A-blue-toy-car']).map(
        ([s, p]) => `out/validation-${s}-0-2-${p}-1745000${s}.mp4`,
      ),
      ...['A-red-toy-car', 'A-blue-toy-car'].map((p) => `out/final-500-0-2-${p}-1745000999.mp4`),
    ],
    auxiliary: [
      'out/validation-250-0-1-A-red-toy-car-1745000250.mp4',
      'out/control_video-validation-500-0-3-A-red-toy-car-1745000500.mp4',
    ],
    others: [
      'out/validation-250-0-0-A-red-toy-car-1745000250.png',
      'out/control_image-validation-500-0-2-A-red-toy-car-1745000500.png',
      'out/finetrainers_step_250/training_state.distcp',
      'out/lora_weights/000500/pytorch_lora_weights.safetensors',
      'out/logs/rank_0.log',
    ],
    id: 'finetrainers',
    columns: ['step 250', 'step 500', 'final'],
    rows: ['A-blue-toy-car', 'A-red-toy-car'].map((r) => r.replaceAll('-', ' ')),
  },
  {
    what: 'finetrainers 0.0.1: a rank and no time, prompts that end like a hash',
    clips: product([100, 200], ['0-A-flag-long-faded', '1-A-wall-old-decaf']).map(
      ([s, p]) => `out/validation-${s}-0-${p}.mp4`,
    ),
    others: safetensors('out', [100, 200]),
    id: 'finetrainers',
    columns: ['step 100', 'step 200'],
    rows: ['A flag long faded', 'A wall old decaf'],
  },
  {
    what: 'RealDPO: policy and reference beside each other, its data and first frames',
    clips: product(
      [100, 200],
      ['policy', 'ref'],
      ['0-A-cat--walking-on-the-gras-1f3ab', '1-A-dog-2c0de'],
    ).map(([s, side, p]) => `out/validation_res/validation-${s}-${p!.replace('-', `-${side}-`)}.mp4`),
    others: ['data/prompt.txt', 'data/video.txt', 'data/first_frames/0001.png', ...safetensors('out', [100])],
    id: 'cogvideo',
    columns: ['step 100 policy', 'step 100 ref', 'step 200 policy', 'step 200 ref'],
    rows: ['A cat walking on the gras', 'A-dog'],
  },
  {
    what: 'CogVideo: the rank of a prompt changes, its hash does not',
    clips: ['100-0', '200-3'].flatMap((s) =>
      ['A-cat--walking-on-the-gras-1f3ab', 'A-cat--walking-on-the-gras-00c0f'].map(
        (p) => `out/validation_res/validation-${s}-${p}.mp4`,
      ),
    ),
    others: [...safetensors('out', [100, 200]), 'out/validation_res/validation-100-0-A-cat-1f3ab.png'],
    id: 'cogvideo',
    columns: ['step 100', 'step 200'],
    rows: ['A cat walking on the gras', 'A cat walking on the gras'],
  },
  {
    what: "diffusers' example, old: one checkpoint, written over",
    clips: ['A_cat_walking_on_the_gras', '_Quoted__dog_s_tail_in_sn'].map(
      (p) => `out/validation_video_0_${p}.mp4`,
    ),
    others: [...safetensors('out', [500, 1000]), 'out/README.md', 'out/logs/events.out.tfevents.1.host'],
    id: 'diffusers',
    columns: ['validation'],
    rows: ['Quoted dog s tail in sn', 'A cat walking on the gras'],
    seeds: ['0'],
  },
  {
    what: 'musubi-tuner: single frames as pictures, states, a resumed run',
    clips: product(['000500', '001000'], [0, 1]).map(
      ([s, p]) => `out/sample/lora_${s}_${pad(p!, 2)}_20260823101112_42.mp4`,
    ),
    others: [
      'out/sample/lora_000500_02_20260823101112_00.png',
      'out/lora-step00000500.safetensors',
      'out/lora-step00000500-state/optimizer.bin',
      'out/sample_prompts.txt',
    ],
    id: 'musubi-tuner',
    columns: ['step 500', 'step 1000'],
    rows: ['prompt 0', 'prompt 1'],
    seeds: ['42'],
  },
  {
    what: 'musubi-tuner, generate: names of a time and a seed alone, two prompts with one seed',
    clips: ['e2', 'e10'].flatMap((folder) =>
      ['101112-345_42', '101113-001_42', '101114-001_7'].map((n) => `out/${folder}/20260823-${n}.mp4`),
    ),
    others: ['out/e2/20260823-101112-345_42_latent.safetensors'],
    id: 'musubi-generate',
    columns: ['e10', 'e2'].reverse(),
    rows: ['prompt 1', 'prompt 2'],
    seeds: ['7', '42'],
  },
  {
    what: 'ai-toolkit: thumbnails, half-made files, pictures of the optimizer',
    clips: product([0, 250, 500], [0, 1]).map(
      ([s, p]) => `my_lora/samples/176356300070${Number(s) / 250}__${pad(s!, 9)}_${p}.webp`,
    ),
    auxiliary: [
      'my_lora/samples/.tmp/1763563000709__000000500_1.webp',
      'my_lora/samples/.thumbs/1763563000700__000000000_0.webp',
    ],
    others: [
      'my_lora/config.yaml',
      'my_lora/my_lora_000000250.safetensors',
      'my_lora/optimizer.pt',
      'my_lora/samples/.thumbs/1763563000700__000000000_0.webp.jpg',
    ],
    id: 'ai-toolkit',
    columns: ['step 0', 'step 250', 'step 500'],
    rows: ['prompt 0', 'prompt 1'],
  },
  {
    what: 'OneTrainer: weights averaged or not, custom samples, a prefix',
    clips: product([200, 400], ['0 - A cat', '1 - A dog']).map(
      ([s, p]) => `ws/samples/${p}/run-2026-08-23_10-11-12-training-sample-${s}-1-0.mp4`,
    ),
    others: [
      'ws/samples/0 - A cat/2026-08-23_10-11-12-training-sample-200-1-0.jpg',
      'ws/backup/2026-08-23_10-11-12-backup-200-1-0/meta.json',
      'ws/save/2026-08-23-save-400-2-0.safetensors',
      'ws/tensorboard/2026/events.out.tfevents.1.host',
    ],
    id: 'onetrainer',
    columns: ['step 200', 'step 400'],
    rows: ['A cat', 'A dog'],
  },
  {
    what: 'OneTrainer: samples without averaging, and custom ones, stand apart',
    clips: product([200, 400, 600], ['0 - A cat - no-ema', '1 - A dog - no-ema']).map(
      ([s, p]) => `ws/samples/${p}/2026-08-23_10-11-12-training-sample-${s}-1-0.mp4`,
    ),
    others: [200, 400].map((s) => `ws/samples/custom/2026-08-23_10-11-12-training-sample-${s}-1-0.mp4`),
    id: 'onetrainer: no-ema',
    columns: ['step 200', 'step 400', 'step 600'],
    rows: ['A cat', 'A dog'],
  },
  {
    what: 'LTX-2: sound and pictures beside the clips',
    clips: product([250, 500], [1, 2]).map(([s, p]) => `run/samples/step_${pad(s!, 6)}_${p}.mp4`),
    others: product([250, 500], [1, 2]).flatMap(([s, p]) => [
      `run/samples/step_${pad(s!, 6)}_${p}.wav`,
      `run/samples/step_${pad(s!, 6)}_${p}.png`,
      `run/checkpoints/lora_weights_step_${pad(s!, 5)}.safetensors`,
      'run/training_config.yaml',
    ]),
    id: 'ltx-trainer',
    columns: ['step 250', 'step 500'],
    rows: ['prompt 1', 'prompt 2'],
  },
  {
    what: 'VideoX-Fun: sanity checks, rollouts of the reward, pictures',
    clips: product([100, 200], [0, 1], [0, 1]).map(
      ([s, r, p]) => `out/sample/sample-${s}-rank${r}-image-${p}.mp4`,
    ),
    auxiliary: ['out/sanity_check/0_a.mp4', 'out/sanity_check/1_b.gif', 'out/train_sample/sample-100-0.mp4'],
    others: ['out/sample/sample-100-rank0-image-0.jpg', ...safetensors('out', [100, 200])],
    id: 'videox-fun',
    columns: ['step 100', 'step 200'],
    rows: ['prompt 0', 'prompt 1'],
    seeds: ['0', '1'],
  },
  {
    what: 'FastVideo: overlays, metrics, prompts local to a rank',
    clips: product([100, 200], [0, 1], [0, 1]).map(
      ([s, r, v]) => `out/validation_step_${s}_inference_steps_50_rank_${r}_video_${v}.mp4`,
    ),
    auxiliary: ['out/validation_step_100_inference_steps_50_rank_0_video_0_overlay.mp4'],
    others: [
      'out/eval/step_100/inference_steps_50_rank_0.json',
      'out/checkpoint-100/transformer/model.safetensors',
    ],
    id: 'fastvideo',
    columns: ['step 100', 'step 200'],
    rows: ['prompt 0-0', 'prompt 0-1', 'prompt 1-0', 'prompt 1-1'],
  },
  {
    what: 'Flow-GRPO: W&B files as they are downloaded, flattened',
    clips: product([0, 60, 120], [1, 2, 3]).map(
      ([s, n]) => `dl/media_videos_eval_images_${s}_${sha(Number(n) + 10 * Number(s))}.mp4`,
    ),
    others: ['dl/media_images_eval_images_0_ef42de47b8ec98892954.jpg', 'dl/wandb-summary.json'],
    id: 'wandb',
    columns: ['step 0', 'step 60', 'step 120'],
    rows: ['eval_images', 'eval_images 2', 'eval_images 3'],
  },
  {
    what: 'W&B: short ids, a key in folders, summaries and code beside',
    clips: product([10, 20], ['0f3cab12', 'deadbeef']).map(
      ([s, id]) => `wandb/run-20260823_101112-abcd1234/files/media/videos/eval/vid_${s}_${id}.mp4`,
    ),
    others: [
      'wandb/run-20260823_101112-abcd1234/run-abcd1234.wandb',
      'wandb/run-20260823_101112-abcd1234/files/wandb-summary.json',
      'wandb/run-20260823_101112-abcd1234/files/media/images/x_10_0f3cab12.png',
    ],
    id: 'wandb',
    columns: ['step 10', 'step 20'],
    rows: ['vid', 'vid 2'],
  },
  {
    what: 'Pref-GRPO: rollouts beside its evaluation',
    clips: product([100, 200, 300], [0, 1]).map(
      ([s, p]) => `out/eval_video/${s}_step/sample_0${p}_rank${p}_A_cat_walks_${p}.mp4`,
    ),
    others: ['wan21_0_0.mp4', 'wan21_0_1.mp4', 'out/reward.txt', ...safetensors('out', [100])],
    id: 'pref-grpo',
    columns: ['step 100', 'step 200', 'step 300'],
    rows: ['A cat walks 0', 'A cat walks 1'],
  },
  {
    what: 'AnimateDiff: the grid of all samples of a step',
    clips: product([500, 1000], [0, 1]).map(([s, p]) => `out/samples/sample-${s}/${p}.gif`),
    auxiliary: ['out/samples/sample-500.gif', 'out/samples/sample-1000.gif'],
    others: ['out/config.yaml', 'out/checkpoints/checkpoint.ckpt', 'out/sanity_check/0.png'],
    id: 'animatediff',
    columns: ['step 500', 'step 1000'],
    rows: ['prompt 0', 'prompt 1'],
  },
];

describe('grid: trees as trainers leave them', () => itReads(LEAVINGS));
