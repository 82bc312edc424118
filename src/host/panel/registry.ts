import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
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
import { showWarning } from '../notices';
import { pairTitle } from '../pickPair';
import { BlindLinks } from './blindLinks';
import { pageHtml, pageOptions, pageStrings, type PagePlaces, type Strings } from './page';
import type { SweepNavigator } from './sweepNavigator';
import { namesOf, type ClipPair, type PanelServices } from './comparison';
import { ComparePanel } from './panel';

export const PANEL_TYPE = 'aesrm.compare';

/** The way through the sweep of a folder, from a pair of its clips. */
export type NavigatorOf = (root: Uri, pair: ClipPair) => SweepNavigator;

/** All open panels, and the one that a command means. */
export class PanelRegistry implements WebviewPanelSerializer<unknown>, Disposable {
  private readonly open = new Set<ComparePanel>();
  private last: ComparePanel | undefined;
  /** Gives panels that were opened from a sweep their way through it again, after a reload. */
  navigatorOf: NavigatorOf | undefined;

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
    return this.create(pair, strings);
  }

  /** Shows the pair that a sweep stands on: in the sweep's panel if it has one, else in a new one. */
  async openFromSweep(navigator: SweepNavigator): Promise<void> {
    const strings = await pageStrings(this.places.extension);
    const { here, root } = navigator;
    if (!here) return;
    const shown = this.panels.find(({ sweep }) => sweep?.toString() === root.toString());
    if (!shown) return void this.create(here.clips, strings, navigator);
    shown.visit(navigator);
    shown.panel.reveal();
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
      void showWarning(l10n.t('A comparison was not restored: {0} is no longer there.', missing.join(', ')));
      return;
    }
    const strings = await pageStrings(this.places.extension);
    listener.dispose();
    if (closed) return;
    const links = this.newLinks();
    const root = kept.sweep === undefined ? undefined : Uri.parse(kept.sweep);
    const navigator = root?.scheme === 'file' ? this.navigatorOf?.(root, pair) : undefined;
    panel.webview.options = pageOptions(foldersOf(pair, navigator), links.dir, this.places);
    this.adopt(panel, pair, links, kept, strings, navigator);
  }

  /** The panels themselves stay: the workbench restores them. */
  dispose(): void {
    for (const compare of this.open) compare.dispose();
  }

  private create(pair: ClipPair, strings: Strings, navigator?: SweepNavigator): ComparePanel {
    const title = pairTitle(namesOf(pair.A), namesOf(pair.B));
    const links = this.newLinks();
    const page = pageOptions(foldersOf(pair, navigator), links.dir, this.places);
    const options = { ...page, retainContextWhenHidden: false };
    const panel = window.createWebviewPanel(PANEL_TYPE, title, ViewColumn.Active, options);
    return this.adopt(panel, pair, links, newState(pair), strings, navigator);
  }

  private adopt(
    panel: WebviewPanel,
    pair: ClipPair,
    links: BlindLinks,
    state: PanelState,
    strings: Strings,
    navigator: SweepNavigator | undefined,
  ): ComparePanel {
    const compare = new ComparePanel(panel, pair, links, this.services, { blind: state.blind, navigator });
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

/** What the page may play from: a sweep's whole folder, since steps lead through it. */
function foldersOf({ A, B }: ClipPair, navigator: SweepNavigator | undefined): Uri[] {
  const own = [A, B].map((clip) => Uri.file(dirname(clip.fsPath)));
  return navigator ? [...own, navigator.root] : own;
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
