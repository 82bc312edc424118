import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../strings';
import type { Context } from '../context';
import { HELP, SWEEP_HELP } from '../keys';
import { modal } from './dialog';

/** Every key, over the page; Escape goes back to where the reader was. */
export function helpOverlay({ snapshot, ui, does }: Context): TemplateResult | typeof nothing {
  if (!ui.helpOpen) return nothing;
  const content = html`<div class="help-groups">
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
  </div>`;
  return modal(does, { name: 'help', title: t('help'), content });
}
