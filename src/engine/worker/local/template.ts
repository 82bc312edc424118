import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalModelRecord } from '../../../core/local/record';
import { readJson } from '../../local/json';

/** The chat template that stands in a file of its own, where the tokenizer has none; transformers.js does not look there. */
export async function templateOf({ folder, name, files }: LocalModelRecord): Promise<string | undefined> {
  const has = (path: string) => files.some((file) => file.path === path);
  if (has('chat_template.jinja')) return readFile(join(folder, 'chat_template.jinja'), 'utf8');
  if (!has('chat_template.json')) return undefined;
  const { chat_template: template } = await readJson(join(folder, 'chat_template.json'), name);
  return typeof template === 'string' ? template : undefined;
}
