import assert from 'node:assert/strict';
import { grids, leftovers, pad, product, shape } from './support';

/** Names of one tool that another tool's pattern fits too, and who has to get them. */
const COLLISIONS: Record<string, Record<string, string[]>> = {
  'the pattern of VBench ("text-number")': {
    finetrainers: product([100, 200], ['a cat sits here', 'a dog runs by']).map(
      ([s, p]) => `o/validation-${s}-0-2-${p}-1745000000.mp4`,
    ),
    cogvideo: product([100, 200], ['a cat sits-11111', 'a dog runs-22222']).map(
      ([s, p]) => `o/validation_res/validation-${s}-0-${p}.mp4`,
    ),
    onetrainer: product([100, 200], ['0 - a cat', '1 - a dog']).map(
      ([s, p]) => `s/${p}/2026-08-23_10-11-12-training-sample-${s}-1-1.mp4`,
    ),
    'videox-fun': product([100, 200], [0, 1]).map(([s, p]) => `o/sample/sample-${s}-rank0-image-${p}.mp4`),
  },
  'the pattern of VGen ("text_number_number")': {
    'musubi-tuner': product([100, 200], [0, 1]).map(
      ([s, p]) => `o/sample/lora_${pad(s!, 6)}_${pad(p!, 2)}_20260823101112_42.mp4`,
    ),
    'ltx-trainer': product([100, 200], [0, 1]).map(([s, p]) => `o/samples/step_${pad(s!, 6)}_${p}.mp4`),
    dancegrpo: product(['step-100', 'step-200'], [0, 1], [0, 1]).map(
      ([s, r, i]) => `${s}/videos/hunyuan_${r}_${i}.mp4`,
    ),
    vader: product([100, 200], [1, 2]).map(([s, i]) => `o/samples/step_${s}/0_0_000${i}.mp4`),
    'open-sora': product(['m1', 'm2'], [1, 2], [1, 2]).flatMap(([m, p, k]) => [
      `${m}/video_256px/prompt_000${p}_${k}.mp4`,
      `${m}/video_256px/prompt_000${p}_${k}.txt`,
    ]),
    wan: product(['m1', 'm2'], ['a_cat', 'a_dog']).map(
      ([m, p]) => `${m}/t2v-14B_1280*720_1_1_${p}_20260823_101112.mp4`,
    ),
  },
  'the pattern of W&B with an id of digits alone': {
    'musubi-tuner': product([100, 200], [0, 1]).map(
      ([s, p]) => `o/sample/lora_${pad(s!, 6)}_${pad(p!, 2)}_20260823101112_12345678.mp4`,
    ),
    'ltx-trainer': product([100, 200], [10000000, 10000001]).map(
      ([s, p]) => `o/samples/step_${pad(s!, 6)}_${p}.mp4`,
    ),
    dancegrpo: product(['step-100', 'step-200'], [0, 1], [10000000]).map(
      ([s, r, i]) => `${s}/videos/hunyuan_${r}_${i}.mp4`,
    ),
  },
  'the pattern of VideoHelperSuite with five digits or more (times of Wan)': {
    wan: product(['m1', 'm2'], ['a_cat', 'a_dog']).map(
      ([m, p]) => `${m}/ti2v-5B_1280x704_1_${p}_20260823_101112.mp4`,
    ),
  },
  'the pattern of Open-Sora 2 ("name_number_number")': {
    vader: product([100, 200], [1, 2]).map(([s, i]) => `o/samples/step_${s}/0_0_000${i}.mp4`),
  },
};

describe('grid: names that several tools could have given', () => {
  for (const [pattern, tools] of Object.entries(COLLISIONS))
    for (const [tool, paths] of Object.entries(tools))
      it(`${pattern} does not take ${tool}'s`, () => {
        const found = grids(paths);
        assert.equal(found[0]?.id, tool);
        const clips = paths.filter((path) => !path.endsWith('.txt')).length;
        assert.equal(found[0].clips.length, clips);
        assert.equal(found[0].columns.length, 2);
        assert.equal(found.length, 1);
      });

  it('each of them in one tree is a grid of its own, and no clip is in two', () => {
    const all = Object.values(COLLISIONS).flatMap((tools) => Object.values(tools));
    const tree = new Set(all.flatMap((paths, i) => paths.map((path) => `t${i}/${path}`)));
    const seen = new Map<string, string>();
    for (const grid of grids([...tree]).filter(({ id }) => !id.endsWith('all runs')))
      for (const { path } of grid.clips) {
        assert.ok(!seen.has(path), `${path}: ${seen.get(path)} and ${grid.id}`);
        seen.set(path, grid.id);
      }
    assert.ok(![...seen.values()].some((id) => /^(?:vbench|vgen|wandb|videohelpersuite)/.test(id)));
  });

  it('an id of twenty or eight hexadecimal digits is that of W&B only in its folder', () => {
    const id = '0f3cab12';
    const clips = product([10, 20], [`a${id.slice(1)}`, id]).map(([s, h]) => `x/eval_${s}_${h}.mp4`);
    assert.ok(!grids(clips).some((grid) => grid.id === 'wandb'));
    const logged = clips.map((path) => path.replace('x/', 'wandb/latest-run/files/media/videos/'));
    assert.equal(grids(logged)[0]?.id, 'wandb');
  });
});

describe('grid: rules over all tools', () => {
  const cogvideo = (s: number, hash: string) =>
    `validation_res/validation-${s}-0-A-cat--walking-on-the-gras-${hash}.mp4`;
  const musubi = (s: string, p: number, taken = '20260823101112', seed = '') =>
    `sample/${s}_${pad(p, 2)}_${taken}${seed}.mp4`;

  it('1: columns are steps or epochs, never both; step 0 is there, final and test come last', () => {
    const found = grids(
      product(['e000001', 'e000002', '000000', '000500'], [0, 1]).map(([s, p]) => musubi(s!, Number(p))),
    );
    assert.deepEqual(
      found.map(({ columns }) => columns.map(({ label }) => label)),
      [
        ['step 0', 'step 500'],
        ['epoch 1', 'epoch 2'],
      ],
    );
    const mixed = grids(
      product(['base', 'epoch-1', 'epoch-2', 'step-0', 'step-500', 'best'], ['a', 'b']).map(
        (p) => `${p.join('/')}.mp4`,
      ),
    );
    assert.deepEqual(
      mixed.map(({ id, columns }) => [id, columns.map(({ label }) => label)]),
      [
        ['general', ['base', 'step 0', 'step 500', 'best']],
        ['general: epochs', ['base', 'epoch 1', 'epoch 2', 'best']],
      ],
    );
    const [finetrainers] = grids(
      ['validation-0', 'validation-900', 'validation-1000', 'final-1000'].map(
        (s) => `${s}-0-2-a cat-1745000000.mp4`,
      ),
    );
    assert.deepEqual(shape(finetrainers).columns, ['step 0', 'step 900', 'step 1000', 'final']);
    const [diffusers] = grids(['validation', 'test'].map((phase) => `${phase}_video_0_a_cat.mp4`));
    assert.deepEqual(shape(diffusers).columns, ['validation', 'test']);
  });

  it('2: rows are by the index of a prompt; else by its text, with a hash; else by order within a step', () => {
    const [indexed] = grids(product([1, 2], [0, 10, 2]).map(([s, p]) => `sample/sample-${s}-${p}.mp4`));
    assert.deepEqual(shape(indexed).rows, ['prompt 0', 'prompt 2', 'prompt 10']);
    const [hashed] = grids([
      cogvideo(1, '1f3ab'),
      cogvideo(1, '00c0f'),
      cogvideo(2, '1f3ab'),
      cogvideo(2, '00c0f'),
    ]);
    assert.deepEqual([hashed?.rows.length, hashed?.clips.length], [2, 4]);
    const cut = (s: number, at: number) =>
      `validation-${s}-0-2-A-cat-walking-on-the-gras-${1745000000 + at}.mp4`;
    const [ordered] = grids([cut(1, 0), cut(1, 9), cut(2, 100), cut(2, 109)]);
    assert.deepEqual([ordered?.rows.length, ordered?.clips.length], [2, 4]);
    const first = ordered!.clips.filter(({ row }) => row === 0).map(({ path }) => path);
    assert.deepEqual(first, [cut(1, 0), cut(2, 100)]);
  });

  it('3: a seed, a rank that is one, and a repeat are the seed axis', () => {
    const seeds = (paths: string[]) => grids(paths)[0]?.seeds;
    assert.deepEqual(
      seeds(product(['000001', '000002'], ['_42', '_7']).map(([s, d]) => musubi(s!, 0, undefined, d))),
      ['7', '42'],
    );
    assert.deepEqual(
      seeds(product([1, 2], [0, 1]).map(([s, r]) => `sample/sample-${s}-rank${r}-image-0.mp4`)),
      ['0', '1'],
    );
    assert.deepEqual(
      seeds(
        product(['a', 'b'], ['a fox sits', 'an owl flies'], [0, 1, 2]).map(
          ([m, p, k]) => `${m}/${p}-${k}.mp4`,
        ),
      ),
      ['0', '1', '2'],
    );
    assert.deepEqual(
      seeds(product(['a', 'b'], ['3', '4']).map(([m, d]) => `${m}/2026-08-23-10:11:12_seed${d}_A fox.mp4`)),
      ['3', '4'],
    );
  });

  it('4: of several takes of a cell the newest by its name counts, and the others are told', () => {
    const takes: [string, string][] = [
      [musubi('000500', 0), musubi('000500', 0, '20260824101112')],
      ['samples/1763563000704__000000500_0.webp', 'samples/1763563000999__000000500_0.webp'],
      ['o/validation-500-0-2-a cat-1745000000.mp4', 'o/validation-500-0-2-a cat-1745000100.mp4'],
      [
        'samples/0 - a/2026-08-23_10-11-12-training-sample-500-1-1.mp4',
        'samples/0 - a/2026-08-23_11-11-12-training-sample-500-1-1.mp4',
      ],
    ];
    for (const [older, newer] of takes) {
      const other = newer.replace('000500', '000900').replace(/([-_])500\b/, '$1900');
      // The older take has the newer time on the disk: a copied tree must not turn them round.
      const [grid] = grids([newer, other, older]);
      assert.deepEqual(leftovers(grid), { [older]: 'superseded' });
      assert.ok(grid!.clips.some(({ path }) => path === newer));
    }
  });

  it('6: tools that write over their samples make one column, and it is said why', () => {
    const [diffusers] = grids(['cat', 'dog'].map((p) => `validation_video_0_a_${p}.mp4`));
    assert.equal(diffusers?.columns.length, 1);
    assert.match(diffusers.notes.join(), /writes over/);
    const [dance] = grids(product([0, 1], [0, 1]).map(([r, i]) => `videos/hunyuan_${r}_${i}.mp4`));
    assert.deepEqual([dance?.id, dance?.columns.length, dance?.clips.length], ['dancegrpo', 1, 4]);
    assert.match(dance!.notes.join(), /writes over/);
  });
});
