import { decodeEndpoints } from '../../core/endpoint/config';
import type { RequestEstimate } from '../../core/endpoint/estimate';
import { COMPACT, type JudgeSpec } from '../../core/judgeSpec';
import { showWarning } from '../notices';
import { chosenName, judgeTexts } from './texts';
import type { Chosen } from './keeper';

/** Work on many pairs, and what is left of it to ask. */
export interface AskedWork {
  pairs: { total: number };
  asks?: RequestEstimate;
}

/** What a person has agreed to spend on one piece of work: asked before it starts, and once for the same pairs. */
export class CostConsent {
  /** By judge, the pairs of the work that was agreed to: more of them are another question. */
  private readonly agreed = new Map<string, number>();

  constructor(private readonly chosen: () => Chosen) {}

  /** Servers on this machine without a price are the user's own, and are not asked about. */
  async given(spec: JudgeSpec = COMPACT, workOf: () => Promise<AskedWork>): Promise<boolean> {
    if (spec.kind !== 'endpoint') return true;
    const endpoints = decodeEndpoints(spec.endpoints);
    if (endpoints.every(({ address, price }) => address.isLoopback && !price)) return true;
    const { pairs, asks } = await workOf();
    const key = JSON.stringify(spec);
    if (!asks || asks.requests === 0 || pairs.total <= (this.agreed.get(key) ?? 0)) return true;
    const { question, detail, start } = judgeTexts.cost(chosenName(this.chosen()), asks);
    const answer = await showWarning(question, { modal: true, detail }, start);
    if (answer === start) this.agreed.set(key, pairs.total);
    return answer === start;
  }
}
