import { join } from 'node:path';

/** What was fetched is described in this file of its folder. */
export const RECEIPT = 'receipt.json';

/** The folders under the extension's own storage that belong to the GPU: all that is ever written for it. */
export interface GpuPlaces {
  /** Provider libraries that were fetched. */
  libraries(version: string): string;
  /** A package that is being fetched. */
  download: string;
  /** Copies of ONNX Runtime that find those libraries. */
  runtimes: string;
}

export function gpuPlaces(root: string): GpuPlaces {
  return {
    libraries: (version) => join(root, `libraries-${version}`),
    download: join(root, 'download'),
    runtimes: join(root, 'runtimes'),
  };
}
