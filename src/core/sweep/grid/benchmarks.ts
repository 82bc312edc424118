import { dir, file, type Convention } from './convention';

const COMPBENCH =
  '(?:consistent_attr\\w*|dynamic_attr\\w*|spatial\\w*|motion\\w*|action\\w*|(?:object_)?interaction\\w*|(?:generative_)?numeracy)';

/** Videos made for a benchmark: a folder per model, names by prompt. */
export const BENCHMARKS: readonly Convention[] = [
  {
    id: 't2v-compbench',
    tool: 'T2V-CompBench',
    file: file('(?<any>\\d{4})'),
    dir: dir(COMPBENCH),
    columnIn: 'folder',
  },
  {
    id: 'evalcrafter',
    tool: 'EvalCrafter',
    file: file('(?<any>\\d{4})'),
    above: /^(?:prompts\/\d{4}\.txt|prompt700\.txt)$/,
    columnIn: 'folder',
  },
  {
    id: 'videogenhub',
    tool: 'VideoGenHub',
    file: file('(?<idx>\\d+)_(?<text>[^/]+)'),
    above: /^dataset_lookup\.json$/,
    columnIn: 'folder',
  },
  {
    id: 'vbench',
    tool: 'VBench',
    file: file('(?<text>[\\s\\S]+)-(?<seed>\\d{1,3})'),
    columnIn: 'folder',
    // So plain a name is that of a benchmark only where it holds sentences, in several takes.
    enough: (clips) =>
      clips.filter(({ stem }) => /\S \S/.test(stem)).length > clips.length / 2 &&
      clips.some(({ stem }) => /-1$/.test(stem)),
  },
];
