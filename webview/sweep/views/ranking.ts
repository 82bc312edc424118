import { html, nothing, type TemplateResult } from 'lit';
import type { SweepStatistics } from '../../../src/core/sweep/statistics';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { seriesName } from '../words';
import { sheet } from './dialog';

/** Names that stand in the line of the best. */
const NAMED = 6;

/** The best set in words; "no clear winner" is a normal answer. */
export function bestLine(
  { ui, does }: Context,
  { index }: Shown,
  statistics: SweepStatistics,
): TemplateResult | typeof nothing {
  const { best, ranking } = statistics.series[ui.series];
  if (!best && !ranking) return nothing;
  const button = ranking
    ? html`<button class="plain link" @click=${() => does.open('ranking')}>${t('ranking')}</button>`
    : nothing;
  if (!best) return html`<p class="line">${button}</p>`;
  const names = best.columns.map((column) => index.grid.columns[column]?.label ?? '');
  const list = names.slice(0, NAMED).join(', ');
  const words = names.length > NAMED ? t('bestMore', list, names.length - NAMED) : list;
  return html`<p class="line best">
    <strong>${t(names.length === 1 ? 'best' : 'bestUnclear', seriesName(ui.series), words)}</strong> ${button}
  </p>`;
}

export function rankingView({ ui, does }: Context, { facts, index }: Shown): TemplateResult | typeof nothing {
  const ranking = facts.state?.statistics?.series[ui.series].ranking;
  if (!ranking) return nothing;
  const order = ranking.strengths
    .flatMap((strength, column) => (strength ? [{ strength, column }] : []))
    .sort((a, b) => b.strength.value - a.strength.value);
  const title = `${t('ranking')}: ${seriesName(ui.series)}`;
  return sheet(
    'ranking',
    title,
    does,
    html`<p class="quiet">${t('rankingHint')}</p>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">${t('tableCheckpoint')}</th>
            <th scope="col">${t('strength')}</th>
            <th scope="col">${t('interval')}</th>
          </tr>
        </thead>
        <tbody>
          ${order.map(
            ({ strength: { value, interval }, column }) =>
              html`<tr>
                <th scope="row">${index.grid.columns[column]?.label}</th>
                <td>${signed(value)}</td>
                <td>${interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '–'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
