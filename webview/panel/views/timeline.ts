import { html, nothing, svg, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { type MeasureId, MEASURES } from '../../../src/core/measures';
import { criterion, type Dimension, DIMENSIONS } from '../../../src/core/rubric';
import { formatTime } from '../../../src/core/timeline';
import type { Evidence } from '../../../src/core/verdict';
import { amount } from '../../../src/core/wording';
import { t } from '../../strings';
import { css } from '../../ui/css';
import { mark } from '../../ui/icons';
import type { Context } from '../context';
import { scoreChoice } from '../words';
import {
  CURVE_HEIGHT,
  CURVE_WIDTH,
  differenceCurve,
  measureCurves,
  measuresOf,
  type MeasureCurves,
} from '../curves';
import { criterionOf, evidenceOf, spanText } from '../places';
import { ruler } from './ruler';
import { timelinePointer } from '../timelinePointer';

/** Evidence and measures over time, under one playhead. Pointers seek anywhere; the keyboard has the ruler. */
export function timeline(context: Context): TemplateResult {
  const { ui, clock } = context;
  const share = (time: number) => (clock.total > 0 ? time / clock.total : 0);
  const variables = {
    '--bands': banded(context) ? DIMENSIONS.length : 0,
    '--now': share(ui.time),
    '--hover': ui.hover === undefined ? 0 : share(ui.hover),
    '--end-A': share(clock.duration('A')),
    '--end-B': share(clock.duration('B')),
  };
  return html`<section class="timeline" aria-label=${t('timeline')}>
    <div class="lanes" ${css(variables)} ${timelinePointer(context)}>
      ${ruler(context)} ${context.hidden ? nothing : differenceLane(context)}
      ${shownMeasures(context).map((id) => measureLane(context, id))}
      ${banded(context) ? DIMENSIONS.map((d) => evidenceLane(context, d.id, d.name)) : nothing}
      <div class="heads" aria-hidden="true">
        <span class="playhead"></span>
        ${ui.hover === undefined ? nothing : html`<span class="hoverhead"><span>${formatTime(ui.hover)}</span></span>`}
      </div>
    </div>
  </section>`;
}

/** Lanes of evidence stand where there is some, or soon will be. */
function banded({ verdict, running }: Context): boolean {
  return verdict !== undefined || running;
}

/** None in blind mode: a curve can sway a vote. */
export function shownMeasures({ shown, verdict, ui, hidden }: Context): MeasureId[] {
  if (hidden) return [];
  const said = criterionOf(shown.criteria, ui.selection?.criterion);
  const chosen = said?.evidence[ui.selection?.evidence ?? 0]?.measure;
  return measuresOf(verdict ? ui.selection?.criterion : undefined, [
    chosen,
    ...(said?.evidence.map((e) => e.measure) ?? []),
  ]);
}

function lane(name: unknown, hint: string, body: unknown, kind = ''): TemplateResult {
  return html`<div class="lane-name" title=${hint}>${name}</div>
    <div class="lane ${kind}" aria-hidden="true">${body}</div>`;
}

const drawing = (paths: unknown) =>
  svg`<svg class="curve" viewBox="0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}" preserveAspectRatio="none">${paths}</svg>`;

function differenceLane({ snapshot, clock }: Context): TemplateResult {
  const { A, B } = snapshot.sides;
  const body = guard([A.measures, B.measures, clock.total], () => {
    const curve = differenceCurve(snapshot.sides, clock.total);
    return curve ? drawing(svg`<path class="line line-difference" d=${curve.path} />`) : nothing;
  });
  return lane(t('difference'), t('differenceHint'), body, 'lane-curve');
}

const memo = new WeakMap<object, Map<string, MeasureCurves | undefined>>();

/** The curves of one measure, made once for each snapshot's measures. */
function curvesOf({ snapshot, clock }: Context, id: MeasureId): MeasureCurves | undefined {
  const { A, B } = snapshot.sides;
  const key = A.measures ?? B.measures;
  if (!key) return undefined;
  const made = memo.get(key) ?? new Map<string, MeasureCurves | undefined>();
  memo.set(key, made);
  const name = `${id} ${clock.total} ${A.measures?.times.length} ${B.measures?.times.length}`;
  if (!made.has(name)) made.set(name, measureCurves(snapshot.sides, id, clock.total));
  return made.get(name);
}

function measureLane(context: Context, id: MeasureId): TemplateResult {
  const { ui } = context;
  const { name, definition } = MEASURES[id];
  const curves = curvesOf(context, id);
  const value = (side: 'A' | 'B') => {
    const v = curves?.sides[side]?.at(ui.time);
    return v === undefined ? nothing : html`<span class="reading">${mark(side)}${amount(id, v)}</span>`;
  };
  return lane(
    html`<span class="measure-name">${name}</span><span class="readings">${value('A')}${value('B')}</span>`,
    t('measureHint', name, definition),
    html`${chosenWindow(context)}${guard([curves], () =>
      drawing(
        svg`${(['A', 'B'] as const).map((side) => {
          const curve = curves?.sides[side];
          return curve ? svg`<path class="line line-${side}" d=${curve.path} />` : nothing;
        })}`,
      ),
    )}`,
    'lane-curve',
  );
}

/** The selected evidence, behind the curves. */
function chosenWindow({ shown, ui, clock }: Context): TemplateResult | typeof nothing {
  const e = evidenceOf(shown.criteria, ui.selection);
  if (!e) return nothing;
  return html`<span class="window" ${css(extent(e, clock.total))}></span>`;
}

function extent({ start, end }: Evidence, total: number): Record<string, string> {
  const of = (time: number) => `${total > 0 ? (100 * Math.min(total, time)) / total : 0}%`;
  return { 'inset-inline-start': of(start), 'inline-size': of(Math.max(0, end - start)) };
}

function evidenceLane(context: Context, id: Dimension, name: string): TemplateResult {
  const { shown, ui, clock, does } = context;
  const blocks = shown.criteria
    .filter((c) => criterion(c.id).dimension === id)
    .flatMap((c) =>
      c.evidence.map((e, i) => {
        const current = ui.selection?.criterion === c.id && ui.selection.evidence === i;
        return html`<span
          class="block block-${scoreChoice(c)} ${e.whole ? 'whole' : ''} ${current ? 'current' : ''}"
          title="${criterion(c.id).name}, ${spanText(e)}"
          ${css(extent(e, clock.total))}
          @pointerdown=${(event: Event) => event.stopPropagation()}
          @click=${() => does.select({ criterion: c.id, evidence: i })}
        ></span>`;
      }),
    );
  return lane(t('lane', id), name, blocks, 'lane-evidence');
}
