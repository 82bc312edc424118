import type { ClipMeasures } from '../../../core/measures';
import { FRAME_PLAN } from '../../../core/plan';
import { toProblem } from '../../../core/problem';
import type { Verdict } from '../../../core/verdict';
import type { JudgeClip, Judgement } from '../../judge';
import { packPairs, type RowBlock } from '../../log/sweepRows';
import { promptKey } from '../chain/identity';
import type { ChainDesk } from '../judging/chainDesk';
import { Misses } from '../judging/misses';
import type { ReadClip } from '../sides';
import type { ClipReader } from './clipReader';
import { allOf, Lanes } from './lanes';
import type { Sweep } from './sweep';
import type { Telling } from './telling';

/** A clip as a judge is given it, and what its verdict's reasons are made from. */
export interface AskedClip extends JudgeClip {
  measures: ClipMeasures;
}

/** Two clips of the grid, by their places in it and as a judge is given them. */
export interface AskedPair {
  clips: { A: number; B: number };
  a: AskedClip;
  b: AskedClip;
}

/** What the pairs of one prompt and seed have in common. */
export interface Take {
  key: string;
  prompt: string | undefined;
}

export interface AskingPorts {
  /** Keeps rows: a pair counts once it is kept. */
  keep(blocks: RowBlock[]): Promise<void>;
  /** Something that stops the sweep: nothing more is to be begun. */
  onFatal(error: unknown): void;
}

/**
 * Pairs of a sweep put to a judge that takes time, or money, for each: what the record knows is not asked again, and each
 * answer is kept as it comes, whole, so that the pair opens with its reasons.
 */
export class Asking {
  private readonly lanes: Lanes;
  private readonly misses = new Misses();

  constructor(
    private readonly sweep: Sweep,
    private readonly desk: ChainDesk,
    private readonly telling: Telling,
    private readonly reader: ClipReader,
    private readonly ports: AskingPorts,
  ) {
    this.lanes = new Lanes(desk.pairsAtOnce);
  }

  ask(pairs: readonly AskedPair[], take: Take, signal: AbortSignal): Promise<void> {
    const one = async (pair: AskedPair) => {
      try {
        await this.one(pair, take, signal);
      } catch (error) {
        // At once: the pairs that wait behind it cost too.
        this.ports.onFatal(error);
        throw error;
      }
    };
    return allOf(pairs.map((pair) => this.lanes.run(() => one(pair))));
  }

  private async one(pair: AskedPair, take: Take, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { sweep, desk, ports } = this;
    const { a, b, clips } = pair;
    const key = keyOf(pair, take);
    const isVain = !sweep.isUsable(clips.A) || !sweep.isUsable(clips.B) || sweep.unanswered.has(key);
    if (isVain) return;
    const known = await sweep.record.findVerdict({
      hashes: [a.record.hash, b.record.hash],
      judgeHash: desk.status.hash,
      plan: FRAME_PLAN.id,
      options: desk.optionsFor(take.prompt),
    });
    const verdict = known ?? (await this.judged(pair, take, signal));
    if (!verdict) return;
    sweep.devices.add(verdict.judge.device);
    if (!known) await sweep.record.keepVerdict(verdict);
    const row = { a: verdict.a.hash, b: verdict.b.hash, judgement: judgementOf(verdict) };
    await ports.keep(packPairs([row], promptKey(take.prompt)));
    await this.telling.step();
  }

  /** Undefined where one of the clips cannot be shown any more, or the judge has no answer to this pair. */
  private async judged(pair: AskedPair, take: Take, signal: AbortSignal): Promise<Verdict | undefined> {
    const { desk, telling, sweep } = this;
    const { a, b } = pair;
    const from = performance.now();
    try {
      const { prompt } = take;
      const judged = await desk.ask({ a, b, ...(prompt === undefined ? {} : { prompt }) }, { signal });
      this.misses.answered();
      telling.pace.finished();
      return desk.verdictOf(judged, prompt, read(a), read(b), performance.now() - from);
    } catch (error) {
      if (signal.aborted) throw error;
      const { side } = toProblem(error);
      if (side) await this.reader.leaveOut(pair.clips[side], error);
      else {
        const { message } = this.misses.excuse(error, take.key);
        const names = `${a.record.path} and ${b.record.path}`;
        sweep.unanswered.set(keyOf(pair, take), { names, why: message });
        sweep.session.log('warn', `${names}: ${message}`);
      }
      return undefined;
    }
  }
}

/** Under another prompt it is another question. */
const keyOf = ({ a, b }: AskedPair, { prompt }: Take) =>
  [...[a.record.hash, b.record.hash].sort(), promptKey(prompt)].join();

const read = ({ record, measures }: AskedClip): ReadClip => ({ record, measures, timings: {} });

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
