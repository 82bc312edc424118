import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { css } from '../../ui/css';
import { percentText, rateText } from '../../../src/core/sweep/rateText';
import type { Context, Shown } from '../context';
import { gridSize, inSight } from '../geometry';
import { t } from '../strings';
import { seriesName } from '../words';
import { cellView } from './cell';

/** Prompts by checkpoints; only what is in sight is in the document, whatever the size. */
export function gridView(context: Context, shown: Shown): TemplateResult {
  const { ui, does } = context;
  const { index, rows } = shown;
  const { columns } = index.grid;
  const { view, cell } = ui;
  const size = gridSize(view.width, columns);
  const top = Math.max(0, view.top - view.gridTop);
  const height = Math.max(0, view.height - Math.max(0, view.gridTop - view.top) - size.head);
  const seenRows = inSight(top, height, size.row, rows.length, rows.indexOf(cell.row));
  const seen = inSight(view.left, view.width - size.names, size.cell, columns.length, cell.column);
  if (rows.length === 0)
    return html`<p class="empty">
      ${t('noRows')}
      <button class="plain link" @click=${() => does.choose({ filter: 'all' })}>${t('showAll')}</button>
    </p>`;
  return html`<div
    class="grid"
    role="grid"
    aria-label=${t('grid')}
    aria-rowcount=${rows.length + 1}
    aria-colcount=${columns.length + 1}
    ${css({
      '--names': `${size.names}px`,
      '--cell': `${size.cell}px`,
      '--row': `${size.row}px`,
      '--head': `${size.head}px`,
      width: `${size.names + columns.length * size.cell}px`,
      height: `${size.head + rows.length * size.row}px`,
    })}
  >
    ${headRow(context, shown, seen)}
    ${repeat(
      seenRows,
      (i) => index.grid.rows[rows[i]!]!.id,
      (i) => row(context, shown, i, seen),
    )}
  </div>`;
}

function headRow(context: Context, shown: Shown, seen: readonly number[]): TemplateResult {
  return html`<div class="grid-head" role="row" aria-rowindex="1">
    ${corner(context, shown)}
    ${repeat(
      seen,
      (column) => shown.index.grid.columns[column]!.id,
      (column) => columnHead(context, shown, column),
    )}
  </div>`;
}

/** Over the prompts' names, and what the numbers of all the columns' heads are. */
function corner({ ui }: Context, { facts, index }: Shown): TemplateResult {
  const to = referenceWords(facts, index);
  const whole = t('ratesAre', seriesName(ui.series), to);
  return html`<div class="corner" role="columnheader" aria-colindex="1">
    <span>${t('prompt')}</span>
    ${
      facts.state?.statistics
        ? html`<span class="rates-are" title=${whole}>${t('ratesAreShort', to)}</span>`
        : nothing
    }
  </div>`;
}

function referenceWords({ reference, baseline }: Shown['facts'], { grid }: Shown['index']): string {
  return reference === 'baseline' ? (grid.columns[baseline]?.label ?? '') : t('againstPrevious');
}

/** What stands where the reference has no rate. */
function noRate({ facts }: Shown, column: number): string {
  if (facts.reference === 'baseline') return column === facts.baseline ? t('isBaseline') : '–';
  return column === 0 ? t('isFirst') : '–';
}

function columnHead({ ui, does }: Context, shown: Shown, column: number): TemplateResult {
  const { facts, index } = shown;
  const { label } = index.grid.columns[column]!;
  const series = facts.state?.statistics?.series[ui.series];
  const rates = facts.reference === 'baseline' ? series?.againstBaseline : series?.againstPrevious;
  const rate = rates?.[column];
  const fell = facts.state?.statistics?.regressions.some((r) => r.column === column && r.of === ui.series);
  const to = referenceWords(facts, index);
  const before = index.grid.columns[column - 1];
  const words = before && t('changesTo', before.label, label);
  return html`<div
    class="column-head"
    role="columnheader"
    aria-colindex=${column + 2}
    ${css({ '--column': column })}
  >
    <span class="column-name" title=${label}>${label}</span>
    <span
      class="column-rate"
      title=${rate ? t('rateIs', seriesName(ui.series), rateText(rate), to, rate.prompts) : ''}
    >
      ${fell ? html`<span class="worse" aria-hidden="true">▼ </span>` : nothing}${
        rate
          ? html`${percentText(rate.value)} <span class="hidden">${t('againstOne', to)}</span>`
          : noRate(shown, column)
      }
    </span>
    ${
      words
        ? html`<button
            class="plain changes"
            tabindex="-1"
            aria-label=${words}
            title=${words}
            @click=${() => does.diff(column)}
          >
            Δ
          </button>`
        : nothing
    }
  </div>`;
}

function row(context: Context, shown: Shown, at: number, seen: readonly number[]): TemplateResult {
  const index = shown.rows[at]!;
  const { label, prompt } = shown.index.grid.rows[index]!;
  return html`<div class="grid-row" role="row" aria-rowindex=${at + 2} ${css({ '--at': at })}>
    <div class="prompt-head" role="rowheader" aria-colindex="1" title=${prompt ?? label}>
      <span>${label}</span>
    </div>
    ${repeat(
      seen,
      (column) => shown.index.grid.columns[column]!.id,
      (column) => cellView(context, shown, { column, row: index }),
    )}
  </div>`;
}
