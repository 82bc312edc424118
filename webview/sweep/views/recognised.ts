import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { summaryOf } from '../../../src/core/sweep/grid';
import { memo } from '../memo';
import { PAIRINGS, type Pairing } from '../../../src/core/sweep/table';
import type { Context, Shown } from '../context';
import { t, type SweepString } from '../strings';
import { count } from '../words';
import { select } from './select';

/** Ten thousand cells are not counted at every step of a scroll. */
const counted = memo(summaryOf);

/** Leftovers that are listed; the rest is a number. */
const LISTED = 200;

/** What was found, and how it can be corrected: unfolded before anything runs, behind a line later. */
export function recognised(context: Context): TemplateResult {
  const { snapshot, ui, shown, does } = context;
  if (snapshot.phase === 'scanning' && !shown) return html`<p class="empty">${t('phaseScanning')}…</p>`;
  const fresh = snapshot.phase === 'ready' || snapshot.phase === 'none' || !shown;
  const open = ui.recognised ?? fresh;
  return html`<details
    class="recognised"
    ?open=${open}
    @toggle=${(event: Event) => {
      const now = (event.target as HTMLDetailsElement).open;
      if (now !== open) does.set({ recognised: now });
    }}
  >
    <summary>
      <h2>${t('recognised')}</h2>
      ${shown ? summary(shown) : nothing}
    </summary>
    ${
      open
        ? html`${shown ? found(shown) : nothing}
          ${snapshot.message ? html`<p class="message">${snapshot.message}</p>` : nothing} ${choices(context)}
          ${patternField(context)}`
        : nothing
    }
  </details>`;
}

function summary({ index }: Shown): TemplateResult {
  const { columns, rows, seeds, clips, holes } = counted(index.grid);
  const size = seeds > 1 ? t('sizeSeeds', columns, rows, seeds) : t('size', columns, rows);
  const parts = [
    size,
    t('clips', count(clips)),
    ...(holes > 0 ? [t(holes === 1 ? 'holesOne' : 'holes', count(holes))] : []),
  ];
  return html`<span class="quiet">${parts.join(' · ')}</span>`;
}

const REASONS: Record<string, SweepString> = {
  auxiliary: 'auxiliary',
  unmatched: 'unmatched',
  superseded: 'superseded',
  otherLayout: 'otherLayout',
};

function found({ index }: Shown): TemplateResult {
  const { title, notes, leftovers } = index.grid;
  return html`<p>${title}</p>
    ${notes.map((note) => html`<p class="quiet">${note}</p>`)}
    ${
      leftovers.length === 0
        ? nothing
        : html`<details class="leftovers">
            <summary>${leftoverWords(leftovers.length)}</summary>
            ${guard([leftovers], () => leftoverList(leftovers))}
          </details>`
    }`;
}

function leftoverWords(n: number): string {
  return n === 1 ? t('leftoversOne') : t('leftovers', count(n));
}

function leftoverList(leftovers: Shown['index']['grid']['leftovers']): TemplateResult {
  return html`<ul tabindex="0" aria-label=${leftoverWords(leftovers.length)}>
    ${leftovers
      .slice(0, LISTED)
      .map(
        ({ path, why }) => html`<li><code>${path}</code> <span class="quiet">${t(REASONS[why]!)}</span></li>`,
      )}
    ${
      leftovers.length > LISTED
        ? html`<li class="quiet">${t('leftoversMore', count(leftovers.length - LISTED))}</li>`
        : nothing
    }
  </ul>`;
}

const PAIRING_WORDS: Record<Pairing, SweepString> = {
  all: 'pairingAll',
  adjacent: 'pairingAdjacent',
  baseline: 'pairingBaseline',
};

function choices(context: Context): TemplateResult {
  const { snapshot, shown, does } = context;
  const grids =
    snapshot.grids.length < 2
      ? nothing
      : select(
          t('otherGrids'),
          snapshot.grids.map(({ id, title, clips }) => [id, `${title} (${t('clips', count(clips))})`]),
          snapshot.grid ?? '',
          (id) => does.post({ type: 'chooseGrid', id }),
        );
  if (!shown) return html`<div class="choices">${grids}</div>`;
  const { index, facts } = shown;
  const pairs = index.pairs(facts.baseline);
  const { columns } = index.grid;
  return html`<div class="choices">
    ${grids}
    ${select(
      t('pairing'),
      PAIRINGS.map((p) => [p, t(PAIRING_WORDS[p], count(pairs[p]))]),
      snapshot.pairing,
      (pairing) => does.post({ type: 'setPairing', pairing }),
    )}
    ${select(
      t('baseline'),
      columns.map(({ id, label }) => [id, label]),
      columns[facts.baseline]?.id ?? '',
      (column) => does.post({ type: 'setBaseline', column }),
    )}
  </div>`;
}

function patternField({ snapshot, shown, ui, does }: Context): TemplateResult {
  const text = ui.pattern ?? snapshot.pattern ?? shown?.index.grid.pattern ?? '';
  const apply = () => {
    does.set({ pattern: text });
    does.applyPattern();
  };
  return html`<div class="pattern" role="group" aria-label=${t('pattern')}>
    <label for="pattern">${t('pattern')}</label>
    <input
      id="pattern"
      type="text"
      spellcheck="false"
      autocomplete="off"
      placeholder="{checkpoint}/{prompt}_{seed}.mp4"
      title=${t('patternHint')}
      .value=${text}
      @input=${(event: Event) => does.set({ pattern: (event.target as HTMLInputElement).value })}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter' && !event.isComposing && text.trim() !== '') apply();
      }}
    />
    <vscode-button data-does="pattern" appearance="secondary" ?disabled=${text.trim() === ''} @click=${apply}
      >${t('apply')}</vscode-button
    >
    ${
      snapshot.pattern === undefined
        ? nothing
        : html`<vscode-button appearance="secondary" @click=${() => does.forgetPattern()}
            >${t('backToRecognised')}</vscode-button
          >`
    }
  </div>`;
}
