import { render } from 'lit';
import { isCriterionId } from '../../src/core/rubric';
import { differences } from '../../src/core/timeline';
import { decodePanelState } from '../../src/protocol/panel';
import { decodePanelBoot, type PanelBoot } from '../../src/protocol/panelHtml';
import { connectHost, type Host } from '../host';
import { t, useStrings } from '../strings';
import { registerToolkit } from '../ui/toolkit';
import { PairClock } from './clock';
import { Commands } from './commands';
import type { Context } from './context';
import { listenForKeys } from './keys';
import { Player } from './player';
import { Screens } from './screens';
import { isHidden, shownOf } from './shown';
import { initialState, type State } from './state';
import { Store } from './store';
import { app } from './views/app';
import './panel.css';

/** How long after a change the place is kept, milliseconds. */
const REMEMBER = 300;

function start(): void {
  const host = connectHost();
  const boot = readBoot();
  useStrings(boot.strings);
  registerToolkit();
  const place = { ...boot.state, ...lastPlace(host, boot) };
  const criterion = isCriterionId(place.criterion) ? place.criterion : undefined;
  const state = initialState({
    ...(place.time === undefined ? {} : { time: place.time }),
    ...(criterion && { criterion }),
  });

  const root = document.getElementById('app')!;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const store = new Store(state, (now) => {
    draw(now);
    // Not put off by what comes meanwhile: while clips play, something always does.
    timer ??= setTimeout(() => {
      timer = undefined;
      does.remember(boot.state);
    }, REMEMBER);
  });
  const does = new Commands(store, host);
  const screens = (does.screens = new Screens(does));
  const none = { name: '', folder: '', media: 'none' } as const;
  does.player = new Player(
    new PairClock({ A: none, B: none }),
    state.ui.time,
    (time, playing) => {
      store.apply({ type: 'clock', time, playing });
      if (!playing) does.rested(time);
    },
    () => does.muteAll(),
  );

  function draw(now: State): void {
    const context = contextOf(now, does);
    if (context) render(app(context, screens.sides), root);
    document.body.dataset['phase'] = now.snapshot?.phase ?? 'starting';
  }

  listenForKeys(does);
  host.onMessage((message) => does.receive(message));
  host.post({ type: 'ready' });
}

/** The boot data leaves the document at once: in blind mode nothing there may name a clip. */
function readBoot(): PanelBoot {
  const text = document.body.dataset['boot'] ?? '{}';
  delete document.body.dataset['boot'];
  return decodePanelBoot(JSON.parse(text));
}

/**
 * Where the reader was when this page was last torn down, if it was of the same pair, whichever side each is on. In a
 * sweep the pair is another after every step, and the moment stays.
 */
function lastPlace(host: Host, boot: PanelBoot): { time?: number; criterion?: string } {
  try {
    const { a, b, sweep, time, criterion } = decodePanelState(host.getState());
    const pair = (x: string, y: string) => [x, y].sort().join('\n');
    if (sweep === undefined && pair(a, b) !== pair(boot.state.a, boot.state.b)) return {};
    return { ...(time === undefined ? {} : { time }), ...(criterion === undefined ? {} : { criterion }) };
  } catch {
    return {};
  }
}

function contextOf({ snapshot, ui }: State, does: Commands): Context | undefined {
  if (!snapshot || !does.clock) return undefined;
  const hidden = isHidden(snapshot);
  const shown = shownOf(snapshot, ui);
  const verdict = hidden ? undefined : snapshot.verdict;
  return {
    snapshot,
    ui,
    clock: does.clock,
    verdict,
    shown,
    places: differences(shown),
    hidden,
    running: snapshot.phase === 'measuring' || snapshot.phase === 'judging',
    stills: does.stills,
    does,
  };
}

try {
  start();
} catch (error) {
  const p = document.createElement('p');
  p.textContent = `${t('failed')}: ${error instanceof Error ? error.message : String(error)}`;
  document.body.append(p);
  throw error;
}
