import { html, nothing, type TemplateResult } from 'lit';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { count } from '../words';
import { sheet } from './dialog';

/** Clips that are listed; the rest is a number. */
const LISTED = 200;

/** Clips that cannot be read, each with its reason. */
export function brokenView({ does }: Context, { facts, index }: Shown): TemplateResult {
  const { broken = [] } = facts.state ?? {};
  const { clips, columns, rows } = index.grid;
  return sheet(
    'broken',
    t('brokenTitle'),
    does,
    html`<p class="quiet">${t('brokenHint')}</p>
      <ul class="broken-list">
        ${broken.slice(0, LISTED).map(({ clip, problem }) => {
          const { column, row, path } = clips[clip]!;
          return html`<li>
            <strong>${columns[column]?.label}</strong> ${rows[row]?.label}
            <span>${problem.message}${problem.fix ? html` ${problem.fix}` : nothing}</span>
            <button class="plain link" title=${path} @click=${() => does.revealClip(path)}>
              ${t('keyReveal')}
            </button>
          </li>`;
        })}
        ${broken.length > LISTED ? html`<li>${t('leftoversMore', count(broken.length - LISTED))}</li>` : nothing}
      </ul>`,
  );
}
