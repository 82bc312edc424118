import { itReads, product, type Leaving } from './support';

const TWO = ['A cat walks on grass', 'A dog runs in snow'];

const LEAVINGS: Leaving[] = [
  {
    what: 'Wan: two models in one folder, prompts that begin with a number',
    clips: [
      ...['3_cats_on_a_roof', '4_cats_on_a_roof'].flatMap((p) => [
        `t2v-A14B_1280*720_1_${p}_20260823_101112.mp4`,
        `ti2v-5B_1280*704_1_${p}_20260823_101112.mp4`,
      ]),
    ],
    others: ['generate.py', 'assets/logo.png'],
    id: 'wan',
    columns: ['t2v-A14B', 'ti2v-5B'],
    rows: ['3 cats on a roof', '4 cats on a roof'],
  },
  {
    what: 'HunyuanVideo-1.5, generate: the clip before super-resolution and the arguments',
    clips: product(['720p_t2v', '480p_t2v'], ['11', '12']).map(
      ([m, t]) => `outputs/output_${m}_2026-08-23 10:11:${t}.mp4`,
    ),
    auxiliary: ['outputs/output_720p_t2v_2026-08-23 10:11:11_before_sr.mp4'],
    others: ['outputs/output_720p_t2v_2026-08-23 10:11:11_config.json'],
    id: 'hunyuanvideo-1.5-generate',
    columns: ['480p_t2v', '720p_t2v'],
    rows: ['prompt 1', 'prompt 2'],
  },
  {
    what: 'Open-Sora 1.0: folders of epoch and step',
    clips: product(['epoch0-global_step500', 'epoch1-global_step1000'], [0, 1]).map(
      ([c, p]) => `samples/${c}/sample_${p}.mp4`,
    ),
    others: ['outputs/epoch0-global_step500/model/pytorch_model.bin'],
    id: 'open-sora',
    columns: ['step 500', 'step 1000'],
    rows: ['prompt 0', 'prompt 1'],
  },
  {
    what: 'Open-Sora-Plan: two guidance scales in one folder, the grid of all',
    clips: product(['5.0', '7.5'], [0, 1]).map(([g, p]) => `out/EulerA_${p}_gs${g}_s100.mp4`),
    others: ['out/EulerA_gs7.5_s100.png'],
    id: 'open-sora-plan',
    columns: ['gs5.0_s100', 'gs7.5_s100'],
    rows: ['prompt 0', 'prompt 1'],
  },
  {
    what: 'Self-Forcing: regular and averaged weights in one folder',
    clips: product([0, 1], [0, 1], ['regular', 'ema']).map(([p, k, m]) => `videos/${p}-${k}_${m}.mp4`),
    others: ['prompts/MovieGenVideoBench.txt'],
    id: 'self-forcing',
    columns: ['regular', 'ema'],
    rows: ['prompt 0', 'prompt 1'],
    seeds: ['0', '1'],
  },
  {
    what: 'ComfyUI: days in folders and prefixes, pictures of other nodes',
    clips: [
      ...[1, 2].map((n) => `output/video/2026-08-23/2026-08-23_wan_step500_0000${n}_.mp4`),
      ...[1, 2].map((n) => `output/video/2026-08-24/2026-08-24_wan_step1000_0000${n}_.mp4`),
    ],
    others: ['output/ComfyUI_00001_.png', 'output/ComfyUI_temp_abcde_00001_.png'],
    id: 'comfyui',
    columns: ['step 500', 'step 1000'],
    rows: ['wan 00001', 'wan 00002'],
  },
  {
    what: 'VideoHelperSuite: first frames, silent twins, image sequences',
    clips: product(['500', '1000'], [1, 2]).map(([s, n]) => `output/wan_step${s}_0000${n}-audio.mp4`),
    auxiliary: product(['500', '1000'], [1, 2]).map(([s, n]) => `output/wan_step${s}_0000${n}.mp4`),
    others: [
      ...product(['500', '1000'], [1, 2]).map(([s, n]) => `output/wan_step${s}_0000${n}.png`),
      'output/seq_00001.001.png',
    ],
    id: 'videohelpersuite',
    columns: ['step 500', 'step 1000'],
    rows: ['wan 00001', 'wan 00002'],
  },
  {
    what: 'SwarmUI: models on two days, previews, sidecars, a clash',
    clips: product(['wan2_1_14B', 'wan2_2_14B'], TWO).map(
      ([m, p], i) =>
        `Output/local/raw/2026-08-2${i < 2 ? 3 : 4}/143200${i}-${p}-${m}${i === 3 ? '-1' : ''}.mp4`,
    ),
    auxiliary: ['Output/local/raw/2026-08-23/1432000-A cat walks on grass-wan2_1_14B.swarmpreview.webp'],
    others: product(['wan2_1_14B', 'wan2_2_14B'], TWO).map(
      ([m, p], i) =>
        `Output/local/raw/2026-08-2${i < 2 ? 3 : 4}/143200${i}-${p}-${m}${i === 3 ? '-1' : ''}.swarm.json`,
    ),
    id: 'swarmui',
    columns: ['wan2_1_14B', 'wan2_2_14B'],
    rows: TWO,
  },
  {
    what: 'InvokeAI: names without meaning, sidecars, thumbnails',
    clips: ['0a1b2c3d-0001-4000-8000-00000000000a', '0a1b2c3d-0001-4000-8000-00000000000b'].map(
      (id) => `outputs/videos/${id}.mp4`,
    ),
    auxiliary: ['outputs/videos/thumbnails/0a1b2c3d-0001-4000-8000-00000000000a.webp'],
    others: ['outputs/videos/sidecars/0a1b2c3d-0001-4000-8000-00000000000a.json', 'databases/invokeai.db'],
    id: 'invokeai',
    columns: ['videos'],
    rows: ['0a1b2c3d 0001 4000 8000 00000000000a', '0a1b2c3d 0001 4000 8000 00000000000b'],
  },
  {
    what: 'CogVideo SAT, sampling: two folders of takes under each prompt',
    clips: product(['ckpt-500', 'ckpt-1000'], ['0_A_cat_walking_by', '1_A_dog_running_by'], [0, 1]).map(
      ([c, p, k]) => `${c}/${p}/${k}/000000.mp4`,
    ),
    others: ['ckpt-500/0_A_cat_walking_by/0/text.txt', 'ckpt-500/0_A_cat_walking_by/0/latent.pt'],
    id: 'cogvideo-sat-sample',
    columns: ['step 500', 'step 1000'],
    rows: ['A cat walking by', 'A dog running by'],
    seeds: ['000000', '1-000000'],
  },
  {
    what: 'VBench-2.0: names cut at 180 characters, twenty takes of Diversity, results beside',
    clips: product(
      ['wan', 'hunyuan'],
      ['Diversity'],
      Array.from({ length: 20 }, (_, i) => i),
    ).flatMap(([m, d, i]) => [
      `${m}/${d}/${'A long story of a fox, '.repeat(9).slice(0, 180)}-${i}.mp4`,
      `${m}/${d}/A short one of two words-${i}.mp4`,
    ]),
    others: [
      'VBench2_full_info.json',
      'evaluation_results/wan_eval_results.json',
      'evaluation_results/wan_full_info.json',
    ],
    id: 'vbench',
    columns: ['hunyuan', 'wan'],
    rows: ['A long story of a fox, '.repeat(9).slice(0, 180), 'A short one of two words'],
    seeds: Array.from({ length: 20 }, (_, i) => String(i)),
  },
  {
    what: 'VideoGen-RewardBench: the model in folder and name',
    clips: product(['gen3', 'kling1.5'], ['00103', '00104']).map(([m, n]) => `videos/${m}/${m}_${n}.mp4`),
    others: ['videogen-rewardbench.csv', 'README.md'],
    id: 'videohelpersuite',
    columns: ['gen3', 'kling1.5'],
    rows: ['prompt 103', 'prompt 104'],
  },
  {
    what: 'UVE-Bench: the same, deeper',
    clips: product(['moviegen_480p', 'sora'], ['00000', '00001']).map(
      ([m, n]) => `uve_bench_videos/movie_gen_video_bench/${m}/${m}_${n}.mp4`,
    ),
    others: ['annotations/annotations.json'],
    id: 'videohelpersuite',
    columns: ['moviegen_480p', 'sora'],
    rows: ['prompt 0', 'prompt 1'],
  },
];

describe('grid: trees as inference tools and benchmarks leave them', () => itReads(LEAVINGS));
