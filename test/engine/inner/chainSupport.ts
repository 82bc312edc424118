import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FRAME_PLAN } from '../../../src/core/plan';
import type { Verdict } from '../../../src/core/verdict';
import { assembleVerdict } from '../../../src/core/verdictRule';
import type { Judgement } from '../../../src/engine/judge';
import { verdictParts } from '../../../src/engine/judgement';
import type { ChainJudge } from '../../../src/engine/worker/chain/chainJudge';
import { lookWith } from '../../../src/engine/worker/chain/look';
import type { AskedClip } from '../../../src/engine/worker/sweep/asking';
import { openChainJudge, type OpenChainOptions } from '../../../src/engine/worker/chain/open';
import { decode } from './support';
import type { ChatAnswer, ChatPart, ChatRequest } from '../../../src/core/chain/chat';
import { NAMES } from '../../../src/core/chain/names';
import { chainOptions } from '../../../src/core/chain/options';
import { CALL_IDS } from '../../../src/core/chain/wanted';
import type { Side } from '../../../src/core/pair';
import { problem } from '../../../src/core/problem';
import type { Carrier, CarrierCall } from '../../../src/engine/carrier';

export type Reply = Partial<ChatAnswer> & { text: string };
export type Script = (request: ChatRequest, call: CarrierCall, n: number) => Reply | Promise<Reply>;

/** A carrier that says what a script tells it to, in small pieces, and keeps what it was asked. */
export class Scripted implements Carrier {
  readonly asked: ChatRequest[] = [];
  abilities = { schema: true, logprobs: false };
  running = 0;
  most = 0;
  disposed = false;
  constructor(
    private readonly script: Script,
    readonly width = 2,
  ) {}
  async ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    const n = this.asked.push(request) - 1;
    this.most = Math.max(this.most, ++this.running);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      if (call.signal?.aborted) throw problem('cancelled', 'The comparison was cancelled.');
      const reply = await this.script(request, call, n);
      for (let i = 0; i < reply.text.length; i += 7) call.onText?.(reply.text.slice(i, i + 7));
      return { finish: 'stop', device: 'script', tokens: { prompt: 100, completion: 10 }, ...reply };
    } finally {
      this.running--;
    }
  }
  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

export const texts = ({ messages }: ChatRequest) =>
  messages.flatMap((m) => m.content.flatMap((c) => (c.type === 'text' ? [c.text] : []))).join('\n');
export const frames = ({ messages }: ChatRequest) =>
  messages.flatMap((m) => m.content.filter((c): c is ChatPart & { type: 'frame' } => c.type === 'frame'));
/** The side that a request shows first. */
export const firstOf = (request: ChatRequest): Side => frames(request)[0]!.side;

/** Mean contrast between neighbours of what a request's clip shows: the script has eyes. */
function sharpness(request: ChatRequest, call: CarrierCall, side: Side): number {
  const values = frames(request)
    .filter((f) => f.side === side)
    .map((f) => {
      const { rgb, width } = call.frame(f);
      let sum = 0;
      for (let i = 3; i < rgb.length; i += 3)
        if ((i / 3) % width !== 0) sum += Math.abs(rgb[i]! - rgb[i - 3]!);
      return sum / rgb.length;
    });
  return values.reduce((a, b) => a + b) / values.length;
}

/** The name of the sharper clip, as a request calls it. */
export function sharper(
  request: ChatRequest,
  call: CarrierCall,
): { name: string; other: string; score: 1 | -1 } {
  const first = firstOf(request);
  const [x, y] = [sharpness(request, call, first), sharpness(request, call, first === 'A' ? 'B' : 'A')];
  return x > y
    ? { name: NAMES.first, other: NAMES.second, score: 1 }
    : { name: NAMES.second, other: NAMES.first, score: -1 };
}

export const criterionOf = (name: string, other: string, score: number) => ({
  reason: `Clip ${name} shows finer detail than clip ${other}.`,
  score,
  evidence: [{ side: other, time: 1.2 }],
});

/** Says of every criterion that the sharper clip is better. */
export const seeing: Script = (request, call) => {
  const { name, other, score } = sharper(request, call);
  const ids = idsOf(request);
  const criteria = Object.fromEntries(ids.map((id) => [id, criterionOf(name, other, score)]));
  return { text: JSON.stringify({ criteria, ...Object.fromEntries(CALL_IDS.map((id) => [id, name])) }) };
};

export const always =
  (text: string): Script =>
  () => ({ text });

/** The ids of the criteria in the order in which a request asks for them. */
export const idsOf = (request: ChatRequest): string[] =>
  [...texts(request).matchAll(/^- (v[afp]\.\w+) \(/gm)].map((m) => m[1]!);

/** A clip as it is handed to a judge, and its verdict made from. */
export const clipOf = async (path: string): Promise<AskedClip> => {
  const { duration, fps, size, frames: count, measures } = await decode(path);
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  const record = { path: path.split('/').at(-1)!, hash, duration, fps, ...size, frames: count };
  return { path, record, times: measures.times, measures };
};

export const MODEL = {
  id: 'script',
  name: 'A script',
  version: '1',
  kind: 'endpoint',
  weights: 'script/1',
} as const;
/** The same with the pictures that a judge would fetch, so that they are fetched once for all tests. */
export async function seenClip(path: string): Promise<AskedClip> {
  const clip = await clipOf(path);
  const look = lookWith({ decodeDeadline: 20, ffmpegPath: process.env['FFMPEG_BIN'] });
  return { ...clip, pictures: await look(clip, chainOptions(), new AbortController().signal) };
}

/** The judge over a scripted carrier. */
export const open = (carrier: Carrier, over: Partial<OpenChainOptions> = {}) =>
  openChainJudge(carrier, {
    model: MODEL,
    decodeDeadline: 20,
    ffmpegPath: process.env['FFMPEG_BIN'],
    ...over,
  });
/** A verdict as it would be logged. */
export const verdictOf = (
  judge: ChainJudge,
  pair: { a: AskedClip; b: AskedClip; prompt?: string },
  judged: Judgement,
): Verdict =>
  assembleVerdict({
    ...{
      id: 'v',
      at: '2026-01-02T03:04:05.000Z',
      judge: judge.info,
      device: judged.device,
      plan: FRAME_PLAN.id,
    },
    ...{ options: judge.optionsFor(pair.prompt), prompt: pair.prompt, a: pair.a.record, b: pair.b.record },
    ...verdictParts(judged, judge.claimed),
    ...{ measures: { A: pair.a.measures, B: pair.b.measures }, timings: judged.timings ?? {} },
  });
