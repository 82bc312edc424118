import type { Dialect } from '../../../core/endpoint/config';
import { RULES, type Rules } from './dialects';
import { errorWords, Failure, plain, retryAfter, statusFailure } from './failure';
import type { Reply } from './http';
import type { Lane } from './lane';

const MOST_BYTES = 16 << 20;
const MOST_NAMED = 5;

/** `owned_by` of the models that a server lists. */
const OWNERS: Readonly<Record<string, Dialect>> = {
  // vllm/entrypoints/openai/engine/protocol.py (ModelCard); python/sglang/srt/entrypoints/openai/protocol.py (ModelCard)
  vllm: 'vllm',
  sglang: 'sglang',
  // tools/server/server-context.cpp of ggml-org/llama.cpp
  llamacpp: 'llamacpp',
  // docs/api/openai-compatibility.mdx of ollama/ollama: the user name, "library" where there is none
  library: 'ollama',
  // As its users show it; its documentation does not say.
  organization_owner: 'lmstudio',
};

const HOSTS: Readonly<Record<string, Dialect>> = {
  'api.openai.com': 'openai',
  'openrouter.ai': 'openrouter',
};

interface Listed {
  id: string;
  owner: string;
  /** OpenRouter: what the model takes. */
  takes?: readonly string[];
}

export interface ProbeCall {
  key: string | undefined;
  signal: AbortSignal;
  idle: number;
}

/** Asks a server what it is and whether it has the model. Rejects with a {@link Failure}. */
export async function probe(lane: Lane, call: ProbeCall): Promise<{ dialect: Dialect; rules: Rules }> {
  const listed = await models(lane, call);
  const dialect = lane.config.dialect ?? dialectOf(lane, listed);
  const rules = RULES[dialect];
  const own = listed?.find(({ id }) => id === lane.config.model || id === `${lane.config.model}:latest`);
  if (listed && listed.length > 0 && !own && !rules.anyModel) throw noSuchModel(lane, listed, call.key);
  return { dialect, rules: own?.takes ? narrowed(rules, own.takes) : rules };
}

/** Undefined where the server has no list: some gateways have none. */
async function models({ config, connections, at }: Lane, call: ProbeCall): Promise<Listed[] | undefined> {
  const reply = await connections.exchange({
    method: 'GET',
    url: `${config.address.base}/models`,
    at,
    ...call,
  });
  const text = await textOf(reply, at);
  if (reply.status === 404 || reply.status === 405) return undefined;
  if (reply.status !== 200) {
    const after = retryAfter(reply.headers['retry-after'], Date.now());
    throw statusFailure(reply.status, at, plain(errorWords(text), call.key), after);
  }
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    return (data as Record<string, unknown>[]).map(listedOf);
  } catch {
    throw new Failure(
      'endpoint',
      'endpointRefused',
      `${at} answers, but not as a server of chat completions.`,
      'Check "url" in "aesrm.endpoints": it mostly ends in /v1.',
    );
  }
}

function listedOf({ id, owned_by: owner, supported_parameters: takes }: Record<string, unknown>): Listed {
  return {
    id: String(id),
    owner: String(owner),
    ...(Array.isArray(takes) && { takes: takes.map(String) }),
  };
}

function dialectOf({ config }: Lane, listed: Listed[] | undefined): Dialect {
  const byHost = HOSTS[config.address.host];
  if (byHost) return byHost;
  const owners = listed?.map(({ owner }) => owner) ?? [];
  const known = owners.find((owner) => Object.hasOwn(OWNERS, owner));
  return known === undefined ? 'other' : OWNERS[known]!;
}

function narrowed(rules: Rules, takes: readonly string[]): Rules {
  return {
    ...rules,
    schema: takes.includes('structured_outputs'),
    logprobs: takes.includes('logprobs') && takes.includes('top_logprobs'),
    seed: takes.includes('seed'),
  };
}

function noSuchModel({ config, at }: Lane, listed: Listed[], key: string | undefined): Failure {
  const names = listed.slice(0, MOST_NAMED).map(({ id }) => `"${plain(id, key)}"`);
  const more = listed.length > MOST_NAMED ? `, and ${listed.length - MOST_NAMED} more` : '';
  return new Failure(
    'endpoint',
    'endpointRefused',
    `${at} has no model "${config.model}". It has ${names.join(', ')}${more}.`,
    'Write one of these as "model" in "aesrm.endpoints".',
  );
}

/** A whole body as text. */
export async function textOf({ body }: Reply, at: string, most = MOST_BYTES): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > most) throw tooLong(at);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

export function tooLong(at: string): Failure {
  return new Failure('request', 'endpointFailed', `The answer of ${at} has no end; it was cut off.`);
}
