import { createRequire } from 'node:module';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { takesLibraries } from '../../core/gpu/findings';
import { problem, toProblem } from '../../core/problem';
import type { GpuConfig } from '../../protocol/engine';
import { gpuPlaces } from '../gpu/layout';
import { privateRuntime, type ShippedRuntime } from '../gpu/privateRuntime';
import { checkProviderFolder, type ProviderFolder } from '../gpu/providerFolder';
import type { Log } from '../ports';

/** What came with the extension, by the name under which Node finds it. */
const SHIPPED = 'onnxruntime-node';

let home = SHIPPED;
let choosing: Promise<void> = Promise.resolve();

/** What to load ONNX Runtime by: its name, or the path of a copy. */
export const runtimeHome = (): string => home;

/** Resolves when it is known which ONNX Runtime is loaded. Never rejects. */
export const runtimeChosen = (): Promise<void> => choosing;

/** For a process that was told which. */
export function useRuntime(path: string): void {
  home = path;
}

/** Once, before anything is loaded: with the provider that the settings name where it is whole, else as it came. */
export function chooseRuntime(gpu: GpuConfig | undefined, log: Log): void {
  choosing = choose(gpu, log).catch((error: unknown) =>
    log('warn', `${toProblem(error).message} The judge runs without the libraries of "aesrm.gpuLibraries".`),
  );
}

async function choose(gpu: GpuConfig | undefined, log: Log): Promise<void> {
  if (!gpu) return;
  const { runtimes } = gpuPlaces(gpu.dir);
  if (gpu.libraries === undefined) return rm(runtimes, { recursive: true, force: true });
  const folder = await checkFolder(gpu.libraries);
  home = await privateRuntime(shippedRuntime(), folder, runtimes);
  log('info', `ONNX Runtime is loaded with the libraries in ${gpu.libraries} (${folder.proof})`);
}

/** Refuses, with `gpuLibraries`, what this ONNX Runtime cannot take. */
export async function checkFolder(dir: string): Promise<ProviderFolder> {
  const { platform, arch } = process;
  if (takesLibraries({ platform, arch })) return checkProviderFolder(dir, shippedRuntime().version, arch);
  throw problem(
    'gpuLibraries',
    `On ${platform}-${arch} ONNX Runtime takes no libraries from another folder (${dir}).`,
    'Leave "aesrm.gpuLibraries" empty.',
  );
}

export function shippedRuntime(): ShippedRuntime {
  const manifest = require.resolve(`${SHIPPED}/package.json`);
  const { version } = require(manifest) as { version: string };
  const common = createRequire(manifest).resolve('onnxruntime-common');
  return { node: dirname(manifest), common: dirname(dirname(dirname(common))), version };
}

/** Folder of the natives that are loaded. */
export function nativesFolder(): string {
  const manifest = require.resolve(home === SHIPPED ? `${SHIPPED}/package.json` : join(home, 'package.json'));
  return join(dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch);
}
