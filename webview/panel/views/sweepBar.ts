import { html, nothing, type TemplateResult } from 'lit';
import type { SweepPlace, SweepStep } from '../../../src/protocol/panel';
import { t, type StringKey } from '../../strings';
import { icon, mark, type IconName } from '../../ui/icons';
import type { Context } from '../context';

/** Columns that are shown on either side of the pair. */
const AROUND = 12;

/** Where in its sweep the pair stands, and the ways on from there. */
export function sweepBar(context: Context): TemplateResult | typeof nothing {
  const place = context.snapshot.sweep;
  if (!place) return nothing;
  const { row, seed, columns, earlier, later } = place;
  return html`<nav class="sweep" aria-label=${t('sweepNav', place.sweep)}>
    <div class="sweep-part">
      ${step(context, 'previousCheckpoint', 'previousCheckpoint', 'left', 'Alt+←')}
      <span class="sweep-strip" role="img" aria-label=${stripText(place)}>${strip(place)}</span>
      ${step(context, 'nextCheckpoint', 'nextCheckpoint', 'right', 'Alt+→')}
      <span class="sweep-columns" title="${columns[earlier] ?? ''} · ${columns[later] ?? ''}">
        ${columns[earlier]} <span class="quiet">${t('sweepAnd')}</span> ${columns[later]}
      </span>
    </div>
    <div class="sweep-part sweep-prompt">
      ${step(context, 'previousPrompt', 'previousPrompt', 'up', 'Alt+↑')}
      ${step(context, 'nextPrompt', 'nextPrompt', 'down', 'Alt+↓')}
      <span class="sweep-count">${t('sweepOf', row.index + 1, row.count)}</span>
      <bdi class="sweep-text" title=${row.prompt ?? row.label}>${row.prompt ?? row.label}</bdi>
      ${seed ? html`<span class="tag">${t('sweepSeed', seed.label)}</span>` : nothing}
    </div>
    <div class="sweep-part">
      ${pair(context, 'sweepRegressions', 'N', ['previousRegression', 'nextRegression'])}
      ${pair(context, 'sweepDisagreements', 'V', ['previousDisagreement', 'nextDisagreement'])}
      <button
        class="tool"
        title="${t('sweepShow')} (T)"
        aria-label=${t('sweepShow')}
        @click=${() => context.does.showSweep()}
      >
        ${icon('grid')}
      </button>
    </div>
  </nav>`;
}

function step(
  { snapshot, does }: Context,
  to: SweepStep,
  label: StringKey,
  name: IconName,
  key: string,
): TemplateResult {
  return html`<button
    class="tool"
    aria-label=${t(label)}
    title="${t(label)} (${key})"
    ?disabled=${!snapshot.sweep?.can.includes(to)}
    @click=${() => does.sweepStep(to)}
  >
    ${icon(name)}
  </button>`;
}

/** Two steps of one kind with its name between; nothing where neither leads anywhere. */
function pair(
  context: Context,
  name: StringKey,
  key: string,
  [back, on]: readonly [SweepStep, SweepStep],
): TemplateResult | typeof nothing {
  const can = context.snapshot.sweep?.can ?? [];
  if (!can.includes(back) && !can.includes(on)) return nothing;
  return html`<span class="walk" role="group" aria-label=${t(name)}>
    ${step(context, back, back, 'up', `Shift+${key}`)}
    <span class="walk-count">${t(name)}</span>
    ${step(context, on, on, 'down', key)}
  </span>`;
}

/** The row of the grid around the pair: the verdict of each column against the one before it, and which two are shown. */
function strip(place: SweepPlace): TemplateResult[] {
  const { columns, marks, earlier, later, sides } = place;
  const from = Math.max(0, Math.min(earlier, later - AROUND));
  const to = Math.min(columns.length, later + AROUND + 1);
  const sideOf = (column: number) => {
    if (column !== earlier && column !== later) return undefined;
    const which = column === earlier ? 'earlier' : 'later';
    return !sides ? 'here' : sides.A === which ? 'A' : 'B';
  };
  return columns.slice(from, to).map((label, i) => {
    const column = from + i;
    const side = sideOf(column);
    const shape = MARKS[`${marks[column] ?? 'none'}`];
    return html`<span
      class="sweep-cell ${side ? `on on-${side}` : ''} cell-${shape}"
      title="${label}${WORDS[shape] ? `: ${t(WORDS[shape])}` : ''}"
      >${side === 'A' || side === 'B' ? html`${mark(side)}` : icon(SHAPES[shape])}</span
    >`;
  });
}

const MARKS = { '1': 'better', '0': 'tie', '-1': 'worse', none: 'none' } as const;
const SHAPES = { better: 'better', tie: 'tie', worse: 'worse', none: 'none' } as const;
const WORDS = {
  better: 'sweepBetter',
  tie: 'sweepTie',
  worse: 'sweepWorse',
  none: undefined,
} as const;

function stripText({ columns, earlier, later, marks }: SweepPlace): string {
  const word = WORDS[MARKS[`${marks[later] ?? 'none'}`]];
  const place = t('sweepStrip', columns[later] ?? '', later + 1, columns.length, columns[earlier] ?? '');
  return word ? `${place} ${columns[later]}: ${t(word)}.` : place;
}
