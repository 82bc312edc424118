import { DecodeError, obj, requireFormat, str } from '../decode';
import data from './protocol.json';

export const PROTOCOL_FORMAT = 'aesrm.chain/1';

export type ProtocolText = typeof data.text;
type TextKey = keyof ProtocolText;

/** All that is said to a model, but for the rubric. */
export interface ChainProtocol {
  format: typeof PROTOCOL_FORMAT;
  /** Stands in the record; an override has its own. */
  id: string;
  /** Words in `{{braces}}` are filled in. */
  text: ProtocolText;
}

export const CHAIN_PROTOCOL: ChainProtocol = { ...data, format: PROTOCOL_FORMAT };

/** No text of a protocol is longer, characters. */
const LONGEST = 20_000;
const WORD = /\{\{(\w+)\}\}/g;
const KEYS = Object.keys(data.text) as TextKey[];

const wordsOf = (text: string) => new Set([...text.matchAll(WORD)].map((m) => m[1]!));

/** What a text may not leave out: without it a model would not see what it is asked about, or how to answer. */
const NEEDED: Partial<Record<TextKey, readonly string[]>> = {
  prompt: ['prompt'],
  clip: ['name'],
  frame: ['name', 'time'],
  task: ['criteria', 'first', 'second'],
  criterion: ['id', 'asks'],
  form: ['form'],
  repair: ['problems', 'form'],
  baseForm: ['first', 'second'],
  overallForm: ['first', 'second'],
  baseRepair: ['form'],
};

function overridden(key: TextKey, value: unknown): string {
  const own = CHAIN_PROTOCOL.text[key];
  if (value === undefined) return own;
  const at = `text.${key}`;
  const text = str(value, at);
  if (text.length > LONGEST) throw new DecodeError(`${at} is longer than ${LONGEST} characters`);
  const [known, used] = [wordsOf(own), wordsOf(text)];
  const strange = [...used].find((word) => !known.has(word));
  if (strange !== undefined)
    throw new DecodeError(
      `${at} has {{${strange}}}, which is not one of its words: ${[...known].map((w) => `{{${w}}}`).join(', ') || 'it has none'}`,
    );
  const lacking = NEEDED[key]?.find((word) => !used.has(word));
  if (lacking !== undefined) throw new DecodeError(`${at} does not say {{${lacking}}}, and it has to`);
  return text;
}

/**
 * A protocol file that takes the place of the built-in text, or of a part of it: texts that it does not have stay.
 * @throws DecodeError with one sentence
 */
export function decodeProtocol(value: unknown): ChainProtocol {
  const o = obj(value, 'the protocol');
  requireFormat(o, PROTOCOL_FORMAT);
  const id = str(o.id, 'id');
  if (!/^[\w./-]{1,80}$/.test(id))
    throw new DecodeError(
      'id has other characters than letters, digits, ".", "/", "_" and "-", or is too long',
    );
  if (id === CHAIN_PROTOCOL.id) throw new DecodeError(`id is "${id}", which is the built-in protocol's`);
  const texts = obj(o.text, 'text');
  const strange = Object.keys(texts).find((key) => !(KEYS as string[]).includes(key));
  if (strange !== undefined)
    throw new DecodeError(`text.${strange} is not a text of the protocol: ${KEYS.join(', ')}`);
  const text = Object.fromEntries(KEYS.map((key) => [key, overridden(key, texts[key])]));
  return { format: PROTOCOL_FORMAT, id, text: text as ProtocolText };
}

/** A text with its words filled in; what is filled in is not looked at again. */
export function fill(text: string, words: Readonly<Record<string, string | number>>): string {
  return text.replace(WORD, (whole, word: string) => {
    const value = Object.hasOwn(words, word) ? words[word] : undefined;
    return value === undefined ? whole : String(value);
  });
}
