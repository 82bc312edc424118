import { problem, type ProblemCode, type ProblemError } from '../../../core/problem';

/**
 * `passing`: may go well at another time or at another endpoint. `endpoint`: this endpoint will not do until someone
 * mends it. `request`: no endpoint would take it. `slowDown`: the endpoint asks for time.
 */
export type FailureKind = 'passing' | 'endpoint' | 'request' | 'slowDown';

/** Why one attempt at one endpoint went wrong. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: ProblemError;

  constructor(
    readonly kind: FailureKind,
    code: ProblemCode,
    message: string,
    fix?: string,
    /** Milliseconds that the server asks to wait. */
    readonly after?: number,
    /** What the server said. */
    readonly said = '',
  ) {
    super(message);
    // What no endpoint would take is the question's trouble, and others may go well.
    this.problem = problem(kind === 'request' ? 'questionRefused' : code, message, fix);
  }

  /** Whether someone has to do something first; a server that is busy, or still loads its model, wants only time. */
  get isLasting(): boolean {
    const { kind } = this;
    return kind === 'endpoint' || kind === 'request' || this.problem.problem.code === 'endpointUnreachable';
  }
}

const MOST_SAID = 300;

/** A server's words as one short line that is safe to show; the key is not in it, even where the server repeats it. */
export function plain(words: string, key: string | undefined): string {
  const safe = key ? words.replaceAll(key, '…') : words;
  const line = safe
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)}…` : line;
}

/** The sentence of an error body in any of the shapes that servers use; else the body itself. */
export function errorWords(body: string): string {
  try {
    return wordsIn(JSON.parse(body)) ?? body;
  } catch {
    return body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  }
}

/** `{error: {message}}` (OpenAI), `{message}` (older vLLM, SGLang), `{error: "…"}` (Ollama), `{detail}` (FastAPI). */
export function wordsIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return wordsIn(value[0]);
  if (typeof value !== 'object' || value === null) return undefined;
  const { error, message, detail, msg } = value as Record<string, unknown>;
  return wordsIn(error) ?? wordsIn(message) ?? wordsIn(detail) ?? wordsIn(msg);
}

/** @param after milliseconds of `Retry-After` */
export function statusFailure(status: number, at: string, said: string, after?: number): Failure {
  const quote = said === '' ? '' : ` It says "${said}".`;
  const refused = (kind: FailureKind, message: string, fix?: string) =>
    new Failure(kind, 'endpointRefused', message, fix, undefined, said);
  switch (status) {
    case 401:
      return refused('endpoint', `${at} does not accept the key, or wants one.`, SET_KEY);
    case 402:
      return refused('endpoint', `${at} wants to be paid first.${quote}`);
    case 403:
      return refused('endpoint', `${at} does not allow this with the key that is set.`, SET_KEY);
    case 404:
      return refused(
        'endpoint',
        `${at} knows no such model, or its address is another.${quote}`,
        'Check "url" (it mostly ends in /v1) and "model" in "aesrm.endpoints".',
      );
    case 413:
      return refused('request', `The frames are too large for ${at}.${quote}`, FEWER);
    case 400:
    case 422:
      return refused('request', `${at} does not take the request.${quote}`, FEWER);
    case 408:
    case 409:
    case 425:
      return new Failure('passing', 'endpointFailed', `${at} was not ready in time (${status}).${quote}`);
    case 429:
      return new Failure(
        'slowDown',
        'endpointFailed',
        `${at} asks for fewer requests${waitWords(after)}.${quote}`,
        FASTER,
        after,
      );
    case 503:
      if (after !== undefined)
        return new Failure('slowDown', 'endpointFailed', `${at} is busy (503).${quote}`, FASTER, after);
  }
  if (status >= 500)
    return new Failure(
      'passing',
      'endpointFailed',
      `${at} failed (${status}).${quote}`,
      'Look at its own log.',
      after,
    );
  return refused('endpoint', `${at} answered ${status}, which is no answer to a conversation.${quote}`);
}

const waitWords = (ms = 0) => (ms < 60_000 ? '' : `, and to wait ${Math.round(ms / 60_000)} min`);

const SET_KEY = 'Set it with "AesRM: Set Endpoint Key…".';
const FEWER = 'Use fewer or smaller frames, or a server with a longer context and more pictures per prompt.';
const FASTER = 'Lower "concurrency" in "aesrm.endpoints", or add endpoints.';

const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  EACCES: 'this machine does not allow the connection',
};
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|INVALID_CA|HOSTNAME_MISMATCH)/;

/** A connection that could not be made, or broke. */
export function connectionFailure(error: unknown, at: string): Failure {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (CERTIFICATE.test(code))
    return new Failure(
      'endpoint',
      'endpointUnreachable',
      `The certificate of ${at} cannot be trusted (${code}).`,
      'Name the file of your own authority in the environment variable NODE_EXTRA_CA_CERTS, or use its right name.',
    );
  if (code === 'EPROTO' || /wrong version number|SSL routines/i.test(message))
    return new Failure(
      'endpoint',
      'endpointUnreachable',
      `${at} does not speak https as it should.`,
      'Try http:// in "url" of "aesrm.endpoints", if it is your own server.',
    );
  const why = UNREACHABLE[code];
  if (why !== undefined)
    return new Failure(
      'passing',
      'endpointUnreachable',
      `${at} cannot be reached: ${why}.`,
      'Is the server running, and is "url" in "aesrm.endpoints" right?',
    );
  return new Failure(
    'passing',
    'endpointFailed',
    `The connection to ${at} broke (${code || 'no reason given'}).`,
  );
}

/** Seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), as milliseconds from `now`. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
