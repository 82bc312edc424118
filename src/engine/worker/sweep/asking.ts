import { ProblemError, toProblem } from '../../../core/problem';
import { FRAME_PLAN } from '../../../core/plan';
import type { Verdict } from '../../../core/verdict';
import type { JudgeClip, JudgePair, Judgement } from '../../judge';
import { packPairs, type RowBlock } from '../../log/sweepRows';
import type { ChainDesk } from '../judging/chainDesk';
import type { ReadClip } from '../sides';
import { allOf, Lanes } from './lanes';
import type { Sweep } from './sweep';
import type { Telling } from './telling';

/** So many pairs without a verdict, one after the other, are no accident. */
const MOST_MISSES = 5;

/**
 * Pairs of a sweep put to a judge that takes time, or money, for each: what the record knows is not asked again, and each
 * answer is kept as it comes, whole, so that the pair opens with its reasons.
 */
export class Asking {
  private readonly lanes: Lanes;
  private misses = 0;

  constructor(
    private readonly sweep: Sweep,
    private readonly desk: ChainDesk,
    private readonly telling: Telling,
    private readonly keep: (blocks: RowBlock[]) => Promise<void>,
  ) {
    this.lanes = new Lanes(desk.pairsAtOnce);
  }

  ask(
    pairs: readonly { a: JudgeClip; b: JudgeClip }[],
    prompt: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    return allOf(pairs.map((pair) => this.lanes.run(() => this.one(pair, prompt, signal))));
  }

  private async one(
    { a, b }: { a: JudgeClip; b: JudgeClip },
    prompt: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const { record } = this.sweep;
    const known = await record.findVerdict({
      hashes: [a.record.hash, b.record.hash],
      judgeHash: this.desk.status.hash,
      plan: FRAME_PLAN.id,
      options: this.desk.optionsFor(prompt),
    });
    const verdict =
      known ?? (await this.judged({ a, b, ...(prompt === undefined ? {} : { prompt }) }, signal));
    if (!verdict) return;
    this.sweep.devices.add(verdict.judge.device);
    if (!known) await record.keepVerdict(verdict);
    const pair = { a: verdict.a.hash, b: verdict.b.hash, judgement: judgementOf(verdict) };
    await this.keep(packPairs([pair]));
    await this.telling.step();
  }

  /** Undefined where the judge has no answer to this pair, which others need not suffer from. */
  private async judged(pair: JudgePair, signal: AbortSignal): Promise<Verdict | undefined> {
    const { desk, telling, sweep } = this;
    const from = performance.now();
    try {
      const judged = await desk.ask(pair, { signal, onProgress: () => telling.tick() });
      this.misses = 0;
      telling.pace.finished();
      return desk.verdictOf(judged, pair.prompt, read(pair.a), read(pair.b), performance.now() - from);
    } catch (error) {
      if (signal.aborted || !isOfOnePair(error) || ++this.misses > MOST_MISSES) throw error;
      const names = `${pair.a.record.path} and ${pair.b.record.path}`;
      sweep.unanswered.set(names, toProblem(error).message);
      sweep.session.log('warn', `${names}: ${toProblem(error).message}`);
      return undefined;
    }
  }
}

/** An answer that cannot be read, or a question that is refused, may be due to these two clips. */
const isOfOnePair = (error: unknown) =>
  ProblemError.is(error, 'answerUnread') || ProblemError.is(error, 'endpointRefused');

const read = ({ record, measures }: JudgeClip): ReadClip => ({ record, measures: measures!, timings: {} });

/** What of a verdict a row keeps. */
function judgementOf({ overall, dimensions, criteria, judge }: Verdict): Judgement {
  const { VA, VF, VP } = dimensions;
  return {
    overall: overall.p,
    dimensions: { VA: VA.p, VF: VF.p, VP: VP.p },
    criteria: Object.fromEntries(criteria.flatMap(({ id, p }) => (p ? [[id, p]] : []))),
    device: judge.device,
  };
}
