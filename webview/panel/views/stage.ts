import { html, nothing, type TemplateResult } from 'lit';
import type { Side } from '../../../src/core/pair';
import type { SideView } from '../../../src/protocol/panel';
import { t } from '../../strings';
import { css } from '../../ui/css';
import { icon, mark } from '../../ui/icons';
import type { Context } from '../context';
import { drawDifference } from '../difference';
import type { Media } from '../media';
import { stagePointer, stageWheel } from '../stagePointer';

/** The two pictures, free of controls. The same two video elements serve every view: only classes change. */
export function stage(context: Context, media: Record<Side, Media>): TemplateResult {
  const { ui } = context;
  const variables = {
    '--zoom': ui.view.zoom,
    '--x': ui.view.x,
    '--y': ui.view.y,
    '--split': ui.split,
    '--aspect': aspect(context),
  };
  const zoomed = ui.view.zoom > 1 ? 'zoomed' : '';
  return html`<section class="stage mode-${ui.mode} shown-${ui.shown} ${zoomed}" aria-label=${t('stage')}>
    <div class="frames" ${css(variables)} ${stagePointer(context)} @wheel=${stageWheel(context)}>
      ${figure(context, 'A', media.A)} ${figure(context, 'B', media.B)}
      ${
        ui.mode === 'diff'
          ? html`<canvas
              class="difference"
              role="img"
              aria-label=${`${t('viewDiff')}, ${t('gainValue', ui.gain)}`}
              ${drawDifference(ui)}
            ></canvas>`
          : nothing
      }
      ${ui.mode === 'wipe' ? wipe(context) : nothing}
    </div>
  </section>`;
}

/** Both boxes are alike: as tall as the taller picture wants at this width. */
function aspect({ snapshot }: Context): number {
  const of = ({ clip }: SideView) => (clip && clip.height > 0 ? clip.width / clip.height : undefined);
  const known = [of(snapshot.sides.A), of(snapshot.sides.B)].filter((r) => r !== undefined);
  return known.length === 0 ? 16 / 9 : Math.min(...known);
}

function figure(context: Context, side: Side, media: Media): TemplateResult {
  const { snapshot, ui, clock } = context;
  const view = snapshot.sides[side];
  const plays = view.uri !== undefined && (view.media === 'video' || view.media === 'proxy');
  const ended = clock.ended(side, ui.time);
  return html`<figure class="side side-${side}" aria-label=${side === 'A' ? t('clipA') : t('clipB')}>
    <div class="box box-${side}">
      ${media.video ?? nothing} ${plays && ui.loaded[side] ? nothing : placeholder(context, side, view)}
    </div>
    <figcaption class="caption caption-${side}">
      ${mark(side)}<span class="letter">${t(side === 'A' ? 'a' : 'b')}</span>
      <span class="about">${about(view)}</span>
      ${view.media === 'proxy' ? html`<span class="tag" title=${view.note ?? ''}>${t('proxy')}</span>` : nothing}
      ${ended ? html`<span class="tag ended" title=${t('endedHint', side)}>${t('ended')}</span>` : nothing}
    </figcaption>
  </figure>`;
}

function about({ clip }: SideView): string {
  if (!clip) return '';
  const fps = Number(clip.fps.toFixed(2));
  return t('size', clip.width, clip.height, fps, clip.duration.toFixed(2));
}

function placeholder({ snapshot, ui }: Context, side: Side, view: SideView): TemplateResult {
  const problem = view.problem ?? (snapshot.problem?.side === side ? snapshot.problem : undefined);
  if (problem && view.uri === undefined)
    return html`<div class="placeholder trouble">
      ${icon('warning')}
      <p>${problem.message}</p>
      ${problem.fix ? html`<p class="quiet">${problem.fix}</p>` : nothing}
    </div>`;
  const words =
    view.media === 'waiting' || ui.unplayable[side]
      ? (view.note ?? t('waiting'))
      : view.media === 'none'
        ? t('nothing')
        : t('opening');
  return html`<div class="placeholder"><p>${words}</p></div>`;
}

function wipe({ ui, does }: Context): TemplateResult {
  const percent = Math.round(ui.split * 100);
  return html`<div
    class="wipe"
    role="slider"
    tabindex="0"
    aria-label=${t('wipe')}
    aria-orientation="horizontal"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent}
    aria-valuetext=${t('wipeValue', percent)}
    @keydown=${(e: KeyboardEvent) => {
      const by = { ArrowLeft: -0.01, ArrowRight: 0.01, PageDown: -0.1, PageUp: 0.1 }[e.key];
      if (by === undefined) return;
      does.splitBy(e.shiftKey ? by * 5 : by);
      e.preventDefault();
      e.stopPropagation();
    }}
  >
    <span class="wipe-grip" aria-hidden="true">${mark('A')}${mark('B')}</span>
  </div>`;
}
