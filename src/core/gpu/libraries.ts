import type { LibraryFact, NvidiaGpu } from './facts';

/** What CUDA needs beside the package for npm; the second loads the first. */
export const PROVIDER_FILES = [
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
] as const;

/** What the CUDA provider of ONNX Runtime for CUDA 12 links to, where its own file is not there to tell. */
const CUDA_12 = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcurand.so.10',
  'libcufft.so.11',
] as const;
/** Loaded when the first convolution runs, so that no file names it. */
const CUDNN = 'libcudnn.so.9';
/** Comes with the driver. */
export const DRIVER_LIBRARY = 'libcuda.so.1';
export const VULKAN_LIBRARY = 'libvulkan.so.1';
/** The oldest driver for Linux that runs programs for CUDA 12. */
export const LEAST_DRIVER = '525.60.13';

/** NVIDIA's libraries that a provider needs. @param linked what its file names, where there is one */
export function neededLibraries(linked: readonly string[] | undefined): string[] {
  const own = linked?.filter((name) => /^lib(cu|nv)/.test(name) && name !== DRIVER_LIBRARY) ?? CUDA_12;
  return [...new Set([...own, CUDNN])].sort();
}

/** The lines of `ldconfig -p` for this processor: library to path; the first one wins, as for the loader. */
export function parseLoaderCache(text: string, arch: string): Map<string, string> {
  const abi = { x64: 'x86-64', arm64: 'AArch64' }[arch];
  const found = new Map<string, string>();
  for (const [, name = '', kind = '', path = ''] of text.matchAll(/^\s+(\S+) \(([^)]*)\) => (\/.*)$/gm))
    if (abi !== undefined && kind.includes(abi) && !found.has(name)) found.set(name, path.trim());
  return found;
}

/** Version in a real file's name: `libcudart.so.12.4.127` is 12.4.127. */
export function versionInName(file: string): string | undefined {
  return /\.so\.(\d+(?:\.\d+)*)$/.exec(file)?.[1];
}

/** `nvidia-smi --query-gpu=name,driver_version,memory.total,compute_cap --format=csv,noheader,nounits` */
export function parseNvidiaSmi(text: string): NvidiaGpu[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', driver = '', memory = '', compute = ''] = line.split(',').map((cell) => cell.trim());
    if (name === '' || !/^\d+(\.\d+)+$/.test(driver)) return [];
    const memoryMiB = /^\d+$/.test(memory) ? Number(memory) : null;
    return [{ name, driver, memoryMiB, ...(/^\d+\.\d+$/.test(compute) ? { compute } : {}) }];
  });
}

/** The version in `/proc/driver/nvidia/version`. */
export function parseKernelDriver(text: string): string | undefined {
  return /^NVRM version:.*?\s(\d+\.\d+(?:\.\d+)?)\s/m.exec(text)?.[1];
}

/** Below zero where `a` is older than `b`. Parts that are missing count as zero. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A library among those that were found, and its siblings of other versions. */
export function libraryFact(
  name: string,
  found: ReadonlyMap<string, string>,
  realName?: string,
): LibraryFact {
  const path = found.get(name);
  const family = name.replace(/\.so\..*$/, '.so.');
  const version = realName === undefined ? undefined : versionInName(realName);
  return {
    name,
    ...(path === undefined ? {} : { path }),
    ...(version === undefined ? {} : { version }),
    others: [...found.keys()].filter((other) => other.startsWith(family) && other !== name).sort(),
  };
}
