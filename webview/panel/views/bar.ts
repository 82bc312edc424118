import { html, type TemplateResult } from 'lit';
import type { Choice } from '../../../src/core/pair';
import type { Call, Probabilities } from '../../../src/core/verdict';
import { t } from '../../strings';
import { css } from '../../ui/css';

/** Whole percents that sum to 100. */
export function percents({ a, tie, b }: Probabilities): [number, number, number] {
  const exact = [a, tie, b].map((p) => p * 100);
  const floor = exact.map(Math.floor);
  let missing = 100 - floor.reduce((x, y) => x + y, 0);
  const byRest = [0, 1, 2].sort((i, j) => exact[j]! - floor[j]! - (exact[i]! - floor[i]!));
  for (const i of byRest) if (missing-- > 0) floor[i]! += 1;
  return floor as [number, number, number];
}

export function winnerWords(winner: Choice): string {
  return t(({ A: 'aBetter', tie: 'tied', B: 'bBetter' } as const)[winner]);
}

/** The winner's own probability, percent. */
export function confidence(call: Call): number {
  const [a, tie, b] = percents(call.p);
  return { A: a, tie, B: b }[call.winner];
}

/** Three parts, A | tie | B, with the same in words. */
export function probabilityBar(p: Probabilities): TemplateResult {
  const [a, tie, b] = percents(p);
  return html`<div class="bar" role="img" aria-label=${t('probabilities', a, tie, b)}>
    <span class="part part-A" ${css({ 'flex-grow': p.a })}></span>
    <span class="part part-tie" ${css({ 'flex-grow': p.tie })}></span>
    <span class="part part-B" ${css({ 'flex-grow': p.b })}></span>
  </div>`;
}
