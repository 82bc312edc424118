import { dir, file, type Convention } from './convention';
import type { Clip } from './paths';

const SWARM = file(
  '\\d{7,}-(?<text>.+?)-(?<model>[^-]+(?:-(?:fp8|fp16|bf16|[A-Z]\\d_K[^-]*|GGUF))?)(?:-\\d+)?',
);
const WAN_21 = '(?<model>(?:t2v|i2v|flf2v|t2i|vace)-(?:1\\.3B|14B))';
const WAN_PROMPT = '(?<text>[\\s\\S]{0,50})_(?<taken>\\d{8}_\\d{6})';

/** Clips rendered from a checkpoint: names tell the prompt and the seed, the checkpoint is mostly the folder. */
export const INFERENCE: readonly Convention[] = [
  {
    id: 'dancegrpo',
    tool: 'DanceGRPO',
    file: file('(?:hunyuan|wan_2_1|wan21|wan22|skyreels)_(?<rank>\\d+)_(?<idx>\\d+)'),
    ranked: true,
    columnIn: 'folder',
    note: 'This trainer writes over its clips at every step; earlier checkpoints are left in W&B at most.',
  },
  {
    id: 'hunyuanvideo',
    tool: 'HunyuanVideo',
    file: file(
      '(?<taken>\\d{4}-\\d\\d-\\d\\d-\\d\\d.\\d\\d.\\d\\d)_seed(?<seed>\\d+)_(?<text>[\\s\\S]{0,100})',
    ),
    columnIn: 'folder',
  },
  {
    id: 'hunyuanvideo-1.5-generate',
    tool: 'HunyuanVideo-1.5 (generate.py)',
    file: file('output_(?<model>.+)_(?<taken>\\d{4}-\\d\\d-\\d\\d[ _]\\d\\d.\\d\\d.\\d\\d)'),
    ordered: true,
    note: 'These names hold no prompt: clips of a model are matched by their order.',
  },
  {
    id: 'ltx-video',
    tool: 'LTX-Video',
    file: file('video_output_(?<idx>\\d+)_(?<text>[^_]*)_(?<seed>-?\\d+)_\\d+x\\d+x\\d+_\\d+'),
    columnIn: 'folder',
  },
  {
    id: 'wan',
    tool: 'Wan',
    // Wan2.1 writes two numbers of processes before the prompt, which may begin with one itself.
    file: file(`${WAN_21}_\\d+[*x]\\d+_\\d+_\\d+_${WAN_PROMPT}`),
    columnIn: 'folder',
  },
  {
    id: 'wan',
    tool: 'Wan',
    file: file(`(?<model>[A-Za-z0-9.-]+)_\\d+[*x]\\d+_\\d+_${WAN_PROMPT}`),
    columnIn: 'folder',
  },
  {
    id: 'open-sora-plan',
    tool: 'Open-Sora-Plan',
    file: file('(?<variant>.+?)_(?<idx>\\d+)_(?<model>gs[\\d.]+_s\\d+)(?:_i(?<seed>\\d+))?'),
    columnIn: 'folder',
  },
  {
    id: 'open-sora',
    tool: 'Open-Sora',
    file: file('(?<variant>.+)_(?<idx>\\d{4})(?:_(?<seed>\\d+))?'),
    beside: '.txt',
    columnIn: 'folder',
    enough: areCounted(/_(\d{4})(?:_\d+)?$/),
  },
  {
    id: 'open-sora',
    tool: 'Open-Sora',
    file: file('sample_(?<idx>\\d{4}|\\d+(?=-))(?:-(?<seed>\\d+))?'),
    columnIn: 'folder',
  },
  {
    id: 'self-forcing',
    tool: 'Self-Forcing',
    file: file('(?<idx>\\d+)-(?<seed>\\d+)_(?<model>regular|ema)'),
    columnIn: 'folder',
  },
  {
    id: 'swarmui',
    tool: 'SwarmUI',
    dir: dir('\\d{4}-\\d\\d-\\d\\d'),
    deep: 1,
    file: SWARM,
    beside: '.swarm.json',
  },
  {
    id: 'swarmui',
    tool: 'SwarmUI',
    file: SWARM,
    beside: '.swarm.json',
  },
  {
    id: 'invokeai',
    tool: 'InvokeAI',
    file: file('(?<text>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})'),
    columnIn: 'folder',
  },
  {
    id: 'musubi-generate',
    tool: 'musubi-tuner (generate)',
    file: file('(?<taken>\\d{8}-\\d{6}-\\d{3})_(?<seed>\\d+)(?<text>_.+)?'),
    columnIn: 'folder',
  },
  { id: 'comfyui', tool: 'ComfyUI', file: file('(?<any>.+)_(?<tail>\\d{5})_'), columnIn: 'any' },
  {
    id: 'videohelpersuite',
    tool: 'VideoHelperSuite',
    file: file('(?<any>.+)_(?<tail>\\d{5})(?:-audio)?'),
    columnIn: 'any',
    // Steps have five digits too: a counter starts at one and leaves few numbers out.
    enough: areCounted(/_(\d{5})(?:-audio)?$/),
  },
  {
    id: 'cogvideo-sat-sample',
    tool: 'CogVideo (SAT sampling)',
    file: file('(?<seed>\\d{6})'),
    dir: dir('(?<idx>\\d+)_(?<text>[^/]+)/(?<take>\\d+)'),
    deep: 2,
    columnIn: 'folder',
  },
];

/** Whether the numbers of most names are a counter's: the first, or with a neighbour. */
function areCounted(number: RegExp): (clips: readonly Clip[]) => boolean {
  return (clips) => {
    const numbers = clips.map(({ stem }) => Number(number.exec(stem)?.[1]));
    const all = new Set(numbers);
    const counted = numbers.filter((n) => n <= 1 || all.has(n - 1) || all.has(n + 1));
    return counted.length > numbers.length / 2;
  };
}
