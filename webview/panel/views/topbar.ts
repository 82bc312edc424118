import { html, nothing, type TemplateResult } from 'lit';
import type { Side } from '../../../src/core/pair';
import { t } from '../../strings';
import { icon, mark } from '../../ui/icons';
import type { Context } from '../context';

/** Who is compared, and what can be done about it. */
export function topbar(context: Context): TemplateResult {
  const { snapshot, does, running } = context;
  const { on } = snapshot.blind;
  return html`<header class="topbar">
    <div class="names">
      ${clipName(context, 'A')}
      <button
        class="plain swap"
        title="${t('swap')} (S)"
        aria-label=${t('swap')}
        aria-keyshortcuts="S"
        @click=${() => does.swap()}
      >
        ${icon('swap')}
      </button>
      ${clipName(context, 'B')}
    </div>
    <div class="actions" role="toolbar" aria-label=${t('header')}>
      <vscode-button
        appearance="secondary"
        class=${on ? 'pressed' : ''}
        title="${t('blindHint')} (B)"
        aria-pressed=${on}
        @click=${() => does.blind()}
        >${icon('blind')}${on ? t('blindOn') : t('blind')}</vscode-button
      >
      <vscode-button
        appearance="secondary"
        title="${t('rejudge')} (R)"
        ?disabled=${running}
        @click=${() => does.rejudge()}
        >${icon('redo')}${snapshot.verdict || context.hidden ? t('rejudge') : t('judgeNow')}</vscode-button
      >
      <vscode-button
        appearance="icon"
        title="${t('copy')} (C)"
        aria-label=${t('copy')}
        ?disabled=${!context.verdict}
        @click=${() => does.copy()}
        >${icon('copy')}</vscode-button
      >
      <vscode-button
        appearance="icon"
        data-opens="help"
        title="${t('help')} (?)"
        aria-label=${t('help')}
        @click=${() => does.open('help', true)}
        ><span class="question" aria-hidden="true">?</span></vscode-button
      >
    </div>
  </header>`;
}

function clipName({ snapshot, hidden, does }: Context, side: Side): TemplateResult {
  const { name, folder } = snapshot.sides[side];
  const anonymous = side === 'A' ? t('clipA') : t('clipB');
  const shown = hidden || name === '' ? anonymous : name;
  return html`<h1 class="name">
    ${mark(side)}<span class="letter">${t(side === 'A' ? 'a' : 'b')}</span>
    ${
      hidden || name === ''
        ? html`<span class="file">${shown}</span>`
        : html`<button
            class="plain file"
            title=${t('reveal', folder === '' ? name : `${folder}/${name}`)}
            @click=${() => does.post({ type: 'revealClip', side })}
          >
            ${folder === '' ? nothing : html`<span class="folder">${folder} / </span>`}<bdi>${name}</bdi>
          </button>`
    }
  </h1>`;
}
