import type { Uri, WebviewPanel } from 'vscode';
import type { EngineStatus } from '../protocol/engine';
import type { PanelAction, PanelSnapshot } from '../protocol/panel';
import type { PairOfCells, SweepAction } from '../protocol/sweepPage';
import type { EngineHost } from './engineHost';
import type { Chosen, JudgeKeeper } from './judges/keeper';
import type { PanelRegistry } from './panel/registry';
import type { SessionView } from './sweep/sessionView';
import type { SweepSessions } from './sweep/sessions';
import type { SweepNode, SweepTree } from './sweep/tree';
import type { SweepUi } from './sweep/ui';

/** What `activate` returns: a view into the extension for its own tests, and no API for others. */
export interface TestApi {
  /** What each open panel shows, in the order of opening. */
  snapshots(): PanelSnapshot[];
  titles(): string[];
  /** As if the page of that panel had said so. */
  act(panel: number, action: PanelAction): Promise<void>;
  /** Restores a panel from a page's state, as the workbench does after a reload. */
  restore(panel: WebviewPanel, state: unknown): Promise<void>;
  /** Every open sweep: its folder's name and all that is shown of it. */
  sweeps(): { name: string; view: SessionView }[];
  /** As if the page of that sweep had asked for the pair. */
  openPair(sweep: number, pair: PairOfCells): Promise<void>;
  /** As if the page of the sweep of that folder had said so. */
  actOnSweep(root: Uri, action: SweepAction): Promise<void>;
  /** The items of the tree with what is below them, as they are labelled and described. */
  sweepTree(): SweepItem[];
  /** As if it had been picked in `AesRM: Select Judge`. */
  chooseJudge(chosen: Chosen): Promise<void>;
  engineStatus(): Promise<EngineStatus>;
  /** Process id of the running worker. */
  enginePid(): number | undefined;
}

export interface SweepItem {
  label: string;
  description: string;
  below: SweepItem[];
}

export function testApi(
  panels: PanelRegistry,
  sweeps: SweepSessions,
  sweepUi: SweepUi,
  engine: EngineHost,
  judges: JudgeKeeper,
): TestApi {
  return {
    snapshots: () => panels.panels.map((p) => p.snapshot),
    titles: () => panels.panels.map((p) => p.panel.title),
    act: async (index, action) => panels.panels[index]?.act(action),
    restore: (panel, state) => panels.deserializeWebviewPanel(panel, state),
    sweeps: () => sweeps.all.map(({ name, view }) => ({ name, view })),
    openPair: async (index, pair) => {
      const session = sweeps.all[index];
      if (session) await sweepUi.openPair(session, pair);
    },
    actOnSweep: async (root, action) => sweepUi.pageOf(root)?.act(action),
    sweepTree: () => itemsOf(sweepUi.tree),
    chooseJudge: (chosen) => judges.choose(chosen),
    engineStatus: () => engine.get().status(),
    enginePid: () => engine.pid,
  };
}

function itemsOf(tree: SweepTree, node?: SweepNode): SweepItem[] {
  return tree.getChildren(node).map((child) => {
    const { label, description } = tree.getTreeItem(child);
    const below = itemsOf(tree, child);
    return { label: String(label), description: String(description), below };
  });
}
