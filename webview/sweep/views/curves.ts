import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { isOrdered } from '../../../src/core/sweep/grid';
import {
  LEAST_PROMPTS,
  uncertainFalls,
  type Regression,
  type SweepStatistics,
} from '../../../src/core/sweep/statistics';
import { SERIES } from '../../../src/core/sweep/table';
import { linesOf, scaleOf, widest, type Line } from '../chart';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { percent, probability, rateWords, seriesName } from '../words';
import { bestLine } from './ranking';
import { chart } from './chart';
import { select } from './select';
import { votesLine } from './votes';

/** Room left and right of the drawing. */
const PADDING = 24;
/** Beside a drawing with few columns there is room for what follows from it. */
const SUMMARY_WIDTH = 360;
const LEAST_STEP = 118;
/** Regressions that stand as words; the rest is reached by stepping. */
const NAMED = 12;

/** What the sweep says over all prompts: curves, the best set, regressions. */
export function curves(context: Context, shown: Shown): TemplateResult {
  const { statistics, pairs, agreement } = shown.facts.state ?? {};
  if (!statistics || statistics.pairs === 0) {
    const pending = !statistics && pairs && pairs.judged > 0;
    return html`<p class="empty">${t(pending ? 'reckoning' : 'noCurves')}</p>
      ${votesLine(context, shown)}`;
  }
  const { ui } = context;
  const { facts, index } = shown;
  const given = [
    statistics,
    agreement,
    facts.curves,
    ui.series,
    ui.view.width,
    ui.table,
    index,
    isOver(facts),
  ] as const;
  return html`<section class="curves" aria-labelledby="curves-title">
    ${guard([...given], () => body(context, shown, statistics))}
  </section>`;
}

function body(context: Context, shown: Shown, statistics: SweepStatistics): TemplateResult {
  const { ui, does } = context;
  const { facts, index } = shown;
  const { columns } = index.grid;
  const lines = linesOf(statistics.series, facts.curves);
  const labels = columns.map(({ label }) => label);
  const whole = Math.max(320, ui.view.width - PADDING);
  const beside = whole - columns.length * LEAST_STEP - SUMMARY_WIDTH > 0;
  const width = Math.min(beside ? whole - SUMMARY_WIDTH : whole, widest(columns.length));
  const toBaseline = facts.curves === 'baseline';
  const baseline = labels[statistics.baseline] ?? '';
  const title = toBaseline ? t('curvesBaseline', baseline) : t('curvesPrevious');
  const { whiskers } = scaleOf(lines, columns.length, width);
  return html`<div class="section-head">
      <h2 id="curves-title">${title} <span class="quiet">${about(lines, whiskers, ui.series)}</span></h2>
      ${select(
        t('curvesAgainst'),
        [
          ['baseline', t('againstBaseline', baseline)],
          ['previous', t('againstPrevious')],
        ],
        facts.curves,
        (against) => does.choose({ curves: against }),
      )}
      <button
        class="plain link"
        data-does="table"
        aria-expanded=${ui.table}
        @click=${() => does.set({ table: !ui.table })}
      >
        ${t('asTable')}
      </button>
    </div>
    <div class="curves-body">
      <div class="chart-box" role="img" aria-label=${t('chart', title)}>
        ${chart({
          lines,
          labels,
          regressions: statistics.regressions,
          chosen: ui.series,
          ordered: isOrdered(index.grid),
          baseline: toBaseline ? statistics.baseline : undefined,
          width,
          pick: (regression) => does.showRegression(regression),
        })}
      </div>
      <div class="summary">
        ${bestLine(context, shown, statistics)} ${regressionLine(context, shown, statistics)}
        ${votesLine(context, shown)}
      </div>
    </div>
    ${ui.table ? table(lines, labels, title) : nothing}`;
}

/** On how many prompts it rests, and how sure it is. */
function about(lines: readonly Line[], whiskers: boolean, series: Context['ui']['series']): string {
  const prompts = lines.flatMap(({ rates }) => rates.flatMap((rate) => (rate ? [rate.prompts] : [])));
  if (prompts.length === 0) return '';
  const [least, most] = [Math.min(...prompts), Math.max(...prompts)];
  const over = least === most ? t('overPrompts', most) : t('overPromptsRange', least, most);
  if (most < LEAST_PROMPTS) return `${over}. ${t('tooFew', LEAST_PROMPTS)}`;
  return `${over} · ${whiskers ? t('intervals') : t('bandOnly', seriesName(series))}`;
}

/** Every pair that there is to judge is judged. */
function isOver({ state }: Shown['facts']): boolean {
  return state !== undefined && state.pairs.judged >= state.pairs.total;
}

function falls(
  statistics: SweepStatistics,
  columns: readonly { label: string }[],
): TemplateResult | typeof nothing {
  const found = uncertainFalls(statistics).map(
    ({ of, column, rate }) => `${columns[column]?.label ?? ''} ${seriesName(of)} ${rateWords(rate)}`,
  );
  if (found.length === 0) return nothing;
  const rest = found.length > NAMED ? ` ${t('leftoversMore', found.length - NAMED)}` : '';
  return html`<span>${t('falls', statistics.tests.made, found.slice(0, NAMED).join(', ') + rest)}</span>`;
}

/** What was found between neighbours, and what could have been. */
function regressionLine(
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
            title=${regressionWords(regression, index, tests.made)}
            @click=${() => does.showRegression(regression)}
          >
            <span class="worse">▼</span> ${index.grid.columns[regression.column]?.label}
            ${seriesName(regression.of)} ${probability(regression.adjusted)}
          </button>`,
      )}
    ${regressions.length > NAMED ? html`<span>${t('leftoversMore', regressions.length - NAMED)}</span>` : nothing}
    ${falls(statistics, columns)} ${power}
  </div>`;
}

function powerWords({ made, detectable }: SweepStatistics['tests']): string {
  return detectable === null ? t('undetectable', made) : t('detectable', made, percent(detectable));
}

function regressionWords(
  regression: Regression,
  { grid: { columns } }: Shown['index'],
  made: number,
): string {
  const { of, column, previous, worse, better, adjusted, detectable } = regression;
  const said = t(
    'regression',
    columns[column]?.label ?? '',
    seriesName(of),
    columns[previous]?.label ?? '',
    worse.length,
    better.length,
    probability(adjusted),
    made,
  );
  const power =
    detectable === null ? t('regressionUndetectable') : t('regressionDetectable', percent(detectable));
  return `${said}; ${power}`;
}

function table(lines: readonly Line[], labels: readonly string[], title: string): TemplateResult {
  return html`<div class="table-box" tabindex="0" role="region" aria-label=${title}>
    <table class="numbers">
      <caption class="hidden">
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('tableCheckpoint')}</th>
          ${SERIES.map((series) => html`<th scope="col">${seriesName(series)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${labels.map(
          (label, column) =>
            html`<tr>
              <th scope="row">${label}</th>
              ${lines.map(({ rates }) => {
                const rate = rates[column];
                return html`<td>${rate ? rateWords(rate) : '–'}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
