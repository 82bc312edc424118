import { html, nothing, type TemplateResult } from 'lit';
import type { Choice } from '../../../src/core/pair';
import { type Dimension, DIMENSIONS } from '../../../src/core/rubric';
import type { DimensionCall } from '../../../src/core/verdict';
import { t } from '../../strings';
import { icon, mark } from '../../ui/icons';
import type { Context } from '../context';
import { roveWithin } from './rove';

const CHOICES: readonly Choice[] = ['A', 'tie', 'B'];

/** The reader's own verdict, apart from the model's: the same four columns. */
export function votes(context: Context): TemplateResult {
  const { snapshot, does } = context;
  return html`<section class="votes" aria-label=${t('yourVerdict')}>
    <div class="cell cell-overall">
      <span class="votes-title">${t('yourVerdict')}</span>
      ${group(context, 'overall', t('voteOverall'))} ${agreement(context, 'overall')}
      <button
        class="plain undo"
        aria-label=${t('undoHint')}
        title="${t('undoHint')} (Ctrl+Z)"
        ?disabled=${!snapshot.canUndoVote}
        @click=${() => does.undoVote()}
      >
        ${icon('undo')}
      </button>
    </div>
    ${DIMENSIONS.map(
      (d) =>
        html`<div class="cell">
          <span class="votes-dimension" title=${d.name}
            ><span class="long">${context.verdict ? d.id : d.name}</span
            ><span class="short">${d.id}</span></span
          >
          ${group(context, d.id, t('voteDimension', d.name))} ${agreement(context, d.id)}
        </div>`,
    )}
  </section>`;
}

function group({ snapshot, does }: Context, of: 'overall' | Dimension, label: string): TemplateResult {
  const cast = castOf(snapshot.vote, of);
  const stop = cast ?? 'A';
  return html`<div class="vote" role="group" aria-label=${label} data-vote=${of} @keydown=${roveWithin}>
    ${CHOICES.map((choice, i) => {
      const words = t(({ A: 'voteA', tie: 'voteTie', B: 'voteB' } as const)[choice]);
      return html`<button
        class="choice choice-${choice}"
        data-key=${of === 'overall' ? i + 1 : nothing}
        aria-pressed=${cast === choice}
        aria-label=${words}
        title="${words} (${i + 1})"
        tabindex=${choice === stop ? 0 : -1}
        @click=${() => does.vote(of, choice)}
      >
        ${choice === 'A' ? mark('A') : nothing}<span>${t(({ A: 'a', tie: 'tie', B: 'b' } as const)[choice])}</span>${choice === 'A' ? nothing : mark(choice)}
      </button>`;
    })}
  </div>`;
}

function castOf(vote: Context['snapshot']['vote'], of: 'overall' | Dimension): Choice | undefined {
  return of === 'overall' ? vote?.overall : vote?.dimensions?.[of];
}

/** Whether the model says the same; only where both have spoken. */
function agreement(
  { snapshot, verdict }: Context,
  of: 'overall' | Dimension,
): TemplateResult | typeof nothing {
  const cast = castOf(snapshot.vote, of);
  if (!cast || !verdict) return nothing;
  const call: DimensionCall = of === 'overall' ? verdict.overall : verdict.dimensions[of];
  if (call.unjudged) return nothing;
  const same = call.winner === cast;
  const words = t(same ? 'agrees' : 'differs');
  return html`<span class="agreement ${same ? 'same' : 'other'}" title=${words} role="img" aria-label=${words}
    >${icon(same ? 'check' : 'differs')}</span
  >`;
}
