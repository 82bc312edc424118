import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Uri, type Memento, type WebviewPanel } from 'vscode';
import { createEngine } from '../../src/engine/client';
import { SweepPage } from '../../src/host/sweep/page';
import { SweepMemory } from '../../src/host/sweep/memory';
import type { SessionServices } from '../../src/host/sweep/services';
import type { SweepSession } from '../../src/host/sweep/session';
import { SweepSessions } from '../../src/host/sweep/sessions';
import { SweepTree, type SweepNode } from '../../src/host/sweep/tree';
import type { EngineConfig } from '../../src/protocol/engine';
import type { SweepTarget } from '../../src/protocol/sweep';
import { WORKER } from '../support/paths';

/** What this program is sent, and what it answers. */
export interface HostTask {
  config: EngineConfig;
  sweep: SweepTarget;
  /** Milliseconds that the sweep runs for. */
  runMs: number;
}
export interface HostReport {
  /** Milliseconds to give the tree all checkpoints, and the prompts of one. */
  tree: number;
  /** MB of the process: before the sweep was opened, and the most since. */
  before: number;
  most: number;
  /** Milliseconds: the longest turn of the event loop while opening, and while running. */
  opening: number;
  running: number;
  /** What the page was sent while running: messages, and their MB as JSON. */
  messages: number;
  sent: number;
  judged: number;
}

/** Resolution of the delay's monitor, milliseconds: its own part of every delay. */
const TICK = 5;

/**
 * What the extension host holds of a sweep, in a process of its own: session, tree and page over the real engine. As in
 * the workbench, every message to the page is made into JSON.
 */
async function main({ config, sweep, runMs }: HostTask): Promise<HostReport> {
  const engine = createEngine(config, { workerPath: WORKER });
  const services = {
    engine: { get: () => engine },
    record: {
      homeOf: () => ({ dir: sweep.logDir }),
      kept: async () => undefined,
    },
    log: () => undefined,
  } as unknown as SessionServices;
  const memory = { get: (_: string, otherwise: unknown) => otherwise, update: async () => undefined };
  const sessions = new SweepSessions(
    services,
    new SweepMemory(undefined, memory as unknown as Memento, () => undefined),
  );
  const tree = new SweepTree(sessions, () => 'reviewer');
  await engine.status();
  const before = process.memoryUsage().rss;
  let most = before;
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);

  const session = sessions.add(Uri.file(sweep.root));
  const counted = { messages: 0, bytes: 0 };
  const page = pageOf(session, counted);
  const opening = await longestTurn(async () => {
    await page.act({ type: 'ready' });
    await session.scan();
    await delay(500);
  });
  const judged = session.view.state?.pairs.judged ?? NaN;
  const from = performance.now();
  shown(tree, session);
  const treeMs = performance.now() - from;
  counted.messages = counted.bytes = 0;
  const running = await longestTurn(async () => {
    session.start();
    const redrawn = tree.onDidChangeTreeData(() => shown(tree, session));
    await delay(runMs);
    redrawn.dispose();
    if (session.view.problem) throw new Error(session.view.problem.message);
    await session.end('paused');
  });
  clearInterval(watching);
  await engine.dispose();
  const mb = (bytes: number) => bytes / 1e6;
  return {
    ...{ tree: treeMs, before: mb(before), most: mb(most), opening, running, judged },
    ...{ messages: counted.messages, sent: mb(counted.bytes) },
  };
}

/** What the workbench asks of a tree with one checkpoint unfolded. */
function shown(tree: SweepTree, session: SweepSession): void {
  const ask = (node?: SweepNode) => tree.getChildren(node).map((child) => (tree.getTreeItem(child), child));
  for (const top of ask()) {
    const columns = ask(top);
    const last = columns.find((node) => node.session === session);
    if (last) ask(last);
  }
}

function pageOf(session: SweepSession, counted: { messages: number; bytes: number }): SweepPage {
  const nothing = { dispose: () => undefined };
  const webview = {
    cspSource: 'none',
    asWebviewUri: (uri: Uri) => uri,
    onDidReceiveMessage: () => nothing,
    postMessage: (message: unknown) => {
      counted.messages++;
      counted.bytes += JSON.stringify(message).length;
      return Promise.resolve(true);
    },
  };
  const panel = { webview, visible: true, onDidChangeViewState: () => nothing, onDidDispose: () => nothing };
  return new SweepPage(
    panel as unknown as WebviewPanel,
    session,
    { extension: Uri.file('/extension'), cacheDir: '/cache' },
    {
      openClips: async () => undefined,
      exportSweep: async () => undefined,
      reviewer: () => 'reviewer',
      log: () => undefined,
      showLog: () => undefined,
    },
    { format: 'aesrm.sweep-page/1', root: session.root.toString() },
    undefined,
  );
}

async function longestTurn(work: () => Promise<void>): Promise<number> {
  const monitor = monitorEventLoopDelay({ resolution: TICK });
  await delay(50);
  monitor.enable();
  await work();
  monitor.disable();
  return Math.max(0, monitor.max / 1e6 - TICK);
}

process.once('message', (task: HostTask) => {
  main(task).then(
    (report) => process.send?.(report, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
