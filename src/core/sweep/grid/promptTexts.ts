/** Prompts as a side file lists them. */
export interface Listed {
  /** In order. */
  list: string[];
  /** By the name of a file or of a prompt. */
  named: Map<string, string>;
}

const PROMPT_KEYS = ['prompt', 'prompt_en', 'caption', 'text', 'positive_prompt'] as const;

/** Characters; a text beyond is a log or a document, no prompt. */
const MOST_CHARACTERS = 10_000;

/** A text from a file as a prompt: trimmed, without control characters and halves of characters; undefined where it is none. */
export function asPrompt(text: string): string | undefined {
  if (text.length > 2 * MOST_CHARACTERS) return undefined;
  const clean = text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/g, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
  return clean === '' || clean.length > MOST_CHARACTERS ? undefined : clean;
}

/** The prompt in one record, whatever its tool calls it. */
export function promptIn(value: unknown): string | undefined {
  if (typeof value === 'string') return asPrompt(value);
  if (!isObject(value)) return undefined;
  for (const key of PROMPT_KEYS) {
    const text = value[key];
    const prompt = typeof text === 'string' ? asPrompt(text) : undefined;
    if (prompt !== undefined) return prompt;
  }
  for (const key of ['sui_image_params', 'arguments', 'validation', 'invokeai_metadata', 'positive']) {
    const inner = typeof value[key] === 'string' ? parsed(value[key]) : value[key];
    const found = isObject(inner) ? promptIn(inner['positive_prompt'] ?? inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The prompts of an index file. Text that is not what its name says lists nothing. */
export function listedIn(path: string, text: string, yaml: (text: string) => unknown): Listed {
  const listed: Listed = { list: [], named: new Map() };
  if (/\.txt$/i.test(path)) listed.list = promptLines(text);
  else if (/\.jsonl$/i.test(path)) for (const line of text.split('\n')) addRecord(listed, parsed(line));
  else if (/\.json$/i.test(path)) addAll(listed, parsed(text));
  else if (/\.ya?ml$/i.test(path)) addAll(listed, attempt(yaml, text));
  return listed;
}

/** One prompt a line; comments and the options that musubi-tuner reads behind a prompt are no part of it. */
function promptLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => asPrompt(line.replace(/\s--[a-z]{1,3}\s.*$/, '')) ?? []);
}

function addAll(listed: Listed, value: unknown): void {
  const list = listOf(value, 0);
  if (list) {
    for (const record of list) addRecord(listed, record);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, record] of Object.entries(value)) {
    const prompt = promptIn(record);
    if (prompt !== undefined) listed.named.set(stemOf(name), prompt);
  }
}

/** The list of prompts somewhere in a configuration: where it is called so, or is the whole. */
function listOf(value: unknown, depth: number): unknown[] | undefined {
  if (Array.isArray(value) && depth === 0) return value;
  if (depth > 5 || typeof value !== 'object' || value === null) return undefined;
  if (isObject(value))
    for (const key of ['prompts', 'samples', 'data', 'validation_prompts']) {
      const list = value[key];
      if (Array.isArray(list) && list.some((record) => promptIn(record) !== undefined)) return list;
    }
  for (const inner of Object.values(value)) {
    const found = Array.isArray(inner) || isObject(inner) ? listOf(inner, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function addRecord(listed: Listed, record: unknown): void {
  const prompt = promptIn(record);
  if (prompt === undefined) return;
  listed.list.push(prompt);
  if (!isObject(record)) return;
  for (const key of ['path', 'video_path', 'file', 'name', 'label'])
    if (typeof record[key] === 'string') listed.named.set(stemOf(record[key]), prompt);
}

/** The name of a file without folders and extension; of another name, the name. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[A-Za-z0-9]{2,5}$/, '');
}

export function parsed(text: string): unknown {
  return attempt(JSON.parse, text);
}

function attempt(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
