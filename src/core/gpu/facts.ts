import type { Problem } from '../problem';

/** What a look at the machine found. Paths absolute; what could not be asked is absent, with the reason beside it. */
export interface GpuFacts {
  /** When it was looked, ISO 8601. */
  at: string;
  system: GpuSystem;
  /** The NVIDIA GPUs that `nvidia-smi` names. */
  gpus: NvidiaGpu[];
  /** Why `nvidia-smi` names none. */
  noSmi?: string;
  /** Version of NVIDIA's kernel driver. */
  driver?: string;
  /** Device files of graphics and compute devices. */
  devices: string[];
  /** Files that tell the Vulkan loader of its drivers; WebGPU on Linux runs on Vulkan. */
  vulkanDrivers: string[];
  /** The shared libraries that matter here, found or not. */
  libraries: LibraryFact[];
  runtime: RuntimeFact | { problem: Problem };
  /** The folder that the setting names. */
  chosen?: { dir: string; files: string[]; proof: string } | { dir: string; problem: Problem };
  /** The folder that was fetched, whether it is in use or not. */
  fetched?: { dir: string; version: string; bytes: number };
  trials: Trial[];
}

export interface GpuSystem {
  /** As Node names them, e.g. `linux` and `x64`. */
  platform: string;
  arch: string;
}

export interface NvidiaGpu {
  name: string;
  driver: string;
  /** Mebibytes; null where it is not told, as for memory that is shared with the processor. */
  memoryMiB: number | null;
  /** E.g. `8.6`; absent where the driver is too old to tell. */
  compute?: string;
}

export interface LibraryFact {
  /** As the loader asks for it, e.g. `libcudart.so.12`. */
  name: string;
  /** Where the loader finds it; absent where it does not. */
  path?: string;
  /** As the file's real name tells. */
  version?: string;
  /** The same library in versions that do not serve, e.g. `libcudart.so.13`. */
  others: string[];
}

export interface RuntimeFact {
  version: string;
  /** The folder of the package that is loaded. */
  home: string;
  /** As ONNX Runtime names them. */
  backends: string[];
}

/** One provider, tried on a tiny graph in a process of its own. */
export interface Trial {
  device: string;
  opened: boolean;
  /** Milliseconds from the start of the process. */
  ms: number;
  /** Why it did not open, or how the process ended. */
  reason?: string;
}
