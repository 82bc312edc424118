import { render } from 'lit';
import { decodeSweepPageState, type SweepPageState } from '../../src/protocol/sweepPage';
import { decodeSweepBoot } from '../../src/protocol/panelHtml';
import { connectSweepHost, type SweepHost } from '../host';
import { useStrings } from '../strings';
import { registerToolkit } from '../ui/toolkit';
import { Commands } from './commands';
import { shownOf } from './context';
import { listenForKeys } from './keys';
import { Scroller } from './scroller';
import { Store, type State } from './state';
import { t, useSweepStrings } from './strings';
import { app } from './views/app';
import './sweep.css';

/** How long after the last change the place is kept, milliseconds. */
const REMEMBER = 300;

function start(): void {
  const host = connectSweepHost();
  const boot = decodeSweepBoot(JSON.parse(document.body.dataset['boot'] ?? '{}'));
  useStrings(boot.strings);
  useSweepStrings(boot.strings);
  registerToolkit();

  const root = document.getElementById('app')!;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const store = new Store((state) => {
    draw(state);
    clearTimeout(timer);
    timer = setTimeout(() => does.remember(boot.state), REMEMBER);
  });
  const scroller = new Scroller(store, () => shownOf(store.state));
  const does = new Commands(store, host, scroller.reveal);
  const { format: _, root: __, cell, ...place } = { ...boot.state, ...lastPlace(host, boot.state.root) };
  store.ui({ ...place, ...(cell ? { kept: cell } : {}) });
  let restored = cell === undefined;

  function draw(state: State): void {
    const { snapshot, ui, diff } = state;
    if (!snapshot) return;
    const { thumbnails } = does;
    render(app({ snapshot, ui, diff, shown: shownOf(state), thumbnails, does }, scroller), root);
    document.body.dataset['phase'] = snapshot.phase;
    scroller.measure();
    // The cell where the reader was comes into sight once it can; the focus stays where it is.
    if (!restored && shownOf(state)) {
      restored = true;
      scroller.scrollTo(ui.cell);
    }
  }

  listenForKeys(does);
  host.onMessage((message) => does.receive(message));
  host.post({ type: 'ready' });
}

/** Where the reader was when this page was last torn down, if it showed the same sweep. */
function lastPlace(host: SweepHost, root: string): Partial<SweepPageState> {
  try {
    const kept = decodeSweepPageState(host.getState());
    return kept.root === root ? kept : {};
  } catch {
    return {};
  }
}

try {
  start();
} catch (error) {
  const p = document.createElement('p');
  p.textContent = `${t('phaseFailed')}: ${error instanceof Error ? error.message : String(error)}`;
  document.body.append(p);
  throw error;
}
