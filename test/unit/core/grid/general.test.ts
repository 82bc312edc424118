import assert from 'node:assert/strict';
import { matchPieces, MOST_STEPS } from '../../../../src/core/sweep/grid/matcher';
import { parsePattern } from '../../../../src/core/sweep/grid/pattern';
import { recognise } from '../../../../src/core/sweep/grid/recognise';
import { files, grids, leftovers, pad, product, shape } from './support';

describe('grid: any tree', () => {
  const trees: [string, string[], object][] = [
    [
      'step folders, in numeric order, base first and best last',
      product(['step-900', 'step-1000', 'base', 'best', 'final'], ['a', 'b']).map(
        ([s, p]) => `${s}/${p}.mp4`,
      ),
      { columns: ['base', 'step 900', 'step 1000', 'best', 'final'], rows: ['a', 'b'], seeds: [''] },
    ],
    [
      'checkpoint folders with a folder of samples',
      product(['checkpoint-500', 'checkpoint-1500'], [1, 2]).map(
        ([s, p]) => `run/${s}/samples/prompt_${p}.mp4`,
      ),
      { columns: ['step 500', 'step 1500'], rows: ['prompt 1', 'prompt 2'], seeds: [''] },
    ],
    [
      'ckpt_N and epoch-N folders',
      product(['epoch-2', 'epoch-10'], ['cat', 'dog']).map(([s, p]) => `${s}/${p}.webm`),
      { columns: ['epoch 2', 'epoch 10'], rows: ['cat', 'dog'], seeds: [''] },
    ],
    [
      'everything in the name',
      product([100, 200, 1000], ['cat', 'dog'], [3, 4]).map(([s, p, d]) => `${p}_step${s}_seed${d}.mp4`),
      { columns: ['step 100', 'step 200', 'step 1000'], rows: ['cat', 'dog'], seeds: ['3', '4'] },
    ],
    [
      'prompt folders with a file per step',
      product(['cat', 'dog', 'cow'], [100, 200]).map(([p, s]) => `${p}/step_${s}.mp4`),
      { columns: ['step 100', 'step 200'], rows: ['cat', 'cow', 'dog'], seeds: [''] },
    ],
    [
      'models as folders, repeats as numbers behind texts',
      product(['wan', 'ltx'], ['a cat walks by', 'a dog walks by'], [0, 1, 2]).map(
        ([m, p, i]) => `${m}/${p}_${i}.mp4`,
      ),
      { columns: ['ltx', 'wan'], rows: ['a cat walks by', 'a dog walks by'], seeds: ['0', '1', '2'] },
    ],
    [
      'seed folders',
      product(['step-1', 'step-2'], ['seed1', 'seed2'], ['cat', 'dog']).map(
        (parts) => `${parts.join('/')}.mp4`,
      ),
      { columns: ['step 1', 'step 2'], rows: ['cat', 'dog'], seeds: ['1', '2'] },
    ],
  ];
  for (const [name, paths, expected] of trees)
    it(name, () => {
      const { id, clips, ...seen } = shape(grids(paths)[0]);
      assert.deepEqual(seen, expected);
      assert.equal(id, 'general');
      assert.equal(clips, paths.length);
    });

  it('makes a grid per run, and one over runs on the same prompts', () => {
    const found = grids(
      product(['runA', 'runB'], ['step-1', 'step-2'], ['cat', 'dog']).map((p) => `${p.join('/')}.mp4`),
    );
    const over = found.find(({ id }) => id === 'general: all runs');
    assert.deepEqual(found.map(({ id }) => id).sort(), [
      'general: all runs',
      'general: runA',
      'general: runB',
    ]);
    assert.equal(over?.clips.length, 8);
    assert.equal(over?.columns.length, 4);
    assert.equal(
      leftovers(found.find(({ id }) => id === 'general: runA'))['runB/step-1/cat.mp4'],
      'otherLayout',
    );
  });

  it('finds nothing where names have nothing in common', () => {
    assert.deepEqual(grids(['holiday.mp4', 'notes/intro.webm', 'x/y/z.mov']), []);
    assert.deepEqual(grids([]), []);
  });

  it('keeps holes, and leaves out what fits nothing', () => {
    const [grid] = grids(['step-1/a.mp4', 'step-2/a.mp4', 'step-2/b.mp4', 'teaser.mp4', 'step-1/a.png']);
    assert.equal(grid?.clips.length, 3);
    assert.deepEqual(leftovers(grid), { 'teaser.mp4': 'unmatched' });
  });

  it('keeps the ids of rows when a checkpoint is added', () => {
    const before = product(['step-1', 'step-2'], ['a', 'b']).map((p) => `${p.join('/')}.mp4`);
    const ids = (paths: string[]) => grids(paths)[0]?.rows.map(({ id }) => id);
    assert.deepEqual(ids(before), ids([...before, 'step-3/a.mp4', 'step-3/b.mp4']));
  });

  it('reads names with emoji, quotes, 300 characters and leading dashes', () => {
    const long = `a very long prompt ${'with words '.repeat(30)}`.slice(0, 250).trim();
    const prompts = [
      long,
      'a 🐈 sits \u201con\u201d the "roof"',
      "--it's 5 o'clock now",
      'żółw je sałatę dziś',
    ];
    const [grid] = grids(product(['step-1', 'step-2'], prompts).map(([s, p]) => `${s}/${p}.mp4`));
    assert.equal(grid?.clips.length, 8);
    assert.deepEqual(grid?.rows.map(({ id }) => id).sort(), [...prompts].sort());
    assert.ok(grid?.rows.every(({ label }) => !label.includes('\n')));
  });

  it('recognises 10,000 clips', () => {
    const paths = product(
      Array.from({ length: 200 }, (_, i) => (i + 1) * 100),
      Array.from({ length: 50 }, (_, i) => i),
    );
    const [grid] = grids(paths.map(([s, p]) => `samples/step-${s}/prompt-${p}.mp4`));
    assert.deepEqual([grid?.columns.length, grid?.rows.length, grid?.clips.length], [200, 50, 10_000]);
  });
});

describe('grid: rules', () => {
  const musubi = (s: string, p: number, time = '20260823101112') => `sample/${s}_${pad(p, 2)}_${time}.mp4`;

  it('never mixes steps and epochs', () => {
    const found = grids(
      product(['e000001', 'e000002', '000500', '001000'], [0, 1]).map(([s, p]) => musubi(s!, Number(p))),
    );
    assert.deepEqual(
      found.map((grid) => [grid.id, grid.columns.map(({ label }) => label)]),
      [
        ['musubi-tuner', ['step 500', 'step 1000']],
        ['musubi-tuner: epochs', ['epoch 1', 'epoch 2']],
      ],
    );
  });

  it('takes the newest of several takes', () => {
    const [grid] = grids([musubi('000500', 0), musubi('001000', 0), musubi('000500', 0, '20260824101112')]);
    assert.deepEqual(leftovers(grid), { [musubi('000500', 0)]: 'superseded' });
    assert.equal(grid?.notes.length, 1);
  });

  it('tells prompts apart whose first 25 characters are the same', () => {
    const name = (s: number, i: number) =>
      `out/validation-${s}-0-2-A-cat-walking-on-the-gras-${1745000000 + s + i}.mp4`;
    const [grid] = grids([name(100, 0), name(100, 5), name(200, 0), name(200, 5)]);
    assert.deepEqual([grid?.columns.length, grid?.rows.length, grid?.clips.length], [2, 2, 4]);
  });

  it('leaves out control clips, previews, training data and silent twins', () => {
    const samples = product([1, 2], [0, 1]).map(([s, p]) => `o/sample/sample-${s}-${p}.mp4`);
    const extra = [
      'o/sanity_check/1.mp4',
      'o/train_sample/sample-1-0.mp4',
      'o/control_video-validation-500-0-3-a-1745000000.mp4',
      'o/x.swarmpreview.webp',
      'o/validation_step_1_inference_steps_3_video_0_overlay.mp4',
      'o/output_before_sr.mp4',
    ];
    const [grid] = grids([...samples, ...extra]);
    assert.equal(grid?.clips.length, 4);
    assert.deepEqual(leftovers(grid), Object.fromEntries(extra.map((path) => [path, 'auxiliary'])));
  });

  it('parts two layouts in one tree', () => {
    const found = grids(
      product([500, 1000], [0, 1]).map(([s, p]) => `samples/step_${pad(s!, 6)}_${p}.mp4`),
      product(['wan', 'ltx'], ['cat', 'dog', 'cow']).map(([m, p]) => `renders/${m}/${p}.mp4`),
    );
    assert.deepEqual(
      found.map(({ id, clips }) => [id, clips.length]),
      [
        ['general', 6],
        ['ltx-trainer', 4],
      ],
    );
    assert.ok(found.every((grid) => Object.values(leftovers(grid)).every((why) => why === 'otherLayout')));
  });

  it('parts runs of one trainer', () => {
    const found = grids(
      product(['a', 'b'], [500, 1000], [0, 1]).map(([r, s, p]) => `${r}/samples/step_${pad(s!, 6)}_${p}.mp4`),
    );
    assert.deepEqual(found.map(({ id }) => id).sort(), [
      'ltx-trainer: a/samples',
      'ltx-trainer: all runs',
      'ltx-trainer: b/samples',
    ]);
    const over = found.find(({ id }) => id === 'ltx-trainer: all runs');
    assert.deepEqual(
      over?.columns.map(({ label }) => label),
      ['a · step 500', 'a · step 1000', 'b · step 500', 'b · step 1000'],
    );
  });
});

describe('grid: patterns', () => {
  it('are offered where they give the same grid', () => {
    assert.equal(
      grids(product(['step-1', 'step-2'], ['a', 'b']).map((p) => `r/${p.join('/')}.mp4`))[0]?.pattern,
      'r/{checkpoint}/{prompt}.mp4',
    );
    const takes = product(['wan', 'ltx'], ['a cat', 'a dog'], [0, 1]).map(
      ([m, p, i]) => `${m}/${p}_${i}.mp4`,
    );
    const [grid] = grids(takes);
    assert.equal(grid?.pattern, '{checkpoint}/{prompt}_{seed}.mp4');
    const [again] = recognise(files(takes), { pattern: grid.pattern }).grids;
    assert.deepEqual(again?.clips, grid.clips);
  });

  const tree = files(product(['m1', 'm2'], ['cat', 'dog'], [1, 2]).map(([m, p, s]) => `${m}/${p}_${s}.mp4`));
  const by = (pattern: string) => recognise(tree, { pattern });

  it('take the place of the recognisers', () => {
    const { grids: found, message } = by('{checkpoint}/{prompt}_{seed}.mp4');
    assert.equal(message, undefined);
    assert.deepEqual(found.map(shape), [
      { id: 'pattern', columns: ['m1', 'm2'], rows: ['cat', 'dog'], seeds: ['1', '2'], clips: 8 },
    ]);
  });

  it('may name any extension, skip parts, and turn the grid', () => {
    assert.equal(by('{checkpoint}/{prompt}_{seed}.{ext}').grids[0]?.clips.length, 8);
    assert.deepEqual(shape(by('{seed}/{checkpoint}_{prompt}.*').grids[0]).columns, ['cat', 'dog']);
    assert.equal(by('{checkpoint}/{prompt}_*.mp4').grids[0]?.clips.length, 4);
  });

  it('that are wrong or fit nothing are told, and the recognisers answer', () => {
    for (const [pattern, said] of [
      ['{checkpoint}/{prompt}/x.mp4', /fits no clip/],
      ['{checkpoint}/{promt}.mp4', /unknown placeholder \{promt\}/],
      ['{prompt}.mp4', /no \{checkpoint\}/],
      ['{checkpoint}.mp4', /no \{prompt\}/],
      ['{checkpoint/{prompt}.mp4', /brace|unknown/],
      ['', /empty/],
    ] as const) {
      const { grids: found, message } = by(pattern);
      assert.match(message ?? '', said);
      assert.equal(found[0]?.id, 'general');
    }
  });
});

describe('grid: the matcher of patterns', () => {
  const pieces = (pattern: string) => {
    const parsed = parsePattern(pattern);
    assert.ok(typeof parsed !== 'string', String(parsed));
    return parsed.pieces;
  };

  it('takes the shortest that fits, within one folder, upper and lower case alike', () => {
    const of = (pattern: string, path: string) => matchPieces(pieces(pattern), path).groups;
    assert.deepEqual(of('{checkpoint}/{prompt}_{seed}.mp4', 'M1/a_b_1.MP4'), {
      checkpoint: 'M1',
      prompt: 'a',
      seed: 'b_1',
    });
    assert.deepEqual(of('{checkpoint}/{checkpoint}_{prompt}.mp4', 'ab/ab_ab_c.mp4'), {
      checkpoint: 'ab',
      prompt: 'ab_c',
    });
    assert.equal(of('{checkpoint}/{checkpoint}_{prompt}.mp4', 'ab/abc_d.mp4'), undefined);
    assert.equal(of('{checkpoint}{prompt}.mp4', 'a/b.mp4'), undefined);
    assert.deepEqual(of('{checkpoint}/*x*/{prompt}.mp4', 's/axb/İ🐈.mp4'), {
      checkpoint: 's',
      prompt: 'İ🐈',
    });
    assert.deepEqual(of('{checkpoint}(1)[a].{prompt}+', 'q(1)[A].p+'), { checkpoint: 'q', prompt: 'p' });
  });

  it('needs no more steps than the lengths of pattern and path allow, whatever they are', () => {
    const names = [
      'a'.repeat(255),
      `${'a'.repeat(250)}b.mp4`,
      'ab'.repeat(127),
      `${'a/'.repeat(100)}${'a'.repeat(55)}`,
    ];
    const patterns = [
      '*a*a*a*a*a*a*a*a*a*a*{checkpoint}*a*{prompt}*c',
      '{checkpoint}{prompt}{seed}********************!',
      `${'*a'.repeat(100)}{checkpoint}{prompt}!`,
      '{checkpoint}a{prompt}a{seed}a*a*a*a*a*a*a*b',
    ];
    for (const pattern of patterns)
      for (const name of names) {
        const { steps } = matchPieces(pieces(pattern), name);
        const least = pieces(pattern).length * (name.length + 1);
        assert.ok(steps <= 3 * least, `${pattern}: ${steps} steps for ${least}`);
      }
  });

  it('gives up on names that come again and again', () => {
    const pattern = '{checkpoint}{prompt}{seed}{checkpoint}{prompt}{seed}!';
    const { groups, steps } = matchPieces(pieces(pattern), 'a'.repeat(255));
    assert.equal(groups, undefined);
    assert.ok(steps <= MOST_STEPS + 1);
  });

  it('refuses a pattern of endless length', () => {
    assert.match(
      String(parsePattern(`{checkpoint}/{prompt}${'*'.repeat(1000)}`)),
      /more than 1000 characters/,
    );
  });
});
