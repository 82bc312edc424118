import type { Grid, Row } from '../grid';
import { labelOf } from './build';
import { asPrompt, isObject, parsed } from './promptTexts';

/** A prompt and the file that it was found in, as a path relative to the root. */
export interface Tagged {
  prompt: string;
  from: string;
}

/** Whether a container's tags would tell more of a row's prompt than is known. */
function isWanting({ prompt, promptFrom }: Row): boolean {
  return prompt === undefined || promptFrom === 'name';
}

/**
 * Indices of clips whose tags are worth reading: of each row without a better source than a name the first clip,
 * unless one of its clips was read before.
 * @param wasRead by path
 */
export function clipsToRead(grid: Grid, wasRead: (path: string) => boolean): number[] {
  const settled = grid.rows.map((row) => !isWanting(row));
  for (const { row, path } of grid.clips) settled[row] ||= wasRead(path);
  return grid.clips.flatMap(({ row, size }, clip) => {
    if (settled[row] || size === 0) return [];
    settled[row] = true;
    return [clip];
  });
}

/** A grid whose rows have the prompts that were found in tags, by a clip's path; ids stay what they are. */
export function withTagged(grid: Grid, tagged: (path: string) => Tagged | undefined): Grid {
  const found = new Map<number, Tagged>();
  for (const { row, path } of grid.clips) {
    if (found.has(row) || !isWanting(grid.rows[row]!)) continue;
    const tags = tagged(path);
    if (tags) found.set(row, tags);
  }
  if (found.size === 0) return grid;
  const rows = grid.rows.map((row, i) => {
    const tags = found.get(i);
    return tags ? { ...row, label: labelOf(tags.prompt), prompt: tags.prompt, promptFrom: tags.from } : row;
  });
  return { ...grid, rows };
}

/** Inputs that a text may come through on its way to a sampler. */
const TEXT_INPUTS = ['text', 'prompt', 'positive_prompt', 'string', 'value', 'text_g', 't5xxl', 'caption'];
const MOST_HOPS = 12;

/**
 * The prompt that a generator wrote into a container's tags: ComfyUI's graph in `prompt`, the same inside
 * VideoHelperSuite's `comment`; a tag of plain words is taken as it stands.
 */
export function promptFromTags(tags: Readonly<Record<string, string>>): string | undefined {
  const { prompt, comment, description } = tags;
  for (const text of [prompt, comment, description]) {
    if (text === undefined || text.trim() === '') continue;
    const value = graphIn(text);
    if (!isObject(value)) {
      if (text === prompt && !/^\s*[[{]/.test(text)) return asPrompt(text);
      continue;
    }
    const inner = typeof value['prompt'] === 'string' ? graphIn(value['prompt']) : value['prompt'];
    const found = fromGraph(isObject(inner) ? inner : value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Python writes numbers into its JSON that JSON does not have. */
const NO_JSON_NUMBER = /"(?:[^"\\]|\\[^])*"|\bNaN\b|-?\bInfinity\b/g;

function graphIn(text: string): unknown {
  return (
    parsed(text) ?? parsed(text.replace(NO_JSON_NUMBER, (part) => (part.startsWith('"') ? part : 'null')))
  );
}

/** Follows the `positive` input of a sampler to a text; without a sampler, the longest text of an encoder counts. */
function fromGraph(graph: Readonly<Record<string, unknown>>): string | undefined {
  const nodes = Object.values(graph).filter(isObject);
  for (const node of nodes) {
    const inputs = node['inputs'];
    if (!isObject(inputs) || !('positive' in inputs)) continue;
    const found = textAt(graph, inputs['positive'], MOST_HOPS);
    if (found !== undefined) return found;
  }
  const texts = nodes.flatMap((node) => {
    if (!/text.?encode|prompt/i.test(String(node['class_type']))) return [];
    const { inputs } = node;
    return isObject(inputs) ? (ownText(inputs) ?? []) : [];
  });
  return texts.sort((a, b) => b.length - a.length)[0];
}

function textAt(graph: Readonly<Record<string, unknown>>, input: unknown, hops: number): string | undefined {
  if (typeof input === 'string') return asPrompt(input);
  if (hops === 0 || !Array.isArray(input)) return undefined;
  const node = graph[String(input[0])];
  if (!isObject(node) || !isObject(node['inputs'])) return undefined;
  const { inputs } = node;
  for (const key of [...TEXT_INPUTS, 'positive', 'conditioning', 'conditioning_to', 'text_embeds']) {
    const found = key in inputs ? textAt(graph, inputs[key], hops - 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function ownText(inputs: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of TEXT_INPUTS) {
    const text = inputs[key];
    const found = typeof text === 'string' ? asPrompt(text) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
