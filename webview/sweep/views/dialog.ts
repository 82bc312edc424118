import { html, type TemplateResult } from 'lit';
import { icon } from '../../ui/icons';
import type { Commands } from '../commands';
import { t } from '../strings';

export function dialogHead(title: string, does: Commands): TemplateResult {
  return html`<div class="popover-head">
    <h2>${title}</h2>
    <button class="plain" aria-label=${t('close')} title="${t('close')} (Esc)" @click=${() => does.close()}>
      ${icon('close')}
    </button>
  </div>`;
}

/** A sheet at the page's side; its content scrolls. */
export function sheet(name: string, title: string, does: Commands, content: TemplateResult): TemplateResult {
  return html`<div class="help sheet" role="dialog" aria-label=${title} data-dialog=${name} tabindex="-1">
    ${dialogHead(title, does)} ${content}
  </div>`;
}
