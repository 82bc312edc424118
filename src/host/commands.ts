import { commands, l10n, type Disposable } from 'vscode';
import { toProblem } from '../core/problem';
import type { Log } from '../engine/supervisor';
import type { SweepStep } from '../protocol/panel';
import type { BenchmarkCommand } from './benchmark';
import type { CompareCommands } from './compareCommands';
import type { CompareJudgesCommand } from './compareJudges';
import type { EndpointCommands } from './endpoints/commands';
import type { EngineHost } from './engineHost';
import type { GpuSetUp } from './gpu/setUp';
import type { SelectJudge } from './judges/select';
import type { ModelManager } from './models/manage';
import { showError, showInformation, showWarning } from './notices';
import type { ComparePanel } from './panel/panel';
import type { PanelRegistry } from './panel/registry';
import { sizeText } from './pickPair';
import type { SweepSession } from './sweep/session';
import type { SweepSessions } from './sweep/sessions';
import type { SweepUi } from './sweep/ui';

export interface CommandContext {
  compare: CompareCommands;
  benchmark: BenchmarkCommand;
  compareJudges: CompareJudgesCommand;
  gpu: GpuSetUp;
  endpoints: EndpointCommands;
  models: ModelManager;
  judges: SelectJudge;
  panels: PanelRegistry;
  sweeps: SweepSessions;
  sweepUi: SweepUi;
  engine: EngineHost;
  log: Log;
  showLog(): void;
}

/** Every command of the manifest. */
export function registerCommands(context: CommandContext): Disposable[] {
  const { compare, panels } = context;
  const onPanel = (act: (panel: ComparePanel) => unknown) => () => {
    const panel = panels.current;
    if (panel) return act(panel);
    return void showInformation(l10n.t('There is no comparison open.'));
  };
  const handlers: Record<string, (...args: unknown[]) => unknown> = {
    compareVideos: () => compare.compareVideos(),
    compareSelected: (clicked, selected) => compare.compareSelected(clicked, selected),
    selectForCompare: (clicked) => compare.selectForCompare(clicked),
    compareWithSelected: (clicked) => compare.compareWithSelected(clicked),
    swapSides: onPanel((panel) => panel.swap()),
    rejudge: onPanel((panel) => panel.rejudge()),
    toggleBlind: onPanel((panel) => panel.toggleBlind()),
    undoVote: onPanel((panel) => panel.undoVote()),
    copyVerdict: onPanel((panel) => panel.copyVerdict()),
    nextDifference: onPanel((panel) => panel.go('nextDifference')),
    previousDifference: onPanel((panel) => panel.go('previousDifference')),
    runBenchmark: (file, root) => context.benchmark.run(file, root),
    compareJudges: () => context.compareJudges.run(),
    setUpGpu: () => context.gpu.run(),
    setEndpointKey: () => context.endpoints.setKey(),
    allowedEndpointHosts: () => context.endpoints.allowedHosts(),
    manageModels: () => context.models.run(),
    selectJudge: () => context.judges.run(),
    clearCache: () => clearCache(context),
    showLog: () => context.showLog(),
    ...stepHandlers((to) => onPanel((panel) => panel.step(to))),
    ...sweepHandlers(context),
  };
  return Object.entries(handlers).map(([name, run]) =>
    commands.registerCommand(`aesrm.${name}`, (...args: unknown[]) => run(...args)),
  );
}

function stepHandlers<T>(step: (to: SweepStep) => T): Record<string, T> {
  return {
    'sweep.nextCheckpoint': step('nextCheckpoint'),
    'sweep.previousCheckpoint': step('previousCheckpoint'),
    'sweep.nextPrompt': step('nextPrompt'),
    'sweep.previousPrompt': step('previousPrompt'),
    'sweep.nextRegression': step('nextRegression'),
    'sweep.previousRegression': step('previousRegression'),
    'sweep.nextDisagreement': step('nextDisagreement'),
    'sweep.previousDisagreement': step('previousDisagreement'),
  };
}

function sweepHandlers({ sweeps, sweepUi }: CommandContext): Record<string, (...args: unknown[]) => unknown> {
  const onSweep = (act: (sweep: SweepSession, node: unknown) => unknown) => async (node: unknown) => {
    if (sweeps.all.length === 0) return void showInformation(l10n.t('There is no sweep open.'));
    const sweep = await sweepUi.meant(node);
    if (!sweep) return undefined;
    void sweep.load();
    return act(sweep, node);
  };
  return {
    openSweep: (clicked) => sweepUi.open(clicked),
    'sweep.start': onSweep((sweep) => sweep.start()),
    'sweep.pause': onSweep((sweep) => sweep.end('paused')),
    'sweep.cancel': onSweep((sweep) => sweep.end('stopped')),
    'sweep.rescan': onSweep((sweep) => sweep.scan()),
    'sweep.retryBroken': onSweep((sweep) => sweep.retryBroken()),
    'sweep.showPage': onSweep((sweep, node) => sweepUi.showNode(sweep, node)),
    'sweep.export': onSweep((sweep) => sweepUi.exportSweep(sweep, null)),
    'sweep.close': onSweep((sweep) => sweeps.close(sweep)),
    'sweep.openCell': (node) => sweepUi.openCell(node),
    'sweep.filter': (filter) => sweepUi.pickFilter(filter),
    'sweep.sort': () => sweepUi.toggleSort(),
  };
}

async function clearCache({ engine, log }: CommandContext): Promise<void> {
  const clear = l10n.t('Clear Cache');
  const detail = l10n.t(
    'Encodings and stand-ins are made again when they are needed. Verdicts and votes are kept.',
  );
  const question = l10n.t("Clear AesRM's cache?");
  const answer = await showWarning(question, { modal: true, detail }, clear);
  if (answer !== clear) return;
  try {
    const { files, bytes } = await engine.get().clearCache();
    log('info', `cleared the cache: ${files} files, ${bytes} bytes`);
    void showInformation(l10n.t('Freed {0} ({1} files).', sizeText(bytes), files));
  } catch (error) {
    void showError(l10n.t('The cache was not cleared: {0}', toProblem(error).message));
  }
}
