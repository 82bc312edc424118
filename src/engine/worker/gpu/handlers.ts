import { obj } from '../../../core/decode';
import { takesLibraries } from '../../../core/gpu/findings';
import { problem } from '../../../core/problem';
import type { GpuMethods } from '../../../protocol/gpu';
import type { Handlers } from '../../../protocol/rpc';
import { fetchProvider } from '../../gpu/fetch/fetch';
import { removeGpuFiles } from '../../gpu/remove';
import { path } from '../params';
import { checkFolder, shippedRuntime } from '../runtimeHome';
import type { Session } from '../session';
import { probeGpu } from './probe';

export function createGpuHandlers(ready: () => Session): Handlers<GpuMethods> {
  /** The folder for what is fetched. */
  const root = () => {
    const { gpu } = ready();
    if (gpu) return gpu.dir;
    throw problem('gpuLibraries', 'The engine was given no folder for libraries.');
  };
  return {
    gpuProbe: async (_, { signal, progress }) =>
      // This very program, once more.
      probeGpu(ready().gpu, __filename, { signal, onProgress: progress }),
    gpuCheck: async (params) => {
      const { proof } = await checkFolder(path(obj(params, 'gpuCheck').dir, 'dir'));
      return { proof };
    },
    gpuFetch: async (_, { signal, progress }) => {
      const { platform, arch } = process;
      if (!takesLibraries({ platform, arch }))
        throw problem('gpuLibraries', `There is nothing to fetch for ${platform}-${arch}.`);
      const { version } = shippedRuntime();
      return { dir: await fetchProvider({ version, root: root() }, { signal, onProgress: progress }) };
    },
    gpuRemove: async () => removeGpuFiles(root()),
  };
}
