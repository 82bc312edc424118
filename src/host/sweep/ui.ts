import {
  commands,
  l10n,
  ProgressLocation,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type TreeView,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import { toProblem } from '../../core/problem';
import { EXPORT_FORMATS, type ExportFormat } from '../../core/sweep/formats';
import type { Log } from '../../engine/supervisor';
import { decodeSweepPageState, type PairOfCells, type SweepPageState } from '../../protocol/sweepPage';
import { pageStrings } from '../panel/page';
import type { PanelRegistry } from '../panel/registry';
import { reviewerName } from '../panel/voting';
import { readSettings } from '../settings';
import { clipIndex, FILTERS, type Filter } from './facts';
import { GridNavigator } from './navigator';
import { SWEEP_PAGE_TYPE, SweepPage, type PagePlaces } from './page';
import { pickFolder } from './pickFolder';
import type { SweepSession } from './session';
import type { SweepSessions } from './sessions';
import { SweepTree, type SweepNode } from './tree';
import { FORMAT_NAMES, progressText } from './words';

export const SWEEPS_VIEW = 'aesrm.sweeps';

/** The tree, the pages, and what the commands do with them. */
export class SweepUi implements WebviewPanelSerializer<unknown>, Disposable {
  readonly tree: SweepTree;
  private readonly view: TreeView<SweepNode>;
  private readonly pages = new Map<SweepSession, SweepPage>();
  private readonly owned: Disposable[];

  constructor(
    private readonly sessions: SweepSessions,
    private readonly panels: PanelRegistry,
    private readonly places: PagePlaces,
    private readonly services: { log: Log; showLog(): void },
  ) {
    this.tree = new SweepTree(sessions, () => this.reviewer());
    this.view = window.createTreeView(SWEEPS_VIEW, { treeDataProvider: this.tree, showCollapseAll: true });
    this.owned = [this.tree, this.view, sessions.onChange(() => this.told())];
  }

  reviewer(): string {
    return reviewerName(readSettings().reviewer);
  }

  /** From the palette, the Explorer, or the view: opens a folder as a sweep and shows what was recognised. */
  async open(clicked?: unknown): Promise<void> {
    const folder = clicked instanceof Uri ? clicked : await pickFolder();
    if (!folder) return;
    if (folder.scheme !== 'file')
      return void window.showInformationMessage(
        l10n.t('AesRM looks through folders on a disk: {0} is not on one.', folder.toString(true)),
      );
    const session = this.sessions.add(folder);
    await this.showPage(session);
    await session.load();
  }

  async showPage(session: SweepSession, cell?: { column: number; row: number }): Promise<void> {
    const shown = this.pages.get(session);
    if (shown) {
      shown.panel.reveal();
      if (cell) shown.post({ type: 'go', to: 'cell', cell });
      return;
    }
    const panel = window.createWebviewPanel(SWEEP_PAGE_TYPE, session.name, ViewColumn.Active);
    const state: SweepPageState = { format: 'aesrm.sweep-page/1', root: session.root.toString() };
    await this.adopt(panel, session, cell ? { ...state, cell } : state);
  }

  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const kept = decoded(state);
    const root = kept && Uri.parse(kept.root);
    if (!kept || root?.scheme !== 'file') return panel.dispose();
    const session = this.sessions.add(root);
    await this.adopt(panel, session, kept);
    await session.load();
  }

  pageOf(root: Uri): SweepPage | undefined {
    const session = this.sessions.find(root);
    return session && this.pages.get(session);
  }

  /** A cell against the column before it, or against the baseline where that was asked for. */
  async openPair(session: SweepSession, pair: PairOfCells): Promise<void> {
    const navigator = new GridNavigator(session, pair, {
      reviewer: () => this.reviewer(),
      showAt: (column, row) => void this.showPage(session, { column, row }),
    });
    if (!navigator.here)
      return void window.showInformationMessage(l10n.t('There is no clip on one of the sides of this pair.'));
    await this.panels.openFromSweep(navigator);
  }

  async openCell(node: unknown): Promise<void> {
    if (!isPrompt(node)) return;
    const { session, column, row } = node;
    const { grid } = session.view;
    if (!grid) return;
    const clips = clipIndex(grid);
    for (const [seed] of grid.seeds.entries()) {
      if (!clips.has(`${column}:${row}:${seed}`)) continue;
      const columns = grid.columns.map((_, c) => c).filter((c) => clips.has(`${c}:${row}:${seed}`));
      const earlier = columns.filter((c) => c < column).at(-1);
      const later = columns.find((c) => c > column);
      if (earlier !== undefined) return this.openPair(session, { earlier, later: column, row, seed });
      if (later !== undefined) return this.openPair(session, { earlier: column, later, row, seed });
    }
    void window.showInformationMessage(l10n.t('There is nothing to compare this clip with.'));
  }

  /** The sweep that a command means: the item's, the page's in front, or the only one. */
  meant(node?: unknown): SweepSession | undefined {
    if (isNode(node)) return node.session;
    const front = [...this.pages].find(([, page]) => page.panel.active)?.[0];
    return front ?? this.sessions.all[0];
  }

  async pickFilter(): Promise<void> {
    const names: Record<Filter, string> = {
      all: l10n.t('All prompts'),
      regressions: l10n.t('Regressions'),
      disagreements: l10n.t('Where I disagree with the judge'),
      holes: l10n.t('Holes'),
      votes: l10n.t('My votes'),
    };
    const items = FILTERS.map((id) => ({
      label: names[id],
      id,
      ...(id === this.tree.filter ? { description: l10n.t('now') } : {}),
    }));
    const picked = await window.showQuickPick(items, { title: l10n.t('Show Prompts') });
    if (!picked) return;
    this.tree.filter = picked.id;
    this.tree.refresh();
  }

  toggleSort(): void {
    this.tree.sort = this.tree.sort === 'found' ? 'worst' : 'found';
    this.tree.refresh();
  }

  async exportSweep(session: SweepSession, asked: ExportFormat | null): Promise<void> {
    const format = asked ?? (await pickFormat());
    if (!format) return;
    const { extension, folder } = FORMAT_NAMES[format];
    const name = `${session.name}-${format}${folder ? '' : `.${extension}`}`;
    const target = await window.showSaveDialog({
      defaultUri: Uri.joinPath(session.root, '..', name),
      title: l10n.t('Export the Sweep'),
    });
    if (!target) return;
    const options = {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: l10n.t('Exporting {0}', session.name),
    };
    try {
      const { notes } = await window.withProgress(options, async (_, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => stop.abort());
        const params = { sweep: session.target(), format, target: target.fsPath };
        return session.engine.sweepExport(params, { signal: stop.signal });
      });
      await this.exported(target, notes, folder);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== 'cancelled') void window.showErrorMessage(problem.message);
    }
  }

  dispose(): void {
    for (const part of this.owned) part.dispose();
  }

  private async exported(target: Uri, notes: readonly string[], folder: boolean): Promise<void> {
    const [open, reveal] = [l10n.t('Open'), l10n.t('Reveal in Explorer')];
    const said = [l10n.t('Exported to {0}.', workspace.asRelativePath(target, false)), ...notes].join(' ');
    const answer = await window.showInformationMessage(said, ...(folder ? [reveal] : [open, reveal]));
    if (answer === open) await commands.executeCommand('vscode.open', target);
    if (answer === reveal) await commands.executeCommand('revealInExplorer', target);
  }

  private async adopt(panel: WebviewPanel, session: SweepSession, state: SweepPageState): Promise<void> {
    const strings = await pageStrings(this.places.extension);
    const page = new SweepPage(
      panel,
      session,
      this.places,
      {
        ...this.services,
        reviewer: () => this.reviewer(),
        openPair: (of, pair) => this.openPair(of, pair),
        exportSweep: (of, format) => this.exportSweep(of, format),
      },
      state,
      strings,
    );
    this.pages.set(session, page);
    panel.onDidDispose(() => {
      if (this.pages.get(session) === page) this.pages.delete(session);
    });
  }

  /** The view's own message and badge; the page of a sweep that was closed goes with it. */
  private told(): void {
    for (const [session, page] of this.pages)
      if (this.sessions.find(session.root) !== session) page.panel.dispose();
    const running = this.sessions.all.find(({ isRunning }) => isRunning);
    const { progress, phase } = running?.view ?? {};
    this.view.message =
      running && progress && phase === 'running' ? `${running.name}: ${progressText(progress)}` : undefined;
    const { regressions } = this.tree;
    this.view.badge =
      regressions === 0
        ? undefined
        : {
            value: regressions,
            tooltip: regressions === 1 ? l10n.t('1 regression') : l10n.t('{0} regressions', regressions),
          };
  }
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const items = EXPORT_FORMATS.map((id) => ({ label: FORMAT_NAMES[id].label, description: id, id }));
  return (await window.showQuickPick(items, { title: l10n.t('Export the Sweep As') }))?.id;
}

function isNode(node: unknown): node is SweepNode {
  return typeof node === 'object' && node !== null && 'session' in node && 'kind' in node;
}

function isPrompt(node: unknown): node is SweepNode & { kind: 'prompt' } {
  return isNode(node) && node.kind === 'prompt';
}

function decoded(state: unknown): SweepPageState | undefined {
  try {
    return decodeSweepPageState(state);
  } catch {
    return undefined;
  }
}
