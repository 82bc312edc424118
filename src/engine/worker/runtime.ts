import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type * as Ort from 'onnxruntime-node';
import { problem } from '../../core/problem';
import type { Device } from '../../protocol/engine';
import type { Log } from '../ports';
import { nativesFolder, runtimeChosen, runtimeHome } from './runtimeHome';

type Runtime = typeof Ort;
export type Provider = Exclude<Device, 'auto'>;

/** What ONNX Runtime calls each device. */
const PROVIDER_NAMES: Record<Provider, string> = {
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
  cpu: 'cpu',
};
/** What `auto` tries, best first; the processor is always the last resort. */
const PREFERENCES: Partial<Record<NodeJS.Platform, readonly Provider[]>> = {
  win32: ['directml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
  linux: ['cuda', 'webgpu'],
};
const MAX_THREADS = 4;
/** Largest difference from the processor's answer, against its largest value, at which a device is trusted. */
const TOLERANCE = 1e-2;

let runtime: Runtime | undefined;

/** ONNX Runtime, loaded at first use; rejects with `runtime` where it does not load. */
export function load(): Runtime {
  try {
    return (runtime ??= require(runtimeHome()) as Runtime);
  } catch (error) {
    const cause = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw problem(
      'runtime',
      `ONNX Runtime could not be loaded on ${process.platform}-${process.arch}: ${cause}.`,
      'Install the extension package made for this platform.',
    );
  }
}

/** Devices that this build of ONNX Runtime knows. */
export async function listDevices(): Promise<Provider[]> {
  const names = new Set(await listBackends());
  return (Object.keys(PROVIDER_NAMES) as Provider[]).filter((p) => names.has(PROVIDER_NAMES[p]));
}

/** The same as ONNX Runtime itself names them. */
export async function listBackends(): Promise<string[]> {
  await runtimeChosen();
  return load()
    .listSupportedBackends()
    .map(({ name }) => name);
}

export type Feeds = Record<
  string,
  { type: 'uint8' | 'float32'; data: Uint8Array | Float32Array; dims: number[] }
>;

/** One model, loaded. `run` holds the thread until it is done. */
export class Session {
  constructor(
    private readonly session: Ort.InferenceSession,
    readonly device: Provider,
  ) {}

  async run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    const { Tensor } = load();
    const tensors = Object.entries(feeds).map(([name, f]): [string, Ort.Tensor] => [
      name,
      f.type === 'uint8'
        ? new Tensor('uint8', f.data as Uint8Array, f.dims)
        : new Tensor('float32', f.data as Float32Array, f.dims),
    ]);
    const outputs = await this.session.run(Object.fromEntries(tensors));
    return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, t.data as Float32Array]));
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

export interface OpenOptions {
  device: Device;
  log?: Log | undefined;
  /** A fixed input: a device is trusted if it gives the processor's answer to it. */
  probe?: Feeds;
}

/** Opens a model on the first device of the order that works and answers as the processor does. */
export async function openSession(path: string, { device, log, probe }: OpenOptions): Promise<Session> {
  const order: Provider[] =
    device === 'auto' ? [...(PREFERENCES[process.platform] ?? []), 'cpu'] : [device, 'cpu'];
  const known = await listDevices();
  for (const provider of order.filter((p) => p !== 'cpu')) {
    const refusal = obstacle(provider, known, device === 'auto');
    const session = refusal ?? (await tryTold(path, provider, { device, log, probe }));
    if (session instanceof Session) return session;
    log?.(device === 'auto' ? 'info' : 'warn', `The judge does not run on ${provider}: ${session}.`);
  }
  return create(path, 'cpu').catch((error: unknown) => {
    throw problem('runtime', `The judge's model could not be loaded: ${firstLine(error)}.`);
  });
}

/** Why a provider need not be tried: trying some of them fills the log with a driver's complaints. */
function obstacle(provider: Provider, known: readonly Provider[], auto: boolean): string | undefined {
  if (!known.includes(provider))
    return `this build of ONNX Runtime has no such provider on ${process.platform}`;
  if (provider === 'cuda' && !hasCudaLibrary()) return 'its library is not installed';
  const hasGraphics = ['/dev/dri', '/dev/nvidia0', '/dev/dxg', '/dev/kfd'].some((path) => existsSync(path));
  if (provider === 'webgpu' && auto && process.platform === 'linux' && !hasGraphics)
    return 'there is no graphics device';
  return undefined;
}

function hasCudaLibrary(): boolean {
  const name =
    process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  return existsSync(join(nativesFolder(), name));
}

/** A driver may end the process instead of refusing: the log hears before and after. */
async function tryTold(
  path: string,
  provider: Provider,
  { device, log, probe }: OpenOptions,
): Promise<Session | string> {
  log?.('debug', `opening ${provider}`, provider);
  try {
    return await tryProvider(path, provider, probe, device === 'auto');
  } finally {
    log?.('debug', `tried ${provider}`, null);
  }
}

/** The session, or why there is none. */
async function tryProvider(
  path: string,
  provider: Provider,
  probe: Feeds | undefined,
  mustBeFaster: boolean,
): Promise<Session | string> {
  let session: Session | undefined;
  try {
    session = await create(path, provider);
    const refusal = probe && (await distrust(path, session, probe, mustBeFaster));
    if (!refusal) return session;
    await session.dispose();
    return refusal;
  } catch (error) {
    await session?.dispose().catch(() => undefined);
    return firstLine(error);
  }
}

/** Why the session's answer is not to be trusted (or, for `auto`, not worth having); undefined where it is. */
async function distrust(
  path: string,
  session: Session,
  probe: Feeds,
  mustBeFaster: boolean,
): Promise<string | undefined> {
  const cpu = await create(path, 'cpu');
  try {
    const [expected, answer] = [await twice(cpu, probe), await twice(session, probe)];
    const error = relativeError(expected.outputs, answer.outputs);
    if (!(error <= TOLERANCE))
      return `its answer differs from the processor's by ${(error * 100).toFixed(1)}%`;
    if (mustBeFaster && answer.ms > expected.ms) return 'it is slower than the processor';
    return undefined;
  } finally {
    await cpu.dispose();
  }
}

/** The second run is timed: the first one compiles. */
async function twice(
  session: Session,
  probe: Feeds,
): Promise<{ outputs: Record<string, Float32Array>; ms: number }> {
  await session.run(probe);
  const from = performance.now();
  const outputs = await session.run(probe);
  return { outputs, ms: performance.now() - from };
}

function relativeError(expected: Record<string, Float32Array>, answer: Record<string, Float32Array>): number {
  let worst = 0;
  for (const [name, values] of Object.entries(expected)) {
    const scale = values.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-6);
    const other = answer[name];
    values.forEach((v, i) => (worst = Math.max(worst, Math.abs(v - (other?.[i] ?? NaN)) / scale)));
    if (!other || other.some((v) => !Number.isFinite(v))) return Infinity;
  }
  return worst;
}

async function create(path: string, provider: Provider): Promise<Session> {
  // From memory: a graph can then not bring in other files.
  return openGraph(await readFile(path), provider);
}

/** A session on this very provider; rejects where there is none. */
export async function openGraph(graph: Uint8Array, provider: Provider): Promise<Session> {
  const session = await load().InferenceSession.create(graph, {
    executionProviders: [PROVIDER_NAMES[provider]],
    ...sessionOptions(),
  });
  return new Session(session, provider);
}

/** How every session is opened, whatever the device. */
export function sessionOptions(): Ort.InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    intraOpNumThreads: Math.min(MAX_THREADS, availableParallelism()),
    // Clips come in many sizes: a plan of memory for each would only pile up.
    enableMemPattern: false,
    // Idle threads sleep: the other core belongs to the ffmpeg that decodes the next clip.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  };
}

/** What an error says, in one line without a full stop. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? text).replace(/[.\s]+$/, '').slice(0, 300);
}

/** Devices worth trying for a model that several sessions share, in order; what ONNX Runtime calls each. */
export async function devicesToTry(device: Device): Promise<{ provider: Provider; name: string }[]> {
  const order: Provider[] =
    device === 'auto' ? [...(PREFERENCES[process.platform] ?? []), 'cpu'] : [device, 'cpu'];
  const known = await listDevices();
  return [...new Set(order)]
    .filter((provider) => provider === 'cpu' || obstacle(provider, known, device === 'auto') === undefined)
    .map((provider) => ({ provider, name: PROVIDER_NAMES[provider] }));
}
