import type { GpuFacts } from '../core/gpu/facts';

export type GpuProbeProgress = { stage: 'files' } | { stage: 'trial'; device: string };

export type GpuFetchProgress =
  { stage: 'asking' } | { stage: 'fetching' | 'unpacking'; bytes: number; of: number };

export interface GpuMethods {
  /** Looks at what the machine has for the judge, and tries each provider in a process of its own. */
  gpuProbe: { params: null; progress: GpuProbeProgress; result: GpuFacts };
  /** Refuses a folder that does not hold the provider of this ONNX Runtime. */
  gpuCheck: { params: { dir: string }; progress: never; result: { proof: string } };
  /** Fetches the provider; `dir` is for the setting to name. */
  gpuFetch: { params: null; progress: GpuFetchProgress; result: { dir: string } };
  /** Removes what was fetched and every copy that was made for it. */
  gpuRemove: { params: null; progress: never; result: { files: number; bytes: number } };
}
