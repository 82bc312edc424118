import { html, nothing, type TemplateResult } from 'lit';
import { CRITERIA, type Dimension, DIMENSIONS } from '../../../src/core/rubric';
import type { Call, Orders, Verdict } from '../../../src/core/verdict';
import { t } from '../../strings';
import { mark } from '../../ui/icons';
import type { Context } from '../context';
import { confidence, percents, scoreChoice, scoreWords, winnerWords } from '../words';
import { probabilityBar } from './bar';
import { judgeLine } from './judge';
import { runState } from './runState';
import { votes } from './votes';

/** The model's word in four columns, the reader's own beneath each. */
export function verdictStrip(context: Context): TemplateResult {
  const { verdict } = context;
  return html`<section class="verdict" aria-label=${t('verdict')}>
    ${
      verdict
        ? html`<div class="cells" aria-busy=${context.running}>
            ${overall(context, verdict)} ${DIMENSIONS.map((d) => dimension(verdict, d.id, d.name))}
          </div>`
        : nothing
    }
    ${verdict && !context.running ? nothing : runState(context)} ${votes(context)}
  </section>`;
}

function overall(context: Context, verdict: Verdict): TemplateResult {
  const call = verdict.overall;
  return html`<div class="cell cell-overall">
    <h2 class="call call-${call.winner}">
      ${mark(call.winner)}<span class="words">${winnerWords(call.winner)}</span>
      <span class="quiet">${t('overall').toLowerCase()}</span>
      <span class="confidence">${confidence(call)}%</span>
    </h2>
    ${probabilityBar(call.p)}
    <p class="fine">${split(call)} · ${orders(verdict.orders)}</p>
    ${judgeLine(context, verdict)}
  </div>`;
}

function dimension(verdict: Verdict, id: Dimension, name: string): TemplateResult {
  const call = verdict.dimensions[id];
  return html`<div class="cell">
    <h2 class="call call-${call.winner}">
      <span class="dimension">${name}</span>
      <span class="nowrap"
        >${mark(call.winner)}<span class="words">${winnerWords(call.winner)}</span>
        <span class="confidence">${confidence(call)}%</span></span
      >
    </h2>
    ${probabilityBar(call.p)}
    <p class="fine">${split(call)}</p>
    <p class="tally" role="img" aria-label=${tallyWords(verdict, id)}>
      ${scores(verdict, id).map((s) => mark(s))}
    </p>
  </div>`;
}

function scores(verdict: Verdict, id: Dimension) {
  const ids = CRITERIA.filter((c) => c.dimension === id).map((c) => c.id);
  return verdict.criteria.filter((c) => ids.includes(c.id)).map(scoreChoice);
}

function tallyWords(verdict: Verdict, id: Dimension): string {
  const counts = new Map<string, number>();
  for (const s of scores(verdict, id)) counts.set(s, (counts.get(s) ?? 0) + 1);
  return [...counts].map(([s, n]) => `${n} × ${scoreWords(s as ReturnType<typeof scoreChoice>)}`).join(', ');
}

function split(call: Call): string {
  return t('split', ...percents(call.p));
}

function orders(o: Orders): TemplateResult {
  if (o.mode === 'symmetric') return html`<span title=${t('symmetricHint')}>${t('symmetric')}</span>`;
  if (o.consistent) return html`<span title=${t('consistentHint')}>${t('consistent')}</span>`;
  const hint = t('inconsistentHint', winnerWords(o.ab), winnerWords(o.ba));
  return html`<span class="doubt" title=${hint}>${t('inconsistent')}</span>`;
}
