import type { Problem } from '../problem';
import type { GpuFacts, LibraryFact, Trial } from './facts';
import { compareVersions, DRIVER_LIBRARY, LEAST_DRIVER, PROVIDER_FILES, VULKAN_LIBRARY } from './libraries';

const PROVIDER = 'CUDA provider of ONNX Runtime';

/** One thing that was looked for, in words. */
export interface Finding {
  state: 'there' | 'missing' | 'note';
  what: string;
  detail: string;
  /** What to do about it. */
  todo?: string;
}

export interface GpuReport {
  /** One sentence: where the judge can run. */
  conclusion: string;
  findings: Finding[];
  /** Whether fetching the libraries, or choosing a folder with them, makes sense on this platform. */
  takesLibraries: boolean;
}

/** The one platform for which ONNX Runtime publishes its CUDA provider apart from the package for npm. */
export const takesLibraries = ({ platform, arch }: GpuFacts['system']) =>
  platform === 'linux' && arch === 'x64';

export function gpuReport(facts: GpuFacts): GpuReport {
  const takes = takesLibraries(facts.system);
  return {
    conclusion: conclusion(facts),
    findings: [
      ...gpuFindings(facts),
      ...runtimeFindings(facts),
      ...(takes ? [...folderFindings(facts), ...cudaFindings(facts), ...vulkanFindings(facts)] : []),
    ],
    takesLibraries: takes,
  };
}

function conclusion({ trials }: GpuFacts): string {
  const open = trials.filter(({ opened, device }) => opened && device !== 'cpu').map(({ device }) => device);
  if (open.length > 0) return `The judge can run on ${open.join(' and on ')} here.`;
  return opened(trials, 'cpu')
    ? 'No GPU can be used here as it is: the judge runs on the processor.'
    : 'ONNX Runtime runs on nothing here: the judge cannot work.';
}

const opened = (trials: readonly Trial[], device: string) =>
  trials.some((trial) => trial.device === device && trial.opened);

const nvidiaDriver = ({ gpus, driver }: GpuFacts) => gpus[0]?.driver ?? driver;
const hasNvidia = (facts: GpuFacts) =>
  nvidiaDriver(facts) !== undefined || facts.devices.some((path) => path.startsWith('/dev/nvidia'));

function gpuFindings(facts: GpuFacts): Finding[] {
  const { platform, arch } = facts.system;
  const named = facts.gpus.map(({ name, memoryMiB, compute }) => ({
    state: 'there' as const,
    what: name,
    detail: [
      memoryMiB === null ? 'memory not told' : `${(memoryMiB / 1024).toFixed(1)} GiB`,
      ...(compute === undefined ? [] : [`compute capability ${compute}`]),
    ].join(', '),
  }));
  if (named.length > 0 || platform === 'linux') return [...named, ...linuxDriver(facts)];
  if (platform === 'darwin' && arch === 'arm64')
    return [{ state: 'there', what: 'Apple GPU', detail: 'part of every Mac with Apple silicon' }];
  const detail = `nvidia-smi names none (${facts.noSmi ?? 'no reason'}); other makes cannot be asked for here`;
  return [{ state: 'note', what: 'NVIDIA GPU', detail }];
}

function linuxDriver(facts: GpuFacts): Finding[] {
  if (facts.system.platform !== 'linux') return [];
  const what = "NVIDIA's driver";
  const driver = nvidiaDriver(facts);
  if (driver === undefined) return [noDriver(what, facts)];
  if (compareVersions(driver, LEAST_DRIVER) >= 0)
    return [{ state: 'there', what, detail: `version ${driver}`, ...smiTodo(facts) }];
  const todo = `Install a driver of version ${LEAST_DRIVER} or newer.`;
  return [{ state: 'missing', what, detail: `version ${driver} is too old for CUDA 12`, todo }];
}

function noDriver(what: string, facts: GpuFacts): Finding {
  const others = facts.devices.length > 0 ? `; other devices: ${facts.devices.join(', ')}` : '';
  return {
    state: 'missing',
    what,
    detail: `no /proc/driver/nvidia/version; nvidia-smi: ${facts.noSmi ?? 'names no GPU'}${others}`,
    todo: hasNvidia(facts)
      ? "There are NVIDIA's device files but no driver behind them: install the driver, or load it (modprobe nvidia)."
      : 'Where there is no NVIDIA GPU, nothing. Where there is one, install its driver; in a container, start that with the GPU (docker run --gpus all).',
  };
}

function smiTodo({ gpus, noSmi }: GpuFacts): { todo?: string } {
  if (gpus.length > 0) return {};
  return {
    todo: `The driver is loaded but nvidia-smi names no GPU (${noSmi ?? 'no reason'}): see that first.`,
  };
}

function runtimeFindings(facts: GpuFacts): Finding[] {
  const { runtime, trials } = facts;
  if ('problem' in runtime) return [problemFinding('ONNX Runtime', runtime.problem)];
  const detail = `version ${runtime.version}, compiled for ${runtime.backends.join(', ')}; loaded from ${runtime.home}`;
  return [
    { state: 'there', what: 'ONNX Runtime', detail },
    ...trials.map((trial) => trialFinding(trial, facts)),
  ];
}

function problemFinding(what: string, { message, fix }: Problem): Finding {
  return { state: 'missing', what, detail: message, ...(fix ? { todo: fix } : {}) };
}

function trialFinding({ device, opened: works, reason, ms }: Trial, { chosen, system }: GpuFacts): Finding {
  const what = `Trial on ${device}`;
  if (works) return { state: 'there', what, detail: `opens and answers rightly (${Math.round(ms)} ms)` };
  const isBare = device === 'cuda' && takesLibraries(system) && (!chosen || 'problem' in chosen);
  const detail = isBare ? `there is no ${PROVIDER} to load` : (reason ?? 'it does not open');
  return { state: 'missing', what, detail };
}

function folderFindings(facts: GpuFacts): Finding[] {
  const { chosen, fetched, runtime } = facts;
  if (chosen && 'problem' in chosen) return [problemFinding(PROVIDER, chosen.problem)];
  if (chosen) return [{ state: 'there', what: PROVIDER, detail: `in ${chosen.dir}; ${chosen.proof}` }];
  const version = 'version' in runtime ? runtime.version : 'the same version';
  const have = fetched ? `; version ${fetched.version} was fetched to ${fetched.dir} but is not in use` : '';
  const todo = fetched
    ? 'Choose "Use What Was Fetched" in AesRM: Set Up GPU….'
    : `Choose "Fetch the CUDA Provider…" in AesRM: Set Up GPU…, or a folder with ${PROVIDER_FILES.join(' and ')} of ONNX Runtime ${version} for CUDA 12, as its release on GitHub (onnxruntime-linux-x64-gpu) or its wheel (onnxruntime-gpu) has them.`;
  const finding = { state: 'missing' as const, what: PROVIDER, detail: `not in the extension${have}` };
  return [hasNvidia(facts) ? { ...finding, todo } : finding];
}

function cudaFindings(facts: GpuFacts): Finding[] {
  const isOther = ({ name }: LibraryFact) => name !== DRIVER_LIBRARY && name !== VULKAN_LIBRARY;
  const driver = facts.libraries.find(({ name }) => name === DRIVER_LIBRARY);
  const cuda = facts.libraries.filter(isOther);
  const found = cuda.filter(({ path }) => path !== undefined).map(libraryFinding);
  const missing = cuda.filter(({ path }) => path === undefined);
  return [
    ...(driver ? [{ ...libraryFinding(driver), ...(hasNvidia(facts) ? driverTodo(driver) : {}) }] : []),
    ...found,
    ...(missing.length > 0 ? [missingCuda(missing, hasNvidia(facts))] : []),
  ];
}

function driverTodo({ path }: LibraryFact): { todo?: string } {
  if (path !== undefined) return {};
  return {
    todo: "It comes with NVIDIA's driver: in a container, start that with the GPU (docker run --gpus all).",
  };
}

function libraryFinding({ name, path, version, others }: LibraryFact): Finding {
  if (path !== undefined)
    return { state: 'there', what: name, detail: version === undefined ? path : `${version}, ${path}` };
  return { state: 'missing', what: name, detail: othersText(others) };
}

const othersText = (others: readonly string[]) =>
  others.length > 0 ? `the loader finds only ${others.join(', ')}` : 'the loader does not find it';

/** One step for all of them. */
function missingCuda(missing: readonly LibraryFact[], matters: boolean): Finding {
  const others = missing.flatMap((library) => library.others);
  const packages = missing.map(({ name }) => packageOf(name));
  const pip = [...new Set(packages.flatMap((p) => p?.pip ?? []))];
  const system = [...new Set(packages.flatMap((p) => p?.system ?? []))];
  const todo = `Install them from NVIDIA's package repository (${system.join(', ')}), or with pip (${pip.join(', ')}). Where they are not found by ldconfig, put their folders into LD_LIBRARY_PATH before VS Code's server starts, or links to them into the folder of the provider; beside a wheel in site-packages they are found.`;
  return {
    state: 'missing',
    what: 'CUDA and cuDNN',
    detail: `the loader does not find ${missing.map(({ name }) => name).join(', ')}${others.length > 0 ? `; only ${others.join(', ')}` : ''}`,
    ...(matters ? { todo } : {}),
  };
}

/** As NVIDIA publishes them; `*` stands for the minor version. */
function packageOf(library: string): { system: string; pip: string } | undefined {
  const [, stem = '', major = ''] = /^lib(\w+)\.so\.(\d+)$/.exec(library) ?? [];
  const packages: Record<string, { system: string; pip: string }> = {
    cudart: { system: `cuda-cudart-${major}-*`, pip: `nvidia-cuda-runtime-cu${major}` },
    cublas: { system: `libcublas-${major}-*`, pip: `nvidia-cublas-cu${major}` },
    cublasLt: { system: `libcublas-${major}-*`, pip: `nvidia-cublas-cu${major}` },
    curand: { system: 'libcurand-12-*', pip: 'nvidia-curand-cu12' },
    cufft: { system: 'libcufft-12-*', pip: 'nvidia-cufft-cu12' },
    cudnn: { system: `libcudnn${major}-cuda-12`, pip: 'nvidia-cudnn-cu12' },
  };
  return packages[stem];
}

function vulkanFindings(facts: GpuFacts): Finding[] {
  const loader = facts.libraries.find(({ name }) => name === VULKAN_LIBRARY);
  if (!loader) return [];
  const drivers = facts.vulkanDrivers.map((path) => path.slice(path.lastIndexOf('/') + 1));
  const what = 'Vulkan drivers';
  const found: Finding[] = [
    libraryFinding(loader),
    drivers.length > 0
      ? { state: 'there', what, detail: drivers.join(', ') }
      : { state: 'missing', what, detail: 'no file in vulkan/icd.d' },
  ];
  const todo =
    'WebGPU runs on Vulkan: libvulkan1 and a driver. NVIDIA brings one with the graphics part of its driver; for other makes it is mesa-vulkan-drivers.';
  return found.map((f) => (f.state === 'missing' && facts.devices.length > 0 ? { ...f, todo } : f));
}
