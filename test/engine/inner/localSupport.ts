import { cpSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ChatMessage, ChatPart, ChatRequest } from '../../../src/core/chain/chat';
import type { LocalModelRecord } from '../../../src/core/local/record';
import type { Carrier, CarrierCall, CarrierFrame } from '../../../src/engine/carrier';
import { readFolder } from '../../../src/engine/local/folder';
import { openLocalCarrier, type LocalOptions } from '../../../src/engine/worker/local/carrier';
import { ROOT } from '../../support/paths';
import { ffmpeg, tempDir } from './support';

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

interface GoldenMessage {
  role: ChatMessage['role'];
  content: string | { type: string; text?: string; clip?: number; frame?: number }[];
}

interface Goldens {
  frames: number;
  width: number;
  height: number;
  /** All frames of a clip follow each other. */
  messages: GoldenMessage[];
  /** Each frame by itself between words. */
  apartMessages: GoldenMessage[];
  ab: Golden;
  ba: Golden;
  apart: Golden;
}

/** A tiny model of a family, with what its Python original says. */
export class Tiny {
  readonly folder: string;
  readonly goldens: Goldens;
  private readonly rgb: Buffer;

  constructor(family: string) {
    this.folder = join(ROOT, 'test', 'fixtures', `tiny-${family}`);
    this.goldens = JSON.parse(readFileSync(join(this.folder, 'goldens.json'), 'utf8')) as Goldens;
    this.rgb = readFileSync(join(this.folder, 'frames.rgb'));
  }

  /** The goldens' conversation; its first clip is side A. */
  question(more: Partial<ChatRequest> = {}, key: 'messages' | 'apartMessages' = 'messages'): ChatRequest {
    const messages = this.goldens[key].map(({ role, content }): ChatMessage => {
      if (typeof content === 'string') return { role, content: [{ type: 'text', text: content }] };
      return { role, content: content.flatMap((part) => this.parts(part)) };
    });
    return { messages, maxTokens: this.goldens.ab.tokens.length, temperature: 0, ...more };
  }

  private parts({ text, clip, frame }: { text?: string; clip?: number; frame?: number }): ChatPart[] {
    if (clip === undefined) return [{ type: 'text', text: text! }];
    const times = frame === undefined ? Array.from({ length: this.goldens.frames }, (_, i) => i) : [frame];
    return times.map((time) => ({ type: 'frame', side: clip === 0 ? 'A' : 'B', time }));
  }

  /** Frames of the goldens' clips; `swapped` shows the second one as A. */
  framesOf(swapped = false): CarrierCall['frame'] {
    const { width, height, frames } = this.goldens;
    const size = width * height * 3;
    return ({ side, time }): CarrierFrame => {
      const clip = (side === 'A') === swapped ? 1 : 0;
      const from = (clip * frames + time) * size;
      return { width, height, rgb: this.rgb.subarray(from, from + size) };
    };
  }

  async carrier(more: Partial<LocalOptions> = {}): Promise<Carrier> {
    const record = more.record ?? (await recordOf(this.folder));
    const carrier = openLocalCarrier({
      record,
      device: 'cpu',
      hashOf,
      ffmpeg,
      cards: async () => [],
      ...more,
    });
    carriers.push(carrier);
    return carrier;
  }

  /** A copy that a test may spoil. */
  copy(): string {
    const dir = join(tempDir(), 'tiny');
    cpSync(this.folder, dir, { recursive: true });
    return dir;
  }
}

/** The one that most tests ask. */
const qwen2 = new Tiny('qwen2-vl');
export const TINY = qwen2.folder;
export const goldens = qwen2.goldens;
export const question = (more?: Partial<ChatRequest>) => qwen2.question(more);
export const framesOf = (swapped?: boolean) => qwen2.framesOf(swapped);
export const tinyCarrier = (more?: Partial<LocalOptions>) => qwen2.carrier(more);
export const copyOfTiny = () => qwen2.copy();

export async function recordOf(folder: string): Promise<LocalModelRecord> {
  const read = await readFolder(folder);
  return { format: 'aesrm.localModel/1', key: 'tiny', name: 'tiny', ours: false, agreement: [], ...read };
}

export const hashOf = (path: string) =>
  Promise.resolve(createHash('sha256').update(readFileSync(path)).digest('hex'));

const carriers: Carrier[] = [];

export async function disposeCarriers(): Promise<void> {
  await Promise.all(carriers.splice(0).map((carrier) => carrier.dispose()));
}
