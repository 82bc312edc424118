import type { GpuFacts, LibraryFact } from '../../../../src/core/gpu/facts';

const library = (name: string, version: string): LibraryFact => ({
  name,
  path: `/usr/lib/${name}`,
  version,
  others: [],
});

/** A server on which nothing is missing. */
export const whole = (): GpuFacts => ({
  at: '2026-11-01T00:00:00.000Z',
  system: { platform: 'linux', arch: 'x64' },
  gpus: [{ name: 'NVIDIA A100-SXM4-80GB', driver: '550.54.15', memoryMiB: 81920, compute: '8.0' }],
  driver: '550.54.15',
  devices: ['/dev/nvidia0', '/dev/nvidiactl'],
  vulkanDrivers: ['/usr/share/vulkan/icd.d/nvidia_icd.json'],
  libraries: [
    library('libcuda.so.1', '550.54.15'),
    library('libcudart.so.12', '12.4.127'),
    library('libcudnn.so.9', '9.1.0'),
    library('libvulkan.so.1', '1.3.239'),
  ],
  runtime: { version: '1.30.0', home: '/x/napi-v6/linux/x64', backends: ['cpu', 'webgpu', 'cuda'] },
  chosen: { dir: '/libs', files: ['libonnxruntime_providers_cuda.so'], proof: 'it says so' },
  trials: [
    { device: 'cuda', opened: true, ms: 900 },
    { device: 'webgpu', opened: true, ms: 400 },
    { device: 'cpu', opened: true, ms: 100 },
  ],
});

/** A machine without any GPU, as the extension comes. */
export const bare = (): GpuFacts => {
  const { chosen: _chosen, driver: _driver, ...rest } = whole();
  return {
    ...rest,
    gpus: [],
    noSmi: 'it is not on the PATH',
    devices: [],
    vulkanDrivers: [],
    libraries: rest.libraries.map(({ name }) => ({ name, others: [] })),
    trials: [
      { device: 'cuda', opened: false, ms: 300, reason: '/x/libfoo.so: cannot open shared object file' },
      { device: 'webgpu', opened: false, ms: 300, reason: 'No supported adapters' },
      { device: 'cpu', opened: true, ms: 100 },
    ],
  };
};
