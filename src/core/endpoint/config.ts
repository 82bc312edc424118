import { arr, DecodeError, num, obj, oneOf, optional, str, type Json } from '../decode';
import { decodeAddress, type Address } from './address';

/** Servers that speak chat completions, each with habits of its own; `other` is any that is not named. */
export const DIALECTS = [
  'openai',
  'vllm',
  'sglang',
  'ollama',
  'llamacpp',
  'lmstudio',
  'openrouter',
  'other',
] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How the frames of a clip travel: each as a picture, or all of one clip as one video. */
export const FRAME_WAYS = ['images', 'video'] as const;
export type FrameWay = (typeof FRAME_WAYS)[number];

/** `png` loses nothing and is several times as large. */
export const PICTURES = ['jpeg', 'png'] as const;
export type Picture = (typeof PICTURES)[number];

/** One server of the setting `aesrm.endpoints`. It never holds a key. */
export interface EndpointConfig {
  name: string;
  address: Address;
  /** As the server calls it. */
  model: string;
  /** Share of the requests, against the other endpoints of the same model. */
  weight: number;
  /** Requests at a time. */
  concurrency: number;
  /** Found out by asking the server where it is not set. */
  dialect?: Dialect;
  frames: FrameWay;
  picture: Picture;
  /** Money for a million tokens, in whatever currency the user means. */
  price?: { prompt: number; completion: number };
}

const USUAL = { weight: 1, concurrency: 4, frames: 'images', picture: 'jpeg' } as const;
const MOST_CONCURRENCY = 256;
/** What an entry may have. */
export const ENDPOINT_KEYS = [
  'name',
  'url',
  'model',
  'weight',
  'concurrency',
  'dialect',
  'frames',
  'picture',
  'price',
];
const SECRET = /key|token|secret|password|authorization/i;

/**
 * The setting as it is written: `[{name, url, model, weight?, concurrency?, dialect?, frames?, picture?, price?}]`.
 * @throws DecodeError, a sentence that names the entry
 */
export function decodeEndpoints(value: unknown): EndpointConfig[] {
  const list = arr(value, 'aesrm.endpoints').map((item, i) => decodeOne(item, `aesrm.endpoints[${i}]`));
  const names = list.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DecodeError(`aesrm.endpoints has two entries with the name "${twice}"`);
  return list;
}

function decodeOne(value: unknown, at: string): EndpointConfig {
  const o = obj(value, at);
  refuseStrangers(o, at);
  const dialect = optional(o.dialect, (v) => oneOf(v, DIALECTS, `${at}.dialect`));
  const price = optional(o.price, (v) => decodePrice(v, `${at}.price`));
  return {
    name: filled(o.name, `${at}.name`),
    address: decodeAddress(filled(o.url, `${at}.url`), `${at}.url`),
    model: filled(o.model, `${at}.model`),
    weight: within(o.weight ?? USUAL.weight, 0.01, 1000, `${at}.weight`),
    concurrency: whole(o.concurrency ?? USUAL.concurrency, `${at}.concurrency`),
    ...(dialect === undefined ? {} : { dialect }),
    frames: oneOf(o.frames ?? USUAL.frames, FRAME_WAYS, `${at}.frames`),
    picture: oneOf(o.picture ?? USUAL.picture, PICTURES, `${at}.picture`),
    ...(price === undefined ? {} : { price }),
  };
}

function refuseStrangers(o: Json, at: string): void {
  const stranger = Object.keys(o).find((key) => !ENDPOINT_KEYS.includes(key));
  if (stranger === undefined) return;
  if (SECRET.test(stranger))
    throw new DecodeError(
      `${at}.${stranger}: keys are not kept in settings; remove it and use "AesRM: Set Endpoint Key…"`,
    );
  throw new DecodeError(`${at}.${stranger} is unknown; there are ${ENDPOINT_KEYS.join(', ')}`);
}

function decodePrice(value: unknown, at: string): { prompt: number; completion: number } {
  const o = obj(value, at);
  return {
    prompt: within(o.prompt, 0, Infinity, `${at}.prompt`),
    completion: within(o.completion, 0, Infinity, `${at}.completion`),
  };
}

function filled(value: unknown, at: string): string {
  const text = str(value, at).trim();
  if (text === '') throw new DecodeError(`${at} is empty`);
  return text;
}

function within(value: unknown, least: number, most: number, at: string): number {
  const n = num(value, at);
  if (n < least || n > most) throw new DecodeError(`${at} is ${n}, expected ${least} to ${most}`);
  return n;
}

function whole(value: unknown, at: string): number {
  const n = within(value, 1, MOST_CONCURRENCY, at);
  if (!Number.isInteger(n)) throw new DecodeError(`${at} is ${n}, expected a whole number`);
  return n;
}

/** An endpoint as plain data; {@link decodeEndpoints} reads it again. */
export type EndpointSetting = Omit<EndpointConfig, 'address'> & { url: string };

export function endpointSetting({ address, ...rest }: EndpointConfig): EndpointSetting {
  return { ...rest, url: address.base };
}

/** One judge has one model: the endpoints of each, in the order of the setting. */
export function byModel(endpoints: readonly EndpointConfig[]): Map<string, EndpointConfig[]> {
  const groups = new Map<string, EndpointConfig[]>();
  for (const endpoint of endpoints)
    groups.set(endpoint.model, [...(groups.get(endpoint.model) ?? []), endpoint]);
  return groups;
}
