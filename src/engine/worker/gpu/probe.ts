import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GpuFacts, RuntimeFact, Trial } from '../../../core/gpu/facts';
import { takesLibraries } from '../../../core/gpu/findings';
import { toProblem } from '../../../core/problem';
import type { GpuConfig } from '../../../protocol/engine';
import type { GpuProbeProgress } from '../../../protocol/gpu';
import { gpuPlaces } from '../../gpu/layout';
import { libraryFolders } from '../../gpu/libraryPath';
import type { CallOptions } from '../../ports';
import { listBackends, listDevices } from '../runtime';
import { checkFolder, nativesFolder, runtimeHome, shippedRuntime } from '../runtimeHome';
import { deviceFiles, kernelDriver, nvidiaGpus, sharedLibraries, vulkanDrivers } from './files';
import { runTrial } from './trial';

/** All that can be known of the GPU here. @param program the worker's own, for the trials */
export async function probeGpu(
  gpu: GpuConfig | undefined,
  program: string,
  { signal, onProgress }: CallOptions<GpuProbeProgress> = {},
): Promise<GpuFacts> {
  const { platform, arch } = process;
  const system = { platform, arch };
  onProgress?.({ stage: 'files' });
  const { chosen, needed } = await chosenFolder(gpu?.libraries);
  const isLinux = platform === 'linux';
  const [named, driver, devices, drivers, libraries, fetched, runtime] = await Promise.all([
    nvidiaGpus(),
    isLinux ? kernelDriver() : undefined,
    isLinux ? deviceFiles() : [],
    isLinux ? vulkanDrivers() : [],
    takesLibraries(system) ? sharedLibraries(libraryFolders(gpu?.libraries), needed) : [],
    gpu && fetchedFolder(gpu.dir),
    runtimeFact(),
  ]);
  return {
    at: new Date().toISOString(),
    system,
    ...named,
    ...(driver === undefined ? {} : { driver }),
    devices,
    vulkanDrivers: drivers,
    libraries,
    runtime,
    ...(chosen ? { chosen } : {}),
    ...(fetched ? { fetched } : {}),
    trials: 'problem' in runtime ? [] : await trials(gpu?.libraries, program, { signal, onProgress }),
  };
}

async function chosenFolder(
  dir: string | undefined,
): Promise<{ chosen?: GpuFacts['chosen']; needed?: string[] }> {
  if (dir === undefined) return {};
  try {
    const { files, proof, needed } = await checkFolder(dir);
    return { chosen: { dir, files, proof }, needed };
  } catch (error) {
    return { chosen: { dir, problem: toProblem(error) } };
  }
}

async function fetchedFolder(root: string): Promise<GpuFacts['fetched']> {
  const { version } = shippedRuntime();
  const dir = gpuPlaces(root).libraries(version);
  const names = await readdir(dir).catch((): string[] => []);
  if (names.length === 0) return undefined;
  const sizes = await Promise.all(names.map(async (name) => (await lstat(join(dir, name))).size));
  return { dir, version, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function runtimeFact(): Promise<RuntimeFact | { problem: ReturnType<typeof toProblem> }> {
  try {
    const backends = await listBackends();
    return { version: shippedRuntime().version, home: nativesFolder(), backends };
  } catch (error) {
    return { problem: toProblem(error) };
  }
}

/** One after the other: two at once would disturb each other on the same device. */
async function trials(
  libraries: string | undefined,
  program: string,
  { signal, onProgress }: CallOptions<GpuProbeProgress>,
): Promise<Trial[]> {
  const done: Trial[] = [];
  for (const device of await listDevices()) {
    onProgress?.({ stage: 'trial', device });
    done.push(await runTrial({ program, device, home: runtimeHome(), libraries, signal }));
  }
  return done;
}
