import { html, nothing, type TemplateResult } from 'lit';
import type { Context } from '../context';
import type { Scroller } from '../scroller';
import { t } from '../strings';
import { PHASE_WORDS } from '../words';
import { brokenView } from './broken';
import { curves } from './curves';
import { diffView } from './diff';
import { gridBar } from './gridBar';
import { gridView } from './grid';
import { header } from './header';
import { help } from './help';
import { rankingView } from './ranking';
import { recognised } from './recognised';
import { report } from './report';
import { votesView } from './votes';

/** The whole page: header, what there is to say, and one scroller with curves and grid. */
export function app(context: Context, scroller: Scroller): TemplateResult {
  const { ui, snapshot, shown } = context;
  return html`<div class="sweep">
    ${header(context)} ${report(context)}
    <main class="scroller" @scroll=${scroller.scrolled}>
      <div class="above">
        ${recognised(context)} ${shown ? curves(context, shown) : nothing}
        ${shown ? gridBar(context, shown) : nothing}
      </div>
      ${shown ? gridView(context, shown) : nothing}
    </main>
    ${ui.overlay === 'help' ? help(context) : nothing}
    ${ui.overlay === 'diff' && shown ? diffView(context, shown) : nothing}
    ${ui.overlay === 'broken' && shown ? brokenView(context, shown) : nothing}
    ${ui.overlay === 'ranking' && shown ? rankingView(context, shown) : nothing}
    ${ui.overlay === 'votes' && shown ? votesView(context, shown) : nothing}
    <p class=${ui.said ? 'toast' : 'hidden'} role="status">${ui.said || t(PHASE_WORDS[snapshot.phase])}</p>
  </div>`;
}
