import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connectionFailure, Failure, plain } from './failure';

export interface Exchange {
  method: 'GET' | 'POST';
  /** Of the endpoint's own origin. */
  url: string;
  key?: string | undefined;
  body?: string | undefined;
  signal: AbortSignal;
  /** Milliseconds without a byte. */
  idle: number;
  /** The endpoint's name in sentences. */
  at: string;
}

export interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  /** Ends, or throws a {@link Failure}; leaving it early closes the connection. */
  body: AsyncIterable<Buffer>;
  close(): void;
}

/** Redirects within an origin that keep method and body, as a slash that is missing causes. */
const MOST_REDIRECTS = 3;
const KEY_FORM = /^[\x21-\x7e]+$/;

/** Connections to one endpoint, kept open from one request to the next. */
export class Connections {
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(private readonly isEncrypted: boolean) {
    const Agent = isEncrypted ? HttpsAgent : HttpAgent;
    this.agent = new Agent({ keepAlive: true, timeout: 0 });
  }

  async exchange(what: Exchange): Promise<Reply> {
    let url = what.url;
    for (let n = 0; ; n++) {
      const response = await this.once(url, what);
      const { statusCode: status = 0, headers } = response;
      if (status < 300 || status > 399)
        return { status, headers, body: bodyOf(response, what.at), close: () => response.destroy() };
      response.destroy();
      url = next(url, status, headers.location, what);
      if (n === MOST_REDIRECTS) throw redirected(what.at, 'in circles');
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private once(url: string, { method, key, body, signal, idle, at }: Exchange): Promise<IncomingMessage> {
    if (key !== undefined && !KEY_FORM.test(key))
      return Promise.reject(
        new Failure(
          'endpoint',
          'endpointRefused',
          `The key for ${at} has characters that no key has.`,
          'Set it again with "AesRM: Set Endpoint Key…".',
        ),
      );
    const headers = {
      accept: 'text/event-stream, application/json',
      'accept-encoding': 'identity',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    };
    return new Promise((resolve, reject) => {
      const send = this.isEncrypted ? httpsRequest : httpRequest;
      const request = send(url, { method, headers, agent: this.agent, signal });
      request.setTimeout(idle, () => request.destroy(silent(at, idle)));
      request.once('response', (response) => {
        // What breaks after this is the reader's to hear of.
        request.on('error', (error) => response.destroy(error));
        resolve(response);
      });
      request.once('error', (error) => reject(failureOf(error, at)));
      request.end(body);
    });
  }
}

async function* bodyOf(response: IncomingMessage, at: string): AsyncGenerator<Buffer> {
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    response.destroy();
    throw new Failure(
      'endpoint',
      'endpointFailed',
      `${at} sends packed answers (${encoding}) though told not to.`,
    );
  }
  try {
    for await (const bytes of response) yield bytes as Buffer;
    if (!response.complete) throw connectionFailure({ code: 'ECONNRESET' }, at);
  } catch (error) {
    throw failureOf(error, at);
  } finally {
    // A body that was read whole leaves its connection to the next request.
    if (!response.complete) response.destroy();
  }
}

function failureOf(error: unknown, at: string): unknown {
  const isOurs = error instanceof Failure || (error as { name?: string } | null)?.name === 'AbortError';
  return isOurs ? error : connectionFailure(error, at);
}

function silent(at: string, ms: number): Failure {
  return new Failure('passing', 'endpointFailed', `${at} sent nothing for ${Math.round(ms / 1000)} s.`);
}

/** Where to go on: never to another host, which would be given the key and the frames. */
function next(
  from: string,
  status: number,
  location: string | undefined,
  { at, key }: Pick<Exchange, 'at' | 'key'>,
): string {
  let to: URL;
  try {
    to = new URL(location ?? '', from);
  } catch {
    throw redirected(at, 'to nowhere');
  }
  const { origin } = new URL(from);
  if (to.origin !== origin || to.username !== '' || to.password !== '')
    throw redirected(at, `to ${plain(to.host, key)}`);
  if (status !== 307 && status !== 308) throw redirected(at, `to ${plain(unescaped(to.pathname), key)}`);
  return to.href;
}

/** As it reads: a key may be hidden in what is escaped. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return 'an address that cannot be read';
  }
}

function redirected(at: string, where: string): Failure {
  return new Failure(
    'endpoint',
    'endpointUnreachable',
    `${at} sends its callers on ${where}; that is not followed.`,
    'If you trust that place, write its address in "url" of "aesrm.endpoints".',
  );
}
