import { CHAIN_MODES, type ChainOptions } from './chain/options';
import { DecodeError, num, obj, oneOf, optional, str } from './decode';
import { decodeEndpoints, endpointSetting, type EndpointSetting } from './endpoint/config';
import { decodeKey } from './local/record';

/** How a vision-language model is asked, so far as the user says it; the rest has its defaults. */
export type Asked = Partial<Pick<ChainOptions, 'mode' | 'samples' | 'frames'>>;

interface ChainSpec {
  asked: Asked;
  /** Absolute path of a file that takes the place of the built-in text. */
  protocol?: string;
}

/** A local vision-language model: the record `key` of the place `dir`. */
export interface LocalSpec extends ChainSpec {
  kind: 'local';
  dir: string;
  key: string;
}

/** Servers of one model. */
export interface EndpointSpec extends ChainSpec {
  kind: 'endpoint';
  endpoints: readonly EndpointSetting[];
}

/** Which judge is asked. It goes with every request that judges: a worker that has just started knows none. */
export type JudgeSpec = { kind: 'compact' } | LocalSpec | EndpointSpec;

export const COMPACT: JudgeSpec = { kind: 'compact' };

/** More answers than this to one pair are a mistake. */
export const MOST_SAMPLES = 32;
export const MOST_FRAMES = 64;

/** Absent, the compact judge is meant. @throws DecodeError */
export function decodeJudgeSpec(value: unknown): JudgeSpec {
  if (value === undefined) return COMPACT;
  const o = obj(value, 'judge');
  const kind = oneOf(o.kind, ['compact', 'local', 'endpoint'] as const, 'judge.kind');
  if (kind === 'compact') return COMPACT;
  const protocol = optional(o.protocol, (v) => str(v, 'judge.protocol'));
  const chain = { asked: decodeAsked(o.asked), ...(protocol === undefined ? {} : { protocol }) };
  if (kind === 'local')
    return { kind, dir: str(o.dir, 'judge.dir'), key: decodeKey(o.key, 'judge.key'), ...chain };
  return { kind, endpoints: decodeEndpoints(o.endpoints).map(endpointSetting), ...chain };
}

function decodeAsked(value: unknown): Asked {
  const o = obj(value, 'judge.asked');
  const mode = optional(o.mode, (v) => oneOf(v, CHAIN_MODES, 'judge.asked.mode'));
  const samples = optional(o.samples, (v) => upTo(v, MOST_SAMPLES, 'judge.asked.samples'));
  const frames = optional(o.frames, (v) => upTo(v, MOST_FRAMES, 'judge.asked.frames'));
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(samples === undefined ? {} : { samples }),
    ...(frames === undefined ? {} : { frames }),
  };
}

function upTo(value: unknown, most: number, at: string): number {
  const n = num(value, at);
  if (!Number.isInteger(n) || n < 1 || n > most)
    throw new DecodeError(`${at} is ${n}, expected a whole number from 1 to ${most}`);
  return n;
}
