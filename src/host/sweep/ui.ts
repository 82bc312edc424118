import {
  commands,
  l10n,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type TreeView,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import type { ExportFormat } from '../../core/sweep/formats';
import type { CellIds } from '../../core/sweep/grid';
import type { Log } from '../../engine/supervisor';
import type { ClipPair } from '../panel/comparison';
import {
  decodeSweepPageState,
  SWEEP_FILTERS,
  type PairOfCells,
  type PairOfClips,
  type Reference,
  type SweepFilter,
  type SweepPageState,
  type SweepPhase,
} from '../../protocol/sweepPage';
import { showInformation, withProgress } from '../notices';
import { pageStrings, type Strings } from '../panel/page';
import type { PanelRegistry } from '../panel/registry';
import { reviewerName } from '../panel/voting';
import { readSettings } from '../settings';
import { exportSweep } from './exporting';
import { clipIndex } from './facts';
import { GridNavigator } from './navigator';
import { openCell } from './openCell';
import { SWEEP_PAGE_TYPE, SweepPage, type PagePlaces } from './page';
import { pickFolder } from './pickFolder';
import type { SweepSession } from './session';
import type { SweepSessions } from './sessions';
import { SweepTree, type Emptiness, type SweepNode } from './tree';
import { progressText } from './words';

export const SWEEPS_VIEW = 'aesrm.sweeps';
const BUSY: readonly SweepPhase[] = ['scanning', 'running', 'following'];

/** The tree, the pages, and what the commands do with them. */
export class SweepUi implements WebviewPanelSerializer<unknown>, Disposable {
  readonly tree: SweepTree;
  private readonly view: TreeView<SweepNode>;
  private readonly pages = new Map<SweepSession, SweepPage>();
  private readonly owned: Disposable[];
  private emptiness: Emptiness | undefined;
  private idle: (() => void) | undefined;

  constructor(
    private readonly sessions: SweepSessions,
    private readonly panels: PanelRegistry,
    private readonly places: PagePlaces,
    private readonly services: { log: Log; showLog(): void },
  ) {
    this.tree = new SweepTree(sessions, () => this.reviewer());
    this.view = window.createTreeView(SWEEPS_VIEW, { treeDataProvider: this.tree, showCollapseAll: true });
    this.owned = [this.tree, this.view, sessions.onChange(() => this.told())];
    panels.navigatorOf = (root, clips) => this.navigatorAgain(root, clips);
  }

  reviewer(): string {
    return reviewerName(readSettings().reviewer);
  }

  /** From the palette, the Explorer, or the view: opens a folder as a sweep and shows what was recognised. */
  async open(clicked?: unknown): Promise<void> {
    const folder = clicked instanceof Uri ? clicked : await pickFolder();
    if (!folder) return;
    if (folder.scheme !== 'file')
      return void showInformation(
        l10n.t('AesRM looks through folders on a disk: {0} is not on one.', folder.toString(true)),
      );
    const session = this.sessions.add(folder);
    await this.showPage(session);
    await session.load();
  }

  /** The page of the sweep that a command means, at the item's cell where it has one. */
  async showNode(session: SweepSession, node: unknown): Promise<void> {
    if (!isNode(node) || node.kind === 'sweep') return this.showPage(session);
    const row = node.kind === 'prompt' ? node.row : session.view.grid?.rows[0]?.id;
    await this.showPage(session, row === undefined ? undefined : { column: node.column, row });
  }

  async showPage(session: SweepSession, cell?: CellIds): Promise<void> {
    const strings = await pageStrings(this.places.extension);
    const shown = this.pages.get(session);
    if (shown) {
      shown.panel.reveal();
      if (cell) shown.goTo(cell);
      return;
    }
    const panel = window.createWebviewPanel(SWEEP_PAGE_TYPE, session.name, ViewColumn.Active);
    const state: SweepPageState = { format: 'aesrm.sweep-page/1', root: session.root.toString() };
    this.adopt(panel, session, cell ? { ...state, cell } : state, strings);
  }

  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const kept = decoded(state);
    const root = kept && Uri.parse(kept.root);
    if (!kept || root?.scheme !== 'file') return panel.dispose();
    let closed = false;
    const listener = panel.onDidDispose(() => (closed = true));
    const strings = await pageStrings(this.places.extension);
    listener.dispose();
    if (closed) return;
    const session = this.sessions.add(root);
    this.adopt(panel, session, kept, strings);
    await session.load();
  }

  pageOf(root: Uri): SweepPage | undefined {
    const session = this.sessions.find(root);
    return session && this.pages.get(session);
  }

  async openPair(session: SweepSession, { row, seed, ...columns }: PairOfCells): Promise<void> {
    const { grid } = session.view;
    const pathIn = (column: number) =>
      grid?.clips[clipIndex(grid).get(`${column}:${row}:${seed}`) ?? -1]?.path ?? '';
    await this.openClips(session, { earlier: pathIn(columns.earlier), later: pathIn(columns.later) });
  }

  /** @param against what the pair is meant against, where that is known */
  async openClips(
    session: SweepSession,
    { earlier, later }: PairOfClips,
    against?: Reference,
  ): Promise<void> {
    const [A, B] = [session.uriOf(earlier), session.uriOf(later)];
    if (!A || !B) return void showInformation(l10n.t('There is no clip on one of the sides of this pair.'));
    await this.panels.openFromSweep(this.navigator(session.root, { A, B }, against));
  }

  /** By its folder: the sweep may be closed, and opened again, while the comparison stays. */
  private navigator(root: Uri, clips: ClipPair, against?: Reference): GridNavigator {
    const session = () => this.sessions.find(root);
    const services = {
      session,
      onChange: (listener: () => void) =>
        this.sessions.onChange((of) => (!of || of === session()) && listener()),
      reviewer: () => this.reviewer(),
      showAt: (cell: CellIds) => {
        const shown = session();
        if (shown) void this.showPage(shown, cell);
      },
    };
    return new GridNavigator(root, clips, services, against);
  }

  /** After a reload; the sweep's own folder may have to be looked through first. */
  private navigatorAgain(root: Uri, clips: ClipPair): GridNavigator {
    void this.sessions.add(root).load();
    return this.navigator(root, clips);
  }

  async openCell(node: unknown): Promise<void> {
    if (!isPrompt(node)) return;
    await openCell(node.session, node, {
      openPair: (session, pair) => this.openPair(session, pair),
      showPage: (session, cell) => this.showPage(session, cell),
      reviewer: () => this.reviewer(),
    });
  }

  /** The sweep that a command means: the item's, the page's in front, the only one, or the one that is picked. */
  async meant(node?: unknown): Promise<SweepSession | undefined> {
    if (isNode(node)) return node.session;
    const front = [...this.pages].find(([, page]) => page.panel.active)?.[0];
    const { all } = this.sessions;
    if (front || all.length < 2) return front ?? all[0];
    const items = all.map((session) => ({
      label: session.name,
      description: workspace.asRelativePath(session.root),
      session,
    }));
    return (await window.showQuickPick(items, { title: l10n.t('Which Sweep?') }))?.session;
  }

  /** @param asked a {@link SweepFilter}, where it was said */
  async pickFilter(asked?: unknown): Promise<void> {
    const known = SWEEP_FILTERS.find((id) => id === asked);
    const items = SWEEP_FILTERS.map((id) => ({
      label: filterName(id),
      id,
      ...(id === this.tree.filter ? { description: l10n.t('now') } : {}),
    }));
    const picked = known ?? (await window.showQuickPick(items, { title: l10n.t('Show Prompts') }))?.id;
    if (!picked) return;
    this.tree.filter = picked;
    this.told();
  }

  toggleSort(): void {
    this.tree.sort = this.tree.sort === 'found' ? 'worst' : 'found';
    this.told();
  }

  exportSweep(session: SweepSession, asked: ExportFormat | null): Promise<void> {
    return exportSweep(session, asked);
  }

  dispose(): void {
    this.idle?.();
    for (const part of this.owned) part.dispose();
  }

  private adopt(panel: WebviewPanel, session: SweepSession, state: SweepPageState, strings: Strings): void {
    const page = new SweepPage(
      panel,
      session,
      this.places,
      {
        ...this.services,
        reviewer: () => this.reviewer(),
        openClips: (of, pair, against) => this.openClips(of, pair, against),
        exportSweep: (of, format) => this.exportSweep(of, format),
      },
      state,
      strings,
    );
    this.pages.set(session, page);
    void session.load();
    panel.onDidDispose(() => {
      if (this.pages.get(session) === page) this.pages.delete(session);
    });
  }

  /** The bar at the view's head, while anything is looked through or judged. */
  private progress(busy: boolean): void {
    if (!busy) {
      this.idle?.();
      this.idle = undefined;
    } else if (!this.idle)
      void withProgress(
        { location: { viewId: SWEEPS_VIEW } },
        () => new Promise<void>((resolve) => (this.idle = resolve)),
      );
  }

  /** The view's own message and badge, and why it is empty; a page ends with its sweep. */
  private told(): void {
    const { all } = this.sessions;
    for (const [session, { panel }] of this.pages) if (!all.includes(session)) panel.dispose();
    this.progress(all.some(({ isLoaded, view }) => isLoaded && BUSY.includes(view.phase)));
    const { emptiness, filter, sort, regressions } = this.tree;
    if (emptiness !== this.emptiness) {
      this.emptiness = emptiness;
      void commands.executeCommand('setContext', 'aesrm.sweepView', emptiness);
    }
    const running = all.flatMap(({ name, view: { progress, phase } }) =>
      progress && phase === 'running' ? [`${name}: ${progressText(progress)}`] : [],
    );
    const parts = [
      ...(filter === 'all' ? [] : [filterName(filter)]),
      ...(sort === 'found' ? [] : [l10n.t('worst first')]),
    ];
    const listed = parts.length > 0 ? [l10n.t('Prompts: {0}', parts.join(', '))] : [];
    // A message would take the place of the welcome.
    this.view.message = emptiness === 'shown' ? [...running, ...listed].join('\n') || undefined : undefined;
    this.view.badge =
      regressions === 0
        ? undefined
        : {
            value: regressions,
            tooltip: regressions === 1 ? l10n.t('1 regression') : l10n.t('{0} regressions', regressions),
          };
  }
}

function filterName(filter: SweepFilter): string {
  const names: Record<SweepFilter, string> = {
    all: l10n.t('All prompts'),
    regressions: l10n.t('Regressions'),
    disagreements: l10n.t('Where I disagree with the judge'),
    holes: l10n.t('Holes'),
    votes: l10n.t('My votes'),
  };
  return names[filter];
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
