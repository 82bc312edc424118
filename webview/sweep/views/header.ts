import { html, nothing, type TemplateResult } from 'lit';
import type { SweepAction, SweepPhase } from '../../../src/protocol/sweepPage';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { t, type SweepString } from '../strings';
import { count, counted, duration, PHASE_WORDS } from '../words';
import { judgeLine } from './judge';

type Button = { label: SweepString; type: 'start' | 'pause' | 'cancel' | 'rescan'; main?: boolean };

/** What can be done in each phase. */
const BUTTONS: Record<SweepPhase, readonly Button[]> = {
  scanning: [{ label: 'cancel', type: 'cancel' }],
  none: [{ label: 'rescan', type: 'rescan' }],
  ready: [{ label: 'start', type: 'start', main: true }],
  running: [
    { label: 'pause', type: 'pause' },
    { label: 'cancel', type: 'cancel' },
  ],
  following: [{ label: 'stopFollowing', type: 'cancel' }],
  watching: [{ label: 'stopWatching', type: 'cancel' }],
  paused: [
    { label: 'resume', type: 'start', main: true },
    { label: 'cancel', type: 'cancel' },
  ],
  stopped: [{ label: 'resume', type: 'start', main: true }],
  done: [{ label: 'rescan', type: 'rescan' }],
  failed: [{ label: 'rescan', type: 'rescan', main: true }],
};
/** After a failure of a run, what was done is there and the rest can be tried again. */
const AFTER_FAILURE: readonly Button[] = [
  { label: 'resume', type: 'start', main: true },
  { label: 'rescan', type: 'rescan' },
];

export function header(context: Context): TemplateResult {
  const { snapshot, does } = context;
  const send = (action: SweepAction) => () => does.post(action);
  return html`<header class="sweep-head">
    <div class="head-line">
      <h1 title=${snapshot.folder}>${snapshot.name}</h1>
      ${judgeLine(context)}
      <div class="head-actions">
        ${buttonsOf(context).map(
          ({ label, type, main }) =>
            html`<vscode-button
              data-does=${type}
              appearance=${main ? 'primary' : 'secondary'}
              @click=${send({ type })}
              >${t(label)}</vscode-button
            >`,
        )}
        ${
          context.shown
            ? html`<vscode-button
                data-does="export"
                appearance="secondary"
                @click=${send({ type: 'export', format: null })}
                >${t('export')}</vscode-button
              >`
            : nothing
        }
        <button
          class="tool question"
          aria-label=${t('help')}
          title="${t('help')} (?)"
          @click=${() => does.open('help')}
        >
          ?
        </button>
      </div>
    </div>
    ${phaseLine(context)}
  </header>`;
}

function buttonsOf({ snapshot: { phase }, shown }: Context): readonly Button[] {
  return phase === 'failed' && shown ? AFTER_FAILURE : BUTTONS[phase];
}

function phaseLine(context: Context): TemplateResult {
  const { snapshot, shown, does } = context;
  const { phase } = snapshot;
  const busy = BUSY.includes(phase);
  const done = doneOf(context);
  return html`<div class="phase">
    <strong>${t(PHASE_WORDS[phase])}</strong>
    ${
      busy && done.clips && done.clips.total > 0
        ? html`<progress
            aria-label=${t('progress')}
            max=${done.clips.total}
            .value=${Math.min(done.clips.done, done.clips.total)}
          ></progress>`
        : nothing
    }
    <span class="phase-words">${phaseWords(context, done).join(' · ')}</span>
    ${
      done.broken > 0 && shown
        ? html`<button class="plain link" data-does="broken" @click=${() => does.open('broken')}>
            ✕ ${counted(done.broken, 'brokenOne', 'brokenCount')}
          </button>`
        : nothing
    }
    ${
      done.broken > 0 && !busy && shown
        ? html`<button
            class="plain link"
            title=${t('retryBrokenHint')}
            @click=${() => does.post({ type: 'retryBroken' })}
          >
            ${icon('redo')} ${t('retryBroken')}
          </button>`
        : nothing
    }
  </div>`;
}

const BUSY: readonly SweepPhase[] = ['scanning', 'running', 'following'];

interface Done {
  clips?: { done: number; total: number } | undefined;
  pairs?: { done: number; total: number } | undefined;
  broken: number;
}

/** From the run, else from what is known of the sweep. */
function doneOf({ snapshot: { progress }, shown }: Context): Done {
  const state = shown?.facts.state;
  return {
    clips: progress?.clips ?? (state && { done: state.clips.encoded, total: state.clips.total }),
    pairs: progress?.pairs ?? (state && { done: state.pairs.judged, total: state.pairs.total }),
    broken: state?.broken.length ?? progress?.clips.broken ?? 0,
  };
}

function phaseWords({ snapshot, shown }: Context, { clips, pairs }: Done): string[] {
  const { phase, files } = snapshot;
  const waiting = shown?.facts.state?.waiting.length ?? 0;
  const begun = phase !== 'ready';
  return [
    phase === 'scanning' && files !== undefined ? t('filesSeen', count(files)) : '',
    cost(snapshot),
    clips && begun ? t('clipsDone', count(clips.done), count(clips.total)) : '',
    pairs && begun ? t('pairsDone', count(pairs.done), count(pairs.total)) : '',
    ...speed(snapshot),
    waiting > 0 ? t('waitingCount', count(waiting)) : '',
  ].filter((part) => part !== '');
}

function speed({ phase, progress }: Context['snapshot']): string[] {
  if (!progress || !BUSY.includes(phase)) return [];
  const { rate, secondsLeft } = progress;
  return [
    rate ? t('rate', rate.toFixed(rate < 10 ? 1 : 0)) : '',
    secondsLeft === undefined ? '' : t('timeLeft', duration(secondsLeft)),
  ];
}

/** At the rate of earlier work, where a run was too short to have one of its own: of clips, or of pairs that are asked about. */
function secondsFor(
  { clips, pairs }: NonNullable<Context['snapshot']['progress']>,
  it: Context['snapshot']['cost'],
) {
  if (it?.seconds === undefined) return undefined;
  const { done, total } = it.asks ? pairs : clips;
  const before = it.asks ? it.pairs.total - it.pairs.judged : it.clips.total - it.clips.encoded;
  return before === 0 ? undefined : (it.seconds * (total - done)) / before;
}

/** What a start would take; said only where there is a start. */
function cost({ phase, cost: it, progress }: Context['snapshot']): string {
  if (phase !== 'ready' && phase !== 'stopped' && phase !== 'paused') return '';
  // A run knows better than the look before it.
  const left = progress
    ? {
        clips: progress.clips,
        pairs: progress.pairs,
        seconds: progress.secondsLeft ?? secondsFor(progress, it),
      }
    : it && {
        clips: { done: it.clips.encoded, total: it.clips.total },
        pairs: { done: it.pairs.judged, total: it.pairs.total },
        seconds: it.seconds,
      };
  if (!left) return '';
  if (left.pairs.total === 0) return t('costNothing');
  const [clips, pairs] = [left.clips.total - left.clips.done, left.pairs.total - left.pairs.done];
  if (clips <= 0 && pairs <= 0) return t('costNone');
  const toJudge = counted(pairs, 'pairOne', 'pairs');
  const asks = asksFor(pairs, it);
  const time = left.seconds === undefined ? t('costUnknown') : t('costTime', duration(left.seconds));
  if (clips <= 0 && asks.length === 0) return t('costPairs', toJudge);
  if (clips <= 0) return [`${t('costPairs', toJudge)} (${time})`, ...asks].join(', ');
  return [`${t('costBefore', counted(clips, 'clipOne', 'clips'), toJudge)} (${time})`, ...asks].join(', ');
}

/** What so many pairs ask of a vision-language model; nothing of the compact judge. */
function asksFor(pairs: number, it: Context['snapshot']['cost']): string[] {
  if (!it?.asks) return [];
  const { requests, frames, tokens, cost: money } = it.asks;
  const share = pairs / Math.max(1, it.pairs.total - it.pairs.judged);
  const scaled = (n: number) => count(Math.round(n * share));
  const words = [scaled(requests), scaled(frames), scaled(tokens.prompt + tokens.completion)] as const;
  return [
    money === undefined
      ? t('asks', ...words)
      : t('asksCost', ...words, Math.max(0.01, money * share).toFixed(2)),
  ];
}
