import { html, nothing, type TemplateResult } from 'lit';
import type { Side } from '../../../src/core/pair';
import type { Criterion } from '../../../src/core/rubric';
import type { Evidence } from '../../../src/core/verdict';
import { css } from '../../ui/css';
import type { Context } from '../context';
import { spanText } from '../places';
import { still } from '../stills';

/** Places that were measured: as words, beside the criterion. */
export function chips(context: Context, c: Criterion, evidence: readonly Evidence[], stop: boolean) {
  return evidence.map((e, i) => (isMoment(e) ? nothing : place(context, c, e, i, stop)));
}

/** Moments that the judge itself names: as pictures of the clips it speaks of, below the reason. */
export function moments(
  context: Context,
  c: Criterion,
  evidence: readonly Evidence[],
  stop: boolean,
): TemplateResult | typeof nothing {
  if (!evidence.some(isMoment)) return nothing;
  return html`<span class="moments"
    >${evidence.map((e, i) => (isMoment(e) ? place(context, c, e, i, stop) : nothing))}</span
  >`;
}

function isMoment(e: Evidence): boolean {
  return e.measure === undefined && e.whole !== true;
}

function place(context: Context, c: Criterion, e: Evidence, i: number, stop: boolean): TemplateResult {
  const { ui, does } = context;
  const current = ui.selection?.criterion === c.id && ui.selection.evidence === i;
  const where = spanText(e);
  const words = e.side === 'both' ? where : `${e.side} ${where}`;
  return html`<button
    class="chip ${isMoment(e) ? 'moment' : ''}"
    tabindex=${stop ? 0 : -1}
    aria-current=${current ? 'true' : 'false'}
    aria-label=${`${c.name}: ${words}`}
    @click=${() => does.select({ criterion: c.id, evidence: i })}
  >
    ${isMoment(e) ? pictures(context, e) : nothing}
    <span>${e.side === 'both' ? nothing : html`<b>${e.side}</b> `}${where}</span>
  </button>`;
}

/** Of each side that is meant and plays: the frame to which the place leads. */
function pictures({ snapshot, ui, clock, stills }: Context, e: Evidence): TemplateResult | typeof nothing {
  const sides: readonly Side[] = e.side === 'both' ? ['A', 'B'] : [e.side];
  const shown = sides.flatMap((side) => {
    const { uri, media, clip } = snapshot.sides[side];
    if (uri === undefined || media === 'waiting' || media === 'none' || ui.unplayable[side]) return [];
    const ratio = clip && clip.height > 0 ? clip.width / clip.height : 16 / 9;
    const time = clock.mediaTime(side, clock.boundary(e.start));
    return html`<canvas
      class="still"
      aria-hidden="true"
      ${css({ 'aspect-ratio': String(ratio) })}
      ${still(stills, uri, time)}
    ></canvas>`;
  });
  return shown.length === 0 ? nothing : html`<span class="stills">${shown}</span>`;
}
