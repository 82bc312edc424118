import { html, nothing, type TemplateResult } from 'lit';
import { isVerdictAlone } from '../../../src/core/chain/options';
import type { OrderSaid } from '../../../src/core/chain/orders';
import { CRITERIA, type Criterion, type Dimension, DIMENSIONS } from '../../../src/core/rubric';
import type { CriterionVerdict, Verdict } from '../../../src/core/verdict';
import { describedClips } from '../../../src/core/verdictFacts';
import { t } from '../../strings';
import { icon, mark } from '../../ui/icons';
import type { Context } from '../context';
import { scoreChoice, scoreWords, winnerIn, winnerWords } from '../words';
import { criterionOf } from '../places';
import type { Answers } from '../shown';
import { chips, moments } from './evidence';
import { answersBar, unansweredNote } from './orders';

/** The fifteen criteria: each one line of reason and the places it speaks of. */
export function criteriaList(context: Context): TemplateResult {
  const { verdict, shown, hidden } = context;
  return html`<section
    class="criteria ${shown.writing ? 'writing' : ''}"
    aria-label=${t('criteria')}
    @keydown=${(e: KeyboardEvent) => arrows(e, context)}
  >
    ${answersBar(context)} ${unansweredNote(context)}
    ${hidden ? html`<p class="criteria-note">${t('blindCriteriaHint')}</p>` : nothing}
    ${verdict && isVerdictAlone(verdict.options) ? html`<p class="criteria-note">${t('verdictAlone')}</p>` : nothing}
    ${verdict?.prompt ? html`<p class="criteria-note prompt" title=${verdict.prompt}>${t('prompt', verdict.prompt)}</p>` : nothing}
    ${verdict && !shown.writing ? descriptions(verdict) : nothing}
    ${DIMENSIONS.map(
      (d) =>
        html`<h2 class="group">${d.name} ${groupCall(context, d.id)}</h2>
          <ul class="rows" role="list">
            ${ofDimension(d.id).map((c) => row(context, c))}
          </ul>`,
    )}
  </section>`;
}

/** None while the criteria are still being written, nor where the dimension was not judged. */
function groupCall({ verdict, shown }: Context, id: Dimension): TemplateResult | typeof nothing {
  const winner = shown.writing
    ? undefined
    : shown.order
      ? shown.order.dimensions[id]
      : verdict && winnerIn(verdict.dimensions[id]);
  if (winner === undefined) return nothing;
  return html`<span class="group-call"
    >${mark(winner)} <span class="words call-${winner}">${winnerWords(winner)}</span></span
  >`;
}

/** One line for each clip: the judge's word for it, and behind it how often that is right. */
function descriptions(verdict: Verdict): TemplateResult[] {
  return describedClips(verdict).map(
    ({ side, words, accuracy }) =>
      html`<p class="criteria-note described" title=${t('describedHint', accuracy)}>
        ${mark(side)}<span class="hidden">${t(side === 'A' ? 'clipA' : 'clipB')}</span> <span>${words}</span>
        <span class="quiet">(${t('describedAs')})</span>
        <span class="hidden">${t('describedHint', accuracy)}</span>
      </p>`,
  );
}

function ofDimension(id: Dimension): readonly Criterion[] {
  return CRITERIA.filter((c) => c.dimension === id);
}

function row(context: Context, c: Criterion): TemplateResult {
  const { shown, ui, does } = context;
  const said = criterionOf(shown.criteria, c.id);
  const current = ui.selection?.criterion === c.id;
  const unseen = said !== undefined && said.status !== 'judged';
  const stop = (ui.roving ?? CRITERIA[0]?.id) === c.id;
  return html`<li class="row ${current ? 'current' : ''} ${unseen ? 'unseen' : ''}">
    <button
      class="criterion"
      data-criterion=${c.id}
      tabindex=${stop ? 0 : -1}
      aria-current=${current ? 'true' : 'false'}
      title=${t('asks', c.asks)}
      @click=${() => does.select({ criterion: c.id, evidence: 0 })}
    >
      ${name(c)} ${said ? judgement(context, c, said) : html`<span class="reason">${c.asks}</span>`}
    </button>
    <span class="chips">
      ${status(context, said)} ${said ? chips(context, c, said.evidence, stop) : nothing}
    </span>
    ${said ? moments(context, c, said.evidence, stop) : nothing}
  </li>`;
}

function name(c: Criterion): TemplateResult {
  return html`<span class="criterion-name"
    >${c.name}${
      c.source === 'reconstructed'
        ? html`<abbr class="reconstructed" title=${t('reconstructed')}
            >°<span class="hidden">${t('reconstructedMark')}</span></abbr
          >`
        : nothing
    }</span
  >`;
}

function judgement({ shown, ui }: Context, c: Criterion, said: CriterionVerdict): TemplateResult {
  const choice = scoreChoice(said);
  return html`<span class="score">${mark(choice)}</span>
    ${said.status === 'judged' ? html`<span class="hidden">${scoreWords(choice)}.</span>` : nothing}
    <span class="reason">${reason(said)}</span>
    ${shown.answers?.split.has(c.id) ? splitWords(shown.answers, c) : nothing}
    ${ui.selection?.criterion === c.id ? html`<span class="asks">${c.asks}</span>` : nothing}`;
}

/** Why there is no judgement, where there is none or not yet. */
function status({ shown }: Context, said: CriterionVerdict | undefined): TemplateResult | typeof nothing {
  if (said?.status === 'judged') return nothing;
  if (said) return html`<span class="chip still" title=${statusHint(said)}>${statusWords(said)}</span>`;
  return shown.writing ? html`<span class="chip still">${t('toCome')}</span>` : nothing;
}

function reason(said: CriterionVerdict): string {
  if (said.reason !== '') return said.reason;
  return said.status === 'judged' ? (said.score === 0 ? t('noDifferenceSeen') : '') : statusHint(said);
}

function statusHint({ status }: CriterionVerdict): string {
  return t(status === 'missing' ? 'missingHint' : 'notSeenHint');
}

function splitWords({ ab, ba }: Answers, c: Criterion): TemplateResult {
  const of = ({ criteria }: OrderSaid) => {
    const said = criterionOf(criteria, c.id);
    return said ? scoreWords(scoreChoice(said)) : t('missing');
  };
  return html`<span class="doubt split"
    >${icon('warning')}<span>${t('splitOrders', of(ab), of(ba))}</span></span
  >`;
}

function statusWords(said: CriterionVerdict): string {
  return t(said.status === 'missing' ? 'missing' : 'notSeen');
}

/** Up and down walk the criteria; the list is one stop for Tab. */
function arrows(event: KeyboardEvent, { does }: Context): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const row = (event.target as Element).closest('.row')?.querySelector<HTMLElement>('[data-criterion]');
  if (by === undefined || !row || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = CRITERIA.findIndex((c) => c.id === row.dataset['criterion']);
  const next = CRITERIA[Math.min(CRITERIA.length - 1, Math.max(0, here + by))];
  if (next) does.rove(next.id);
  event.preventDefault();
  event.stopPropagation();
}
