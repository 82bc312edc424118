import { DecodeError } from '../../core/decode';
import { isFamily, refusalOf } from '../../core/local/families';
import { decodeListing, offers, type HubListing, type HubModel } from '../../core/local/hub';
import { missingFrom } from '../../core/local/layout';
import { cancelled, problem } from '../../core/problem';

/** A listing or a configuration is never larger; bytes. */
const LARGEST_JSON = 32 << 20;
/** Milliseconds without a byte. */
export const SILENCE_MS = 30_000;

/** What a hub has of a model; refuses what could not be run. */
export async function lookUp(
  model: HubModel,
  signal?: AbortSignal,
): Promise<HubListing & { family: string }> {
  const { base, id, revision } = model;
  const address = `${base}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const answer = await getJson(address, id, signal);
  try {
    const listing = decodeListing(answer);
    const missing = missingFrom(listing.files);
    if (missing.length > 0 || offers(listing.files).length === 0)
      throw refused(
        id,
        `it has no ${missing.join(', ')}`,
        'Look for a repository with ONNX files, often named "…-ONNX".',
      );
    const config = await getJson(fileAddress(model, listing.revision, 'config.json'), id, signal);
    const type = (config as { model_type?: unknown } | null)?.model_type;
    if (typeof type !== 'string' || !isFamily(type))
      throw problem('modelInvalid', `The model "${id}" is refused: ${refusalOf(String(type))}`);
    return { ...listing, family: type };
  } catch (error) {
    if (error instanceof DecodeError)
      throw refused(id, `the hub's answer is not understood (${error.message})`);
    throw error;
  }
}

export function fileAddress({ base, id }: HubModel, revision: string, path: string): string {
  return `${base}/${id}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function refused(id: string, cause: string, fix?: string) {
  return problem('modelInvalid', `The model "${id}" is refused: ${cause}.`, fix);
}

async function getJson(address: string, id: string, signal?: AbortSignal): Promise<unknown> {
  const response = await request(address, { id, signal });
  const text = await response.text().catch((error: unknown) => {
    throw signal?.aborted ? cancelled() : failed(address, error);
  });
  if (text.length > LARGEST_JSON) throw refused(id, "the hub's answer is too large");
  try {
    return JSON.parse(text);
  } catch {
    throw failed(address, new Error('its answer is not JSON'));
  }
}

/** One GET. Resolves with a good answer; rejects with what the hub's answer means. */
export async function request(
  address: string,
  {
    id,
    signal,
    headers = {},
  }: { id: string; signal?: AbortSignal | undefined; headers?: Record<string, string> },
): Promise<Response> {
  const timeout = AbortSignal.timeout(SILENCE_MS);
  const both = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const response = await fetch(address, { headers, signal: both, redirect: 'follow' }).catch(
    (error: unknown) => {
      throw signal?.aborted ? cancelled() : failed(address, error);
    },
  );
  if (response.ok) return response;
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  const { host } = new URL(address);
  if (status === 401 || status === 403)
    throw problem(
      'downloadFailed',
      `${host} does not give out "${id}" without a login (HTTP ${status}).`,
      'Download it yourself, then add the folder.',
    );
  if (status === 404)
    throw problem('downloadFailed', `${host} has no model "${id}" (HTTP 404).`, 'Check its name.');
  throw Object.assign(
    problem('downloadFailed', `${host} answered with HTTP ${status}.`, 'Try again later.'),
    { again: status === 429 || status >= 500, status },
  );
}

/** What the network did, in a sentence; worth another try. */
export function failed(address: string, error: unknown) {
  const { host } = new URL(address);
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  const why = cause?.code ?? cause?.message ?? message ?? String(error);
  return Object.assign(
    problem(
      'downloadFailed',
      `The connection to ${host} failed: ${why}.`,
      'Check the network and try again; what was fetched is kept.',
    ),
    { again: true },
  );
}
