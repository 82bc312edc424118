import { window } from 'vscode';
import { decodeEndpoints } from '../../core/endpoint/config';
import { COMPACT, type JudgeSpec } from '../../core/judgeSpec';
import type { SweepCost } from '../../protocol/sweep';
import type { Chosen } from '../judges/keeper';
import { chosenName, judgeTexts } from '../judges/texts';

/** What a person has agreed to spend on one sweep: asked before it starts, and no more than once for the same work. */
export class CostConsent {
  /** Requests that were agreed to, by judge. */
  private readonly agreed = new Map<string, number>();

  constructor(private readonly chosen: () => Chosen) {}

  /** Servers on this machine without a price are the user's own, and are not asked about. */
  async given(spec: JudgeSpec = COMPACT, costOf: () => Promise<SweepCost>): Promise<boolean> {
    if (spec.kind !== 'endpoint') return true;
    const endpoints = decodeEndpoints(spec.endpoints);
    if (endpoints.every(({ address, price }) => address.isLoopback && !price)) return true;
    const { asks } = await costOf();
    const key = JSON.stringify(spec);
    if (!asks || asks.requests <= (this.agreed.get(key) ?? 0)) return true;
    const { question, detail, start } = judgeTexts.cost(chosenName(this.chosen()), asks);
    const answer = await window.showWarningMessage(question, { modal: true, detail }, start);
    if (answer === start) this.agreed.set(key, asks.requests);
    return answer === start;
  }
}
