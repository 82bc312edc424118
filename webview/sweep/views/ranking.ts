import { html, nothing, type TemplateResult } from 'lit';
import {
  isJudgedIn,
  LEAST_PROMPTS,
  type BestSet,
  type SweepStatistics,
} from '../../../src/core/sweep/statistics';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { seriesName } from '../words';
import { sheet } from './dialog';

/** Names that stand in the line of the best. */
const NAMED = 6;

/** The best set in words; "no clear winner" is a normal answer. What is not there is said with its reason. */
export function bestLine(
  { ui, does }: Context,
  { index }: Shown,
  statistics: SweepStatistics,
): TemplateResult {
  const { best, ranking } = statistics.series[ui.series];
  const name = seriesName(ui.series);
  if (!isJudgedIn(statistics, ui.series))
    return html`<p class="line best"><span class="quiet">${t('seriesNotJudged', name)}</span></p>`;
  const button = html`<button class="plain link" @click=${() => does.open('ranking')}>
    ${t('ranking')}
  </button>`;
  const none =
    index.grid.rows.length < LEAST_PROMPTS
      ? nothing
      : html`<span class="quiet">${t('bestNone', name, LEAST_PROMPTS)}</span>`;
  return html`<p class="line best">
    ${best ? html`<strong>${bestWords(best, name, index)}</strong>` : none}
    ${
      best && best.thin.length > 0
        ? html`<span class="quiet">${t('notCompared', LEAST_PROMPTS, labels(index, best.thin))}</span>`
        : nothing
    }
    ${ranking ? button : html`<span class="quiet">${unranked(statistics)}</span>`}
  </p>`;
}

/** The same without its reasons; empty where there is none. */
export function bestInShort({ ui }: Context, { index }: Shown, { series }: SweepStatistics): string {
  const { best } = series[ui.series];
  return best ? bestWords(best, seriesName(ui.series), index) : '';
}

function bestWords({ columns }: BestSet, series: string, index: Shown['index']): string {
  return t(columns.length === 1 ? 'best' : 'bestUnclear', series, labels(index, columns));
}

function labels({ grid }: Shown['index'], columns: readonly number[]): string {
  return named(columns.map((column) => grid.columns[column]?.label ?? ''));
}

function named(names: readonly string[]): string {
  const list = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? t('bestMore', list, names.length - NAMED) : list;
}

/** Why the columns have no strengths. */
function unranked({ pairing, unjudged }: SweepStatistics): string {
  if (pairing !== 'all') return t('unrankedPairing');
  return unjudged > 0 ? t('unrankedPending', unjudged) : t('unrankedApart');
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
                <td>${interval ? t('range', ...interval.map(signed)) : '–'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
