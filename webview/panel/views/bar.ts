import { html, type TemplateResult } from 'lit';
import type { Probabilities } from '../../../src/core/verdict';
import { t } from '../../strings';
import { css } from '../../ui/css';
import { percents } from '../words';

/** Three parts, A | tie | B, with the same in words. */
export function probabilityBar(p: Probabilities): TemplateResult {
  const [a, tie, b] = percents(p);
  return html`<div class="bar" role="img" aria-label=${t('probabilities', a, tie, b)}>
    <span class="part part-A" ${css({ 'flex-grow': p.a })}></span>
    <span class="part part-tie" ${css({ 'flex-grow': p.tie })}></span>
    <span class="part part-B" ${css({ 'flex-grow': p.b })}></span>
  </div>`;
}
