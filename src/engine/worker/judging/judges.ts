import { readFile } from 'node:fs/promises';
import type { BenchAgreement } from '../../../core/bench/agreement';
import { chainOptions } from '../../../core/chain/options';
import { decodeProtocol, type ChainProtocol } from '../../../core/chain/protocol';
import { byModel, decodeEndpoints, type EndpointConfig } from '../../../core/endpoint/config';
import type { EndpointSpec, JudgeSpec, LocalSpec } from '../../../core/judgeSpec';
import type { LocalModelRecord } from '../../../core/local/record';
import type { Agreement } from '../../../core/modelManifest';
import { problem, toProblem } from '../../../core/problem';
import type { ClipRequest } from '../../../protocol/engine';
import type { Carrier } from '../../carrier';
import { weightsOf } from '../../local/hashing';
import { ModelRegistry } from '../../local/registry';
import type { CallOptions, DecodeProgress, JudgeStatus, Log } from '../../ports';
import { ServedAgreements } from '../../servedAgreement';
import type { ModelIdentity } from '../chain/identity';
import { openChainJudge } from '../chain/open';
import { openEndpointCarrier, type EndpointPorts } from '../endpoint';
import type { ReadClip } from '../sides';
import { ChainDesk } from './chainDesk';
import { LazyCarrier } from './lazyCarrier';
import { LocalSeat } from './localSeat';

export interface JudgesPorts {
  compact(): Promise<JudgeStatus>;
  localCarrier(record: LocalModelRecord): Carrier;
  access: EndpointPorts['access'];
  inspect(clip: ClipRequest, options: CallOptions<DecodeProgress>): Promise<ReadClip>;
  hashOf(path: string, signal: AbortSignal): Promise<string>;
  inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  ffmpegPath?: string | undefined;
  /** Seconds without a frame after which ffmpeg is ended. */
  decodeDeadline: number;
  log: Log;
}

type ChainSpec = LocalSpec | EndpointSpec;

/** Whom to ask: what of a judge is its identity, and how it is reached. */
interface Found {
  model: ModelIdentity;
  agreement: Agreement[];
  /** Keeps what a benchmark measured. */
  keep(fresh: BenchAgreement): Promise<void>;
  /** None of a local model. */
  endpoints: readonly EndpointConfig[];
  /** How it is reached; judges that share it share what is loaded. */
  way: unknown;
  width: number;
  open(signal: AbortSignal): Promise<Carrier>;
}

/** Judges kept at hand; the one that was not asked for longest is let go. */
const KEPT = 4;
/** A protocol's texts are short. */
const LONGEST_PROTOCOL = 1 << 20;

/** The vision-language models that this process asks, each opened once. Nothing is loaded or sent by describing one. */
export class Judges {
  /** With what each has learned: pictures of clips, how long pairs take. */
  private readonly desks = new Map<string, ChainDesk>();
  private readonly carriers = new Map<string, LazyCarrier>();
  private readonly seat = new LocalSeat();
  private readonly served = new ServedAgreements();

  constructor(private readonly ports: JudgesPorts) {}

  async status(spec: JudgeSpec): Promise<JudgeStatus> {
    return spec.kind === 'compact' ? this.ports.compact() : (await this.desk(spec)).status;
  }

  /** Finds the judge anew each time: its record, its endpoints and its protocol may have changed since. */
  async desk(spec: ChainSpec): Promise<ChainDesk> {
    const [found, protocol] = await Promise.all([this.find(spec), readProtocol(spec.protocol)]);
    const key = JSON.stringify([found.model, found.way, spec.asked, protocol]);
    const carrier = this.carrierOf(found);
    const desk = this.desks.get(key) ?? this.makeDesk(spec, found, protocol, carrier);
    // A benchmark may have ended since.
    desk.agreement = found.agreement.filter(isAskedAs(spec.asked));
    this.desks.delete(key);
    this.desks.set(key, desk);
    const [oldest] = this.desks.keys();
    if (this.desks.size > KEPT && oldest !== undefined) this.desks.delete(oldest);
    return desk;
  }

  private makeDesk(
    spec: ChainSpec,
    found: Found,
    protocol: ChainProtocol | undefined,
    carrier: LazyCarrier,
  ): ChainDesk {
    const { ffmpegPath, decodeDeadline, inspect, hashOf, inTurn, log } = this.ports;
    const judge = openChainJudge(carrier, {
      ...{ model: found.model, asked: spec.asked, protocol },
      ...{ ffmpegPath, decodeDeadline, hashOf, inTurn, log },
    });
    const { keep, endpoints } = found;
    return new ChainDesk({ judge, carrier, keep, endpoints, protocol, inspect });
  }

  private carrierOf({ way, width, open }: Found): LazyCarrier {
    const key = JSON.stringify(way);
    const carrier = this.carriers.get(key) ?? new LazyCarrier(width, open);
    this.carriers.set(key, carrier);
    return carrier;
  }

  private find(spec: ChainSpec): Promise<Found> {
    return spec.kind === 'local' ? this.findLocal(spec) : this.findEndpoints(spec);
  }

  private async findLocal({ dir, key, asked }: LocalSpec): Promise<Found> {
    const registry = new ModelRegistry(dir);
    const { agreement, ...record } = await registry.get(key);
    const weights = weightsOf(record.files);
    return {
      model: {
        id: `local:${key}${suffix(asked)}`,
        name: named(record.name, asked),
        version: record.source?.revision.slice(0, 12) ?? weights.slice(0, 12),
        kind: 'local-vlm',
        weights,
      },
      agreement,
      keep: (fresh) => registry.keepAgreement(key, weights, fresh),
      endpoints: [],
      way: record,
      width: 1,
      open: () => Promise.resolve(this.seat.seated(this.ports.localCarrier({ ...record, agreement }))),
    };
  }

  private async findEndpoints({ endpoints, asked }: EndpointSpec): Promise<Found> {
    const configs = decodeEndpoints(endpoints);
    const [model] = byModel(configs).keys();
    if (model === undefined) throw noEndpoint();
    const { access, log } = this.ports;
    return {
      model: {
        id: `endpoint:${model}${suffix(asked)}`,
        name: named(model, asked),
        version: 'as served',
        kind: 'endpoint',
        weights: model,
      },
      agreement: await this.served.of(configs),
      keep: (fresh) => this.served.keep(configs, fresh),
      endpoints: configs,
      way: configs,
      width: widthOf(configs),
      open: (signal) => openEndpointCarrier(configs, { access, log }, signal),
    };
  }
}

/** With reasons, for the verdicts alone and for the one on the whole, one model is three judges. */
function isAskedAs(asked: ChainSpec['asked']) {
  const { mode } = chainOptions(asked);
  return ({ measured }: Agreement) => measured === undefined || measured.mode === mode;
}
const SUFFIXES = { chain: '', base: ':base', overall: ':overall' } as const;
const suffix = (asked: ChainSpec['asked']) => SUFFIXES[chainOptions(asked).mode];
const NAMES = { chain: '', base: ', verdict only', overall: ', overall verdict only' } as const;
const named = (name: string, asked: ChainSpec['asked']) => `${name}${NAMES[chainOptions(asked).mode]}`;

const widthOf = (endpoints: readonly EndpointConfig[]) =>
  endpoints.reduce((sum, { concurrency }) => sum + concurrency, 0);

const noEndpoint = () =>
  problem('endpointInvalid', 'The judge has no endpoint.', 'Name one in "aesrm.endpoints".');

/** The text that takes the place of the built-in one; undefined where none is named. */
async function readProtocol(path: string | undefined): Promise<ChainProtocol | undefined> {
  if (path === undefined) return undefined;
  const fix = 'Correct the file, or clear the setting "aesrm.chain.protocol".';
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > LONGEST_PROTOCOL) throw new Error('it is too long');
    return decodeProtocol(JSON.parse(text));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : toProblem(error).message;
    throw problem('modelInvalid', `The protocol file "${path}" cannot be used: ${why}.`, fix);
  }
}
