import { randomUUID } from 'node:crypto';
import { agreementOf, type BenchAgreement } from '../../../core/bench/agreement';
import type { BenchReport } from '../../../core/bench/report';
import { FRAME_PLAN } from '../../../core/plan';
import type { ChainProtocol } from '../../../core/chain/protocol';
import type { EndpointConfig } from '../../../core/endpoint/config';
import { estimateRequests, type RequestEstimate } from '../../../core/endpoint/estimate';
import type { Agreement } from '../../../core/modelManifest';
import type { Verdict } from '../../../core/verdict';
import { assembleVerdict, criterionSoFar } from '../../../core/verdictRule';
import type { ClipRequest, CompareProgress } from '../../../protocol/engine';
import type { JudgePair, Judgement } from '../../judge';
import { verdictParts } from '../../judgement';
import type { CallOptions, Comparison, DecodeProgress, JudgeStatus } from '../../ports';
import type { ChainJudge } from '../chain/chainJudge';
import { pairLoad } from '../chain/load';
import { bothSides, timingsOf, type ReadClip } from '../sides';
import type { LazyCarrier } from './lazyCarrier';

export interface ChainDeskParts {
  judge: ChainJudge;
  carrier: LazyCarrier;
  /** Keeps what a benchmark measured. */
  keep(fresh: BenchAgreement): Promise<void>;
  /** None of a local model. */
  endpoints: readonly EndpointConfig[];
  protocol: ChainProtocol | undefined;
  /** Record and measures of a clip, read or from the cache. */
  inspect(clip: ClipRequest, options: CallOptions<DecodeProgress>): Promise<ReadClip>;
}

/** One pair as it is asked for. */
export interface ChainPair {
  a: ClipRequest;
  b: ClipRequest;
  prompt?: string | undefined;
}

/** A vision-language model at work in this process: from paths to verdicts. */
export class ChainDesk {
  /** As far as it was measured by now. */
  agreement: Agreement[] = [];

  constructor(private readonly parts: ChainDeskParts) {}

  get status(): JudgeStatus {
    const { judge } = this.parts;
    return { ...judge.info, agreement: this.agreement, claimed: judge.claimed };
  }

  /** Keeps with the model what a benchmark of it measured. */
  keepAgreement(report: Pick<BenchReport, 'cells' | 'name' | 'at'>): Promise<void> {
    const { keep, judge } = this.parts;
    return keep(agreementOf(report, judge.asked.mode));
  }

  /** Pairs that give its carrier enough to do. */
  get pairsAtOnce(): number {
    return this.parts.judge.pairsAtOnce;
  }

  optionsFor(prompt: string | undefined): Verdict['options'] {
    return this.parts.judge.optionsFor(prompt);
  }

  /** What so many pairs will ask of the model. */
  estimate(pairs: number): RequestEstimate {
    const { judge, protocol, endpoints } = this.parts;
    return estimateRequests(pairs, pairLoad(judge.asked, protocol), endpoints);
  }

  /** Reads both clips and asks about them; asks no log. */
  async compare(
    { a, b, prompt }: ChainPair,
    { signal, onProgress }: CallOptions<CompareProgress> = {},
  ): Promise<Comparison> {
    const from = performance.now();
    const { inspect } = this.parts;
    const [A, B] = await bothSides(
      (options) => inspect(a, options),
      (options) => inspect(b, options),
      { signal, onProgress },
    );
    onProgress?.({ stage: 'judging' });
    const judged = await this.ask(
      {
        a: { path: a.path, record: A.record, times: A.measures.times },
        b: { path: b.path, record: B.record, times: B.measures.times },
        ...(prompt === undefined ? {} : { prompt }),
      },
      { signal, onProgress },
    );
    const total = performance.now() - from;
    const verdict = this.verdictOf(judged, prompt, A, B, total);
    return { verdict, measures: { A: A.measures, B: B.measures } };
  }

  /** Asks about clips that were read. */
  async ask(pair: JudgePair, { signal, onProgress }: CallOptions<CompareProgress> = {}): Promise<Judgement> {
    const { judge, carrier } = this.parts;
    await carrier.ready(signal);
    return judge.compare(pair, {
      signal,
      onCriterion: onProgress
        ? (id, p, told) => onProgress({ stage: 'criterion', criterion: criterionSoFar(id, p, told) })
        : undefined,
      onRestart: (why, withdrawn) => onProgress?.({ stage: 'restarted', why, withdrawn }),
    });
  }

  /** A whole verdict of clips that were read; `total`: milliseconds for all of it. */
  verdictOf(judged: Judgement, prompt: string | undefined, A: ReadClip, B: ReadClip, total: number): Verdict {
    const { judge } = this.parts;
    return assembleVerdict({
      id: randomUUID(),
      at: new Date().toISOString(),
      judge: judge.info,
      device: judged.device,
      plan: FRAME_PLAN.id,
      options: judge.optionsFor(prompt),
      prompt,
      a: A.record,
      b: B.record,
      ...verdictParts(judged, judge.claimed),
      measures: { A: A.measures, B: B.measures },
      timings: timingsOf(A, B, { ...judged.timings, total }),
    });
  }
}
