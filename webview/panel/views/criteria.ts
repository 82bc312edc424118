import { html, nothing, type TemplateResult } from 'lit';
import { CRITERIA, type Criterion, type Dimension, DIMENSIONS } from '../../../src/core/rubric';
import type { CriterionVerdict, Evidence, Verdict } from '../../../src/core/verdict';
import { describedClips } from '../../../src/core/verdictFacts';
import { t } from '../../strings';
import { mark } from '../../ui/icons';
import type { Context } from '../context';
import { scoreChoice, scoreWords, winnerWords } from '../words';
import { spanText } from '../places';

/** The fifteen criteria: each one line of reason and the places it speaks of. */
export function criteriaList(context: Context): TemplateResult {
  const { verdict, hidden } = context;
  return html`<section
    class="criteria"
    aria-label=${t('criteria')}
    @keydown=${(e: KeyboardEvent) => arrows(e, context)}
  >
    ${hidden ? html`<p class="criteria-note">${t('blindCriteriaHint')}</p>` : nothing}
    ${verdict?.prompt ? html`<p class="criteria-note prompt" title=${verdict.prompt}>${t('prompt', verdict.prompt)}</p>` : nothing}
    ${verdict ? descriptions(verdict) : nothing}
    ${DIMENSIONS.map(
      (d) =>
        html`<h2 class="group">
            ${d.name}
            ${
              verdict
                ? html`<span class="group-call"
                    >${mark(verdict.dimensions[d.id].winner)}
                    <span class="words call-${verdict.dimensions[d.id].winner}"
                      >${winnerWords(verdict.dimensions[d.id].winner)}</span
                    ></span
                  >`
                : nothing
            }
          </h2>
          <ul class="rows" role="list">
            ${ofDimension(d.id).map((c) => row(context, c))}
          </ul>`,
    )}
  </section>`;
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
  const { verdict, ui, does } = context;
  const said = verdict?.criteria.find((v) => v.id === c.id);
  const choice = said ? scoreChoice(said) : 'none';
  const current = ui.selection?.criterion === c.id;
  const seen = said?.status === 'judged';
  const stop = (ui.roving ?? CRITERIA[0]?.id) === c.id;
  return html`<li class="row ${current ? 'current' : ''} ${said && !seen ? 'unseen' : ''}">
    <button
      class="criterion"
      data-criterion=${c.id}
      tabindex=${stop ? 0 : -1}
      aria-current=${current ? 'true' : 'false'}
      title=${t('asks', c.asks)}
      @click=${() => does.select({ criterion: c.id, evidence: 0 })}
    >
      <span class="score">${mark(choice)}</span>
      <span class="criterion-name"
        >${c.name}${
          c.source === 'reconstructed'
            ? html`<abbr class="reconstructed" title=${t('reconstructed')}
                >°<span class="hidden">${t('reconstructedMark')}</span></abbr
              >`
            : nothing
        }</span
      >
      ${said && seen ? html`<span class="hidden">${scoreWords(choice)}.</span>` : nothing}
      <span class="reason">${reason(c, said)}</span>
      ${current && said ? html`<span class="asks">${c.asks}</span>` : nothing}
    </button>
    <span class="chips">
      ${said && !seen ? html`<span class="chip still" title=${t('notSeenHint')}>${statusWords(said)}</span>` : nothing}
      ${said?.evidence.map((e, i) => chip(context, c, e, i, stop))}
    </span>
  </li>`;
}

function reason(c: Criterion, said: CriterionVerdict | undefined): string {
  if (!said) return c.asks;
  if (said.reason !== '') return said.reason;
  return said.status === 'judged' ? (said.score === 0 ? t('noDifferenceSeen') : '') : t('notSeenHint');
}

function statusWords(said: CriterionVerdict): string {
  return t(said.status === 'missing' ? 'missing' : 'notSeen');
}

function chip({ ui, does }: Context, c: Criterion, e: Evidence, i: number, stop: boolean): TemplateResult {
  const current = ui.selection?.criterion === c.id && ui.selection.evidence === i;
  const where = spanText(e);
  const words = e.side === 'both' ? where : `${e.side} ${where}`;
  return html`<button
    class="chip"
    tabindex=${stop ? 0 : -1}
    aria-current=${current ? 'true' : 'false'}
    aria-label=${`${c.name}: ${words}`}
    @click=${() => does.select({ criterion: c.id, evidence: i })}
  >
    ${e.side === 'both' ? nothing : html`<b>${e.side}</b> `}${where}
  </button>`;
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
