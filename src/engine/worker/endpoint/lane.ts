import type { EndpointConfig } from '../../../core/endpoint/config';
import type { Feature, Rules } from './dialects';
import type { Failure } from './failure';
import { Connections } from './http';

/** Failures in a row after which an endpoint is rested. */
const PATIENCE = 5;

export interface RestTiming {
  /** Milliseconds of the first rest; each further one without a success between is twice as long. */
  rest: number;
  mostRest: number;
}

/** One endpoint at work: how busy it is, whether it rests, and what it turned out not to take. */
export class Lane {
  readonly connections: Connections;
  readonly refused = new Set<Feature>();
  /** Known once the server was asked what it is. */
  rules: Rules | undefined;
  /** Set while the endpoint is one that someone has to mend. */
  broken: Failure | undefined;
  active = 0;
  served = 0;
  restsUntil = 0;
  private failures = 0;
  private rests = 0;

  constructor(
    readonly config: EndpointConfig,
    private readonly timing: RestTiming,
  ) {
    this.connections = new Connections(config.address.isEncrypted);
  }

  /** As sentences call it. */
  get at(): string {
    return `"${this.config.name}" (${this.config.address.host})`;
  }

  /** After a rest one request goes ahead; the others follow once it went well. */
  hasRoom(now: number): boolean {
    if (now < this.restsUntil) return false;
    return this.active < (this.rests > 0 ? 1 : this.config.concurrency);
  }

  succeeded(): void {
    this.failures = 0;
    this.rests = 0;
    this.broken = undefined;
  }

  failed(failure: Failure, now: number): void {
    if (failure.kind === 'request') return;
    if (failure.kind === 'slowDown') {
      this.broken = undefined;
      return this.pause(now + (failure.after ?? this.timing.rest / 5));
    }
    // What was under way when the rest began says nothing new.
    if (now < this.restsUntil) return;
    this.broken = failure.kind === 'endpoint' ? failure : undefined;
    if (failure.after !== undefined) this.pause(now + failure.after);
    if (failure.kind === 'passing' && ++this.failures < PATIENCE && this.rests === 0) return;
    this.failures = 0;
    this.pause(now + Math.min(this.timing.rest * 2 ** this.rests++, this.timing.mostRest));
  }

  private pause(until: number): void {
    this.restsUntil = Math.max(this.restsUntil, until);
  }
}
