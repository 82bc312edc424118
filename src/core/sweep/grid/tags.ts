import { isObject, parsed } from './promptTexts';

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
    const value = parsed(text);
    if (!isObject(value)) {
      if (text === prompt && !/^[[{]/.test(text.trim())) return text.trim();
      continue;
    }
    const inner = typeof value['prompt'] === 'string' ? parsed(value['prompt']) : value['prompt'];
    const found = fromGraph(isObject(inner) ? inner : value);
    if (found !== undefined) return found;
  }
  return undefined;
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
  if (typeof input === 'string') return input.trim() || undefined;
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
    if (typeof text === 'string' && text.trim() !== '') return text.trim();
  }
  return undefined;
}
