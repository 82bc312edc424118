import { html, nothing, type TemplateResult } from 'lit';
import { isJudgedIn } from '../../../src/core/sweep/statistics';
import { SERIES, type Series } from '../../../src/core/sweep/table';
import { SWEEP_FILTERS, SWEEP_SORTS } from '../../../src/protocol/sweepPage';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { count, seriesName } from '../words';
import { select } from './select';

/** What the grid shows and in which order. */
export function gridBar(
  { ui, does }: Context,
  { facts, index, selections, regressions }: Shown,
): TemplateResult {
  const { seeds, columns } = index.grid;
  const filterWords = {
    all: 'rowsAll',
    regressions: 'rowsRegressions',
    disagreements: 'rowsDisagreements',
    holes: 'rowsHoles',
    votes: 'rowsVotes',
  } as const;
  const { statistics } = facts.state ?? {};
  const isSilent = (series: Series) => (statistics ? !isJudgedIn(statistics, series) : false);
  const here = columns[ui.cell.column]?.label ?? '';
  return html`<section class="grid-bar" aria-label=${t('gridTitle')}>
    <h2>${t('gridTitle')} <span class="quiet hint">${t('gridHint')}</span></h2>
    <div class="choices">
      <div class="segments" role="group" aria-label=${t('series')}>
        ${SERIES.map(
          (series) =>
            html`<button
              class="segment"
              data-series=${series}
              ?disabled=${isSilent(series)}
              title=${isSilent(series) ? t('seriesNotJudged', seriesName(series)) : nothing}
              aria-pressed=${ui.series === series}
              @click=${() => does.choose({ series })}
            >
              ${seriesName(series)}
            </button>`,
        )}
      </div>
      ${select(
        t('cellsAgainst'),
        [
          ['previous', t('againstPrevious')],
          ['baseline', t('againstBaseline', columns[facts.baseline]?.label ?? '')],
        ],
        facts.reference,
        (reference) => does.choose({ reference }),
      )}
      ${select(
        t('rows'),
        SWEEP_FILTERS.map((f) => [f, t(filterWords[f], count(selections[f].size))]),
        ui.filter,
        (filter) => does.choose({ filter }),
      )}
      ${select(
        t('order'),
        SWEEP_SORTS.map((s) => [s, t(s === 'found' ? 'orderFound' : 'orderWorst')]),
        ui.sort,
        (sort) => does.choose({ sort }),
      )}
      ${
        seeds.length < 2
          ? nothing
          : select(
              t('seed'),
              seeds.map((seed, i) => [String(i), seed === '' ? '–' : seed]),
              String(ui.seed),
              (seed) => does.choose({ seed: Number(seed) }),
            )
      }
      <vscode-button
        data-does="regression"
        appearance="secondary"
        ?disabled=${selections.regressions.size === 0 && regressions.length === 0}
        title="${t('nextRegression')} (N)"
        @click=${() => does.regression(1)}
        >${t('nextRegression')}</vscode-button
      >
      <vscode-button
        data-does="diff"
        appearance="secondary"
        ?disabled=${ui.cell.column === 0}
        title=${ui.cell.column === 0 ? t('changes') : `${t('changesTo', columns[ui.cell.column - 1]?.label ?? '', here)} (C)`}
        @click=${() => does.diff(ui.cell.column)}
        >${t('changes')}</vscode-button
      >
    </div>
  </section>`;
}
