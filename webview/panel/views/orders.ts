import { html, nothing, type TemplateResult } from 'lit';
import type { Side } from '../../../src/core/pair';
import { t } from '../../strings';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { ORDER_VIEWS, type OrderView } from '../state';
import { rawButton } from './raw';
import { roveWithin } from './rove';

/** Above the list: whose answers it shows, and the way to the model's own words. */
export function answersBar(context: Context): TemplateResult | typeof nothing {
  const { verdict, shown, does } = context;
  if (verdict?.raw === undefined || shown.writing) return nothing;
  return html`<div class="answers">
    ${shown.answers ? orderChoice(context) : nothing} ${rawButton(does)}
  </div>`;
}

/** Over the list, which has nothing then: the order that was chosen got no answer. */
export function unansweredNote({ shown }: Context): TemplateResult | typeof nothing {
  const { order } = shown;
  if (!order || order.overall !== undefined) return nothing;
  return html`<p class="criteria-note doubt unanswered">
    ${icon('warning')}<span>${t('orderUnanswered', order.first)}</span>
  </p>`;
}

function orderChoice({ ui, shown, does }: Context): TemplateResult {
  const { answers } = shown;
  const isUnanswered = (order: OrderView): order is 'ab' | 'ba' =>
    order !== 'both' && answers !== undefined && answers[order].overall === undefined;
  return html`<div
    class="segments"
    role="radiogroup"
    aria-label=${t('orderChoice')}
    @keydown=${(event: KeyboardEvent) => choose(event, does)}
  >
    ${ORDER_VIEWS.map(
      (order) =>
        html`<button
          class="segment"
          role="radio"
          data-order=${order}
          aria-checked=${ui.order === order}
          tabindex=${ui.order === order ? 0 : -1}
          title=${isUnanswered(order) ? t('orderUnanswered', sideOf(order)) : hint(order)}
          @click=${() => does.order(order)}
        >
          ${isUnanswered(order) ? icon('warning') : nothing}${name(order)}
        </button>`,
    )}
  </div>`;
}

function sideOf(order: Exclude<OrderView, 'both'>): Side {
  return order === 'ab' ? 'A' : 'B';
}

function name(order: OrderView): string {
  return order === 'both' ? t('ordersBoth') : t('shownFirst', sideOf(order));
}

function hint(order: OrderView): string {
  return order === 'both' ? t('ordersBothHint') : t('shownFirstHint', sideOf(order));
}

/** In a group of radio buttons the arrows choose. */
function choose(event: KeyboardEvent, does: Context['does']): void {
  roveWithin(event);
  const order = (document.activeElement as HTMLElement).dataset['order'];
  if (event.defaultPrevented && order !== undefined) does.order(order as OrderView);
}
