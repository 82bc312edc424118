import { html, nothing, type TemplateResult } from 'lit';
import { isOfTheJudge, type Problem } from '../../../src/core/problem';
import { t } from '../../strings';
import { css } from '../../ui/css';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { rawButton } from './raw';

/** Where no verdict stands: what runs, what went wrong, or what blind mode asks for. */
export function runState(context: Context): TemplateResult {
  const { snapshot, hidden, running, does } = context;
  if (running) return progress(context);
  if (snapshot.phase === 'failed') return failure(context, snapshot.problem);
  if (hidden && snapshot.phase === 'done')
    return html`<div class="run calm">
      ${icon('blind')}
      <p>${t('voteFirst')}</p>
    </div>`;
  if (snapshot.phase === 'cancelled')
    return html`<div class="run calm">
      ${icon('info')}
      <p>${t('cancelled')}</p>
      <vscode-button @click=${() => does.rejudge()}>${t('judgeNow')}</vscode-button>
    </div>`;
  return html`<div class="run calm">
    ${icon('info')}
    <p>${t('noVerdict')}</p>
    <vscode-button @click=${() => does.rejudge()}>${t('judgeNow')}</vscode-button>
  </div>`;
}

function progress({ snapshot, ui, does }: Context): TemplateResult {
  const text = ui.cancelling
    ? t('cancelling')
    : (snapshot.progress?.text ?? t(snapshot.phase === 'judging' ? 'judging' : 'measuring'));
  const fraction = snapshot.progress?.fraction;
  const known = fraction !== undefined && !ui.cancelling;
  return html`<div class="run running">
    <vscode-progress-ring aria-label=${t('progress')}></vscode-progress-ring>
    <p>${text}</p>
    <div
      class="progress ${known ? '' : 'unknown'}"
      role="progressbar"
      aria-label=${t('progress')}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${known ? Math.round(fraction * 100) : nothing}
      aria-valuetext=${text}
    >
      <span ${css({ 'inline-size': known ? `${Math.round(fraction * 100)}%` : null })}></span>
    </div>
    <vscode-button
      appearance="secondary"
      title="${t('cancel')} (Esc)"
      ?disabled=${ui.cancelling}
      @click=${() => does.cancel()}
      >${t('cancel')}</vscode-button
    >
  </div>`;
}

function failure({ does }: Context, problem: Problem | undefined): TemplateResult {
  return html`<div class="run failed" role="alert">
    ${icon('warning')}
    <p>
      <strong>${problem?.message ?? t('failed')}</strong
      >${problem?.fix ? html` <span>${problem.fix}</span>` : nothing}
    </p>
    <div class="run-actions">
      ${
        problem?.code === 'ffmpegMissing'
          ? html`<vscode-button @click=${() => does.post({ type: 'openSetting', key: 'aesrm.ffmpegPath' })}
              >${t('openFfmpegSetting')}</vscode-button
            >`
          : nothing
      }
      <vscode-button
        appearance=${problem?.code === 'ffmpegMissing' ? 'secondary' : 'primary'}
        @click=${() => does.rejudge()}
        >${t('retry')}</vscode-button
      >
      ${
        problem && isOfTheJudge(problem)
          ? html`<vscode-button appearance="secondary" @click=${() => does.post({ type: 'selectJudge' })}
              >${t('selectJudge')}</vscode-button
            >`
          : nothing
      }
      ${problem?.raw === undefined ? nothing : rawButton(does)}
      <vscode-button appearance="secondary" @click=${() => does.post({ type: 'showLog' })}
        >${t('openLog')}</vscode-button
      >
    </div>
  </div>`;
}

/** Something that stopped nothing, and what a blind vote revealed. */
export function notices({ snapshot, verdict, ui, running, does }: Context): TemplateResult {
  const { notice, blind, sides, vote } = snapshot;
  const full = (side: 'A' | 'B') =>
    [sides[side].folder, sides[side].name].filter((part) => part !== '').join('/');
  const revealed =
    blind.on && blind.revealed && vote?.blind ? t('revealed', full('A'), full('B')) : undefined;
  const line = (text: string) =>
    ui.dismissed === text
      ? nothing
      : html`<div class="notice">
          ${icon('info')}
          <p><bdi>${text}</bdi></p>
          <button
            class="plain"
            aria-label=${t('dismiss')}
            title=${t('dismiss')}
            @click=${() => does.dismiss(text)}
          >
            ${icon('close')}
          </button>
        </div>`;
  // What still goes on behind a finished verdict.
  const behind =
    running || !snapshot.progress
      ? nothing
      : html`<div class="notice">
          <vscode-progress-ring aria-label=${t('progress')}></vscode-progress-ring>
          <p>${snapshot.progress.text}</p>
        </div>`;
  return html`${behind} ${revealed ? line(revealed) : nothing} ${notice ? line(notice) : nothing}
  ${verdict?.reduced && !running ? line(verdict.reduced) : nothing}`;
}
