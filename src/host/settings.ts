import { workspace, type ConfigurationScope, type WorkspaceConfiguration } from 'vscode';
import { PAIRINGS, type Pairing } from '../core/sweep/table';
import { DEVICES, type Device } from '../protocol/engine';

export const RECORD_LOCATIONS = ['workspace', 'user', 'none'] as const;
export type RecordPlace = (typeof RECORD_LOCATIONS)[number];

/** Every setting of the extension, typed. The defaults stand in package.json and nowhere else. */
export interface Settings {
  ffmpegPath: string;
  modelPath: string;
  gpuLibraries: string;
  modelHub: string;
  device: Device;
  cacheMaxSizeMB: number;
  decodeDeadlineSeconds: number;
  recordLocation: RecordPlace;
  reviewer: string;
  sweepWatch: boolean;
  sweepPairing: Pairing;
}

export function readSettings(scope?: ConfigurationScope): Settings {
  const config = workspace.getConfiguration('aesrm', scope);
  return {
    ffmpegPath: executable(config, 'ffmpegPath').trim(),
    modelPath: executable(config, 'modelPath').trim(),
    gpuLibraries: executable(config, 'gpuLibraries').trim(),
    modelHub: executable(config, 'modelHub').trim(),
    device: oneOf(config, 'device', DEVICES),
    cacheMaxSizeMB: need<number>(config, 'cache.maxSizeMB'),
    decodeDeadlineSeconds: need<number>(config, 'decodeDeadlineSeconds'),
    recordLocation: oneOf(config, 'record.location', RECORD_LOCATIONS),
    reviewer: need<string>(config, 'reviewer').trim(),
    sweepWatch: need<boolean>(config, 'sweep.watch'),
    sweepPairing: oneOf(config, 'sweep.pairing', PAIRINGS),
  };
}

/** What names a program, a library, a model or where models come from never comes from a workspace, trusted or not. */
function executable(config: WorkspaceConfiguration, key: string): string {
  const told = config.inspect<string>(key);
  const value = told?.globalValue ?? told?.defaultValue;
  return typeof value === 'string' ? value : '';
}

/** Falls back to the manifest's default where a value is not of the default's type. */
function need<T>(config: WorkspaceConfiguration, key: string): T {
  const fallback = config.inspect<T>(key)?.defaultValue;
  const value = config.get<T>(key);
  return (typeof value === typeof fallback ? value : fallback) as T;
}

function oneOf<const T extends readonly string[]>(
  config: WorkspaceConfiguration,
  key: string,
  allowed: T,
): T[number] {
  const value = config.get<string>(key) ?? '';
  return allowed.includes(value)
    ? value
    : ((config.inspect<string>(key)?.defaultValue ?? allowed[0]) as T[number]);
}
