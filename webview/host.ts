import {
  decodePanelMessage,
  type PanelAction,
  type PanelMessage,
  type PanelState,
} from '../src/protocol/panel';
import {
  decodeSweepMessage,
  type SweepAction,
  type SweepMessage,
  type SweepPageState,
} from '../src/protocol/sweepPage';

/** A page's only way out. */
export interface Seam<Action, Message, State> {
  post(action: Action): void;
  /** One listener; anything that does not decode is dropped. */
  onMessage(listener: (message: Message) => void): void;
  getState(): unknown;
  setState(state: State): void;
}

export type Host = Seam<PanelAction, PanelMessage, PanelState>;
export type SweepHost = Seam<SweepAction, SweepMessage, SweepPageState>;

export function connectHost(): Host {
  return connect(decodePanelMessage);
}

export function connectSweepHost(): SweepHost {
  return connect(decodeSweepMessage);
}

/** The seam to VS Code: nothing else in a page asks for its API. Tests give `globalThis.acquireVsCodeApi` a fake. */
function connect<Action, Message, State>(decode: (data: unknown) => Message): Seam<Action, Message, State> {
  const api = acquireVsCodeApi<State>();
  // VS Code leaves the kept state, with both clips' names, in this script's text: a blind page must not hold it.
  document.getElementById('_vscodeApiScript')?.remove();
  return {
    post: (action) => api.postMessage(action),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        const message = attempt(() => decode(event.data));
        if (message !== undefined) listener(message);
      }),
    getState: () => api.getState(),
    setState: (state) => void api.setState(state),
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
