import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { isOrdered, summaryOf } from '../../../src/core/sweep/grid';
import { previewPattern } from '../../../src/core/sweep/grid/preview';
import { PAIRINGS, type Pairing } from '../../../src/core/sweep/table';
import { icon } from '../../ui/icons';
import type { Context, Shown } from '../context';
import { memo } from '../memo';
import { t, type SweepString } from '../strings';
import { count, counted } from '../words';
import { select } from './select';

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
      ${icon(open ? 'down' : 'right')}
      <h2>${t('recognised')}</h2>
      ${shown ? summary(shown) : nothing}
    </summary>
    ${
      open
        ? html`${shown ? found(shown) : nothing} ${message(snapshot)} ${choices(context)}
          ${patternField(context)}`
        : nothing
    }
  </details>`;
}

/** Why there is no grid, or what a correction did not fit. */
function message({ message: said, phase }: Context['snapshot']): TemplateResult | typeof nothing {
  const words = said ?? (phase === 'none' ? t('noneHint') : undefined);
  return words === undefined ? nothing : html`<p class="message">${words}</p>`;
}

/** Looked at in every draw, and long for a long run. */
const summarised = memo(summaryOf);

function summary({ index }: Shown): TemplateResult {
  const { grid } = index;
  const size = { ...summarised(grid), leftovers: grid.leftovers.length };
  return html`<span class="quiet">${sizeWords(size, isOrdered(grid))}</span>`;
}

interface Size {
  columns: number;
  rows: number;
  seeds: number;
  clips: number;
  holes: number;
  leftovers: number;
}

function sizeWords({ columns, rows, seeds, clips, holes, leftovers }: Size, ordered: boolean): string {
  const sides = [
    ordered ? counted(columns, 'column', 'columns') : counted(columns, 'columnNamed', 'columnsNamed'),
    counted(rows, 'promptOne', 'prompts'),
    ...(seeds > 1 ? [t('seeds', count(seeds))] : []),
  ];
  return [
    sides.join(' × '),
    counted(clips, 'clipOne', 'clips'),
    ...(holes > 0 ? [counted(holes, 'holesOne', 'holes')] : []),
    ...(leftovers > 0 ? [leftoverWords(leftovers)] : []),
  ].join(' · ');
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
  return counted(n, 'leftoversOne', 'leftovers');
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
          snapshot.grids.map(({ id, title, clips }) => [
            id,
            `${title} (${counted(clips, 'clipOne', 'clips')})`,
          ]),
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

const preview = memo(previewPattern);

/** What the pattern that is being typed would make of the folder's videos. */
function feedback({ ui, snapshot, shown }: Context): TemplateResult | typeof nothing {
  const text = ui.pattern?.trim();
  if (!text || !shown || text === (snapshot.pattern ?? shown.index.grid.pattern)) return nothing;
  const found = preview(shown.index.grid, text);
  if (typeof found === 'string') return html`<span class="message">${found}</span>`;
  return html`${t('wouldMake', sizeWords(found, true))}`;
}

function patternField(context: Context): TemplateResult {
  const { snapshot, shown, ui, does } = context;
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
      aria-describedby="pattern-feedback"
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
    <p id="pattern-feedback" class="feedback quiet" role="status">${feedback(context)}</p>
  </div>`;
}
