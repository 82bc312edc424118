import type { GpuFacts, LibraryFact, Trial } from './facts';
import { compareVersions, DRIVER_LIBRARY, LEAST_DRIVER, PROVIDER_FILES, VULKAN_LIBRARY } from './libraries';

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
      : 'Without an NVIDIA GPU nothing is to be done for CUDA. Is there one, install its driver; in a container, start that with the GPU (docker run --gpus all).',
  };
}

function smiTodo({ gpus, noSmi }: GpuFacts): { todo?: string } {
  if (gpus.length > 0) return {};
  return { todo: `The driver is loaded but nvidia-smi names no GPU (${noSmi ?? 'no reason'}): see that first.` };
}

function runtimeFindings({ runtime, trials }: GpuFacts): Finding[] {
  if ('problem' in runtime) {
    const { message, fix } = runtime.problem;
    return [{ state: 'missing', what: 'ONNX Runtime', detail: message, ...(fix ? { todo: fix } : {}) }];
  }
  const detail = `version ${runtime.version}, compiled for ${runtime.backends.join(', ')}; loaded from ${runtime.home}`;
  return [{ state: 'there', what: 'ONNX Runtime', detail }, ...trials.map(trialFinding)];
}

function trialFinding({ device, opened: works, reason, ms }: Trial): Finding {
  const what = `Trial on ${device}`;
  return works
    ? { state: 'there', what, detail: `opens a session and answers rightly (${Math.round(ms)} ms)` }
    : { state: 'missing', what, detail: reason ?? 'it does not open' };
}

function folderFindings({ chosen, fetched, runtime }: GpuFacts): Finding[] {
  const what = 'CUDA provider of ONNX Runtime';
  if (chosen && 'problem' in chosen) {
    const { message, fix } = chosen.problem;
    return [{ state: 'missing', what, detail: message, ...(fix ? { todo: fix } : {}) }];
  }
  if (chosen) return [{ state: 'there', what, detail: `in ${chosen.dir}; ${chosen.proof}` }];
  const version = 'version' in runtime ? runtime.version : 'the same version';
  const have = fetched ? `; ${fetched.version} was fetched to ${fetched.dir} but is not in use` : '';
  const todo = fetched
    ? 'Set "aesrm.gpuLibraries" to that folder (AesRM: Set Up GPU… does it).'
    : `Fetch it with AesRM: Set Up GPU…, or choose a folder that holds ${PROVIDER_FILES.join(' and ')} of ONNX Runtime ${version}, as "pip download --no-deps onnxruntime-gpu==${version}" gives them where that version is for CUDA 12.`;
  return [{ state: 'missing', what, detail: `the package for npm does not carry it${have}`, todo }];
}

function cudaFindings(facts: GpuFacts): Finding[] {
  const driver = facts.libraries.find(({ name }) => name === DRIVER_LIBRARY);
  const cuda = facts.libraries.filter(({ name }) => name !== DRIVER_LIBRARY && name !== VULKAN_LIBRARY);
  return [
    ...(driver ? [libraryFinding(driver, "It comes with NVIDIA's driver.")] : []),
    ...cuda.map((library) => libraryFinding(library, source(library.name))),
  ];
}

function libraryFinding({ name, path, version, others }: LibraryFact, todo: string): Finding {
  if (path !== undefined)
    return { state: 'there', what: name, detail: version === undefined ? path : `${version}, ${path}` };
  const detail = others.length > 0 ? `only ${others.join(', ')}` : 'the loader finds none';
  return { state: 'missing', what: name, detail, todo };
}

/** Names as NVIDIA publishes them, for the system's packages and for pip. */
function source(library: string): string {
  const [, stem = '', major = ''] = /^lib(\w+)\.so\.(\d+)$/.exec(library) ?? [];
  const packages: Record<string, readonly [system: string, pip: string]> = {
    cudart: [`cuda-cudart-${major}-x`, `nvidia-cuda-runtime-cu${major}`],
    cublas: [`libcublas-${major}-x`, `nvidia-cublas-cu${major}`],
    cublasLt: [`libcublas-${major}-x`, `nvidia-cublas-cu${major}`],
    curand: ['libcurand-12-x', 'nvidia-curand-cu12'],
    cufft: ['libcufft-12-x', 'nvidia-cufft-cu12'],
    cudnn: [`libcudnn${major}-cuda-12`, 'nvidia-cudnn-cu12'],
  };
  const [system, pip] = packages[stem] ?? [];
  const where = 'where the loader finds it (ldconfig, LD_LIBRARY_PATH, or the folder of the provider)';
  if (!system) return `Install it ${where}.`;
  return `Install ${system} from NVIDIA's package repository, or ${pip} with pip, ${where}.`;
}

function vulkanFindings({ libraries, vulkanDrivers }: GpuFacts): Finding[] {
  const loader = libraries.find(({ name }) => name === VULKAN_LIBRARY);
  if (!loader) return [];
  const drivers = vulkanDrivers.map((path) => path.slice(path.lastIndexOf('/') + 1));
  return [
    libraryFinding(loader, 'WebGPU needs it: install the package libvulkan1 (vulkan-loader on some systems).'),
    drivers.length > 0
      ? { state: 'there', what: 'Vulkan drivers', detail: drivers.join(', ') }
      : {
          state: 'missing',
          what: 'Vulkan drivers',
          detail: 'no file in vulkan/icd.d',
          todo: "WebGPU needs one: NVIDIA's driver brings it where its graphics part is installed; for others it is mesa-vulkan-drivers.",
        },
  ];
}
