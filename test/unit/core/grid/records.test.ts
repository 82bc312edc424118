import assert from 'node:assert/strict';
import { withPrompts } from '../../../../src/core/sweep/grid/prompts';
import { filesToRead, recognise } from '../../../../src/core/sweep/grid/recognise';
import { files, grids, pad, product, shape } from './support';

const CAT = 'A cat walks on grass in the morning, seen from afar, with long shadows';
const DOG = 'A dog/wolf runs in snow: "close-up", 35 mm';
const idOf = (n: number) => `0a1b2c3d-0001-4000-8000-${pad(n, 12)}`;

/** The grid of clips and of what their tools wrote about them; only what is asked for is read. */
function gridOf(clips: readonly string[], texts: Record<string, string>) {
  const all = files(clips, Object.keys(texts));
  const read = new Map(filesToRead(all).map((path) => [path, texts[path]!]));
  const [grid] = recognise(all, {}, read).grids;
  return grid && withPrompts(grid, read);
}

describe('grid: what tools write about a clip, where its name cannot tell', () => {
  interface Invoked {
    model: string;
    prompt: string;
    seed: number;
  }
  const invoke = (made: readonly Invoked[], folder = 'outputs/videos') => ({
    clips: made.map((_, i) => `${folder}/${idOf(i)}.mp4`),
    texts: Object.fromEntries(
      made.map(({ model, prompt, seed }, i) => {
        const metadata = { model: { key: 'k', name: model, base: 'wan' }, positive_prompt: prompt, seed };
        const sidecar = { invokeai_metadata: JSON.stringify(metadata), invokeai_graph: '{}' };
        return [`${folder}/sidecars/${idOf(i)}.json`, JSON.stringify(sidecar)];
      }),
    ),
  });
  const made = (seedOf: (i: number) => number) =>
    product(['Wan 2.1', 'LTX-Video'], [CAT, DOG], [1, 2]).map(([model, prompt], i): Invoked => ({
      model: model!,
      prompt: prompt!,
      seed: seedOf(i),
    }));

  it('InvokeAI: models of one folder on the same prompts and seeds are columns', () => {
    const { clips, texts } = invoke(made((i) => 41 + (i % 2)));
    assert.equal(grids(clips, Object.keys(texts))[0]?.columns.length, 1, 'names alone make one column');
    const grid = gridOf(clips, texts);
    assert.deepEqual(shape(grid), {
      id: 'invokeai',
      columns: ['LTX-Video', 'Wan 2.1'],
      rows: [CAT, DOG],
      seeds: ['41', '42'],
      clips: 8,
    });
    assert.deepEqual(
      grid!.rows.map(({ prompt }) => prompt),
      [CAT, DOG],
    );
    assert.match(grid!.rows[0]!.promptFrom!, /^outputs\/videos\/sidecars\//);
  });

  it('InvokeAI: seeds drawn anew for each clip do not keep models apart', () => {
    const { clips, texts } = invoke(made((i) => 1000 + i));
    const grid = gridOf(clips, texts)!;
    assert.deepEqual([grid.columns.length, grid.rows.length, grid.seeds], [2, 2, ['']]);
    assert.equal(grid.clips.length, 4);
    assert.deepEqual(new Set(grid.leftovers.map(({ why }) => why)), new Set(['superseded']));
  });

  it('InvokeAI: a clip whose record is still to come waits, and bad records leave the names', () => {
    const { clips, texts } = invoke(made((i) => i % 2));
    const [late, ...others] = Object.keys(texts);
    const fewer = Object.fromEntries(others.map((path) => [path, texts[path]!]));
    const grid = gridOf(clips, { ...fewer, [late!]: '{"invokeai_metadata": "{\\"mod' })!;
    assert.deepEqual([grid.columns.length, grid.clips.length], [2, 7]);
    assert.deepEqual(
      grid.leftovers.map(({ path }) => path),
      [clips[0]],
    );
    const bad = Object.fromEntries(Object.keys(texts).map((path) => [path, 'null']));
    assert.equal(gridOf(clips, bad)!.rows.length, 8);
  });

  it('SwarmUI: models with hyphens, prompts with hyphens and beyond forty characters', () => {
    const models = ['video/wan2-2-t2v-14B.safetensors', 'video/wan2-2-t2v-14B-lora-500.safetensors'];
    const clips: string[] = [];
    const texts: Record<string, string> = {};
    product(models, [CAT, DOG]).forEach(([model, prompt], i) => {
      const name = model!.replace(/^.*\/|\..*$/g, '');
      const stem = `Output/local/raw/2026-08-2${i}/143200${i}-${prompt!.replace(/[/:"]/g, '').slice(0, 40)}-${name}`;
      clips.push(`${stem}.mp4`);
      texts[`${stem}.swarm.json`] = JSON.stringify({
        sui_image_params: { prompt, model, seed: 7, steps: 20 },
      });
    });
    const grid = gridOf(clips, texts);
    assert.deepEqual(shape(grid), {
      id: 'swarmui',
      columns: ['wan2-2-t2v-14B', 'wan2-2-t2v-14B-lora-500'],
      rows: [CAT, DOG],
      seeds: ['7'],
      clips: 4,
    });
    for (const text of ['', '[]', '{"sui_image_params": 3}']) {
      const bad = Object.fromEntries(Object.keys(texts).map((path) => [path, text]));
      assert.deepEqual(shape(gridOf(clips, bad)), shape(grids(clips, Object.keys(texts))[0]), text);
    }
  });

  it('more records than are read: names count, and the grid says so', () => {
    const models = ['one', 'two'];
    const treeOf = (count: number) => {
      const clips = product(
        models,
        Array.from({ length: count / 2 }, (_, i) => i),
      ).map(([model, i]) => `${model}/${pad(i!, 5)}-x-${model}.mp4`);
      const records = clips.map((path) => path.replace('.mp4', '.swarm.json'));
      return { clips, records };
    };
    const { clips, records } = treeOf(4002);
    const notesOf = (...paths: (string | string[])[]) => grids(...paths).map(({ notes }) => notes.join());
    const said = notesOf(clips, records, [
      'other/a-1.mp4',
      'other/a-2.mp4',
      'other/b-1.mp4',
      'other/b-2.mp4',
    ]);
    assert.ok(said.length > 1, 'there is a grid that has no records');
    assert.deepEqual(
      said.map((text) => /^4002 files say .* more than the 4000 that are read: only names count/.test(text)),
      said.map((_, i) => i === 0),
    );
    assert.deepEqual(filesToRead(files(clips, records)), []);
    const few = treeOf(4000);
    assert.doesNotMatch(notesOf(few.clips, few.records).join(), /that are read/);
    assert.equal(filesToRead(files(few.clips, few.records)).length, 4000);
  });

  it('models of one name in two folders stay two', () => {
    const clips: string[] = [];
    const texts: Record<string, string> = {};
    product(['a/wan', 'b/wan'], [CAT, DOG]).forEach(([model, prompt], i) => {
      clips.push(`143200${i}-x-wan.mp4`);
      texts[`143200${i}-x-wan.swarm.json`] = JSON.stringify({ sui_image_params: { prompt, model } });
    });
    assert.deepEqual(shape(gridOf(clips, texts)).columns, ['a/wan', 'b/wan']);
  });

  describe('CogVideo SAT: the prompts of an iteration in a file without an extension', () => {
    const STEPS = [500, 1000];
    const clips = product(STEPS, [0, 1]).map(
      ([s, i]) => `ckpts/run/video/samples_gs-${pad(s!, 6)}/${pad(i!, 6)}.mp4`,
    );
    const textsOf = (lines: (step: number) => string[]) =>
      Object.fromEntries(
        STEPS.map((s) => [
          `ckpts/run/video_texts/${pad(s, 8)}`,
          lines(s)
            .map((line) => `${line}\n`)
            .join(''),
        ]),
      );

    it('are the rows', () => {
      const grid = gridOf(
        clips,
        textsOf(() => [CAT, DOG]),
      )!;
      const rows = [CAT, DOG];
      assert.deepEqual(shape(grid), { ...shape(grids(clips)[0]), rows });
      assert.deepEqual(
        [grid.rows[1]!.prompt, grid.rows[1]!.promptFrom],
        [DOG, 'ckpts/run/video_texts/00001000'],
      );
    });

    it('match clips of one prompt, in whichever order the batches have them', () => {
      const grid = gridOf(
        clips,
        textsOf((s) => (s === 500 ? [CAT, DOG] : [DOG, CAT])),
      )!;
      const cells = grid.clips.map(({ path, row }) => [grid.rows[row]!.label, /\d{6}(?=\.)/.exec(path)![0]]);
      assert.deepEqual(cells, [
        [CAT, '000000'],
        [CAT, '000001'],
        [DOG, '000001'],
        [DOG, '000000'],
      ]);
    });
  });

  it('reads no more than some thousand files, and none for other tools', () => {
    const many = Array.from({ length: 4001 }, (_, i) => idOf(i));
    const sides = (ids: string[]) => ids.map((id) => `videos/sidecars/${id}.json`);
    const asked = (ids: string[]) =>
      filesToRead(
        files(
          ids.map((id) => `videos/${id}.mp4`),
          sides(ids),
        ),
      );
    assert.equal(asked(many.slice(1)).length, 4000);
    assert.equal(asked(many).length, 0);
    assert.deepEqual(
      filesToRead(files(['step-1/a.mp4', 'step-2/a.mp4', 'step-1/a.json', 'prompts.txt'])),
      [],
    );
  });
});
