import type { JudgeSpec } from '../../../core/judgeSpec';
import type { Verdict } from '../../../core/verdict';
import type { CompareProgress } from '../../../protocol/engine';
import type { CallOptions, Comparison, JudgeStatus } from '../../ports';
import type { Session } from '../session';
import type { ChainDesk, ChainPair } from './chainDesk';

/** Whichever judge a request asks for: who it is, and one way from two paths to its verdict. */
export interface AskedJudge {
  readonly status: JudgeStatus;
  /** It takes long, or money: it is asked when it is wanted and no sooner. */
  readonly isDear: boolean;
  /** Part of what its verdicts are found by. */
  optionsFor(prompt: string | undefined): Verdict['options'];
  /** Asks no log. */
  compare(pair: ChainPair, options: CallOptions<CompareProgress>): Promise<Comparison>;
}

/** Opens nothing yet. */
export async function askedJudge(session: Session, spec: JudgeSpec): Promise<AskedJudge> {
  return spec.kind === 'compact' ? compact(session) : dear(await session.judges.desk(spec));
}

async function compact({ pipeline, gate }: Session): Promise<AskedJudge> {
  return {
    status: await pipeline.judgeStatus(),
    isDear: false,
    optionsFor: () => ({}),
    compare: (pair, options) => gate.run(2, options.signal ?? NEVER, () => pipeline.compare(pair, options)),
  };
}

function dear(desk: ChainDesk): AskedJudge {
  return {
    status: desk.status,
    isDear: true,
    optionsFor: (prompt) => desk.optionsFor(prompt),
    compare: (pair, options) => desk.compare(pair, options),
  };
}

const NEVER = new AbortController().signal;
