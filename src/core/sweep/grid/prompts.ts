import type { Grid, GridClip, Row, TreeFile } from '../grid';
import { labelOf } from './build';
import { folderOf } from './paths';
import { asPrompt, listedIn, parsed, promptIn, stemOf, type Listed } from './promptTexts';

export { clipsToRead, promptFromTags, withTagged, type Tagged } from './tags';

/** Names of files that list prompts, in the order in which they are believed. */
const INDEX_FILES = [
  /^validation_media\.jsonl$/,
  /^training_config\.ya?ml$/,
  /^config\.ya?ml$/,
  /^dataset_lookup\.json$/,
  /_full_info\.json$/,
  /^metadata\.json$/,
  /^user_prompt_library\.json$/,
  /^(?:validation|samples|sample_prompts|prompts?|validation_prompts)\.json$/,
  /^(?:sample_prompts|validation_prompts|prompts?|prompt700|test_prompts|same)\.txt$/,
];
/** Folders of prompts beside the folders of the clips. */
const PROMPT_FOLDERS = /^(?:prompts|sidecars|meta_data|training_samples|video_texts)$/;
/** CogVideo's trainer writes the prompts of an iteration into a file of this name alone. */
const ITERATION = /^\d{8}$/;
const SIDECARS = ['.swarm.json', '_config.json', '.json', '.txt'];
const MOST_FILES = 2000;

/** Whether a file of this name may be asked for at all. */
export function mayHoldPrompts(name: string): boolean {
  return /\.(?:txt|jsonl?|ya?ml)$/i.test(name) || ITERATION.test(name);
}

/** Whether a file of this name lists prompts of a whole run. */
export function isIndexFile(name: string): boolean {
  return INDEX_FILES.some((pattern) => pattern.test(name));
}

/** Whether a folder of this name holds prompts, whatever the names of its files. */
export function isPromptFolder(name: string): boolean {
  return PROMPT_FOLDERS.test(name);
}

/** Files that may hold the prompts of a grid, as paths relative to the root: a sidecar per row, and the index files above. */
export function promptFiles(grid: Grid, files: readonly TreeFile[]): string[] {
  const sides = new Set(files.filter(({ path }) => mayHoldPrompts(path)).map(({ path }) => path));
  if (sides.size === 0) return [];
  const above = foldersAbove(grid);
  const wanted = [...sides].filter((path) => isIndexFor(path, above));
  const sidecars = new Set<string>();
  for (const of of clipsByRow(grid)) {
    const found = of?.flatMap(sidecarsOf).find((path) => sides.has(path));
    if (found !== undefined) sidecars.add(found);
  }
  return [...new Set([...wanted.sort(closestFirst).slice(0, MOST_FILES / 2), ...sidecars])].slice(
    0,
    MOST_FILES,
  );
}

/** A grid whose rows have the prompts found in texts of side files (by path). `yaml` throws at what is none. */
export function withPrompts(
  grid: Grid,
  texts: ReadonlyMap<string, string>,
  yaml: (text: string) => unknown = () => undefined,
): Grid {
  const above = foldersAbove(grid);
  const indexes = [...texts.keys()]
    .filter((path) => isIndexFor(path, above))
    .sort(closestFirst)
    .map((path) => ({ path, listed: listedIn(path, texts.get(path)!, yaml) }));
  const numbers = numbersOf(grid);
  const clips = clipsByRow(grid);
  const rows = grid.rows.map((row, i) => {
    const of = clips[i] ?? [];
    const found = fromSidecar(of, texts) ?? fromIndexes(row, of, numbers, indexes);
    return found ? { ...row, label: labelOf(found.prompt), ...found } : row;
  });
  return { ...grid, rows };
}

interface Found {
  prompt: string;
  promptFrom: string;
}

function clipsByRow(grid: Grid): (GridClip[] | undefined)[] {
  const rows: (GridClip[] | undefined)[] = grid.rows.map(() => undefined);
  for (const clip of grid.clips) (rows[clip.row] ??= []).push(clip);
  return rows;
}

function foldersAbove(grid: Grid): Set<string> {
  const folders = new Set(grid.clips.map(({ path }) => folderOf(path)));
  for (const folder of folders) folders.add(folderOf(folder));
  return folders;
}

function isIndexFor(path: string, above: ReadonlySet<string>): boolean {
  const folder = folderOf(path);
  const [name, parent] = [path.slice(folder.length && folder.length + 1), folder.split('/').at(-1)!];
  if (above.has(folder) && isIndexFile(name)) return true;
  return PROMPT_FOLDERS.test(parent) && above.has(folderOf(folder)) && !isRecordFolder(parent);
}

/** Its files belong to one clip or iteration each. */
function isRecordFolder(name: string): boolean {
  return name === 'sidecars' || name === 'video_texts';
}

/** Deeper folders first: they lie nearer to the clips. */
function closestFirst(a: string, b: string): number {
  const depth = (path: string) => path.split('/').length;
  const rank = (path: string) =>
    INDEX_FILES.findIndex((pattern) => pattern.test(path.slice(path.lastIndexOf('/') + 1)));
  return depth(b) - depth(a) || rank(a) - rank(b) || (a < b ? -1 : 1);
}

function sidecarsOf({ path }: GridClip): string[] {
  const stem = path.slice(0, path.lastIndexOf('.'));
  const folder = folderOf(path);
  const inFolder = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const parent = folderOf(folder);
  const beside = (name: string) => (parent === '' ? name : `${parent}/${name}`);
  return [
    ...SIDECARS.map((end) => stem + end),
    inFolder(`sidecars/${stemOf(path)}.json`),
    inFolder(`prompts/${stemOf(path)}.txt`),
    beside(`prompts/${stemOf(path)}.txt`),
  ];
}

function fromSidecar(clips: readonly GridClip[], texts: ReadonlyMap<string, string>): Found | undefined {
  for (const clip of clips)
    for (const path of sidecarsOf(clip)) {
      const text = texts.get(path);
      if (text === undefined) continue;
      const prompt = path.endsWith('.txt') ? fromLines(text) : promptIn(parsed(text));
      if (prompt !== undefined) return { prompt, promptFrom: path };
    }
  return undefined;
}

/** Lightning's image loggers write "idx=0, txt=a prompt" lines; everything else is the prompt as it stands. */
function fromLines(text: string): string | undefined {
  const lines = [...text.matchAll(/^idx=\d+, txt=(.*)$/gm)].map(([, prompt]) => prompt!.trim());
  return asPrompt(lines.length > 0 ? lines.join(' / ') : text);
}

function fromIndexes(
  row: Row,
  clips: readonly GridClip[],
  numbers: ReadonlyMap<string, number>,
  indexes: readonly { path: string; listed: Listed }[],
): Found | undefined {
  for (const { path, listed } of indexes) {
    const prompt =
      byName(row, clips, listed, path) ??
      byWords(row, listed) ??
      byCategory(row, listed, path) ??
      byNumber(row, numbers, listed);
    if (prompt !== undefined) return { prompt, promptFrom: path };
  }
  return undefined;
}

function byName(
  row: Row,
  clips: readonly GridClip[],
  { named, list }: Listed,
  path: string,
): string | undefined {
  const names = [row.id, ...clips.map((clip) => stemOf(clip.path))];
  const found = names.find((name) => named.has(name));
  if (found !== undefined) return named.get(found);
  // A text file of one prompt, named like the clips it belongs to.
  return list.length === 1 && names.includes(stemOf(path)) ? list[0] : undefined;
}

/** Shorter words than this begin too many prompts. */
const TELLING = 8;

/** A name that begins one prompt of the list, and only one. */
function byWords({ prompt, label }: Row, { list }: Listed): string | undefined {
  const words = lettersOf(prompt ?? label);
  if (words.length < TELLING) return undefined;
  const found = new Set(list.filter((text) => lettersOf(text).startsWith(words)));
  return found.size === 1 ? [...found][0] : undefined;
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** "motion_binding/0003" in "4_motion_binding.txt" or "motion_binding.json": prompts of a benchmark, counted from 1. */
function byCategory({ id }: Row, { list }: Listed, path: string): string | undefined {
  const found = /([^/]+)\/0*(\d+)$/.exec(id);
  const category = stemOf(path).replace(/^\d+_/, '');
  return found?.[1] === category ? list[Number(found[2]) - 1] : undefined;
}

/** Numbers of the prompts, where names have them and nothing else: from 0 even where the tool counts from 1. */
function numbersOf(grid: Grid): Map<string, number> {
  const numbers = grid.rows.map(({ id, label }): [string, number | undefined] => {
    const found = /^(?:prompt )?(\d+)$/.exec(label) ?? /^(\d+)(?:-|$)/.exec(id);
    return [id, found ? Number(found[1]) : undefined];
  });
  const known = numbers.filter((entry): entry is [string, number] => entry[1] !== undefined);
  const first = Math.min(...known.map(([, n]) => n));
  return new Map(known.map(([id, n]) => [id, first === 1 ? n - 1 : n]));
}

function byNumber({ id, promptFrom }: Row, numbers: ReadonlyMap<string, number>, { list }: Listed) {
  const n = promptFrom === undefined ? numbers.get(id) : undefined;
  return n === undefined || Math.max(...numbers.values()) >= list.length ? undefined : list[n];
}
