import assert from 'node:assert/strict';
import { parse } from 'yaml';
import {
  clipsToRead,
  promptFiles,
  promptFromTags,
  withPrompts,
  withTagged,
} from '../../../../src/core/sweep/grid/prompts';
import { recognise } from '../../../../src/core/sweep/grid/recognise';
import { files, pad, product } from './support';

const CAT = 'A cat walking on the grass, realistic style';
const DOG = 'A dog / a wolf running in deep snow 🐕';

/** The prompts of the likeliest grid of clips and side files, by what is asked for only. */
function prompts(clips: readonly string[], sides: Record<string, string>) {
  const tree = files(clips, Object.keys(sides), 'unrelated/notes.txt', 'unrelated.json');
  const [grid] = recognise(tree).grids;
  assert.ok(grid);
  const asked = promptFiles(grid, tree);
  assert.ok(!asked.some((path) => path.startsWith('unrelated')));
  const texts = new Map(asked.map((path) => [path, sides[path]!]));
  return withPrompts(grid, texts, parse).rows.map(({ prompt, promptFrom }) => [prompt, promptFrom]);
}

const both = (from: string) => [
  [CAT, from],
  [DOG, from],
];
const ltx = (first: number) =>
  product([500, 1000], [first, first + 1]).map(([s, p]) => `run/samples/step_${pad(s!, 6)}_${p}.mp4`);

describe('grid: prompts', () => {
  it('of the LTX trainers, counted from 0 or 1, in training_config.yaml', () => {
    const listed = {
      'run/training_config.yaml': `validation:\n  prompts:\n    - ${JSON.stringify(CAT)}\n    - ${JSON.stringify(DOG)}\n`,
    };
    const sampled = {
      'run/training_config.yaml': `validation:\n  samples:\n    - prompt: ${JSON.stringify(CAT)}\n    - prompt: ${JSON.stringify(DOG)}\n      seed: 3\n`,
    };
    assert.deepEqual(prompts(ltx(0), listed), both('run/training_config.yaml'));
    assert.deepEqual(prompts(ltx(1), sampled), both('run/training_config.yaml'));
  });

  it('of ai-toolkit in config.yaml', () => {
    const clips = product([500, 1000], [0, 1]).map(
      ([s, p]) => `r/samples/17635630007${pad(p!, 2)}__${pad(s!, 9)}_${p}.webp`,
    );
    const config = { config: { process: [{ sample: { seed: 42, prompts: [CAT, DOG] } }] } };
    assert.deepEqual(prompts(clips, { 'r/config.yaml': JSON.stringify(config) }), both('r/config.yaml'));
  });

  it('of musubi-tuner in a prompt file, without its options', () => {
    const clips = product(['000500', '001000'], [0, 1]).map(
      ([s, p]) => `out/sample/${s}_${pad(p!, 2)}_20260823101112.mp4`,
    );
    const text = `# two\n${CAT} --w 832 --h 480 --d 42\n\n${DOG} --d 1\n`;
    assert.deepEqual(prompts(clips, { 'out/sample_prompts.txt': text }), both('out/sample_prompts.txt'));
  });

  it('of names that were cut, in a list of whole ones', () => {
    const clips = product([500, 1000], ['A-cat-walking-on-the-gras', 'A-dog---a-wolf-running-in']).map(
      ([s, p]) => `out/validation-${s}-0-2-${p}-1745000000.mp4`,
    );
    const text = JSON.stringify({ data: [{ caption: DOG }, { caption: CAT }] });
    assert.deepEqual(prompts(clips, { 'out/validation.json': text }), both('out/validation.json'));
  });

  it('of one name in a list: the name itself where the list has none', () => {
    const clips = product(['wan', 'ltx'], ['a cat walks by', 'a dog walks by']).map(
      (p) => `${p.join('/')}.mp4`,
    );
    assert.deepEqual(prompts(clips, {}), [
      ['a cat walks by', 'name'],
      ['a dog walks by', 'name'],
    ]);
  });

  it('beside the clips come before every list', () => {
    const clips = product(['step-1', 'step-2'], ['a', 'b']).map((p) => `${p.join('/')}.mp4`);
    const sides = {
      'step-1/a.txt': `${CAT}\n`,
      'step-2/b.swarm.json': JSON.stringify({ sui_image_params: { prompt: DOG, seed: 3 } }),
      'prompts.txt': 'another\nand another\n',
    };
    assert.deepEqual(prompts(clips, sides), [
      [CAT, 'step-1/a.txt'],
      [DOG, 'step-2/b.swarm.json'],
    ]);
  });

  it('of EvalCrafter and VideoGenHub', () => {
    const crafted = product(['gen2', 'pika'], ['0000', '0001']).map(([m, p]) => `${m}/${p}.mp4`);
    const sides = { 'prompts/0000.txt': CAT, 'prompts/0001.txt': DOG };
    assert.deepEqual(prompts(crafted, sides), [
      [CAT, 'prompts/0000.txt'],
      [DOG, 'prompts/0001.txt'],
    ]);
    const hub = product(['A', 'B'], ['0_a_cat', '1_a_dog']).map(([m, p]) => `exp/${m}/${p}.mp4`);
    const lookup = JSON.stringify({ '0_a_cat.mp4': { prompt_en: CAT }, '1_a_dog.mp4': { prompt_en: DOG } });
    assert.deepEqual(prompts(hub, { 'exp/dataset_lookup.json': lookup }), both('exp/dataset_lookup.json'));
  });

  it('of EvalCrafter in metadata.json, of VBench-2.0 cut at 180 characters, of T2V-CompBench by category', () => {
    const crafted = product(['gen2', 'pika'], ['0000', '0001']).map(([m, p]) => `${m}/videos/${p}.mp4`);
    const metadata = JSON.stringify({ '0000': { prompt: CAT, attributes: {} }, '0001': { prompt: DOG } });
    assert.deepEqual(prompts(crafted, { 'gen2/metadata.json': metadata }), both('gen2/metadata.json'));
    const texts = ['fox', 'owl'].map(
      (who) => `The ${who} of this story ${'walks on and on and '.repeat(12)}ends.`,
    );
    const vbench = product(['wan', 'ltx'], texts, [0, 1, 2]).map(
      ([m, p, i]) => `${m}/Diversity/${p!.slice(0, 180)}-${i}.mp4`,
    );
    const info = JSON.stringify(texts.map((prompt_en) => ({ prompt_en, dimension: ['Diversity'] })));
    assert.deepEqual(
      prompts(vbench, { 'wan/VBench2_full_info.json': info }),
      texts.map((text) => [text, 'wan/VBench2_full_info.json']),
    );
    const bench = product(['gen2', 'pika'], ['motion_binding', 'numeracy'], ['0001', '0002']).map(
      ([m, c, p]) => `${m}/video/${c}/${p}.mp4`,
    );
    const sides = {
      'gen2/prompts/4_motion_binding.txt': `${CAT}\n${DOG}\n`,
      'gen2/meta_data/numeracy.json': JSON.stringify([{ prompt: '3 cats' }, { prompt: '4 cats' }]),
    };
    assert.deepEqual(
      prompts(bench, sides).map(([prompt]) => prompt),
      [CAT, DOG, '3 cats', '4 cats'],
    );
  });

  it('of SimpleTuner in its index, of InvokeAI and HunyuanVideo in a file for each clip', () => {
    const simple = product([100, 200], ['market', 'red_car']).map(
      ([s, p]) => `o/validation_images/step_${s}_${p}_0_832x480.mp4`,
    );
    const lines = [
      ['market', CAT],
      ['red_car', DOG],
    ].map(([label, prompt]) => JSON.stringify({ schema_version: 1, step: 100, label, prompt, index: 0 }));
    const library = JSON.stringify({ market: CAT, red_car: { prompt: DOG } });
    assert.deepEqual(
      prompts(simple, { 'o/user_prompt_library.json': library }),
      both('o/user_prompt_library.json'),
    );
    assert.deepEqual(
      prompts(simple, { 'o/validation_media.jsonl': `${lines.join('\n')}\n` }),
      both('o/validation_media.jsonl'),
    );
    const ids = ['0a1b2c3d-0001-4000-8000-00000000000a', '0a1b2c3d-0001-4000-8000-00000000000b'];
    const invoke = ids.map((id) => `outputs/videos/${id}.mp4`);
    const meta = (prompt: string) =>
      JSON.stringify({ invokeai_metadata: JSON.stringify({ positive_prompt: prompt }) });
    assert.deepEqual(
      prompts(invoke, {
        [`outputs/videos/sidecars/${ids[0]}.json`]: meta(CAT),
        [`outputs/videos/sidecars/${ids[1]}.json`]: meta(DOG),
      }).map(([prompt]) => prompt),
      [CAT, DOG],
    );
    const stem = (n: number) => `outputs/output_720p_t2v_2026-08-23 10:11:1${n}`;
    const hunyuan = [stem(1), stem(2)].map((path) => `${path}.mp4`);
    const config = (prompt: string) => JSON.stringify({ task: 't2v', arguments: { prompt, seed: 3 } });
    assert.deepEqual(
      prompts(hunyuan, {
        [`${stem(1)}_config.json`]: config(CAT),
        [`${stem(2)}_config.json`]: config(DOG),
      }).map(([prompt]) => prompt),
      [CAT, DOG],
    );
  });

  it('are not taken from files that are not what their names say', () => {
    const sides = { 'run/training_config.yaml': '{[', 'run/config.yaml': '- 3', 'run/prompts.json': '{"a":' };
    assert.deepEqual(prompts(ltx(0), sides), [
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('in container tags: a ComfyUI graph, the comment of VideoHelperSuite, plain words', () => {
    const graph = {
      3: { class_type: 'KSampler', inputs: { positive: ['6', 0], negative: ['7', 0] } },
      6: { class_type: 'CLIPTextEncode', inputs: { text: ['9', 0], clip: ['4', 1] } },
      7: {
        class_type: 'CLIPTextEncode',
        inputs: { text: 'blurry, ugly, worst quality, low quality, watermark' },
      },
      9: { class_type: 'PrimitiveString', inputs: { value: CAT } },
    };
    assert.equal(promptFromTags({ prompt: JSON.stringify(graph), workflow: '{}' }), CAT);
    assert.equal(promptFromTags({ comment: JSON.stringify({ prompt: JSON.stringify(graph) }) }), CAT);
    assert.equal(promptFromTags({ prompt: DOG }), DOG);
    assert.equal(promptFromTags({ comment: 'made with love', encoder: 'Lavf' }), undefined);
    const loop = { 1: { inputs: { positive: ['2', 0] } }, 2: { inputs: { conditioning: ['2', 0] } } };
    assert.equal(promptFromTags({ prompt: JSON.stringify(loop) }), undefined);
  });

  it('in tags with numbers that only Python writes, and none that are no prompt', () => {
    const odd =
      '{"3":{"inputs":{"positive":["6",0]},"is_changed":[NaN,-Infinity]},"6":{"inputs":{"text":"NaN 1"}}}';
    assert.equal(promptFromTags({ prompt: odd }), 'NaN 1');
    for (const prompt of ['', ' \n', '{"3":', '[1]', 'x'.repeat(20_000), '{"3":null}', '"'.repeat(9)])
      assert.equal(promptFromTags({ prompt }), prompt.startsWith('"') ? prompt : undefined);
  });

  it('in tags are asked of one clip of a row that has no better source, and change no id', () => {
    const clips = product(['step-1', 'step-2'], ['a', 'b', 'a name of five words']).map(
      (p) => `${p.join('/')}.mp4`,
    );
    const tree = files(clips, 'step-1/b.txt');
    tree[0]!.size = 0;
    const [found] = recognise(tree).grids;
    const grid = withPrompts(found!, new Map([['step-1/b.txt', DOG]]), parse);
    const asked = (read: readonly string[] = []) =>
      clipsToRead(grid, (path) => read.includes(path)).map((clip) => grid.clips[clip]!.path);
    assert.deepEqual(asked(), ['step-2/a.mp4', 'step-1/a name of five words.mp4']);
    assert.deepEqual(asked(['step-1/a.mp4']), ['step-1/a name of five words.mp4']);
    const tags = new Map([
      ['step-2/a.mp4', { prompt: CAT, from: 'step-2/a.png' }],
      ['step-1/b.mp4', { prompt: 'worse', from: 'step-1/b.mp4' }],
    ]);
    const tagged = withTagged(grid, (path) => tags.get(path));
    assert.deepEqual(
      tagged.rows.map(({ prompt, promptFrom }) => [prompt, promptFrom]),
      [
        [CAT, 'step-2/a.png'],
        ['a name of five words', 'name'],
        [DOG, 'step-1/b.txt'],
      ],
    );
    assert.deepEqual(
      tagged.rows.map(({ id }) => id),
      grid.rows.map(({ id }) => id),
    );
    assert.equal(
      withTagged(tagged, (path) => tags.get(path)),
      tagged,
    );
  });

  it('are bounded, without control characters and halves of characters', () => {
    const clips = product(['step-1', 'step-2'], ['a', 'b', 'c']).map((p) => `${p.join('/')}.mp4`);
    const long = 'many words '.repeat(60).trim();
    const [grid] = recognise(files(clips)).grids;
    const { rows } = withPrompts(
      grid!,
      new Map([
        ['step-1/a.txt', '\u0000a\u001b[31m red\ud83d cat\r\n'],
        ['step-1/b.txt', long],
        ['step-1/c.txt', 'a log line\n'.repeat(5000)],
      ]),
      parse,
    );
    assert.equal(rows[0]!.prompt, 'a [31m red\ufffd cat');
    assert.equal(rows[1]!.prompt, long);
    assert.equal(rows[1]!.label.length, 401);
    assert.equal(rows[2]!.prompt, undefined);
  });
});
