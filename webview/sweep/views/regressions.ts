import { html, nothing, type TemplateResult } from 'lit';
import { percentText, rateText } from '../../../src/core/sweep/rateText';
import { uncertainFalls, type Regression, type SweepStatistics } from '../../../src/core/sweep/statistics';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { counted, probability, seriesName } from '../words';

/** Regressions that stand as words; the rest is reached by stepping. */
const NAMED = 12;
/** What may be chance takes less room than what is not; the rest is in the table of the curves. */
const FALLS_NAMED = 6;

/** What was found between neighbours, and what could have been. */
export function regressionLine(
  { does }: Context,
  { facts, index }: Shown,
  statistics: SweepStatistics,
): TemplateResult {
  const { regressions, tests } = statistics;
  const { columns } = index.grid;
  if (tests.made === 0) return html`<p class="line">${t('noTests')}</p>`;
  const power = html`<span class="quiet">${powerWords(tests)}</span>`;
  if (regressions.length === 0)
    return html`<p class="line">
      <strong>${t(isOver(facts) ? 'noRegressions' : 'noRegressionsYet')}</strong>
      ${falls(statistics, columns)} ${power}
    </p>`;
  return html`<div class="line regressions">
    <strong>${t('regressions')}</strong>
    ${regressions
      .slice(0, NAMED)
      .map(
        (regression) =>
          html`<button
            class="chip fall-chip"
            title=${regressionWords(regression, index, testsWords(tests))}
            @click=${() => does.showRegression(regression)}
          >
            <span class="worse">▼</span> ${columns[regression.column]?.label} ${seriesName(regression.of)}
            ${probability(regression.adjusted)}
          </button>`,
      )}
    ${regressions.length > NAMED ? html`<span>${t('leftoversMore', regressions.length - NAMED)}</span>` : nothing}
    ${falls(statistics, columns)} ${power}
  </div>`;
}

/** Every pair that there is to judge is judged. */
export function isOver({ state }: Shown['facts']): boolean {
  return state !== undefined && state.pairs.judged >= state.pairs.total;
}

/** The same in a word or two, for a line that has little room. */
export function regressionsInShort({ regressions, tests }: SweepStatistics, over: boolean): string {
  if (regressions.length > 0) return `▼ ${counted(regressions.length, 'regressionsOne', 'regressionsCount')}`;
  return tests.made === 0 ? '' : t(over ? 'noRegressions' : 'noRegressionsYet');
}

function falls(
  statistics: SweepStatistics,
  columns: readonly { label: string }[],
): TemplateResult | typeof nothing {
  const found = uncertainFalls(statistics).map(
    ({ of, column, rate }) => `${columns[column]?.label ?? ''} ${seriesName(of)} ${rateText(rate)}`,
  );
  if (found.length === 0) return nothing;
  const rest = found.length > FALLS_NAMED ? ` ${t('leftoversMore', found.length - FALLS_NAMED)}` : '';
  const named = found.slice(0, FALLS_NAMED).join(', ') + rest;
  return html`<span>${t('falls', testsWords(statistics.tests), named)}</span>`;
}

function testsWords({ made }: SweepStatistics['tests']): string {
  return counted(made, 'testOne', 'tests');
}

function powerWords(tests: SweepStatistics['tests']): string {
  const { detectable } = tests;
  return detectable === null
    ? t('undetectable', testsWords(tests))
    : t('detectable', testsWords(tests), percentText(detectable));
}

function regressionWords(
  regression: Regression,
  { grid: { columns } }: Shown['index'],
  tests: string,
): string {
  const { of, column, previous, worse, better, ties, adjusted, detectable } = regression;
  const said = t(
    'regression',
    columns[column]?.label ?? '',
    seriesName(of),
    columns[previous]?.label ?? '',
    worse.length,
    worse.length + better.length + ties,
    better.length,
    probability(adjusted),
    tests,
  );
  const power =
    detectable === null ? t('regressionUndetectable') : t('regressionDetectable', percentText(detectable));
  return `${said}; ${power}`;
}
