import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import { SERIES, type Series } from '../../core/sweep/table';
import type { SweepState } from '../../protocol/sweep';
import { markAt, rateText, regressionsOf, rowsOf, sparkline, type Filter, type Sort } from './facts';
import { keyOf, type SweepSession } from './session';
import type { SweepSessions } from './sessions';
import { phaseText, seriesName } from './words';

export type SweepNode =
  | { kind: 'sweep'; session: SweepSession }
  | { kind: 'checkpoint'; session: SweepSession; column: number }
  | { kind: 'prompt'; session: SweepSession; column: number; row: number };

/** Sweeps, their checkpoints, and under these the prompts; children are made when they are looked at. */
export class SweepTree implements TreeDataProvider<SweepNode>, Disposable {
  private readonly changed = new EventEmitter<SweepNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listener: Disposable;
  private pending: NodeJS.Timeout | undefined;
  filter: Filter = 'all';
  sort: Sort = 'found';

  constructor(
    private readonly sessions: SweepSessions,
    private readonly reviewer: () => string,
  ) {
    this.listener = sessions.onChange(() => this.soon());
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  /** Regressions of all sweeps. */
  get regressions(): number {
    return this.sessions.all.reduce(
      (n, { view }) => n + (view.state?.statistics?.regressions.length ?? 0),
      0,
    );
  }

  getChildren(node?: SweepNode): SweepNode[] {
    if (!node) return this.sessions.all.map((session) => ({ kind: 'sweep', session }));
    const { session } = node;
    const { grid, state } = session.view;
    if (!grid || node.kind === 'prompt') return [];
    if (node.kind === 'sweep')
      // The latest first: it is what one looks for after a run.
      return grid.columns.map((_, column): SweepNode => ({ kind: 'checkpoint', session, column })).reverse();
    const options = { filter: this.filter, sort: this.sort, by: this.reviewer() };
    return rowsOf(grid, state, node.column, options).map((row) => ({ ...node, kind: 'prompt', row }));
  }

  getTreeItem(node: SweepNode): TreeItem {
    if (node.kind === 'sweep') return sweepItem(node.session);
    return node.kind === 'checkpoint'
      ? checkpointItem(node.session, node.column)
      : promptItem(node.session, node.column, node.row);
  }

  dispose(): void {
    clearTimeout(this.pending);
    this.listener.dispose();
    this.changed.dispose();
  }

  /** Progress comes often; the tree is drawn now and then. */
  private soon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.changed.fire(undefined);
    }, 250);
  }
}

function sweepItem(session: SweepSession): TreeItem {
  const { grid, phase, problem, message } = session.view;
  const item = new TreeItem(session.name, TreeItemCollapsibleState.Expanded);
  item.id = keyOf(session.root);
  item.description = phaseText(session.view);
  item.tooltip = problem?.message ?? message ?? grid?.title ?? session.root.fsPath;
  item.contextValue = `sweep.${phase}`;
  item.iconPath = new ThemeIcon(problem ? 'warning' : session.isRunning ? 'sync~spin' : 'graph-line');
  item.accessibilityInformation = { label: `${session.name}, ${phaseText(session.view)}` };
  if (!grid) item.collapsibleState = TreeItemCollapsibleState.None;
  return item;
}

function checkpointItem(session: SweepSession, column: number): TreeItem {
  const { grid, state } = session.view;
  const { label, id } = grid!.columns[column]!;
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  const overall = state?.statistics?.series.overall;
  const isBaseline = state?.statistics?.baseline === column;
  const note = checkpointNote(state, column);
  const rate = isBaseline ? l10n.t('baseline') : rateText(overall?.againstBaseline[column]);
  const trend = overall ? sparkline(overall.againstBaseline, column) : '';
  item.id = `${keyOf(session.root)}:${id}`;
  item.description = [note, rate, trend].filter(Boolean).join('  ');
  item.tooltip = checkpointTooltip(label, state, column);
  item.contextValue = 'checkpoint';
  const regressed = regressionsOf(state, column).length > 0;
  item.iconPath = regressed
    ? new ThemeIcon('arrow-down', new ThemeColor('charts.red'))
    : new ThemeIcon(overall?.best?.columns.includes(column) ? 'star-half' : 'circle-outline');
  item.accessibilityInformation = { label: [label, note, rate].filter(Boolean).join(', ') };
  return item;
}

function checkpointNote(state: SweepState | undefined, column: number): string {
  const regressed = regressionsOf(state, column).map(({ of }) => seriesName(of));
  if (regressed.length > 0) return `▼ ${l10n.t('{0} regressed', regressed.join(', '))}`;
  const best = state?.statistics?.series.overall.best?.columns ?? [];
  if (!best.includes(column)) return '';
  return best.length === 1 ? `▲ ${l10n.t('best')}` : `▲ ${l10n.t('among the best, not clear')}`;
}

function checkpointTooltip(label: string, state: SweepState | undefined, column: number): string {
  const statistics = state?.statistics;
  if (!statistics) return label;
  const line = (of: Series) => {
    const rate = statistics.series[of].againstBaseline[column];
    if (!rate) return [];
    const percent = (x: number) => `${Math.round(100 * x)}%`;
    const range = rate.interval
      ? l10n.t('95%: {0} to {1}', percent(rate.interval[0]), percent(rate.interval[1]))
      : l10n.t('too few prompts for an interval');
    return [
      l10n.t(
        '{0}: wins {1} against the baseline over {2} prompts ({3})',
        seriesName(of),
        percent(rate.value),
        rate.prompts,
        range,
      ),
    ];
  };
  return [label, ...SERIES.flatMap(line)].join('\n');
}

const SIGNS = { '1': '▲', '0': '=', '-1': '▼' } as const;

function promptItem(session: SweepSession, column: number, row: number): TreeItem {
  const { grid, state } = session.view;
  const { label, prompt, id } = grid!.rows[row]!;
  const item = new TreeItem(label);
  const mark = markAt(grid!, state, column, row);
  const verdict =
    mark === null
      ? '–'
      : `${SIGNS[`${mark}`]} ${mark > 0 ? l10n.t('better') : mark < 0 ? l10n.t('worse') : l10n.t('tie')}`;
  item.id = `${keyOf(session.root)}:${grid!.columns[column]!.id}:${id}`;
  item.description = verdict;
  item.tooltip = prompt ?? label;
  item.contextValue = 'prompt';
  item.accessibilityInformation = { label: `${label}, ${verdict}` };
  item.command = {
    command: 'aesrm.sweep.openCell',
    title: l10n.t('Open the Pair'),
    arguments: [{ kind: 'prompt', session, column, row }],
  };
  return item;
}
