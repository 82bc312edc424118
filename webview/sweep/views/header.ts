import { html, nothing, type TemplateResult } from 'lit';
import type { SweepAction, SweepPhase } from '../../../src/protocol/sweepPage';
import { icon } from '../../ui/icons';
import type { Context } from '../context';
import { t, type SweepString } from '../strings';
import { count, duration, PHASE_WORDS } from '../words';
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
  following: [{ label: 'cancel', type: 'cancel' }],
  watching: [{ label: 'cancel', type: 'cancel' }],
  paused: [
    { label: 'resume', type: 'start', main: true },
    { label: 'cancel', type: 'cancel' },
  ],
  stopped: [{ label: 'carryOn', type: 'start', main: true }],
  done: [{ label: 'rescan', type: 'rescan' }],
  failed: [{ label: 'rescan', type: 'rescan', main: true }],
};

export function header(context: Context): TemplateResult {
  const { snapshot, does } = context;
  const send = (action: SweepAction) => () => does.post(action);
  return html`<header class="sweep-head">
    <div class="head-line">
      <h1 title=${snapshot.folder}>${snapshot.name}</h1>
      ${judgeLine(context)}
      <div class="head-actions">
        ${BUTTONS[snapshot.phase].map(
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
      done.broken > 0 && !busy && shown
        ? html`<button class="plain link" @click=${() => does.post({ type: 'retryBroken' })}>
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

function phaseWords({ snapshot, shown }: Context, { clips, pairs, broken }: Done): string[] {
  const { phase, files } = snapshot;
  const waiting = shown?.facts.state?.waiting.length ?? 0;
  const begun = phase !== 'ready';
  return [
    phase === 'scanning' && files !== undefined ? t('filesSeen', count(files)) : '',
    cost(snapshot),
    clips && begun ? t('clipsDone', count(clips.done), count(clips.total)) : '',
    pairs && begun ? t('pairsDone', count(pairs.done), count(pairs.total)) : '',
    ...speed(snapshot),
    broken > 0 ? t(broken === 1 ? 'brokenOne' : 'brokenCount', count(broken)) : '',
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

/** What a start would take; said only where there is a start. */
function cost({ phase, cost: it }: Context['snapshot']): string {
  if (!it || (phase !== 'ready' && phase !== 'stopped' && phase !== 'paused')) return '';
  const clips = it.clips.total - it.clips.encoded;
  const pairs = it.pairs.total - it.pairs.judged;
  if (clips === 0 && pairs === 0) return t('costNone');
  const time = it.seconds === undefined ? '' : t('costTime', duration(it.seconds));
  return t('costBefore', count(clips), count(pairs), time);
}
