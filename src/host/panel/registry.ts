import { stat } from 'node:fs/promises';
import {
  l10n,
  Uri,
  ViewColumn,
  window,
  type Disposable,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import { isVideoName } from '../../core/pair';
import { decodePanelState, type PanelState } from '../../protocol/panel';
import { pairTitle } from '../pickPair';
import { BlindLinks } from './blindLinks';
import { pageHtml, pageOptions, pageStrings, type PagePlaces, type Strings } from './page';
import type { SweepNavigator } from './sweepNavigator';
import { ComparePanel, namesOf, type ClipPair, type PanelServices } from './panel';

export const PANEL_TYPE = 'aesrm.compare';

/** All open panels, and the one that a command means. */
export class PanelRegistry implements WebviewPanelSerializer<unknown>, Disposable {
  private readonly open = new Set<ComparePanel>();
  private last: ComparePanel | undefined;

  constructor(
    private readonly places: PagePlaces,
    private readonly services: PanelServices,
  ) {}

  /** In the order of opening. */
  get panels(): readonly ComparePanel[] {
    return [...this.open];
  }

  /** The panel in front, else the one that was in front last. */
  get current(): ComparePanel | undefined {
    return this.panels.find((p) => p.panel.active) ?? this.last;
  }

  /** Shows a pair: in its panel if it has one, else in a new one. */
  async compare(pair: ClipPair): Promise<ComparePanel> {
    const strings = await pageStrings(this.places.extension);
    const shown = this.showing(pair);
    if (shown) {
      shown.panel.reveal();
      return shown;
    }
    const title = pairTitle(namesOf(pair.A), namesOf(pair.B));
    const links = this.newLinks();
    const page = pageOptions([pair.A, pair.B], links.dir, this.places);
    const options = { ...page, retainContextWhenHidden: false };
    const panel = window.createWebviewPanel(PANEL_TYPE, title, ViewColumn.Active, options);
    return this.adopt(panel, pair, links, newState(pair), strings);
  }

  /** Shows the pair that a sweep stands on. */
  async openFromSweep(navigator: SweepNavigator): Promise<void> {
    const { here } = navigator;
    if (here) await this.compare(here.clips);
  }

  /** Restores a panel over a reload of the window; without its clips there is nothing to restore. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const kept = decoded(state);
    const pair = kept && pairOf(kept);
    if (!kept || !pair) return panel.dispose();
    let closed = false;
    const listener = panel.onDidDispose(() => (closed = true));
    const missing = await missingClips(pair);
    if (missing.length > 0) {
      listener.dispose();
      panel.dispose();
      void window.showWarningMessage(
        l10n.t('A comparison was not restored: {0} is no longer there.', missing.join(', ')),
      );
      return;
    }
    const strings = await pageStrings(this.places.extension);
    listener.dispose();
    if (closed) return;
    const links = this.newLinks();
    panel.webview.options = pageOptions([pair.A, pair.B], links.dir, this.places);
    this.adopt(panel, pair, links, kept, strings);
  }

  /** The panels themselves stay: the workbench restores them. */
  dispose(): void {
    for (const compare of this.open) compare.dispose();
  }

  private adopt(
    panel: WebviewPanel,
    pair: ClipPair,
    links: BlindLinks,
    state: PanelState,
    strings: Strings,
  ): ComparePanel {
    const compare = new ComparePanel(panel, pair, links, this.services, state.blind);
    this.open.add(compare);
    this.last = compare;
    panel.onDidChangeViewState(() => {
      if (panel.active) this.last = compare;
    });
    panel.onDidDispose(() => {
      this.open.delete(compare);
      if (this.last === compare) this.last = this.panels.at(-1);
    });
    panel.iconPath = { light: this.picture('panel-light.svg'), dark: this.picture('panel-dark.svg') };
    panel.webview.html = pageHtml(panel.webview, this.places, state, strings);
    return compare;
  }

  private newLinks(): BlindLinks {
    return new BlindLinks(this.places.blindDir, this.services.log);
  }

  private picture(name: string): Uri {
    return Uri.joinPath(this.places.extension, 'media', name);
  }

  private showing({ A, B }: ClipPair): ComparePanel | undefined {
    const key = (a: Uri, b: Uri) => [a.toString(), b.toString()].sort().join('\n');
    return this.panels.find(({ pair }) => key(pair.A, pair.B) === key(A, B));
  }
}

function newState({ A, B }: ClipPair): PanelState {
  return { format: 'aesrm.panel/1', a: A.toString(), b: B.toString(), blind: false };
}

function decoded(state: unknown): PanelState | undefined {
  try {
    return decodePanelState(state);
  } catch {
    return undefined;
  }
}

function pairOf(state: PanelState): ClipPair | undefined {
  const pair = { A: Uri.parse(state.a), B: Uri.parse(state.b) };
  const good = (uri: Uri) => uri.scheme === 'file' && isVideoName(uri.path);
  return good(pair.A) && good(pair.B) ? pair : undefined;
}

async function missingClips(pair: ClipPair): Promise<string[]> {
  const names = await Promise.all(
    [pair.A, pair.B].map((uri) =>
      stat(uri.fsPath).then(
        () => undefined,
        () => namesOf(uri).name,
      ),
    ),
  );
  return names.filter((name) => name !== undefined);
}
