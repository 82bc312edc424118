import { html, nothing, type TemplateResult } from 'lit';
import { rateText } from '../../../src/core/sweep/rateText';
import { criterion, CRITERION_IDS } from '../../../src/core/rubric';
import { columnOf } from '../../../src/core/sweep/grid';
import type { CriterionChange } from '../../../src/core/sweep/statistics';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { sheet } from './dialog';

/** What changed from one checkpoint to the next, criterion by criterion, worst first. */
export function diffView({ ui, diff, does }: Context, shown: Shown): TemplateResult | typeof nothing {
  if (!ui.diff) return nothing;
  const { grid } = shown.index;
  const [earlier, later] = [columnOf(grid, ui.diff.earlier), columnOf(grid, ui.diff.later)];
  if (earlier === undefined || later === undefined) return nothing;
  const { columns } = grid;
  const title = t('changesTo', columns[earlier]?.label ?? '', columns[later]?.label ?? '');
  const ready = diff?.earlier === earlier && diff.later === later ? diff : undefined;
  return sheet(
    'diff',
    title,
    does,
    ready
      ? html`<p class="quiet">${t('diffHint')}</p>
          <table class="numbers diff">
            <thead>
              <tr>
                <th scope="col">${t('criterion')}</th>
                <th scope="col"><span class="worse" aria-hidden="true">▼</span> ${t('lost')}</th>
                <th scope="col"><span aria-hidden="true">=</span> ${t('ties')}</th>
                <th scope="col"><span class="better" aria-hidden="true">▲</span> ${t('won')}</th>
                <th scope="col">${t('winRate')}</th>
              </tr>
            </thead>
            <tbody>
              ${ready.criteria.map((change) => changeRow(change, ready, shown, does))}
            </tbody>
          </table>
          ${unseen(ready.criteria)}`
      : html`<p role="status">${t('diffReading')}</p>`,
  );
}

function unseen(criteria: readonly CriterionChange[]): TemplateResult | typeof nothing {
  const seen = new Set(criteria.map(({ id }) => id));
  const names = CRITERION_IDS.filter((id) => !seen.has(id)).map((id) => criterion(id).name);
  return names.length === 0 ? nothing : html`<p class="quiet unseen">${t('unseen', names.join(', '))}</p>`;
}

function changeRow(
  change: CriterionChange,
  { earlier, later }: { earlier: number; later: number },
  shown: Shown,
  does: Context['does'],
): TemplateResult {
  const { id, better, ties, worse, rate, worseRows } = change;
  const { name, dimension, asks } = criterion(id);
  return html`<tr>
      <th scope="row" title=${asks}>${name} <span class="quiet">${dimension}</span></th>
      <td>${worse}</td>
      <td>${ties}</td>
      <td>${better}</td>
      <td>${rate.prompts === 0 ? '–' : rateText(rate)}</td>
    </tr>
    ${
      worseRows.length === 0
        ? nothing
        : html`<tr class="where">
            <td colspan="5">
              <details>
                <summary>
                  ${worseRows.length === 1 ? t('worsePrompt') : t('worsePrompts', worseRows.length)}
                </summary>
                <ul>
                  ${worseRows.map((row) => html`<li>${pairButton(row, earlier, later, shown, does)}</li>`)}
                </ul>
              </details>
            </td>
          </tr>`
    }`;
}

function pairButton(
  row: number,
  earlier: number,
  later: number,
  { index }: Shown,
  does: Context['does'],
): TemplateResult {
  const { label, prompt } = index.grid.rows[row]!;
  const seed = index.grid.seeds.findIndex(
    (_, s) => index.clip(earlier, row, s) !== undefined && index.clip(later, row, s) !== undefined,
  );
  const { columns } = index.grid;
  return html`<button
    class="plain link"
    ?disabled=${seed < 0}
    title=${t('openPairOf', columns[later]?.label ?? '', columns[earlier]?.label ?? '', prompt ?? label)}
    @click=${() => does.openPair({ earlier, later, row, seed }, 'previous')}
  >
    ${label}
  </button>`;
}
