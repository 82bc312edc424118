import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { GpuFacts, LibraryFact } from '../../../core/gpu/facts';
import {
  DRIVER_LIBRARY,
  libraryFact,
  neededLibraries,
  parseKernelDriver,
  parseLoaderCache,
  parseNvidiaSmi,
  VULKAN_LIBRARY,
} from '../../../core/gpu/libraries';
import { parseSmiMemory, type CardMemory } from '../../../core/gpu/memory';

const run = promisify(execFile);
const DEADLINE_MS = 15_000;
const SMI_QUERY = [
  '--query-gpu=name,driver_version,memory.total,compute_cap',
  '--format=csv,noheader,nounits',
];
const SMI_MEMORY = ['--query-gpu=memory.total,memory.free', '--format=csv,noheader,nounits'];
const DEVICE = /^(nvidia\d+|nvidiactl|nvidia-uvm|dxg|kfd)$/;
const VULKAN_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

/** What `nvidia-smi` tells, on every platform that has it. */
export async function nvidiaGpus(): Promise<Pick<GpuFacts, 'gpus' | 'noSmi'>> {
  try {
    const { stdout } = await run('nvidia-smi', SMI_QUERY, { timeout: DEADLINE_MS, windowsHide: true });
    const gpus = parseNvidiaSmi(stdout);
    return { gpus, ...(gpus.length > 0 ? {} : { noSmi: 'it lists none' }) };
  } catch (error) {
    const { code, stdout, killed } = error as { code?: unknown; stdout?: string; killed?: boolean };
    if (code === 'ENOENT') return { gpus: [], noSmi: 'it is not on the PATH' };
    if (killed) return { gpus: [], noSmi: `it gave no answer within ${DEADLINE_MS / 1000} s` };
    const said = stdout?.trim().split('\n')[0] ?? '';
    return { gpus: [], noSmi: `it failed (${said === '' ? `exit code ${String(code)}` : said})` };
  }
}

/** Of the NVIDIA GPUs that tell it; none where `nvidia-smi` is absent, fails or is too slow. */
export async function nvidiaMemory(): Promise<CardMemory[]> {
  const options = { timeout: DEADLINE_MS, windowsHide: true };
  const { stdout } = await run('nvidia-smi', SMI_MEMORY, options).catch(() => ({ stdout: '' }));
  return parseSmiMemory(stdout);
}

/** Version of the kernel's driver; undefined where none is loaded. */
export async function kernelDriver(): Promise<string | undefined> {
  return parseKernelDriver(await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => ''));
}

export async function deviceFiles(): Promise<string[]> {
  const own = (await namesIn('/dev')).filter((name) => DEVICE.test(name)).map((name) => join('/dev', name));
  const render = (await namesIn('/dev/dri')).filter((name) => name.startsWith('render'));
  return [...own, ...render.map((name) => join('/dev/dri', name))].sort();
}

export async function vulkanDrivers(): Promise<string[]> {
  const found = await Promise.all(
    VULKAN_FOLDERS.map(async (dir) => (await namesIn(dir)).map((name) => join(dir, name))),
  );
  return found.flat().filter((path) => path.endsWith('.json'));
}

/**
 * The libraries that matter, as the loader would find them: in `folders`, else in its cache.
 * @param linked what the provider's file names; undefined where there is none
 */
export async function sharedLibraries(
  folders: readonly string[],
  linked: readonly string[] | undefined,
): Promise<LibraryFact[]> {
  const found = await loaderCache();
  for (const dir of [...folders].reverse())
    for (const name of await namesIn(dir)) if (/\.so\.\d+$/.test(name)) found.set(name, join(dir, name));
  const wanted = [DRIVER_LIBRARY, ...neededLibraries(linked), VULKAN_LIBRARY];
  return Promise.all(
    wanted.map(async (name) => {
      const path = found.get(name);
      const real = path && (await realpath(path).catch(() => undefined));
      return libraryFact(name, found, real && basename(real));
    }),
  );
}

/** `ldconfig` is for the administrator in some systems, and not on the PATH of others. */
async function loaderCache(): Promise<Map<string, string>> {
  const program = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => existsSync(path)) ?? 'ldconfig';
  const options = { timeout: DEADLINE_MS, maxBuffer: 16 << 20 };
  const { stdout } = await run(program, ['-p'], options).catch(() => ({ stdout: '' }));
  return parseLoaderCache(stdout, process.arch);
}

const namesIn = (dir: string) => readdir(dir).catch((): string[] => []);
