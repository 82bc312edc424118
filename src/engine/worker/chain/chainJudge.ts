import type { SaidCriterion } from '../../../core/chain/answer';
import { combine, combineCriterion } from '../../../core/chain/combine';
import type { ShownClip } from '../../../core/chain/messages';
import type { Order } from '../../../core/chain/names';
import { chainOptions, type ChainOptions } from '../../../core/chain/options';
import { CHAIN_PROTOCOL, type ChainProtocol } from '../../../core/chain/protocol';
import { seedOf, shuffled } from '../../../core/chain/shuffle';
import { transcript } from '../../../core/chain/transcript';
import { otherSide, type Side } from '../../../core/pair';
import { cancelled, ProblemError } from '../../../core/problem';
import { CRITERION_IDS, type CriterionId } from '../../../core/rubric';
import type { JudgeInfo, Usage, Verdict } from '../../../core/verdict';
import type { Carrier, CarrierCall } from '../../carrier';
import type { Judge, JudgeClip, Judgement, JudgeCall, JudgePair, Picture } from '../../judge';
import type { Log } from '../../ports';
import { Gate } from '../gate';
import { withSide } from '../sides';
import { chainJudgeInfo, promptKey, type ModelIdentity } from './identity';
import { interview, type Interview, type InterviewRequest } from './interview';
import type { Look } from './look';

export interface ChainJudgeOptions {
  model: ModelIdentity;
  /** What is not told has its default. */
  asked?: Partial<ChainOptions>;
  /** The built-in one unless told. */
  protocol?: ChainProtocol | undefined;
  /** Brings the pictures of clips that come without. */
  look: Look;
  log?: Log | undefined;
}

/** One thing to ask: the pair in one order, for the nth time. */
interface Turn {
  order: Order;
  /** From 1. */
  sample: number;
  seed: number;
}

const SEVERAL_PICTURES =
  'Ask again, or choose a model that looks at several pictures and follows instructions.';
/** In one token nobody can think first. */
const ONE_WORD =
  'Choose another way of asking it ("Select Judge"; without --overall-only), or a model that answers at once.';

type Pictures = Record<Side, readonly Picture[]>;

/**
 * A judge over a vision-language model. Asks about every pair in both orders, the criteria shuffled with a seed that the
 * clips' content gives: of a pair and its mirror image the model is asked the same questions.
 */
export class ChainJudge implements Judge {
  readonly info: JudgeInfo;
  /** The criteria that it has eyes for. */
  readonly claimed: readonly CriterionId[];
  readonly asked: ChainOptions;
  private readonly protocol: ChainProtocol;
  private readonly gate: Gate;

  constructor(
    private readonly carrier: Carrier,
    private readonly options: ChainJudgeOptions,
  ) {
    this.asked = chainOptions(options.asked);
    this.protocol = options.protocol ?? CHAIN_PROTOCOL;
    this.info = chainJudgeInfo(options.model, this.protocol, this.asked);
    this.claimed = this.asked.mode === 'chain' ? CRITERION_IDS : [];
    this.gate = new Gate(Math.max(1, carrier.width));
  }

  /** For a verdict's `options`: how the model was asked. Another prompt is another question. */
  optionsFor(prompt: string | undefined): Verdict['options'] {
    return { protocol: this.protocol.id, ...this.asked, ...(prompt ? { prompt: promptKey(prompt) } : {}) };
  }

  async compare(pair: JudgePair, call: JudgeCall = {}): Promise<Judgement> {
    // What still runs when one request fails is given up.
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    call.signal?.addEventListener('abort', onAbort, { once: true });
    if (call.signal?.aborted) stop.abort();
    try {
      return await this.judge(pair, call, stop);
    } finally {
      call.signal?.removeEventListener('abort', onAbort);
    }
  }

  dispose(): Promise<void> {
    return this.carrier.dispose();
  }

  /** So many that the carrier has enough to do. */
  get pairsAtOnce(): number {
    return Math.max(1, Math.ceil(this.carrier.width / (2 * this.asked.samples)));
  }

  private async judge(pair: JudgePair, call: JudgeCall, stop: AbortController): Promise<Judgement> {
    const from = performance.now();
    const pictures = await this.picturesOf(pair, stop);
    const looked = performance.now();
    const leading: Side = pair.a.record.hash <= pair.b.record.hash ? 'A' : 'B';
    const live = new LiveCriteria(leading, call);
    const interviews = await all(
      this.turns(pair, leading).map((turn) =>
        this.gate.run(1, stop.signal, () => this.hold(pair, pictures, turn, live, stop.signal)),
      ),
      stop,
    );
    const combined = combine(
      interviews.map(({ sample }) => sample),
      leading,
    );
    const answers = interviews.flatMap((i) => i.answers);
    const raw = transcript(interviews.flatMap((i) => i.utterances));
    if (!combined) {
      this.options.log?.('info', `of ${pair.a.path} and ${pair.b.path} "${this.info.name}" said:\n${raw}`);
      throw this.unread(raw);
    }
    for (const fault of interviews.flatMap((i) => i.faults))
      this.options.log?.('info', `"${this.info.name}", of ${pair.a.path} and ${pair.b.path}: ${fault}`);
    const reduced = [...new Set(answers.flatMap((a) => a.reduced ?? []))].join(' ');
    return {
      ...combined,
      device: [...new Set(answers.map((a) => a.device))].join(' and '),
      raw,
      usage: usageOf(answers),
      ...(reduced === '' ? {} : { reduced }),
      timings: { look: looked - from, ask: performance.now() - looked },
    };
  }

  private async picturesOf({ a, b }: JudgePair, stop: AbortController): Promise<Pictures> {
    const [A, B] = await all(
      (
        [
          ['A', a],
          ['B', b],
        ] as const
      ).map(async ([side, clip]) => clip.pictures ?? this.look(side, clip, stop.signal)),
      stop,
    );
    return { A: A!, B: B! };
  }

  private async look(side: Side, clip: JudgeClip, signal: AbortSignal): Promise<readonly Picture[]> {
    try {
      return await this.options.look(clip, this.asked, signal);
    } catch (error) {
      throw signal.aborted ? error : withSide(error, side);
    }
  }

  private turns({ a, b }: JudgePair, leading: Side): Turn[] {
    const hash = { A: a.record.hash, B: b.record.hash };
    return Array.from({ length: this.asked.samples }, (_, i) => i + 1).flatMap((sample) =>
      [leading, otherSide(leading)].map((first): Turn => {
        const seed = seedOf(this.asked.seed, sample, hash[first], hash[otherSide(first)]);
        return { order: { first }, sample, seed };
      }),
    );
  }

  private hold(
    { a, b, prompt }: JudgePair,
    pictures: Pictures,
    { order, sample, seed }: Turn,
    live: LiveCriteria,
    signal: AbortSignal,
  ): Promise<Interview> {
    const shown = (side: Side): ShownClip => ({
      duration: (side === 'A' ? a : b).record.duration,
      times: pictures[side].map((p) => p.time),
    });
    const question = {
      ...{ protocol: this.protocol, mode: this.asked.mode, order, prompt },
      clips: { A: shown('A'), B: shown('B') },
      criteria: shuffled(CRITERION_IDS, seed),
    };
    const frame: CarrierCall['frame'] = ({ side, time }) => pictures[side].find((p) => p.time === time)!;
    const request = { question, options: this.asked, sample, seed, frame, signal };
    return interview(this.carrier, { ...request, ...live.listener(order) });
  }

  /** The answer itself is not in the sentence: it may tell clips apart that are not to be told apart yet. */
  private unread(raw: string): ProblemError {
    return new ProblemError({
      code: 'answerUnread',
      message: `The judge "${this.info.name}" gave no verdict that can be read.`,
      fix: `The log has its whole answers. ${this.asked.mode === 'overall' ? ONE_WORD : SEVERAL_PICTURES}`,
      raw,
    });
  }
}

/** What all answers say so far of each criterion, told anew with every one that is written. */
class LiveCriteria {
  private readonly answers: { order: Order; criteria: Map<CriterionId, SaidCriterion> }[] = [];

  constructor(
    private readonly leading: Side,
    private readonly call: JudgeCall,
  ) {}

  listener(order: Order): Pick<InterviewRequest, 'onCriterion' | 'onRestart'> {
    const { onCriterion, onRestart } = this.call;
    if (!onCriterion) return {};
    const own = { order, criteria: new Map<CriterionId, SaidCriterion>() };
    this.answers.push(own);
    /** Says whether any answer judges it. */
    const tell = (id: CriterionId): boolean => {
      const now = combineCriterion(id, this.answers, this.leading);
      if (now) onCriterion(id, now.p, now.told);
      return now !== undefined;
    };
    return {
      onCriterion: (said) => {
        if (isSame(own.criteria.get(said.id), said)) return;
        own.criteria.set(said.id, said);
        tell(said.id);
      },
      onRestart: (why) => {
        const lost = [...own.criteria.keys()];
        own.criteria.clear();
        const withdrawn = lost.filter((id) => !tell(id));
        onRestart?.(why, withdrawn);
      },
    };
  }
}

const isSame = (x: SaidCriterion | undefined, y: SaidCriterion) =>
  x?.choice === y.choice && x.words === y.words && x.evidence.length === y.evidence.length;

/** Waits for all, so that nothing runs on; the first that failed of itself is the answer. */
async function all<T>(work: readonly Promise<T>[], stop: AbortController): Promise<T[]> {
  const failures: unknown[] = [];
  const settled = await Promise.allSettled(
    work.map((one) =>
      one.catch((error: unknown) => {
        failures.push(error);
        stop.abort();
        throw error;
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  if (stop.signal.aborted) throw cancelled();
  return settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
}

function usageOf(answers: Interview['answers']): Usage {
  const counted = answers.flatMap((a) => a.tokens ?? []);
  if (counted.length === 0) return { requests: answers.length };
  return {
    requests: answers.length,
    promptTokens: counted.reduce((sum, t) => sum + t.prompt, 0),
    completionTokens: counted.reduce((sum, t) => sum + t.completion, 0),
  };
}
