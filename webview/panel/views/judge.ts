import { html, nothing, type TemplateResult } from 'lit';
import { plainLine } from '../../../src/core/markdown';
import type { Agreement } from '../../../src/core/modelManifest';
import { ranOn } from '../../../src/core/ranOn';
import type { JudgeInfo, Verdict } from '../../../src/core/verdict';
import { t, type StringKey } from '../../strings';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { dialogHead } from './dialog';

/** The one that comes with the extension. */
const SHIPPED_JUDGE = 'compact';

/** The judge's identity, always beside the verdict; behind it, what is known of its judgement. */
export function judgeLine(context: Context, verdict: Verdict): TemplateResult {
  const { snapshot, ui, does } = context;
  const { judge } = verdict;
  const parts = [
    [judge.name, judge.version].filter((part) => part !== '').join(' '),
    judge.hash.slice(0, 8),
    // Elsewhere it is a name, of a model or with its number formats.
    judge.kind === 'compact' ? judge.device.toUpperCase() : ranOn(judge, judge.device),
    seconds(verdict),
    tokens(verdict),
  ].flatMap((part) => plainLine(part) || []);
  const words = parts.join(' · ');
  return html`<div class="judge">
    <button
      class="plain judge-name"
      data-opens="judge"
      aria-expanded=${ui.judgeOpen}
      aria-label=${`${t('judgedBy', words)}. ${t('judgeDetails')}`}
      title=${t('judgeDetails')}
      @click=${() => does.open('judge', !ui.judgeOpen)}
    >
      <bdi>${parts.map((part, i) => (i === 0 ? part : html` · <span class="nowrap">${part}</span>`))}</bdi
      >${icon(ui.judgeOpen ? 'up' : 'down')}
    </button>
    ${
      snapshot.fromLog
        ? html`<span class="record" title=${t('fromRecordHint')}>${t('fromRecord', when(verdict.at))}</span>`
        : nothing
    }
    ${ui.judgeOpen ? details(context, verdict) : nothing}
  </div>`;
}

function details({ snapshot, does }: Context, verdict: Verdict): TemplateResult {
  const { judge } = verdict;
  const known = snapshot.judge?.id === judge.id ? snapshot.judge : undefined;
  const list = known?.agreement ?? [];
  return html`<div
    class="popover"
    role="dialog"
    aria-label=${t('judgeDetails')}
    data-dialog="judge"
    tabindex="-1"
  >
    ${dialogHead('judge', judge.name, does)}
    <p class="disclaimer">${t(disclaimer(judge))}</p>
    ${facts(judge, verdict)} ${inShort(known?.short)}
    <h3>${t('agreement')}</h3>
    ${list.length === 0 ? html`<p class="quiet">${t('agreementNone')}</p>` : agreementTable(list)}
    <div class="run-actions">
      <vscode-button appearance="secondary" @click=${() => does.post({ type: 'selectJudge' })}
        >${t('selectJudge')}</vscode-button
      >
      ${
        known?.hasCard
          ? html`<vscode-button appearance="secondary" @click=${() => does.post({ type: 'openModelCard' })}
              >${t('modelCard')}</vscode-button
            >`
          : nothing
      }
    </div>
  </div>`;
}

/** What the judge's card says in short. */
export function inShort(sentences: readonly string[] = []): TemplateResult | typeof nothing {
  if (sentences.length === 0) return nothing;
  return html`<h3>${t('judgeShort')}</h3>
    <ul class="short">
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`;
}

function facts(judge: JudgeInfo & { device: string }, verdict: Verdict): TemplateResult {
  const { usage, confidence } = verdict;
  const count = (n: number | undefined) => (n === undefined ? '' : grouped(n));
  const kinds = { compact: 'kindCompact', 'local-vlm': 'kindLocal', endpoint: 'kindEndpoint' } as const;
  const rows: [StringKey, string][] = [
    ['version', judge.version],
    ['hash', judge.hash.slice(0, 16)],
    ['kind', t(kinds[judge.kind])],
    ['device', ranOn(judge, judge.device)],
    ['judged', when(verdict.at)],
    ['time', seconds(verdict)],
    ['requests', count(usage?.requests)],
    ['tokensIn', count(usage?.promptTokens)],
    ['tokensOut', count(usage?.completionTokens)],
    ['confidenceFrom', confidence ? t(CONFIDENCE[confidence]) : ''],
    ['calibration', verdict.calibration ?? ''],
  ];
  return html`<dl class="facts">
    ${rows.map(([k, v]) =>
      v === ''
        ? nothing
        : html`<dt>${t(k)}</dt>
            <dd><bdi>${v}</bdi></dd>`,
    )}
  </dl>`;
}

const CONFIDENCE = { tokens: 'confidenceTokens', agreement: 'confidenceAgreement' } as const;

function disclaimer({ id, kind }: JudgeInfo): StringKey {
  if (kind !== 'compact') return 'notAesrmModel';
  return id === SHIPPED_JUDGE ? 'notAesrm' : 'notAesrmUnlessSaid';
}

const LABELS: Record<string, StringKey> = {
  human_rating_3_annotators: 'labelRatings',
  human_pairwise: 'labelPairwise',
  method_claim: 'labelClaim',
  degradation: 'labelDegradation',
};

/** By source and kind of label, never merged. */
export function agreementTable(list: readonly Agreement[]): TemplateResult {
  const label = (kind: string) => (LABELS[kind] ? t(LABELS[kind]) : kind);
  return html`<table class="agreement-table">
    <thead>
      <tr>
        <th scope="col">${t('agreementSet')}</th>
        <th scope="col">${t('agreementKind')}</th>
        <th scope="col" class="number">${t('agreementPairs')}</th>
        <th scope="col" class="number">${t('agreementAccuracy')}</th>
        <th scope="col" class="number">${t('agreementInterval')}</th>
      </tr>
    </thead>
    <tbody>
      ${list.map(
        (a) =>
          html`<tr>
            <th scope="row">${a.set}${a.aspect ? html`<span class="quiet"> ${a.aspect}</span>` : nothing}</th>
            <td>${label(a.labelKind)}</td>
            <td class="number">${a.pairs}</td>
            <td class="number">${percent(a.accuracy)}</td>
            <td class="number">${a.ci ? `${percent(a.ci[0])}–${percent(a.ci[1])}` : '–'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** The sum of the stages, as the reader waited for it. */
function seconds({ timings }: Verdict): string {
  const total = timings['total'] ?? Object.values(timings).reduce((x, y) => x + y, 0);
  return total > 0 ? `${(total / 1000).toFixed(total < 10_000 ? 2 : 0)} s` : '';
}

/** What it read and wrote together, where it was counted. */
function tokens({ usage }: Verdict): string {
  const { promptTokens, completionTokens } = usage ?? {};
  if (promptTokens === undefined && completionTokens === undefined) return '';
  return t('tokens', grouped((promptTokens ?? 0) + (completionTokens ?? 0)));
}

function grouped(n: number): string {
  return n.toLocaleString(document.documentElement.lang || undefined);
}

/** `12 Nov, 14:03`, in the reader's own language and zone. */
export function when(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const language = document.documentElement.lang || undefined;
  try {
    return date.toLocaleString(language, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  } catch {
    return date.toISOString().slice(0, 16).replace('T', ' ');
  }
}
