import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { isOrdered } from '../../../src/core/sweep/grid';
import { rateText } from '../../../src/core/sweep/rateText';
import { LEAST_PROMPTS, type SweepStatistics } from '../../../src/core/sweep/statistics';
import { SERIES } from '../../../src/core/sweep/table';
import { icon } from '../../ui/icons';
import { linesOf, plotFor, scaleOf, widest, type Line } from '../chart';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { counted, seriesName } from '../words';
import { bestInShort, bestLine } from './ranking';
import { chart } from './chart';
import { isOver, regressionLine, regressionsInShort } from './regressions';
import { select } from './select';
import { votesLine } from './votes';

/** Room left and right of the drawing. */
const PADDING = 24;
/** Of what follows from the drawing, where it stands beside it. */
const SUMMARY_WIDTH = 360;
const LEAST_STEP = 118;

/** What the sweep says over all prompts: curves, the best set, regressions. Folded, it leaves the room to the grid. */
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
    plotFor(ui.view),
    ui.table,
    ui.folded,
    index,
    isOver(facts),
  ] as const;
  return html`<section class="curves" aria-labelledby="curves-title">
    ${guard([...given], () => body(context, shown, statistics))}
  </section>`;
}

function referenceWords({ facts, index }: Shown, { baseline }: SweepStatistics): string {
  const label = index.grid.columns[baseline]?.label ?? '';
  return facts.curves === 'baseline' ? label : t('againstPrevious');
}

function body(context: Context, shown: Shown, statistics: SweepStatistics): TemplateResult {
  const { ui, does } = context;
  const { folded } = ui;
  const reference = referenceWords(shown, statistics);
  return html`<div class="section-head">
      <h2 id="curves-title">
        <button
          class="plain fold"
          data-does="fold"
          aria-expanded=${!folded}
          title=${t(folded ? 'unfoldCurves' : 'foldCurves')}
          @click=${() => does.set({ folded: !folded })}
        >
          ${icon(folded ? 'right' : 'down')}<span
            >${t('curvesAgainst')} <span class=${folded ? '' : 'hidden'}>${reference}</span></span
          >
        </button>
      </h2>
      ${folded ? gist(context, shown, statistics) : choices(context, shown, statistics)}
    </div>
    ${folded ? nothing : drawing(context, shown, statistics)}`;
}

/** What there is to unfold comes to this. */
function gist(context: Context, shown: Shown, statistics: SweepStatistics): TemplateResult {
  const best = bestInShort(context, shown, statistics);
  const fell = regressionsInShort(statistics, isOver(shown.facts));
  return html`<span class="quiet gist">${[fell, best].filter(Boolean).join(' · ')}</span>`;
}

/** What the curves are against stands in their heading: it governs them, and not the grid. */
function choices(
  { ui, does }: Context,
  { facts, index }: Shown,
  statistics: SweepStatistics,
): TemplateResult {
  const lines = linesOf(statistics.series, facts.curves);
  const { columns } = index.grid;
  const { whiskers } = scaleOf(lines, columns.length, widthFor(ui, columns.length), plotFor(ui.view));
  return html`${select(
      t('curvesChoice'),
      [
        ['baseline', t('againstBaseline', columns[statistics.baseline]?.label ?? '')],
        ['previous', t('againstPrevious')],
      ],
      facts.curves,
      (against) => does.choose({ curves: against }),
      'hidden',
    )}
    <span class="quiet about">${about(lines, whiskers, ui.series)}</span>
    <button
      class="plain link"
      data-does="table"
      aria-expanded=${ui.table}
      @click=${() => does.set({ table: !ui.table })}
    >
      ${t('asTable')}
    </button>`;
}

/** What follows from few columns stands beside their drawing. */
function widthFor({ view }: Context['ui'], columns: number): number {
  const whole = Math.max(320, view.width - PADDING);
  const beside = whole - columns * LEAST_STEP - SUMMARY_WIDTH > 0;
  return Math.min(beside ? whole - SUMMARY_WIDTH : whole, widest(columns));
}

function drawing(context: Context, shown: Shown, statistics: SweepStatistics): TemplateResult {
  const { ui, does } = context;
  const { facts, index } = shown;
  const { columns } = index.grid;
  const lines = linesOf(statistics.series, facts.curves);
  const labels = columns.map(({ label }) => label);
  const title = t('curvesOf', referenceWords(shown, statistics));
  return html`<div class="curves-body">
      <div class="chart-box" role="img" aria-label=${t('chart', title)}>
        ${chart({
          lines,
          labels,
          regressions: statistics.regressions,
          chosen: ui.series,
          ordered: isOrdered(index.grid),
          baseline: facts.curves === 'baseline' ? statistics.baseline : undefined,
          width: widthFor(ui, columns.length),
          plot: plotFor(ui.view),
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
  const over = least < most ? t('overPromptsRange', least, most) : counted(most, 'overPrompt', 'overPrompts');
  if (most < LEAST_PROMPTS) return `${over}. ${t('tooFew', LEAST_PROMPTS)}`;
  return `${over} · ${whiskers ? t('intervals') : t('bandOnly', seriesName(series))}`;
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
              ${lines.map(({ rates }) => html`<td>${rateText(rates[column])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
