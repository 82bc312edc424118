import { html, nothing, type TemplateResult } from 'lit';
import { criterion, type Dimension, DIMENSIONS } from '../../../src/core/rubric';
import type { Call, CriterionVerdict, Orders, Verdict } from '../../../src/core/verdict';
import { t } from '../../strings';
import { mark } from '../../ui/icons';
import type { Context } from '../context';
import { confidence, percents, scoreChoice, scoreWords, winnerIn, winnerWords, type Said } from '../words';
import { probabilityBar } from './bar';
import { judgeLine } from './judge';
import { runState } from './runState';
import { votes } from './votes';

/** The model's word in four columns, the reader's own beneath each. */
export function verdictStrip(context: Context): TemplateResult {
  const { verdict, running } = context;
  return html`<section class="verdict" aria-label=${t('verdict')}>
    ${
      verdict
        ? html`<div class="cells ${running ? 'before' : ''}" aria-busy=${running}>
            ${overall(context, verdict)} ${DIMENSIONS.map((d) => dimension(context, verdict, d.id, d.name))}
          </div>`
        : nothing
    }
    ${verdict && !running ? nothing : runState(context)} ${votes(context)}
  </section>`;
}

function overall(context: Context, verdict: Verdict): TemplateResult {
  const { order } = context.shown;
  const call = order ? order.overall : verdict.overall;
  return html`<div class="cell cell-overall">
    <h2 class="call call-${winnerIn(call)}">
      ${winner(call)} <span class="quiet">${t('overall').toLowerCase()}</span> ${sure(call)}
    </h2>
    ${bar(call)}
    <p class="fine">
      ${order ? t('shownFirst', order.first) : split(verdict.overall)} ·
      ${context.running ? html`<b>${t('before')}</b>` : orders(verdict.orders)}
    </p>
    ${judgeLine(context, verdict)}
  </div>`;
}

function dimension({ shown }: Context, verdict: Verdict, id: Dimension, name: string): TemplateResult {
  const whole = verdict.dimensions[id];
  const call = shown.order && !whole.unjudged ? shown.order.dimensions[id] : whole;
  const { criteria } = shown.order ?? verdict;
  return html`<div class="cell">
    <h2 class="call call-${winnerIn(call)}">
      <span class="dimension">${name}</span>
      <span class="nowrap">${winner(call)} ${sure(call)}</span>
    </h2>
    ${bar(call)}
    <p class="fine">
      ${shown.order ? t('shownFirst', shown.order.first) : isCall(call) ? split(call) : nothing}
    </p>
    <p class="tally" role="img" aria-label=${tallyWords(criteria, id)}>
      ${scores(criteria, id).map((s) => mark(s))}
    </p>
  </div>`;
}

function winner(said: Said): TemplateResult {
  const choice = winnerIn(said);
  const none = typeof said === 'object' ? 'dimensionNotJudged' : 'notSaid';
  return choice === undefined
    ? html`${mark('none')}<span class="words">${t(none)}</span>`
    : html`${mark(choice)}<span class="words">${winnerWords(choice)}</span>`;
}

const isCall = (said: Said): said is Call => typeof said === 'object' && !said.unjudged;

function sure(said: Said): TemplateResult | typeof nothing {
  return isCall(said) ? html`<span class="confidence">${confidence(said)}%</span>` : nothing;
}

/** Its place stays where there are no probabilities. */
function bar(said: Said): TemplateResult {
  return isCall(said) ? probabilityBar(said.p) : html`<div class="bar bar-unknown"></div>`;
}

type Criteria = readonly CriterionVerdict[];

function scores(criteria: Criteria, id: Dimension) {
  return criteria.filter((c) => criterion(c.id).dimension === id).map(scoreChoice);
}

function tallyWords(criteria: Criteria, id: Dimension): string {
  const counts = new Map<string, number>();
  for (const s of scores(criteria, id)) counts.set(s, (counts.get(s) ?? 0) + 1);
  return [...counts].map(([s, n]) => `${n} × ${scoreWords(s as ReturnType<typeof scoreChoice>)}`).join(', ');
}

function split(call: Call): string {
  return t('split', ...percents(call.p));
}

function orders(o: Orders): TemplateResult {
  if (o.mode === 'symmetric') return html`<span title=${t('symmetricHint')}>${t('symmetric')}</span>`;
  if (o.unanswered)
    return html`<span class="doubt" title=${t('unansweredHint', o.unanswered === 'ab' ? 'A' : 'B')}
      >${t('unanswered')}</span
    >`;
  if (o.consistent) return html`<span title=${t('consistentHint')}>${t('consistent')}</span>`;
  const hint = t('inconsistentHint', winnerWords(o.ab), winnerWords(o.ba));
  return html`<span class="doubt" title=${hint}>${t('inconsistent')}</span>`;
}
