import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { t } from '../strings';

/** What went wrong or is worth knowing, each as a sentence with what can be done. */
export function report({ snapshot, shown, does }: Context): TemplateResult {
  const { problem, notice } = snapshot;
  const state = shown?.facts.state;
  const kept = state?.kept;
  const notes = [
    ...(notice ? [notice] : []),
    ...(kept?.problem
      ? [
          kept.dir === null
            ? t('notKept', kept.problem.message)
            : t('keptElsewhere', kept.dir, kept.problem.message),
        ]
      : []),
    ...(state?.notes ?? []),
  ];
  return html`${
    problem
      ? html`<div class="run failed" role="alert">
          ${icon('warning')}
          <p>${problem.message}${problem.fix ? html` <span>${problem.fix}</span>` : nothing}</p>
          <vscode-button appearance="secondary" @click=${() => does.post({ type: 'showLog' })}
            >${t('openLog')}</vscode-button
          >
        </div>`
      : nothing
  }
  ${notes.map(
    (note) =>
      html`<div class="notice">
        ${icon('info')}
        <p>${note}</p>
      </div>`,
  )}`;
}
