import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../strings';
import { css } from '../../ui/css';
import type { Context } from '../context';

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200];

/** The scale of time, and the slider that the keyboard moves. */
export function ruler(context: Context): TemplateResult {
  const { ui, clock } = context;
  const { total } = clock;
  const seconds = (time: number) => time.toFixed(2);
  const words = t(
    'positionValue',
    seconds(ui.time),
    seconds(total),
    clock.frame('A', ui.time) + 1,
    clock.count('A'),
    clock.frame('B', ui.time) + 1,
    clock.count('B'),
  );
  return html`<div class="lane-name ruler-name" aria-hidden="true"></div>
    <div
      class="ruler"
      role="slider"
      tabindex="0"
      aria-label=${t('position')}
      aria-orientation="horizontal"
      aria-valuemin="0"
      aria-valuemax=${total.toFixed(3)}
      aria-valuenow=${ui.time.toFixed(3)}
      aria-valuetext=${ui.playing ? t('positionShort', ui.time.toFixed(0), total.toFixed(0)) : words}
      @keydown=${(e: KeyboardEvent) => onKey(e, context)}
    >
      ${ticks(total).map(
        (at) =>
          html`<span class="tick" ${css({ 'inset-inline-start': `${(100 * at) / total}%` })}
            >${label(at, total)}</span
          >`,
      )}
      ${(['A', 'B'] as const).map((side) =>
        clock.duration(side) > 0 && total - clock.duration(side) > 0.02
          ? html`<span class="clip-end clip-end-${side}" title="${side} ${t('ended')}"></span>`
          : nothing,
      )}
    </div>`;
}

function ticks(total: number): number[] {
  if (total <= 0) return [];
  const step = STEPS.find((s) => total / s <= 10) ?? total / 10;
  return Array.from({ length: Math.floor(total / step + 1e-6) + 1 }, (_, i) => i * step).filter(
    (at) => at < total * 0.97,
  );
}

function label(at: number, total: number): string {
  if (total < 60) return total < 5 ? at.toFixed(1) : at.toFixed(0);
  return `${Math.floor(at / 60)}:${String(Math.round(at % 60)).padStart(2, '0')}`;
}

/** What a slider owes beyond the page's own keys. */
function onKey(event: KeyboardEvent, { does }: Context): void {
  const act = {
    ArrowUp: () => does.step(1),
    ArrowDown: () => does.step(-1),
    PageUp: () => does.second(1),
    PageDown: () => does.second(-1),
  }[event.key];
  if (!act) return;
  act();
  event.preventDefault();
  event.stopPropagation();
}
