import { html, nothing, type TemplateResult } from 'lit';
import type { Side } from '../../../src/core/pair';
import { css } from '../../ui/css';
import type { Context } from '../context';
import type { Media } from '../media';
import { criteriaList } from './criteria';
import { helpOverlay } from './help';
import { rawOverlay } from './raw';
import { notices } from './runState';
import { stage } from './stage';
import { sweepBar } from './sweepBar';
import { shownMeasures, timeline } from './timeline';
import { topbar } from './topbar';
import { transport } from './transport';
import { verdictStrip } from './verdict';

export function app(context: Context, media: Record<Side, Media>): TemplateResult {
  return html`<div class="page" ?inert=${context.ui.helpOpen || context.ui.rawOpen}>
      ${topbar(context)} ${sweepBar(context)} ${notices(context)} ${verdictStrip(context)}
      <main class="work">
        <div class="left" ${css({ '--curves': context.hidden ? 0 : shownMeasures(context).length + 1 })}>
          <div class="watch">${stage(context, media)} ${transport(context)}</div>
          ${timeline(context)}
        </div>
        ${context.verdict || context.hidden || context.running ? criteriaList(context) : nothing}
      </main>
    </div>
    <div class="hidden" role="status" aria-live="polite">${context.ui.status}</div>
    ${helpOverlay(context)} ${rawOverlay(context)}`;
}
