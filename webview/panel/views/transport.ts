import { html, nothing, type TemplateResult } from 'lit';
import { formatTime } from '../../../src/core/timeline';
import { t, type StringKey } from '../../strings';
import { icon, mark, type IconName } from '../../ui/icons';
import type { Context } from '../context';
import { indexOf } from '../places';
import { type Loop, LOOPS, RATES, type ViewMode, VIEW_MODES } from '../state';
import { roveWithin } from './rove';

/** Under the pictures, never over them: playback, view, the walk through the differences. */
export function transport(context: Context): TemplateResult {
  const { ui, clock, does } = context;
  const side = clock.count('B') > clock.count('A') ? 'B' : 'A';
  return html`<div class="transport">
    <div class="playback" role="group" aria-label=${t('playback')}>
      ${tool('back', 'stepBack', ',', () => does.step(-1))}
      ${ui.playing ? tool('pause', 'pause', 'Space', () => does.playPause()) : tool('play', 'play', 'Space', () => does.playPause())}
      ${tool('forward', 'stepForward', '.', () => does.step(1))}
      <output class="clock" aria-hidden="true"
        >${formatTime(ui.time)}
        <span class="quiet">${t('frame', clock.frame(side, ui.time) + 1, clock.count(side))}</span></output
      >
      <vscode-dropdown
        class="rate"
        aria-label=${t('speed')}
        title="${t('speed')} (< >)"
        .currentValue=${String(ui.rate)}
        @change=${(e: Event) => does.rate(Number((e.target as HTMLInputElement).value))}
      >
        ${RATES.map(
          (r) => html`<vscode-option value=${String(r)} ?selected=${r === ui.rate}>${r}×</vscode-option>`,
        )}
      </vscode-dropdown>
      ${loop(context)} ${sound(context)}
    </div>
    <div class="tools">${views(context)} ${viewExtra(context)} ${walk(context)}</div>
  </div>`;
}

function tool(name: IconName, label: StringKey, key: string, run: () => void): TemplateResult {
  return html`<button class="tool" aria-label=${t(label)} title="${t(label)} (${key})" @click=${run}>
    ${icon(name)}
  </button>`;
}

function loop({ ui, does, verdict }: Context): TemplateResult {
  const words: Record<Loop, StringKey> = { off: 'loopOff', all: 'loopAll', evidence: 'loopEvidence' };
  const offered = LOOPS.filter((l) => l !== 'evidence' || (verdict && ui.selection));
  return html`<vscode-dropdown
    class="loop"
    aria-label=${t('loop')}
    title="${t('loop')} (L)"
    .currentValue=${ui.loop}
    @change=${(e: Event) => does.loop((e.target as HTMLInputElement).value as Loop)}
  >
    ${offered.map((l) => html`<vscode-option value=${l} ?selected=${l === ui.loop}>${t(words[l])}</vscode-option>`)}
  </vscode-dropdown>`;
}

function sound({ ui, does }: Context): TemplateResult {
  const words = t(({ none: 'soundNone', A: 'soundA', B: 'soundB' } as const)[ui.sound]);
  return html`<button
    class="tool sound"
    aria-label=${`${t('sound')}: ${words}`}
    title="${words} (M)"
    @click=${() => does.nextSound()}
  >
    ${icon(ui.sound === 'none' ? 'muted' : 'sound')}${ui.sound === 'none' ? nothing : html`${mark(ui.sound)}${ui.sound}`}
  </button>`;
}

const VIEWS: Record<ViewMode, [StringKey, string]> = {
  side: ['viewSide', 'Q'],
  wipe: ['viewWipe', 'W'],
  ab: ['viewAb', 'X'],
  diff: ['viewDiff', 'D'],
};

function views({ ui, does }: Context): TemplateResult {
  return html`<div class="segments" role="group" aria-label=${t('view')} @keydown=${roveWithin}>
    ${VIEW_MODES.map(
      (mode) =>
        html`<button
          class="segment"
          data-mode=${mode}
          aria-pressed=${ui.mode === mode}
          tabindex=${ui.mode === mode ? 0 : -1}
          title="${t(VIEWS[mode][0])} (${VIEWS[mode][1]})"
          @click=${() => (mode === 'ab' && ui.mode === 'ab' ? does.flip() : does.mode(mode))}
        >
          ${t(VIEWS[mode][0])}${mode === 'ab' && ui.mode === 'ab' ? html`<b class="shown">${ui.shown}</b>` : nothing}
        </button>`,
    )}
  </div>`;
}

/** What the present view can be told: the gain, the zoom. */
function viewExtra({ ui, does }: Context): TemplateResult {
  return html`${
    ui.mode === 'diff'
      ? html`<button
          class="tool gain"
          aria-label=${`${t('gain')} ${t('gainValue', ui.gain)}`}
          title="${t('gain')} (G, Shift+G)"
          @click=${() => does.nextGain()}
        >
          ${t('gainValue', ui.gain)}
        </button>`
      : nothing
  }
  ${
    ui.view.zoom > 1
      ? html`<button class="tool zoom" title="${t('zoomReset')} (0)" @click=${() => does.fit()}>
          ${t('zoomValue', Math.round(ui.view.zoom * 100))}
        </button>`
      : nothing
  }`;
}

function walk({ ui, places, does }: Context): TemplateResult {
  const here = indexOf(places, ui.selection);
  const none = places.length === 0;
  const count = none ? '–' : here < 0 ? String(places.length) : t('ofDifferences', here + 1, places.length);
  return html`<div class="walk" role="group" aria-label=${t('differences')}>
    <button
      class="tool"
      aria-label=${t('previousDifference')}
      title="${t('previousDifference')} (Shift+F7)"
      ?disabled=${none}
      @click=${() => does.difference(-1)}
    >
      ${icon('up')}
    </button>
    <span class="walk-count" title=${none ? t('noDifferences') : t('differences')}>${count}</span>
    <button
      class="tool"
      aria-label=${t('nextDifference')}
      title="${t('nextDifference')} (F7)"
      ?disabled=${none}
      @click=${() => does.difference(1)}
    >
      ${icon('down')}
    </button>
  </div>`;
}
