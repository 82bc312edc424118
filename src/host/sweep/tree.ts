import { createHash } from 'node:crypto';
import {
  EventEmitter,
  l10n,
  type Disposable,
  type ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type Uri,
} from 'vscode';
import { columnOf, isOrdered, placeOf, type CellIds } from '../../core/sweep/grid';
import type { SweepFilter, SweepSort } from '../../protocol/sweepPage';
import { rowsOf } from './facts';
import type { SweepSession } from './session';
import type { SweepSessions } from './sessions';
import { checkpointItem, promptItem, sweepItem } from './treeItems';

interface NodeOf<Kind extends string> {
  kind: Kind;
  id: string;
  session: SweepSession;
}
export type SweepNode =
  | NodeOf<'sweep'>
  /** By ids: places in the grid move when samples come. */
  | (NodeOf<'checkpoint'> & Pick<CellIds, 'column'>)
  | (NodeOf<'prompt'> & CellIds);

/** Why the view has nothing to show; `shown`: it has. */
export type Emptiness = 'shown' | 'none' | 'looking' | 'unrecognised' | 'failed' | 'filtered';

/** Progress comes often; the tree is drawn now and then. */
const PACE_MS = 250;

/**
 * Sweeps, their checkpoints, and under these the prompts; children are made when they are looked at. Only what reads
 * otherwise than before is drawn again, so that selection and place stay and a screen reader is left alone.
 */
export class SweepTree implements TreeDataProvider<SweepNode>, Disposable {
  private readonly changed = new EventEmitter<SweepNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listener: Disposable;
  private pending: NodeJS.Timeout | undefined;
  /** The same object for the same place, as the workbench wants it. */
  private readonly nodes = new Map<string, SweepNode>();
  /** What each item that was drawn read like. */
  private readonly drawn = new Map<string, string>();
  private readonly shapes = new WeakMap<SweepSession, readonly unknown[]>();
  private roots = '';
  private filterNow: SweepFilter = 'all';
  private sortNow: SweepSort = 'found';

  constructor(
    private readonly sessions: SweepSessions,
    private readonly reviewer: () => string,
  ) {
    this.listener = sessions.onChange(() => this.soon());
  }

  get filter(): SweepFilter {
    return this.filterNow;
  }

  set filter(filter: SweepFilter) {
    this.filterNow = filter;
    this.refresh();
  }

  get sort(): SweepSort {
    return this.sortNow;
  }

  set sort(sort: SweepSort) {
    this.sortNow = sort;
    this.refresh();
  }

  /** Regressions of all sweeps. */
  get regressions(): number {
    return this.sessions.all.reduce(
      (n, { view }) => n + (view.state?.statistics?.regressions.length ?? 0),
      0,
    );
  }

  get emptiness(): Emptiness {
    const { all } = this.sessions;
    if (all.length === 0) return 'none';
    if (all.some(({ view }) => view.grid))
      return all.some((session) => session.view.grid?.columns.some((_, i) => this.isListed(session, i)))
        ? 'shown'
        : 'filtered';
    if (all.some(({ view }) => view.phase === 'scanning')) return 'looking';
    return all.some(({ view }) => view.phase === 'failed') ? 'failed' : 'unrecognised';
  }

  getChildren(node?: SweepNode): SweepNode[] {
    if (!node) {
      // Someone looks.
      for (const session of this.sessions.all) void session.load();
      if (this.emptiness !== 'shown') return [];
      return this.sessions.all.map((session) => this.node('sweep', session, keyOf(session.root), {}));
    }
    const { session } = node;
    const { grid } = session.view;
    if (!grid || node.kind === 'prompt') return [];
    if (node.kind === 'checkpoint') {
      const column = columnOf(grid, node.column);
      const rows = column === undefined ? [] : this.rowsOf(session, column).map((row) => grid.rows[row]!.id);
      return rows.map((row) =>
        this.node('prompt', session, `${node.id}/${JSON.stringify(row)}`, { column: node.column, row }),
      );
    }
    const columns = this.columnsOf(session).map((column) => grid.columns[column]!.id);
    return columns.map((column) =>
      this.node('checkpoint', session, `${node.id}/${JSON.stringify(column)}`, { column }),
    );
  }

  getParent(node: SweepNode): SweepNode | undefined {
    return node.kind === 'sweep' ? undefined : this.nodes.get(node.id.slice(0, parentLength(node)));
  }

  getTreeItem(node: SweepNode): TreeItem {
    const item = this.item(node);
    this.drawn.set(node.id, printOf(item));
    return item;
  }

  dispose(): void {
    clearTimeout(this.pending);
    this.listener.dispose();
    this.changed.dispose();
  }

  private refresh(): void {
    this.nodes.clear();
    this.drawn.clear();
    this.changed.fire(undefined);
  }

  private node(kind: SweepNode['kind'], session: SweepSession, id: string, at: object): SweepNode {
    const known = this.nodes.get(id);
    const node = Object.assign(known ?? { kind, id }, { session, ...at }) as SweepNode;
    this.nodes.set(id, node);
    return node;
  }

  /** The latest first: it is what one looks for after a run. Models and the like stay as they are. */
  private columnsOf(session: SweepSession): number[] {
    const { grid } = session.view;
    if (!grid) return [];
    const columns = [...grid.columns.keys()].filter((column) => this.isListed(session, column));
    return isOrdered(grid) ? columns.reverse() : columns;
  }

  private isListed(session: SweepSession, column: number): boolean {
    return this.filterNow === 'all' || this.rowsOf(session, column).length > 0;
  }

  private rowsOf({ view: { grid, state } }: SweepSession, column: number): number[] {
    return rowsOf(grid!, state, column, { filter: this.filterNow, sort: this.sortNow, by: this.reviewer() });
  }

  private item(node: SweepNode): TreeItem {
    const item = this.reading(node);
    item.id = node.id;
    if (node.kind === 'prompt')
      item.command = { command: 'aesrm.sweep.openCell', title: l10n.t('Open the Pair'), arguments: [node] };
    return item;
  }

  private reading(node: SweepNode): TreeItem {
    const { session } = node;
    if (node.kind === 'sweep') return sweepItem(session);
    const grid = session.view.grid!;
    if (node.kind === 'checkpoint') {
      const column = columnOf(grid, node.column);
      return column === undefined ? new TreeItem(node.column) : checkpointItem(session, column);
    }
    const at = placeOf(grid, node);
    // Gone from the grid, and from the tree as soon as that is drawn again.
    return at ? promptItem(session, at.column, at.row, this.reviewer()) : new TreeItem(node.row);
  }

  private soon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.redraw();
    }, PACE_MS);
  }

  private redraw(): void {
    const roots = JSON.stringify([this.emptiness, ...this.sessions.all.map(({ root }) => root.toString())]);
    if (roots !== this.roots) {
      this.roots = roots;
      return this.refresh();
    }
    const stale = this.sessions.all.flatMap((session) => this.staleOf(session));
    if (stale.length > 0) this.changed.fire(stale);
  }

  /** The nodes of a sweep that read otherwise now; where the tree itself is another, its root. */
  private staleOf(session: SweepSession): SweepNode[] {
    const root = this.nodes.get(keyOf(session.root));
    if (!root) return [];
    const { grid, state } = session.view;
    // What is listed follows from the verdicts only where it is chosen or ordered by them.
    const byState = this.filterNow !== 'all' || this.sortNow !== 'found';
    const [lastGrid, lastListed, lastState] = this.shapes.get(session) ?? [];
    this.shapes.set(session, [grid, byState && state, state]);
    if (grid !== lastGrid || (byState && state) !== lastListed) return [root];
    const asked = state === lastState ? [root] : this.drawnOf(session);
    return asked.filter((node) => this.drawn.get(node.id) !== printOf(this.item(node)));
  }

  private drawnOf(session: SweepSession): SweepNode[] {
    return [...this.nodes.values()].filter((node) => node.session === session && this.drawn.has(node.id));
  }
}

/** A short stable name for a folder. */
function keyOf(root: Uri): string {
  return createHash('sha256').update(root.toString()).digest('hex').slice(0, 10);
}

function parentLength({ id }: SweepNode): number {
  return id.lastIndexOf('/"');
}

function printOf(item: TreeItem): string {
  const { label, description, tooltip, contextValue, iconPath, collapsibleState } = item;
  const { id, color } = (iconPath ?? {}) as Partial<ThemeIcon>;
  return JSON.stringify([label, description, tooltip, contextValue, id, color?.id, collapsibleState]);
}
