import { html, type TemplateResult } from 'lit';
import type { Context } from '../context';
import { HELP } from '../keys';
import { t } from '../strings';
import { sheet } from './dialog';

export function help({ does }: Context): TemplateResult {
  return sheet(
    'help',
    t('help'),
    does,
    html`${HELP.map(
      ({ title, keys }) =>
        html`<h3>${t(title)}</h3>
          <dl class="keys-list">
            ${keys.map(
              ([key, does]) =>
                html`<dt>${key.split(' ').map((k) => html`<kbd>${k}</kbd> `)}</dt>
                  <dd>${t(does)}</dd>`,
            )}
          </dl>`,
    )}`,
  );
}
