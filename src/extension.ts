import { began } from './host/began';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { window, workspace, type ExtensionContext } from 'vscode';
import { BenchmarkCommand } from './host/benchmark';
import { registerCommands } from './host/commands';
import { CompareCommands } from './host/compareCommands';
import { CompareJudgesCommand } from './host/compareJudges';
import { EndpointAccessKeeper } from './host/endpoints/access';
import { EndpointCommands } from './host/endpoints/commands';
import { EngineHost, engineConfig } from './host/engineHost';
import { GpuSetUp } from './host/gpu/setUp';
import { tagged } from './host/log';
import { JudgeKeeper } from './host/judges/keeper';
import { SelectJudge } from './host/judges/select';
import { judgeStatusItem } from './host/judges/statusItem';
import { ModelManager } from './host/models/manage';
import { PANEL_TYPE, PanelRegistry } from './host/panel/registry';
import { RecordKeeper } from './host/record';
import { readEndpoints, readSettings } from './host/settings';
import { SweepMemory } from './host/sweep/memory';
import { SWEEP_PAGE_TYPE } from './host/sweep/page';
import { SweepSessions } from './host/sweep/sessions';
import { SweepUi } from './host/sweep/ui';
import { testApi, type TestApi } from './host/testApi';

/** Of the whole bundle: this is its last module. */
const evaluationMs = performance.now() - began;

let engine: EngineHost | undefined;

export function activate(context: ExtensionContext): TestApi {
  const called = performance.now();
  const channel = window.createOutputChannel('AesRM Review', { log: true });
  const cacheDir = join(context.globalStorageUri.fsPath, 'cache');
  const gpuDir = join(context.globalStorageUri.fsPath, 'gpu');
  const places = { cacheDir, gpuDir, shippedModel: context.asAbsolutePath(join('models', 'compact')) };
  const workerPath = context.asAbsolutePath(join('dist', 'worker.js'));
  const access = new EndpointAccessKeeper(context.secrets, context.globalState, readEndpoints);
  const host = (engine = new EngineHost(() => engineConfig(readSettings(), places), {
    workerPath,
    log: tagged(channel, 'engine'),
    endpointAccess: access.access,
  }));
  const record = new RecordKeeper(
    join(context.globalStorageUri.fsPath, 'records'),
    tagged(channel, 'record'),
  );
  const modelsDir = join(context.globalStorageUri.fsPath, 'models');
  const judges = new JudgeKeeper(context.workspaceState, modelsDir, readEndpoints, readSettings);
  const showLog = () => channel.show();
  const panels = new PanelRegistry(
    { extension: context.extensionUri, cacheDir, blindDir: join(context.globalStorageUri.fsPath, 'blind') },
    { engine: host, record, judges, log: tagged(channel, 'panel'), showLog },
  );
  const compare = new CompareCommands(panels);
  const sweeps = new SweepSessions(
    { engine: host, record, judges, log: tagged(channel, 'sweep') },
    new SweepMemory(
      context.storageUri && join(context.storageUri.fsPath, 'sweeps'),
      context.workspaceState,
      (error) => tagged(channel, 'sweep')('warn', `open sweeps are not remembered: ${String(error)}`),
    ),
  );
  const sweepUi = new SweepUi(
    sweeps,
    panels,
    { extension: context.extensionUri, cacheDir },
    { log: tagged(channel, 'sweep'), showLog },
  );
  context.subscriptions.push(
    channel,
    panels,
    sweeps,
    sweepUi,
    window.registerWebviewPanelSerializer(PANEL_TYPE, panels),
    window.registerWebviewPanelSerializer(SWEEP_PAGE_TYPE, sweepUi),
    judges,
    judgeStatusItem(judges),
    judges.onChange(() => {
      for (const panel of panels.panels) panel.judgeChanged();
      for (const sweep of sweeps.all) void sweep.judgeChanged();
    }),
    workspace.onDidChangeConfiguration((e) => {
      if (!e.affectsConfiguration('aesrm')) return;
      host.settingsChanged();
      judges.check();
    }),
    ...registerCommands({
      compare,
      benchmark: new BenchmarkCommand(host, join(context.globalStorageUri.fsPath, 'benchmarks'), judges),
      compareJudges: new CompareJudgesCommand(host, record, join(context.globalStorageUri.fsPath, 'judges')),
      gpu: new GpuSetUp(host, context.globalStorageUri.fsPath, context.globalState),
      endpoints: new EndpointCommands(access, readEndpoints),
      models: new ModelManager(host, modelsDir, () => readSettings().modelHub),
      judges: new SelectJudge(judges, host, modelsDir, readEndpoints),
      panels,
      sweeps,
      sweepUi,
      engine: host,
      log: tagged(channel, 'commands'),
      showLog,
    }),
  );
  void sweeps.restore();
  const ms = evaluationMs + performance.now() - called;
  tagged(channel, 'activation')(
    'info',
    `took ${ms.toFixed(1)} ms, ${evaluationMs.toFixed(1)} of them to load`,
  );
  return testApi(panels, sweeps, sweepUi, host, judges);
}

export async function deactivate(): Promise<void> {
  await engine?.dispose();
}
