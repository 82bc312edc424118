import { dir, file, type Convention } from './convention';

/** Samples written during training: the checkpoint is in the name or in the folder of the step. */
export const TRAINERS: readonly Convention[] = [
  {
    id: 'ai-toolkit',
    tool: 'ai-toolkit',
    file: file('(?<taken>\\d{13})__(?<step>\\d{9,})_(?<idx>\\d+)'),
  },
  {
    id: 'musubi-tuner',
    tool: 'musubi-tuner',
    file: file(
      '(?:(?<variant>.+)_)?(?:e(?<epoch>\\d{6,})|(?<step>\\d{6,}))_(?<idx>\\d{2,})_(?<taken>\\d{14})(?:_(?<seed>\\d+))?',
    ),
  },
  {
    id: 'onetrainer',
    tool: 'OneTrainer',
    file: file(
      '.*?(?<taken>\\d{4}-\\d\\d-\\d\\d_\\d\\d-\\d\\d-\\d\\d)-training-sample-(?<step>\\d+)-\\d+-\\d+',
    ),
    dir: dir('(?<idx>\\d+) - (?<text>[^/]*?)(?: - (?<variant>no-ema))?'),
    deep: 1,
  },
  {
    id: 'onetrainer',
    tool: 'OneTrainer',
    file: file(
      '.*?(?<taken>\\d{4}-\\d\\d-\\d\\d_\\d\\d-\\d\\d-\\d\\d)-training-sample-(?<step>\\d+)-\\d+-\\d+',
    ),
    dir: dir('(?<variant>custom)'),
    deep: 1,
    ordered: true,
    note: 'Names of custom samples hold no prompt: those of a step are matched by their order.',
  },
  {
    id: 'simpletuner',
    tool: 'SimpleTuner',
    file: file('step_(?<step>\\d+)_(?<short>.+)_(?<idx>\\d+)_\\d+x\\d+'),
    dir: dir('validation_images'),
    deep: 1,
  },
  {
    id: 'simpletuner',
    tool: 'SimpleTuner',
    file: file('(?<short>.+)_\\d+x\\d+_(?<idx>\\d+)'),
    dir: dir('benchmarks/base_model'),
    deep: 2,
    phase: 'base',
  },
  {
    id: 'hunyuanvideo-1.5',
    tool: 'HunyuanVideo-1.5',
    file: file('step_(?<step>\\d{6,})_prompt_(?<idx>\\d{2,})'),
  },
  { id: 'ltx-trainer', tool: 'the LTX trainers', file: file('step_(?<step>\\d{6,})_(?<idx>\\d+)') },
  {
    id: 'videox-fun',
    tool: 'VideoX-Fun',
    file: file('sample-(?<step>\\d+)(?:-rank(?<seed>\\d+))?(?:-image)?-(?<idx>\\d+)'),
  },
  {
    id: 'fastvideo',
    tool: 'FastVideo',
    file: file(
      'validation_step_(?<step>\\d+)_inference_steps_(?<variant>\\d+)(?:_rank_(?<rank>\\d+))?_video_(?<idx>\\d+)',
    ),
    ranked: true,
  },
  {
    id: 'fastvideo',
    tool: 'FastVideo',
    file: file('validation_step_(?<step>\\d+)_sample_(?<variant>\\d+_guidance_[\\d.]+)_video_(?<idx>\\d+)'),
  },
  {
    id: 'finetrainers',
    tool: 'finetrainers',
    file: file(
      '(?<phase>validation|final)-(?<step>\\d+)-(?<rank>\\d+)-\\d+-(?<text>[\\s\\S]{0,40}?)-(?<taken>\\d{10})',
    ),
  },
  {
    id: 'cogvideo',
    tool: 'CogVideo',
    file: file(
      'validation-(?<step>\\d+)-(?<rank>\\d+)-(?:(?<side>policy|ref)-)?(?<text>[\\s\\S]{0,40}?)-(?<hash>[0-9a-f]{5})',
    ),
    dir: dir('validation_res'),
  },
  {
    id: 'cogvideo',
    tool: 'CogVideo',
    // Elsewhere a hash must not be a word: "…-faded" ends a prompt of finetrainers.
    file: file(
      'validation-(?<step>\\d+)-(?<rank>\\d+)-(?:(?<side>policy|ref)-)?(?<text>[\\s\\S]{0,40}?)-(?<hash>(?=[a-f]*\\d)[0-9a-f]{5})',
    ),
  },
  {
    id: 'finetrainers',
    tool: 'finetrainers',
    file: file('(?<phase>validation|final)-(?<step>\\d+)-(?<rank>\\d+)(?:-\\d+)?-(?<text>[\\s\\S]{0,40}?)'),
  },
  {
    id: 'diffusers',
    tool: "diffusers' CogVideoX example",
    file: file('(?<phase>validation|test)_video_(?<seed>\\d+)_(?<text>[\\s\\S]{0,40}?)'),
    note: 'This trainer writes over its validation clips; earlier checkpoints are left in W&B at most.',
  },
  {
    id: 'pref-grpo',
    tool: 'Pref-GRPO',
    file: file('sample_(?<idx>\\d{2,})_rank(?<rank>\\d+)_(?<text>[A-Za-z0-9_-]{1,60})'),
    dir: dir('(?<step>\\d+)_step'),
    deep: 1,
  },
  {
    id: 'vader',
    tool: 'VADER',
    file: file('(?<idx>\\d+)_(?<rank>\\d+_\\d{4})'),
    dir: dir('step_(?<step>\\d+)'),
    deep: 1,
    ranked: true,
  },
  {
    id: 'vgen',
    tool: 'VGen',
    file: file('(?<text>.+)_(?<seed>\\d+)_(?<idx>\\d+)'),
    dir: dir('sample_(?<step>\\d{6,})'),
    deep: 1,
  },
  {
    id: 'lightning',
    tool: 'a Lightning image logger',
    file: file('(?<variant>.+)-gs(?<step>\\d+)_ep\\d+_idx(?<idx>\\d+)_rank(?<rank>\\d+)'),
    ranked: true,
  },
  {
    id: 'cogvideo-sat',
    tool: 'CogVideo (SAT)',
    file: file('(?<idx>\\d{6})'),
    dir: dir('(?<variant>[^/]+)_gs-(?<step>\\d+)'),
    deep: 1,
  },
  {
    id: 'open-sora',
    tool: 'Open-Sora',
    file: file('sample_(?<idx>\\d+)(?:-(?<seed>\\d+))?'),
    dir: dir('epoch\\d+-global_step(?<step>\\d+)'),
    deep: 1,
  },
  {
    id: 'animatediff',
    tool: 'AnimateDiff',
    file: file('(?<idx>\\d+)'),
    dir: dir('sample-(?<step>\\d+)'),
    deep: 1,
  },
  {
    id: 'tune-a-video',
    tool: 'Tune-A-Video',
    file: /^(?<text>.+)\.gif$/iu,
    dir: dir('sample-(?<step>\\d+)'),
    deep: 1,
  },
  {
    id: 'text-to-video-finetuning',
    tool: 'Text-To-Video-Finetuning',
    file: file('(?<step>\\d+)_dataset-(?<variant>[^_]+)_(?<text>.+)'),
  },
  {
    id: 'motiondirector',
    tool: 'MotionDirector',
    file: file('(?<step>\\d+)_(?<text>\\p{L}+ .+)'),
    dir: dir('samples'),
  },
  {
    id: 'wandb',
    tool: 'W&B',
    file: file('(?<variant>.+)_(?<step>\\d+)_(?:[0-9a-f]{20}|[0-9a-f]{8})'),
    dir: /(?:^|\/)media\/videos(?:\/|$)/,
    ordered: true,
    note: 'W&B keeps no order of prompts in its names: clips of a step are matched by the time they were written.',
  },
  {
    id: 'wandb',
    tool: 'W&B',
    file: file('media_videos_(?<variant>.+)_(?<step>\\d+)_(?:[0-9a-f]{20}|[0-9a-f]{8})'),
    ordered: true,
    note: 'W&B keeps no order of prompts in its names: clips of a step are matched by the time they were written.',
  },
];
