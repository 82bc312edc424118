import {
  decodePanelMessage,
  type PanelAction,
  type PanelMessage,
  type PanelState,
} from '../src/protocol/panel';

/** The page's only way out. */
export interface Host {
  post(action: PanelAction): void;
  /** One listener; anything that does not decode is dropped. */
  onMessage(listener: (message: PanelMessage) => void): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

/** The seam to VS Code: nothing else in the page asks for its API. Tests give `globalThis.acquireVsCodeApi` a fake. */
export function connectHost(): Host {
  const api = acquireVsCodeApi<PanelState>();
  // VS Code leaves the kept state, with both clips' names, in this script's text: a blind page must not hold it.
  document.getElementById('_vscodeApiScript')?.remove();
  return {
    post: (action) => api.postMessage(action),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        const message = decoded(event.data);
        if (message) listener(message);
      }),
    getState: () => api.getState(),
    setState: (state) => void api.setState(state),
  };
}

function decoded(data: unknown): PanelMessage | undefined {
  try {
    return decodePanelMessage(data);
  } catch {
    return undefined;
  }
}
