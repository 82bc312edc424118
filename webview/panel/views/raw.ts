import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { transcriptParts } from '../../../src/core/chain/transcript';
import { visibleControls } from '../../../src/core/visible';
import { rawWords } from '../../../src/protocol/panel';
import { t } from '../../strings';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { modal } from './dialog';

/** From so many characters on, a block ends with its line: blocks out of sight are not laid out. */
const BLOCK = 4000;

/** The way to what the model said. */
export function rawButton(does: Context['does']): TemplateResult {
  return html`<button
    class="plain raw-open"
    data-opens="raw"
    aria-haspopup="dialog"
    @click=${() => does.open('raw', true)}
  >
    ${icon('words')}${t('rawOpen')}
  </button>`;
}

/** What the model said, word for word, over the page. */
export function rawOverlay({ snapshot, ui, does }: Context): TemplateResult | typeof nothing {
  const raw = rawWords(snapshot);
  if (!ui.rawOpen || raw === undefined) return nothing;
  return modal(does, {
    ...{ name: 'raw', title: t('raw'), kind: 'raw-dialog' },
    actions: html`<button class="plain raw-copy" @click=${() => does.copyRaw()}>
      ${icon('copy')}${t('rawCopy')}
    </button>`,
    content: html`<p class="quiet">${t('rawHint')}</p>
      <div class="raw" role="region" aria-label=${t('raw')} tabindex="0">
        ${guard([raw], () => blocks(raw))}
      </div>`,
  });
}

function blocks(raw: string): TemplateResult[] {
  return transcriptParts(visibleControls(raw)).map(
    ({ head, said }) =>
      html`${head === '' ? nothing : html`<h3>${head}</h3>`}
      ${inBlocks(said).map((text) => html`<pre>${text}</pre>`)}`,
  );
}

/** The text cut at ends of lines, which are the ends of the blocks. */
export function inBlocks(text: string, size = BLOCK): string[] {
  const made: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from + size);
    made.push(text.slice(from, end < 0 ? undefined : end));
    from = end < 0 ? text.length : end + 1;
  }
  return made;
}
