import { decodeEndpoints } from '../../core/endpoint/config';
import type { RequestEstimate } from '../../core/endpoint/estimate';
import { COMPACT, type JudgeSpec } from '../../core/judgeSpec';
import { showWarning } from '../notices';
import { covers, printOf, type Agreement } from './agreement';
import { chosenName, judgeTexts } from './texts';
import type { Chosen } from './keeper';

/** Work on many pairs, and what is left of it to ask. */
export interface AskedWork {
  pairs: { total: number };
  asks?: RequestEstimate;
}

/**
 * What a person has agreed to spend on one piece of work: asked before it starts, and again where it would cost more or
 * is of another judge.
 */
export class CostConsent {
  constructor(
    private readonly chosen: () => Chosen,
    /** As it was before the window was reloaded. */
    private agreed?: Agreement,
  ) {}

  get agreement(): Agreement | undefined {
    return this.agreed;
  }

  /** The work is over: more of it is another question. */
  forget(): void {
    this.agreed = undefined;
  }

  /** Servers on this machine without a price are the user's own, and are not asked about. */
  async given(spec: JudgeSpec = COMPACT, workOf: () => Promise<AskedWork>): Promise<boolean> {
    if (spec.kind !== 'endpoint') return true;
    const endpoints = decodeEndpoints(spec.endpoints);
    if (endpoints.every(({ address, price }) => address.isLoopback && !price)) return true;
    const { pairs, asks } = await workOf();
    if (!asks || asks.requests === 0) return true;
    const wanted = { judge: printOf(spec), pairs: pairs.total, asks };
    if (this.agreed && covers(this.agreed, wanted)) return true;
    const { question, detail, start } = judgeTexts.cost(chosenName(this.chosen()), asks);
    const answer = await showWarning(question, { modal: true, detail }, start);
    if (answer === start) this.agreed = wanted;
    return answer === start;
  }
}
