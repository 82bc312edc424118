import { workspace, type ConfigurationScope, type WorkspaceConfiguration } from 'vscode';
import { decodeEndpoints, type EndpointConfig } from '../core/endpoint/config';
import { MOST_FRAMES, MOST_SAMPLES } from '../core/judgeSpec';
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
  chainSamples: number;
  chainFrames: number;
  chainProtocol: string;
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
    chainSamples: ownNumber(config, 'chain.samples', MOST_SAMPLES),
    chainFrames: ownNumber(config, 'chain.frames', MOST_FRAMES),
    chainProtocol: executable(config, 'chain.protocol').trim(),
  };
}

/**
 * Apart from the others, so that a mistake in it is that judge's trouble alone.
 * @throws DecodeError, a sentence that names the entry
 */
export function readEndpoints(): EndpointConfig[] {
  return decodeEndpoints(own(workspace.getConfiguration('aesrm'), 'endpoints') ?? []);
}

function executable(config: WorkspaceConfiguration, key: string): string {
  const value = own(config, key);
  return typeof value === 'string' ? value : '';
}

/** What names a program, a library, a model, a host or where models come from never comes from a workspace, trusted or not. */
function own(config: WorkspaceConfiguration, key: string): unknown {
  const told = config.inspect(key);
  return told?.globalValue ?? told?.defaultValue;
}

/** Falls back to the manifest's default where a value is not of the default's type. */
function need<T>(config: WorkspaceConfiguration, key: string): T {
  const fallback = config.inspect<T>(key)?.defaultValue;
  const value = config.get<T>(key);
  return (typeof value === typeof fallback ? value : fallback) as T;
}

/** A whole number from 1 to `most`, the nearest one: what it costs is the user's to say, and no workspace's. */
function ownNumber(config: WorkspaceConfiguration, key: string, most: number): number {
  const value = own(config, key);
  const told = typeof value === 'number' ? value : config.inspect<number>(key)?.defaultValue;
  return Math.min(most, Math.max(1, Math.round(told ?? 1)));
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
