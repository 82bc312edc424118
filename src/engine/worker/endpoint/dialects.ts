import type { Dialect } from '../../../core/endpoint/config';

/** What a server takes beside words and pictures. Each line says where that is written. */
export interface Rules {
  /** `response_format` of the type `json_schema`. */
  schema: boolean;
  /** `logprobs` and `top_logprobs`, answered in `choices[].logprobs.content`. */
  logprobs: boolean;
  seed: boolean;
  /** `stream_options.include_usage`. */
  usage: boolean;
  /** The name of the limit of an answer. */
  limit: 'max_tokens' | 'max_completion_tokens';
  /** The least limit that it takes, tokens. */
  least: number;
  /** All frames of a clip as one `video_url` of the type `video/jpeg`. */
  video: boolean;
  /** The server need not be told by the exact name of its model. */
  anyModel: boolean;
  /** Passes requests on to one of several providers. */
  routes: boolean;
}

const COMMON: Rules = {
  schema: true,
  logprobs: true,
  seed: true,
  usage: true,
  limit: 'max_tokens',
  least: 1,
  video: false,
  anyModel: true,
  routes: false,
};

export const RULES: Readonly<Record<Dialect, Rules>> = {
  // https://platform.openai.com/docs/api-reference/chat/create: max_tokens is refused by reasoning models.
  openai: { ...COMMON, limit: 'max_completion_tokens' },
  // vllm/entrypoints/openai/chat_completion/protocol.py (response_format, logprobs, seed; guided_json of older versions
  // and structured_outputs of newer ones mean the same as json_schema, which both take); vllm/multimodal/media/video.py
  // (a data URL of video/jpeg: frames in base64, parted by commas).
  vllm: { ...COMMON, video: true, anyModel: false },
  // python/sglang/srt/entrypoints/openai/protocol.py; its video_url wants a video file; none is made of the frames here.
  sglang: { ...COMMON, anyModel: false },
  // openai/openai.go of ollama/ollama: logprobs and top_logprobs among the fields of ChatCompletionRequest since 0.12.11
  // (versions before leave them unread); images as data URLs only.
  ollama: { ...COMMON, anyModel: false },
  // tools/server/server-common.cpp of ggml-org/llama.cpp, oaicompat_chat_params_parse; it serves what it has loaded.
  llamacpp: COMMON,
  // https://lmstudio.ai/docs/developer/openai-compat/chat-completions: no logprobs in the list of parameters.
  lmstudio: { ...COMMON, logprobs: false },
  // https://openrouter.ai/docs/api-reference/parameters: by model, told by supported_parameters in its list of models.
  openrouter: { ...COMMON, anyModel: false, routes: true },
  other: COMMON,
};

/** What a server turned out not to take, though its dialect says so. */
export type Feature = 'schema' | 'logprobs' | 'seed' | 'usage' | 'limit' | 'short';

/** What providers of OpenAI's Responses API ask for at least; OpenRouter passes requests on to some of them. */
const LEAST_TOKENS = 16;

const NAMED: readonly [Feature, RegExp][] = [
  // "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead."
  ['short', /max_\w*tokens.*(below|minimum|at least|>=)/i],
  // Of its value, which is more often the trouble, servers speak in other words.
  ['limit', /(unsupported|unknown|unrecogni[sz]ed|not (permitted|supported)).*max_(completion_)?tokens/i],
  ['usage', /stream_options|include_usage/i],
  ['logprobs', /logprobs/i],
  ['schema', /response_format|json_schema|structured.?outputs?|guided|grammar|schema/i],
  ['seed', /\bseed\b/i],
];

/** The feature that a refusal (400 or 422) speaks of, so that the request can be made again without it. */
export function featureBlamed(words: string): Feature | undefined {
  return NAMED.find(([, pattern]) => pattern.test(words))?.[0];
}

/** The rules without what the server refused; of the limit's two names the other one. */
export function without(rules: Rules, refused: ReadonlySet<Feature>): Rules {
  const other = rules.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return {
    ...rules,
    schema: rules.schema && !refused.has('schema'),
    logprobs: rules.logprobs && !refused.has('logprobs'),
    seed: rules.seed && !refused.has('seed'),
    usage: rules.usage && !refused.has('usage'),
    limit: refused.has('limit') ? other : rules.limit,
    least: refused.has('short') ? LEAST_TOKENS : rules.least,
  };
}
