import { html, nothing, type TemplateResult } from 'lit';
import { ranOn } from '../../../src/core/ranOn';
import { agreementTable, inShort } from '../../panel/views/judge';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { t, type SweepString } from '../strings';
import { dialogHead } from './dialog';

/** The one that comes with the extension. */
const SHIPPED_JUDGE = 'compact';

/** Whose verdict it is, always in sight; behind it, what is known of its judgement. */
export function judgeLine({ snapshot, shown, ui, does }: Context): TemplateResult | typeof nothing {
  const { judge } = snapshot;
  if (!judge) return nothing;
  const device = judge.device ?? shown?.facts.state?.device ?? '';
  const words = [`${judge.name} ${judge.version}`, deviceWords(judge, device)].filter(Boolean).join(' · ');
  const open = ui.overlay === 'judge';
  return html`<div class="judge">
    <button
      class="plain judge-name"
      aria-expanded=${open}
      title=${`${t('judgedBy', words)}. ${t('judgeDetails')}`}
      @click=${() => (open ? does.close() : does.open('judge'))}
    >
      <span>${t('judgedBy', words)}</span>${icon(open ? 'up' : 'down')}
    </button>
    ${open ? details(judge, device, does) : nothing}
  </div>`;
}

function details(
  judge: NonNullable<Context['snapshot']['judge']>,
  device: string,
  does: Context['does'],
): TemplateResult {
  const facts: [SweepString, string][] = [
    ['version', judge.version],
    ['hash', judge.hash.slice(0, 16)],
    ['device', device],
  ];
  return html`<div
    class="popover"
    role="dialog"
    aria-label=${t('judgeDetails')}
    data-dialog="judge"
    tabindex="-1"
  >
    ${dialogHead(judge.name, does)}
    <p class="disclaimer">${t(judge.id === SHIPPED_JUDGE ? 'notAesrm' : 'notAesrmUnlessSaid')}</p>
    <dl class="facts">
      ${facts.map(([name, value]) =>
        value === ''
          ? nothing
          : html`<dt>${t(name)}</dt>
              <dd>${value}</dd>`,
      )}
    </dl>
    ${inShort(judge.short)}
    <h3>${t('agreement')}</h3>
    ${
      judge.agreement.length === 0
        ? html`<p class="quiet">${t('agreementNone')}</p>`
        : agreementTable(judge.agreement)
    }
    ${
      judge.kind === 'compact'
        ? html`<vscode-button appearance="secondary" @click=${() => does.post({ type: 'openModelCard' })}
            >${t('modelCard')}</vscode-button
          >`
        : nothing
    }
    <vscode-button
      data-does="selectJudge"
      appearance="secondary"
      @click=${() => does.post({ type: 'selectJudge' })}
      >${t('selectJudge')}</vscode-button
    >
  </div>`;
}

function deviceWords(judge: NonNullable<Context['snapshot']['judge']>, device: string): string {
  return judge.kind === 'endpoint' ? ranOn(judge, device) : device.toUpperCase();
}
