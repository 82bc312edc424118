import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dialect } from '../../src/core/endpoint/config';
import { chunksOf, modelList, refusalOf, type Body } from './chatDialects';

const MODELS = '/v1/models';

/** What goes wrong with one request. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  /** The connection is reset before a word. */
  | { kind: 'reset' }
  /** The connection is reset in the middle of the answer. */
  | { kind: 'cut' }
  /** The stream ends in order, in the middle of the answer. */
  | { kind: 'short' }
  | { kind: 'malformed' }
  /** Fewer bytes than the header promises. */
  | { kind: 'wrongLength' }
  /** Milliseconds before each event. */
  | { kind: 'slow'; ms: number }
  /** Milliseconds before the first event. */
  | { kind: 'late'; ms: number }
  | { kind: 'silent' }
  | { kind: 'silentInside' }
  | { kind: 'errorInside'; error: unknown }
  | { kind: 'endless' }
  | { kind: 'openEnd' }
  | { kind: 'raw'; type?: string; text: string };

export interface Seen {
  path: string;
  /** When it came, milliseconds since the epoch. */
  time: number;
  headers: IncomingMessage['headers'];
  body: Body;
}

export interface ServerOptions {
  dialect?: Dialect;
  model?: string;
  /** Of the nth conversation, from 0. */
  fault?: (n: number, body: Body) => Fault | undefined;
  /** Of the nth question what it serves, from 0. */
  modelsFault?: (n: number) => Extract<Fault, { kind: 'status' | 'silent' }> | undefined;
  tls?: { key: string; cert: string };
  /** What it says; {@link answerTo} unless told. */
  answer?: (body: Body) => string;
}

/** The answer that the server of these tests gives: what it was shown, so that a wrong or torn one is seen. */
export function answerTo(body: Body): string {
  const parts = body.messages.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  );
  return parts
    .map((part) => {
      const url = (part.image_url ?? part.video_url)?.url;
      if (url === undefined) return `${part.text} → é漢🙂`;
      return createHash('sha256').update(url).digest('hex').slice(0, 12);
    })
    .join(' | ');
}

/** A server of chat completions that speaks like one of the real ones, and fails as it is told to. */
export class ChatServer {
  readonly seen: Seen[] = [];
  active = 0;
  mostActive = 0;
  /** Conversations whose caller went away before the end. */
  left = 0;
  connections = 0;
  private count = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: ServerOptions,
  ) {
    server.on('connection', () => this.connections++);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(options: ServerOptions = {}): Promise<ChatServer> {
    const server = options.tls ? (createSecureServer(options.tls) as unknown as Server) : createServer();
    const made = new ChatServer(server, options);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${this.port}/v1`;
  }

  get model(): string {
    return this.options.model ?? 'qwen2.5-vl';
  }

  get chats(): Seen[] {
    return this.seen.filter(({ path }) => path === '/v1/chat/completions');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    const path = request.url ?? '';
    const looks = this.seen.filter((seen) => seen.path === MODELS).length;
    this.seen.push({ path, time: Date.now(), headers: request.headers, body });
    const dialect = this.options.dialect ?? 'vllm';
    if (path === MODELS) return this.listModels(response, dialect, this.options.modelsFault?.(looks));
    if (path !== '/v1/chat/completions') return json(response, 404, { detail: 'Not Found' });
    this.active++;
    this.mostActive = Math.max(this.mostActive, this.active);
    response.once('close', () => {
      this.active--;
      if (!response.writableFinished) this.left++;
    });
    await this.converse(response, body, dialect);
  }

  private listModels(response: ServerResponse, dialect: Dialect, fault: Fault | undefined): void {
    if (fault?.kind === 'status') response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
    else if (fault?.kind === 'silent') response.once('close', () => this.left++);
    else json(response, 200, modelList(dialect, this.model));
  }

  private async converse(response: ServerResponse, body: Body, dialect: Dialect): Promise<void> {
    const fault = this.options.fault?.(this.count++, body);
    const refusal = refusalOf(dialect, body, this.model);
    if (fault?.kind === 'status')
      return void response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
    if (fault?.kind === 'reset') return void response.destroy();
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'raw')
      return void response
        .writeHead(200, { 'content-type': fault.type ?? 'text/event-stream' })
        .end(fault.text);
    if (refusal) return json(response, refusal.status, refusal.body);
    const { events, end } = chunksOf(dialect, body, (this.options.answer ?? answerTo)(body));
    if (fault?.kind === 'wrongLength') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': '100000' });
      response.write(events[0]!);
      return void response.destroy();
    }
    if (fault?.kind === 'late') await delay(fault.ms);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    await this.stream(response, events, end, fault);
  }

  private async stream(
    response: ServerResponse,
    events: string[],
    end: string,
    fault: Fault | undefined,
  ): Promise<void> {
    const half = Math.floor(events.length / 2);
    for (const [i, event] of events.entries()) {
      if (fault?.kind === 'slow') await delay(fault.ms);
      if (i === half) {
        if (fault?.kind === 'cut') return void setImmediate(() => response.destroy());
        if (fault?.kind === 'short') return void response.end();
        if (fault?.kind === 'silentInside') return;
        if (fault?.kind === 'malformed') response.write('data: {"choices":[{"delta":\n\n');
        if (fault?.kind === 'errorInside') response.write(`data: ${JSON.stringify(fault.error)}\n\n`);
        while (fault?.kind === 'endless' && !response.destroyed) {
          response.write(event.repeat(100));
          await delay(0);
        }
      }
      response.write(event);
    }
    response.write(end);
    if (fault?.kind !== 'openEnd') response.end();
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
