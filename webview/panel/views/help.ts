import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../strings';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { HELP, SWEEP_HELP } from '../keys';
import { keepInside } from './dialog';

/** Every key, over the page; Escape goes back to where the reader was. */
export function helpOverlay({ snapshot, ui, does }: Context): TemplateResult | typeof nothing {
  if (!ui.helpOpen) return nothing;
  return html`<div class="scrim" @click=${() => does.open('help', false)}>
    <div
      class="help"
      role="dialog"
      aria-modal="true"
      aria-label=${t('help')}
      data-dialog="help"
      tabindex="-1"
      @click=${(e: Event) => e.stopPropagation()}
      @keydown=${keepInside}
    >
      <div class="popover-head">
        <h2>${t('help')}</h2>
        <button
          class="plain"
          aria-label=${t('close')}
          title="${t('close')} (Esc)"
          @click=${() => does.open('help', false)}
        >
          ${icon('close')}
        </button>
      </div>
      <div class="help-groups">
        ${(snapshot.sweep ? [...HELP, SWEEP_HELP] : HELP).map(
          (g) =>
            html`<section>
              <h3>${t(g.title)}</h3>
              <dl>
                ${g.keys.map(
                  ([keys, what]) =>
                    html`<dt>${keys.split(' ').map((k) => html`<kbd>${k}</kbd>`)}</dt>
                      <dd>${t(what)}</dd>`,
                )}
              </dl>
            </section>`,
        )}
      </div>
    </div>
  </div>`;
}
