import type { ChatAnswer, ChatRequest } from '../../../core/chain/chat';
import { AnswerReader } from './answer';
import { without, type Rules } from './dialects';
import { errorWords, Failure, plain, retryAfter, statusFailure } from './failure';
import type { EncodedFrames } from './frames';
import type { Reply } from './http';
import type { Lane } from './lane';
import { textOf, tooLong } from './probe';
import { buildBody } from './request';
import { SseParser } from './sse';

/** A token is a few bytes of text in some hundred of JSON, with alternatives in a few thousand. */
const BYTES_PER_TOKEN = 16 << 10;
const SPARE_BYTES = 1 << 20;
const MOST_ERROR_BYTES = 64 << 10;
/** For the end of a connection after the end of the answer. */
const GRACE_MS = 1000;

export interface Attempt {
  request: ChatRequest;
  frames: EncodedFrames;
  key: string | undefined;
  signal: AbortSignal;
  /** Milliseconds without a byte. */
  idle: number;
  onText(delta: string): void;
}

/** One request to one endpoint. Rejects with a `Failure`, or with whatever `signal` was aborted for. */
export async function attempt(lane: Lane, rules: Rules, call: Attempt): Promise<ChatAnswer> {
  const { config, connections, at } = lane;
  const { request, frames, key, signal, idle } = call;
  const body = await buildBody(request, frames, config, without(rules, lane.refused));
  const url = `${config.address.base}/chat/completions`;
  const reply = await connections.exchange({ method: 'POST', url, key, body, signal, idle, at });
  if (reply.status !== 200) throw await refusal(reply, at, key);
  const reader = new AnswerReader(at, key, call.onText);
  const most = SPARE_BYTES + BYTES_PER_TOKEN * request.maxTokens;
  const type = reply.headers['content-type'] ?? '';
  if (/^text\/event-stream/i.test(type)) await readStream(reply, reader, most, at);
  else await readWhole(reply, reader, most, at);
  return reader.result(config.model);
}

async function readStream(reply: Reply, reader: AnswerReader, most: number, at: string): Promise<void> {
  const parser = new SseParser((data) => reader.event(data));
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const bytes of reply.body) {
      if ((size += bytes.length) > most) throw tooLong(at);
      parser.feed(bytes);
      // Some servers leave the connection open after the last word.
      if (reader.isDone) timer ??= setTimeout(() => reply.close(), GRACE_MS);
    }
    parser.end();
  } catch (error) {
    if (!reader.isDone) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** From a server, or from what stands before it, that does not stream or does not say so. */
async function readWhole(reply: Reply, reader: AnswerReader, most: number, at: string): Promise<void> {
  const text = (await textOf(reply, at, most)).trim();
  if (/^<(!doctype|html)/i.test(text))
    throw new Failure(
      'endpoint',
      'endpointRefused',
      `${at} answers with a web page.`,
      'Check "url" in "aesrm.endpoints": it mostly ends in /v1.',
    );
  if (text.startsWith('{')) return reader.event(text.replaceAll('\n', ' '));
  const parser = new SseParser((data) => reader.event(data));
  parser.feed(Buffer.from(text));
  parser.end();
}

async function refusal(reply: Reply, at: string, key: string | undefined): Promise<unknown> {
  const after = retryAfter(reply.headers['retry-after'], Date.now());
  // What it is refused for is known by its number, even where the words do not come.
  const words = await textOf(reply, at, MOST_ERROR_BYTES).catch(() => '');
  return statusFailure(reply.status, at, plain(errorWords(words), key), after);
}
