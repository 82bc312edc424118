import { num, obj, str, type Json } from '../core/decode';
import { cancelled, decodeProblem, ProblemError, problem, toProblem, type Problem } from '../core/problem';

/** Shape of an interface that can cross a wire: each method's parameters, progress and result are plain data. */
export interface Method {
  params: unknown;
  progress: unknown;
  result: unknown;
}
export type Methods<M> = { [K in keyof M]: Method };

/** One message of the wire, whatever the transport. */
export type Envelope =
  | { kind: 'call'; id: number; method: string; params: unknown }
  | { kind: 'cancel'; id: number }
  | { kind: 'progress'; id: number; value: unknown }
  | { kind: 'ok'; id: number; value: unknown }
  | { kind: 'err'; id: number; problem: Problem };

export interface Transport {
  send(message: Envelope): void;
  /** Registers the one receiver; what arrives is untrusted. */
  receive(listener: (message: unknown) => void): void;
}

export interface HandlerContext<P> {
  signal: AbortSignal;
  progress(value: P): void;
}
export type Handlers<M extends Methods<M>> = {
  [K in keyof M]: (params: unknown, context: HandlerContext<M[K]['progress']>) => Promise<M[K]['result']>;
};

export interface CallOptions<P> {
  signal?: AbortSignal | undefined;
  onProgress?: ((value: P) => void) | undefined;
}

/** Decodes one envelope; throws `DecodeError` on anything else. Parameters are the handler's to decode. */
export function decodeEnvelope(message: unknown): Envelope {
  const o: Json = obj(message, 'message');
  const id = num(o.id, 'message.id');
  switch (o.kind) {
    case 'call':
      return { kind: 'call', id, method: str(o.method, 'message.method'), params: o.params };
    case 'cancel':
      return { kind: 'cancel', id };
    case 'progress':
    case 'ok':
      return { kind: o.kind, id, value: o.value };
    case 'err':
      return { kind: 'err', id, problem: readableProblem(o.problem) };
    default:
      throw problem('internal', `unknown message kind ${JSON.stringify(o.kind)}`);
  }
}

/** A failure ends its call even where its problem is none that this version knows. */
function readableProblem(value: unknown): Problem {
  try {
    return decodeProblem(value);
  } catch {
    return { code: 'internal', message: 'The other end failed without a reason that this version can read.' };
  }
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onProgress?: ((value: unknown) => void) | undefined;
}

/**
 * One end of a wire: calls the other end's methods (`Remote`), answers with its own (`Local`).
 * Every call ends: with a result, a {@link ProblemError}, or the problem given to {@link Endpoint.close}.
 */
export class Endpoint<Remote extends Methods<Remote>, Local extends Methods<Local>> {
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private readonly running = new Map<number, AbortController>();
  private closed: Problem | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly handlers: Handlers<Local>,
    private readonly onGarbage: (error: unknown) => void = () => undefined,
  ) {
    transport.receive((message) => this.receive(message));
  }

  call<K extends keyof Remote & string>(
    method: K,
    params: Remote[K]['params'],
    options: CallOptions<Remote[K]['progress']> = {},
  ): Promise<Remote[K]['result']> {
    const { signal, onProgress } = options;
    if (this.closed) return Promise.reject(new ProblemError(this.closed));
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.pending.delete(id);
        reject(cancelled());
        try {
          this.post({ kind: 'cancel', id });
        } catch (error) {
          this.onGarbage(error);
        }
      };
      const done = () => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.pending.set(id, {
        resolve: (value) => (done(), resolve(value as Remote[K]['result'])),
        reject: (error) => (done(), reject(error)),
        onProgress: onProgress as Pending['onProgress'],
      });
      try {
        this.post({ kind: 'call', id, method, params });
      } catch (error) {
        // The transport is gone or refuses the parameters: nobody would ever answer.
        this.pending.delete(id);
        done();
        reject(new ProblemError(toProblem(error)));
      }
    });
  }

  /** Rejects every outstanding call with `why`, aborts every running handler, and refuses further calls. */
  close(why: Problem): void {
    if (this.closed) return;
    this.closed = why;
    for (const p of this.pending.values()) p.reject(new ProblemError(why));
    this.pending.clear();
    for (const c of this.running.values()) c.abort();
    this.running.clear();
  }

  private post(message: Envelope): void {
    if (!this.closed) this.transport.send(message);
  }

  private receive(message: unknown): void {
    if (this.closed) return;
    try {
      this.dispatch(decodeEnvelope(message));
    } catch (error) {
      this.onGarbage(error);
    }
  }

  private dispatch(m: Envelope): void {
    if (m.kind === 'call') return void this.answer(m.id, m.method, m.params).catch(this.onGarbage);
    if (m.kind === 'cancel') return this.running.get(m.id)?.abort();
    const waiting = this.pending.get(m.id);
    if (!waiting) return;
    if (m.kind === 'progress') return waiting.onProgress?.(m.value);
    this.pending.delete(m.id);
    if (m.kind === 'ok') waiting.resolve(m.value);
    else waiting.reject(new ProblemError(m.problem));
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method as keyof Local] : undefined;
      if (!handler) throw problem('internal', `unknown method "${method}"`);
      const context = {
        signal: controller.signal,
        progress: (value: unknown) => {
          if (this.running.has(id)) this.post({ kind: 'progress', id, value });
        },
      };
      const value = await handler(params, context as HandlerContext<never>);
      this.post({ kind: 'ok', id, value });
    } catch (error) {
      this.post({ kind: 'err', id, problem: toProblem(error) });
    } finally {
      this.running.delete(id);
    }
  }
}
