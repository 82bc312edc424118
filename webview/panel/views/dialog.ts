import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../strings';
import { icon } from '../../ui/icons';
import type { Commands } from '../commands';
import type { Dialog } from '../state';

/** The title of a dialog, what else can be done with it, and the way out. */
export function dialogHead(
  name: Dialog,
  title: string,
  does: Commands,
  actions: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="popover-head">
    <h2><bdi>${title}</bdi></h2>
    ${actions}
    <button
      class="plain"
      aria-label=${t('close')}
      title="${t('close')} (Esc)"
      @click=${() => does.open(name, false)}
    >
      ${icon('close')}
    </button>
  </div>`;
}

export interface Modal {
  name: Dialog;
  title: string;
  /** A class of its own. */
  kind?: string;
  actions?: TemplateResult;
  content: TemplateResult;
}

/** A dialog over the page; a click beside it, or Escape, goes back to where the reader was. */
export function modal(does: Commands, { name, title, kind = '', actions, content }: Modal): TemplateResult {
  return html`<div class="scrim" @click=${() => does.open(name, false)}>
    <div
      class="help ${kind}"
      role="dialog"
      aria-modal="true"
      aria-label=${title}
      data-dialog=${name}
      tabindex="-1"
      @click=${(e: Event) => e.stopPropagation()}
      @keydown=${keepInside}
    >
      ${dialogHead(name, title, does, actions)} ${content}
    </div>
  </div>`;
}

/** Tab goes around in the dialog while it is open. */
function keepInside(event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const dialog = event.currentTarget as HTMLElement;
  const stops = [...dialog.querySelectorAll<HTMLElement>('button, vscode-button, [tabindex="0"]')];
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const by = event.shiftKey ? -1 : 1;
  // From the dialog itself the first is the next one, and the last the one before.
  const next = here < 0 ? (event.shiftKey ? stops.length - 1 : 0) : here + by;
  stops.at(next % stops.length)?.focus();
  event.preventDefault();
}
