import type { ChatAnswer, ChatToken } from '../../../core/chain/chat';
import { Failure, plain, wordsIn } from './failure';

type Json = Record<string, unknown>;
const record = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

/** An answer, put together from the chunks of a stream or from a whole `chat.completion`. */
export class AnswerReader {
  private text = '';
  private finish: ChatAnswer['finish'] | undefined;
  private tokens: ChatAnswer['tokens'];
  private readonly logprobs: ChatToken[] = [];
  private model: string | undefined;
  private hasEnded = false;

  /** @param at the endpoint's name in sentences */
  constructor(
    private readonly at: string,
    private readonly key: string | undefined,
    private readonly onText: (delta: string) => void,
  ) {}

  /** The stream has said that nothing follows. */
  get isDone(): boolean {
    return this.hasEnded;
  }

  /** One event of the stream; throws a {@link Failure} for an error that is told inside it. */
  event(data: string): void {
    const text = data.trim();
    if (text === '[DONE]') this.hasEnded = true;
    if (text === '[DONE]' || text === '') return;
    const whole = parsed(text);
    if (whole !== undefined) return this.chunk(whole);
    // Some servers put no empty line between events.
    const lines = text.split('\n');
    if (lines.length === 1) throw this.garbled();
    for (const line of lines) this.event(line);
  }

  /** @param value a `chat.completion.chunk` or a `chat.completion` */
  chunk(value: unknown): void {
    const chunk = record(value);
    if (!chunk) throw this.garbled();
    this.refuseError(chunk);
    if (typeof chunk.model === 'string' && chunk.model !== '') this.model ??= chunk.model;
    this.countTokens(record(chunk.usage));
    if (chunk.choices !== undefined && !Array.isArray(chunk.choices)) throw this.garbled();
    for (const item of chunk.choices ?? []) {
      const choice = record(item);
      if (choice && (choice.index ?? 0) === 0) this.choice(choice);
    }
  }

  /** Once the connection has ended. */
  result(asked: string): ChatAnswer {
    if (this.finish === undefined) {
      const what = this.hasEnded ? 'without saying why' : 'in the middle';
      throw new Failure('passing', 'endpointFailed', `The answer of ${this.at} ended ${what}.`);
    }
    return {
      text: this.text,
      finish: this.finish,
      ...(this.tokens && { tokens: this.tokens }),
      ...(this.logprobs.length > 0 && { logprobs: this.logprobs }),
      device: plain(this.model ?? asked, this.key),
    };
  }

  private choice(choice: Json): void {
    const said = record(choice.delta) ?? record(choice.message);
    const delta = said?.content;
    if (typeof delta === 'string' && delta !== '') {
      this.text += delta;
      this.onText(delta);
    }
    for (const item of listIn(record(choice.logprobs)?.content)) {
      const token = tokenOf(item);
      if (token) this.logprobs.push(token);
    }
    if (typeof choice.finish_reason === 'string') this.ended(choice.finish_reason);
  }

  private ended(reason: string): void {
    switch (reason) {
      case 'error':
      case 'abort':
        throw new Failure('passing', 'endpointFailed', `${this.at} gave up in the middle of its answer.`);
      case 'content_filter':
        throw new Failure(
          'request',
          'endpointRefused',
          `${this.at} withholds the answer: its filter objects.`,
        );
      case 'tool_calls':
      case 'function_call':
        throw new Failure(
          'request',
          'endpointFailed',
          `${this.at} wants to call a tool instead of answering.`,
        );
      case 'length':
      case 'max_tokens':
        this.finish = 'length';
        return;
      default:
        this.finish = 'stop';
    }
  }

  /** An error inside a stream that began well: status 200 was sent before anyone knew. */
  private refuseError(chunk: Json): void {
    const isError = (chunk.error !== undefined && chunk.error !== null) || chunk.object === 'error';
    if (!isError) return;
    const said = plain(wordsIn(chunk) ?? '', this.key);
    const code = Number(record(chunk.error)?.code ?? chunk.code);
    // The server took the request: only what it says of the request itself is final.
    const kind = code === 400 || code === 413 || code === 422 ? 'request' : 'passing';
    throw new Failure(
      kind,
      'endpointFailed',
      `${this.at} failed while it answered${said === '' ? '' : `: "${said}"`}.`,
      undefined,
      undefined,
      said,
    );
  }

  private countTokens(usage: Json | undefined): void {
    const { prompt_tokens: prompt, completion_tokens: completion } = usage ?? {};
    if (typeof prompt === 'number' && typeof completion === 'number') this.tokens = { prompt, completion };
  }

  private garbled(): Failure {
    return new Failure('passing', 'endpointFailed', `${this.at} sent something that is no answer.`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function tokenOf(value: unknown): ChatToken | undefined {
  const own = alternative(value);
  if (!own) return undefined;
  const top = listIn((value as Json).top_logprobs).flatMap((item) => alternative(item) ?? []);
  const isAmong = top.some(({ text }) => text === own.text);
  const all = isAmong ? top : [...top, own];
  return { ...own, top: all.sort((a, b) => b.logprob - a.logprob) };
}

function alternative(value: unknown): { text: string; logprob: number } | undefined {
  const { token, logprob } = record(value) ?? {};
  if (typeof token !== 'string' || typeof logprob !== 'number' || !Number.isFinite(logprob)) return undefined;
  return { text: token, logprob };
}
