import { homedir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine, type SupervisorOptions } from '../engine/client';
import type { EngineConfig } from '../protocol/engine';
import type { Settings } from './settings';

export interface EnginePlaces {
  /** The model that ships with the extension. */
  shippedModel: string;
  cacheDir: string;
  /** For what is fetched or made for the GPU, and nothing else. */
  gpuDir: string;
}

export function engineConfig(settings: Settings, places: EnginePlaces): EngineConfig {
  return {
    modelDir: settings.modelPath === '' ? places.shippedModel : fromHome(settings.modelPath),
    cacheDir: places.cacheDir,
    cacheBytes: Math.max(0, settings.cacheMaxSizeMB) * 1_000_000,
    device: settings.device,
    ...(settings.ffmpegPath === '' ? {} : { ffmpegPath: fromHome(settings.ffmpegPath) }),
    decodeDeadline: Math.max(1, settings.decodeDeadlineSeconds),
    gpu: {
      dir: places.gpuDir,
      ...(settings.gpuLibraries === '' ? {} : { libraries: fromHome(settings.gpuLibraries) }),
    },
  };
}

/** `~/` is the user's home. */
export function fromHome(path: string): string {
  return /^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

/** The one engine of this window: made at first use, told when the settings change. */
export class EngineHost {
  private engine: Engine | undefined;
  private config: EngineConfig | undefined;

  constructor(
    private readonly readConfig: () => EngineConfig,
    private readonly options: SupervisorOptions,
  ) {}

  get(): Engine {
    this.config ??= this.readConfig();
    return (this.engine ??= createEngine(this.config, this.options));
  }

  /** Process id of the running worker; undefined while there is none. */
  get pid(): number | undefined {
    return this.engine?.pid;
  }

  settingsChanged(): void {
    if (!this.engine) return;
    const next = this.readConfig();
    if (JSON.stringify(next) === JSON.stringify(this.config)) return;
    this.config = next;
    this.engine.restart(next);
  }

  async dispose(): Promise<void> {
    await this.engine?.dispose();
  }
}
