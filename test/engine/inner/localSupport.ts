import { cpSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ChatMessage, ChatRequest } from '../../../src/core/chain/chat';
import type { LocalModelRecord } from '../../../src/core/local/record';
import type { Carrier, CarrierCall, CarrierFrame } from '../../../src/engine/carrier';
import { readFolder } from '../../../src/engine/local/folder';
import { openLocalCarrier, type LocalOptions } from '../../../src/engine/worker/local/carrier';
import { ROOT } from '../../support/paths';
import { ffmpeg, tempDir } from './support';

export const TINY = join(ROOT, 'test', 'fixtures', 'tiny-qwen2-vl');

/** What the Python original says of one order of the clips. */
export interface Golden {
  prompt: string;
  ids: number[];
  tokens: number[];
  text: string;
  gap: number;
  firstLogprobs: number[];
  chosenLogprobs: number[];
}

export const goldens = JSON.parse(readFileSync(join(TINY, 'goldens.json'), 'utf8')) as {
  frames: number;
  width: number;
  height: number;
  messages: {
    role: ChatMessage['role'];
    content: string | { type: string; text?: string; clip?: number }[];
  }[];
  ab: Golden;
  ba: Golden;
};
const rgb = readFileSync(join(TINY, 'frames.rgb'));

/** The goldens' conversation; its first clip is side A. */
export function question(more: Partial<ChatRequest> = {}): ChatRequest {
  const side = ['A', 'B'] as const;
  const messages = goldens.messages.map(({ role, content }): ChatMessage => {
    if (typeof content === 'string') return { role, content: [{ type: 'text', text: content }] };
    const parts = content.flatMap(({ text, clip }): ChatMessage['content'][number][] =>
      clip === undefined
        ? [{ type: 'text', text: text! }]
        : Array.from({ length: goldens.frames }, (_, time) => ({ type: 'frame', side: side[clip]!, time })),
    );
    return { role, content: parts };
  });
  return { messages, maxTokens: goldens.ab.tokens.length, temperature: 0, ...more };
}

/** Frames of the goldens' clips; `swapped` shows the second one as A. */
export function framesOf(swapped = false): CarrierCall['frame'] {
  const { width, height, frames } = goldens;
  const size = width * height * 3;
  return ({ side, time }): CarrierFrame => {
    const clip = (side === 'A') === swapped ? 1 : 0;
    const from = (clip * frames + time) * size;
    return { width, height, rgb: rgb.subarray(from, from + size) };
  };
}

export async function recordOf(folder: string): Promise<LocalModelRecord> {
  const read = await readFolder(folder);
  return { format: 'aesrm.localModel/1', key: 'tiny', name: 'tiny', ours: false, agreement: [], ...read };
}

/** A copy of the tiny model that a test may spoil. */
export function copyOfTiny(): string {
  const dir = join(tempDir(), 'tiny');
  cpSync(TINY, dir, { recursive: true });
  return dir;
}

export const hashOf = (path: string) =>
  Promise.resolve(createHash('sha256').update(readFileSync(path)).digest('hex'));

const carriers: Carrier[] = [];

export async function tinyCarrier(more: Partial<LocalOptions> = {}): Promise<Carrier> {
  const record = more.record ?? (await recordOf(TINY));
  const carrier = openLocalCarrier({ record, device: 'cpu', hashOf, ffmpeg, ...more });
  carriers.push(carrier);
  return carrier;
}

export async function disposeCarriers(): Promise<void> {
  await Promise.all(carriers.splice(0).map((carrier) => carrier.dispose()));
}
