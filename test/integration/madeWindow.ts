import { join } from 'node:path';
import * as vscode from 'vscode';
import { EngineHost, engineConfig } from '../../src/host/engineHost';
import type { JudgeKeeper } from '../../src/host/judges/keeper';
import { RecordKeeper } from '../../src/host/record';
import { readSettings } from '../../src/host/settings';
import { SweepMemory } from '../../src/host/sweep/memory';
import { SweepSessions } from '../../src/host/sweep/sessions';
import { ID } from './support';

/** Remembers nothing. */
export const noMemento = {
  get: () => undefined,
  update: async () => undefined,
  keys: () => [],
} as vscode.Memento;

/** The sweeps of a window whose memory lies in `dir`, with an engine of their own; it ends as a window does. */
export function madeWindow(dir: string, judges: JudgeKeeper) {
  const { extensionPath } = vscode.extensions.getExtension(ID)!;
  const places = {
    cacheDir: join(dir, 'cache'),
    gpuDir: join(dir, 'gpu'),
    shippedModel: join(extensionPath, 'models', 'compact'),
  };
  const log = () => undefined;
  const workerPath = join(extensionPath, 'dist', 'worker.js');
  const endpointAccess = async () => ({ allowed: true });
  const options = { workerPath, log, endpointAccess };
  const engine = new EngineHost(() => engineConfig(readSettings(), places), options);
  const record = new RecordKeeper(join(dir, 'records'), log);
  const memory = new SweepMemory(join(dir, 'sweeps'), noMemento, (error) => {
    throw error;
  });
  const sweeps = new SweepSessions({ engine, record, judges, log }, memory);
  const end = async () => {
    sweeps.dispose();
    await engine.dispose();
    await vscode.commands.executeCommand('setContext', 'aesrm.hasSweeps', false);
  };
  return { engine, sweeps, memory, end };
}
