import { arr, num, obj, str } from '../../../core/decode';
import { problem } from '../../../core/problem';

/** NuGet's own entry point, the one that onnxruntime-node's install script asks, too. */
export const NUGET = 'https://api.nuget.org/v3/index.json';
/** For CUDA 12, as the package for npm expects. */
const PACKAGE = 'microsoft.ml.onnxruntime.gpu.linux';
const DEADLINE_MS = 30_000;
const LARGEST_ANSWER = 4 << 20;

/** A package as the registry describes it. */
export interface PackageEntry {
  url: string;
  /** Bytes. */
  size: number;
  /** SHA-512, base64. */
  sha512: string;
  name: string;
}

/** Asks the registry for the package of one version. Rejects with `fetchFailed`. */
export async function findPackage(
  version: string,
  index: string,
  signal?: AbortSignal,
): Promise<PackageEntry> {
  const ask = (url: string) => json(url, index, signal);
  const resources = arr(obj(await ask(index), 'index').resources, 'resources').map((r) => obj(r, 'resource'));
  const base = (type: string) => {
    const found = resources.find((r) => r['@type'] === type);
    if (!found) throw problem('fetchFailed', `${index} offers no ${type}.`);
    return str(found['@id'], type).replace(/\/?$/, '/');
  };
  const leaf = obj(await ask(`${base('RegistrationsBaseUrl')}${PACKAGE}/${version}.json`), 'registration');
  const { catalogEntry } = leaf;
  const entry = obj(
    typeof catalogEntry === 'string' ? await ask(catalogEntry) : catalogEntry,
    'catalogEntry',
  );
  if (str(entry.id, 'id').toLowerCase() !== PACKAGE || entry.version !== version)
    throw problem('fetchFailed', `${index} describes another package than ${PACKAGE} ${version}.`);
  if (entry.packageHashAlgorithm !== 'SHA512')
    throw problem('fetchFailed', `${index} gives no SHA-512 for ${PACKAGE} ${version}.`);
  const url = `${base('PackageBaseAddress/3.0.0')}${PACKAGE}/${version}/${PACKAGE}.${version}.nupkg`;
  return {
    url: sameScheme(url, index),
    size: num(entry.packageSize, 'packageSize'),
    sha512: str(entry.packageHash, 'packageHash'),
    name: `${PACKAGE} ${version}`,
  };
}

/** What begins encrypted stays so. */
export function sameScheme(url: string, index: string): string {
  if (new URL(url).protocol === new URL(index).protocol) return url;
  throw problem('fetchFailed', `${index} leads to ${url}, which is not encrypted as it is itself.`);
}

async function json(url: string, index: string, signal?: AbortSignal): Promise<unknown> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const answer = await fetch(sameScheme(url, index), { signal: either });
    if (!answer.ok) throw problem('fetchFailed', `${url} answered ${answer.status}.`, MANUAL);
    const text = await answer.text();
    if (text.length > LARGEST_ANSWER) throw problem('fetchFailed', `${url} answered far too much.`);
    return JSON.parse(text) as unknown;
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(url, error);
  }
}

export const MANUAL =
  'See whether this machine reaches the internet (HTTPS_PROXY counts); or choose a folder to which you brought the files.';

/** Any failure on the network in words that name the address. */
export function unreachable(url: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'ProblemError' || error.name === 'DecodeError')
    return error;
  const { cause } = error as { cause?: unknown };
  const { code } = (cause ?? error) as { code?: unknown };
  const why = error.name === 'TimeoutError' ? 'no answer in time' : String(code ?? error.message);
  return problem('fetchFailed', `${new URL(url).host} could not be asked for ${url}: ${why}.`, MANUAL);
}
