import type { ChatAnswer, ChatRequest } from '../../../core/chain/chat';
import type { EndpointConfig } from '../../../core/endpoint/config';
import { cancelled, problem } from '../../../core/problem';
import type { EndpointAccess } from '../../../protocol/engine';
import type { Carrier, CarrierAbilities, CarrierCall } from '../../carrier';
import type { Log } from '../../ports';
import { attempt } from './attempt';
import { featureBlamed, without, type Feature } from './dialects';
import { Failure } from './failure';
import { EncodedFrames } from './frames';
import { Lane, type RestTiming } from './lane';
import { Pool } from './pool';
import { probe } from './probe';

/** Milliseconds. */
export interface EndpointTiming extends RestTiming {
  /** To be told what a server is. */
  probe: number;
  /** Without a byte. A server that is busy may be silent for long before its first word. */
  idle: number;
  /** For one request. */
  request: number;
  /** For one answer, with all that is tried for it. */
  total: number;
  /** Before the first repetition; then twice as long each time. */
  backoff: number;
  mostBackoff: number;
}

const TIMING: EndpointTiming = {
  probe: 15_000,
  idle: 300_000,
  request: 900_000,
  total: 3_600_000,
  backoff: 500,
  mostBackoff: 30_000,
  rest: 5_000,
  mostRest: 120_000,
};

/** Between signs of life to the host, which takes long silence for the end. */
const SIGN_MS = 30_000;

/** Times that a request is made before it is given up; an endpoint that asks for time does not count. */
const ATTEMPTS = 6;

export interface EndpointPorts {
  /** The origin's consent and key; asked each time before anything is sent, and kept nowhere. */
  access(origin: string): Promise<EndpointAccess>;
  log?: Log | undefined;
  /** The defaults serve everyone but a test. */
  timing?: Partial<EndpointTiming>;
}

/** What one question needs while it goes from endpoint to endpoint. */
interface Question {
  request: ChatRequest;
  frames: EncodedFrames;
  call: CarrierCall;
  signal: AbortSignal;
  /** When it is given up, in milliseconds since the epoch. */
  endsAt: number;
  /** Endpoints that have failed at it. */
  avoid: Set<Lane>;
  tries: number;
  /** Repetitions, for the time to wait. */
  waits: number;
  hasGivenText: boolean;
  isMuted: boolean;
}

/** The endpoints of one model, as one carrier. */
export class EndpointCarrier implements Carrier {
  private readonly pool: Pool;
  private readonly timing: EndpointTiming;
  private readonly ended = new AbortController();

  constructor(
    endpoints: readonly EndpointConfig[],
    private readonly ports: EndpointPorts,
  ) {
    this.timing = { ...TIMING, ...ports.timing };
    this.pool = new Pool(endpoints.map((config) => new Lane(config, this.timing)));
  }

  get width(): number {
    return this.pool.lanes.reduce((sum, { config }) => sum + config.concurrency, 0);
  }

  /** What all endpoints can do that are known so far. */
  get abilities(): CarrierAbilities {
    const known = this.pool.lanes.flatMap(({ rules, refused }) => (rules ? [without(rules, refused)] : []));
    return { schema: known.every(({ schema }) => schema), logprobs: known.every(({ logprobs }) => logprobs) };
  }

  /** Asks every endpoint what it is; rejects where none will do. One that is only busy is asked again with a question. */
  async open(signal?: AbortSignal): Promise<void> {
    const looks = this.pool.lanes.map((lane) => this.firstLook(lane, this.joined(signal)));
    const failures = await this.alive(Promise.all(looks)).catch((error: unknown) => {
      throw signal?.aborted ? cancelled() : error;
    });
    if (signal?.aborted) throw cancelled();
    const [first] = failures;
    if (first && failures.every((failure) => failure?.isLasting)) throw first.problem;
    for (const failure of failures)
      if (failure) this.ports.log?.('warn', `an endpoint is left out for now: ${failure.message}`);
  }

  ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    return this.alive(this.answer(request, call));
  }

  private async answer(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    const deadline = AbortSignal.timeout(this.timing.total);
    const question: Question = {
      request,
      frames: new EncodedFrames(call),
      call,
      signal: AbortSignal.any([this.joined(call.signal), deadline]),
      endsAt: Date.now() + this.timing.total,
      avoid: new Set(),
      tries: 0,
      waits: 0,
      hasGivenText: false,
      isMuted: false,
    };
    let last: Failure | undefined;
    try {
      for (;;) {
        const given = await this.once(question);
        if (!(given instanceof Failure)) return given;
        last = given;
        await this.again(question, given);
      }
    } catch (error) {
      if (call.signal?.aborted || this.ended.signal.aborted) throw cancelled();
      if (deadline.aborted) throw last?.problem ?? outOfTime(this.timing.total);
      throw error instanceof Failure ? error.problem : error;
    }
  }

  dispose(): Promise<void> {
    this.ended.abort();
    this.pool.close();
    return Promise.resolve();
  }

  /** While others are waited for: a server, or a person. */
  private async alive<T>(work: Promise<T>): Promise<T> {
    const timer = setInterval(() => this.ports.log?.('debug', 'waiting for an endpoint'), SIGN_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  private joined(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.ended.signal]) : this.ended.signal;
  }

  private async firstLook(lane: Lane, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      await this.look(lane, await this.keyOf(lane), signal);
      return undefined;
    } catch (error) {
      const failure = this.asFailure(error, lane, signal);
      lane.failed(failure, Date.now());
      return failure;
    }
  }

  private async look(lane: Lane, key: string | undefined, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.timing.probe)]);
    const { dialect, rules } = await probe(lane, { key, signal: limit, idle: this.timing.probe });
    lane.rules = rules;
    this.ports.log?.('debug', `endpoint ${lane.at} speaks ${dialect}`);
  }

  private async keyOf(lane: Lane): Promise<string | undefined> {
    const { allowed, key } = await this.ports.access(lane.config.address.origin);
    if (allowed) return key;
    throw new Failure(
      'endpoint',
      'endpointNotAllowed',
      `You have not allowed that frames are sent to ${lane.config.address.host}.`,
      'Allow it with "AesRM: Allowed Endpoint Hosts…", in a workspace that you trust, or take another judge.',
    );
  }

  /** One attempt, at the endpoint that is next; a failure is given back, anything else is thrown. */
  private async once(question: Question): Promise<ChatAnswer | Failure> {
    const { signal, avoid } = question;
    const lane = await this.pool.enter(signal, avoid);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.timing.request)]);
    try {
      const key = await this.keyOf(lane);
      if (!lane.rules) await this.look(lane, key, signal);
      const answer = await this.attempt(lane, key, limit, question);
      lane.succeeded();
      return answer;
    } catch (error) {
      const failure = this.asFailure(error, lane, signal);
      lane.failed(failure, Date.now());
      avoid.add(lane);
      return failure;
    } finally {
      this.pool.leave(lane);
    }
  }

  /**
   * Makes the request; again without what the server names as the thing that it does not take. Where that does not
   * help, it was not the reason.
   */
  private async attempt(lane: Lane, key: string | undefined, signal: AbortSignal, question: Question) {
    const dropped: Feature[] = [];
    const { request, frames } = question;
    const onText = (delta: string) => this.give(question, delta);
    const call = { request, frames, key, signal, idle: this.timing.idle, onText };
    for (;;) {
      try {
        return await attempt(lane, lane.rules!, call);
      } catch (error) {
        const isRefused = error instanceof Failure && error.kind === 'request';
        const blamed = isRefused ? featureBlamed(error.said) : undefined;
        if (blamed === undefined || lane.refused.has(blamed)) {
          if (isRefused) dropped.forEach((feature) => lane.refused.delete(feature));
          throw error;
        }
        lane.refused.add(blamed);
        dropped.push(blamed);
        this.ports.log?.('info', `endpoint ${lane.at} does not take ${blamed}: asked again without it`);
      }
    }
  }

  private give(question: Question, delta: string): void {
    question.hasGivenText = true;
    if (!question.isMuted) question.call.onText?.(delta);
  }

  /** Rethrows what is no fault of the endpoint. */
  private asFailure(error: unknown, lane: Lane, signal: AbortSignal): Failure {
    if (error instanceof Failure) return error;
    const isAbort = (error as { name?: string } | null)?.name === 'AbortError';
    if (!isAbort || signal.aborted) throw error;
    return new Failure('passing', 'endpointFailed', `${lane.at} did not answer in time.`);
  }

  /** Returns when the question may be asked again; throws the failure where that is no use. */
  private async again(question: Question, failure: Failure): Promise<void> {
    if (failure.kind === 'request') throw failure;
    const isLastResort = this.pool.lanes.every((lane) => lane.broken);
    if (failure.kind === 'endpoint' && isLastResort) throw failure;
    if (failure.kind !== 'slowDown' && ++question.tries >= ATTEMPTS) throw failure;
    if (this.pool.lanes.every(({ restsUntil }) => restsUntil > question.endsAt)) throw failure;
    if (question.hasGivenText) {
      question.hasGivenText = false;
      if (question.call.onRestart) question.call.onRestart('lost');
      else question.isMuted = true;
    }
    this.ports.log?.('debug', `asked again: ${failure.message}`);
    if (this.pool.lanes.some((lane) => !question.avoid.has(lane) && Date.now() >= lane.restsUntil)) return;
    question.avoid.clear();
    const { backoff, mostBackoff } = this.timing;
    const longest = Math.min(backoff * 2 ** question.waits++, mostBackoff);
    // Spread, so that what failed together does not come back together.
    await pause(longest * (0.5 + Math.random() / 2), question.signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => (clearTimeout(timer), reject(cancelled()));
    const timer = setTimeout(() => (signal.removeEventListener('abort', onAbort), resolve()), ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function outOfTime(ms: number) {
  return problem(
    'endpointFailed',
    `No endpoint had room within ${Math.round(ms / 60_000)} minutes.`,
    'Add endpoints in "aesrm.endpoints", or raise "concurrency".',
  );
}
