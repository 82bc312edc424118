import type { Dialect } from '../../src/core/endpoint/config';

/*
 * What each server takes and answers, as its source or documentation says. None of these servers was run here: each is
 * unverified against the real one, and "documented" where there was no source to read.
 *
 * - openai (documented): https://platform.openai.com/docs/api-reference/chat/create and .../chat-streaming
 * - vllm: vllm-project/vllm, vllm/entrypoints/openai/chat_completion/protocol.py, .../serving.py (events and errors
 *   inside a stream), vllm/multimodal/media/video.py (video/jpeg)
 * - sglang: sgl-project/sglang, python/sglang/srt/entrypoints/openai/protocol.py and serving_chat.py
 * - ollama: ollama/ollama, openai/openai.go
 * - llamacpp: ggml-org/llama.cpp, tools/server/server-common.cpp (oaicompat_chat_params_parse)
 * - lmstudio (documented): lmstudio-ai/docs, 1_developer/3_openai-compat/chat-completions.md, structured-output.md
 * - openrouter (documented): https://openrouter.ai/docs/api/reference/streaming, .../parameters, .../overview
 * - other: what sse-starlette writes, with CRLF and comments as pings
 */

export interface BodyPart {
  type: string;
  text?: string;
  image_url?: { url: string };
  video_url?: { url: string };
}

export interface Body {
  model: string;
  messages: { role: string; content: string | BodyPart[] }[];
  stream?: boolean;
  stream_options?: { include_usage: boolean };
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  seed?: number;
  response_format?: { type: string; json_schema: { name: string; strict: boolean; schema: unknown } };
  logprobs?: boolean;
  top_logprobs?: number;
  provider?: unknown;
}

export function modelList(dialect: Dialect, model: string): unknown {
  const owner: Record<Dialect, string> = {
    openai: 'system',
    vllm: 'vllm',
    sglang: 'sglang',
    ollama: 'library',
    llamacpp: 'llamacpp',
    lmstudio: 'organization_owner',
    openrouter: 'qwen',
    other: 'someone',
  };
  const extra =
    dialect === 'openrouter'
      ? {
          supported_parameters: [
            'max_tokens',
            'temperature',
            'seed',
            'structured_outputs',
            'response_format',
          ],
        }
      : {};
  const data = [{ id: model, object: 'model', created: 1, owned_by: owner[dialect], ...extra }];
  return { object: 'list', data };
}

const bad = (message: string) => ({
  status: 400,
  body: { error: { message, type: 'invalid_request_error', param: null, code: 400 } },
});

/** As the server's own checks would answer; undefined where it takes the request. */
export function refusalOf(
  dialect: Dialect,
  body: Body,
  model: string,
): { status: number; body: unknown } | undefined {
  if (body.model !== model && dialect !== 'llamacpp') {
    const message = `The model \`${body.model}\` does not exist.`;
    if (dialect === 'sglang')
      return { status: 404, body: { object: 'error', message, type: 'NotFound', code: 404 } };
    return { status: 404, body: { error: { message, type: 'NotFoundError', param: 'model', code: 404 } } };
  }
  if (body.top_logprobs !== undefined && body.logprobs !== true)
    return bad('top_logprobs requires logprobs to be set to true');
  if (dialect === 'openai' && body.max_tokens !== undefined)
    return bad("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
  for (const { content } of body.messages)
    for (const part of typeof content === 'string' ? [] : content) {
      const wrong = wrongPart(dialect, part);
      if (wrong !== undefined) return bad(wrong);
    }
  return undefined;
}

const IMAGE = /^data:image\/(jpeg|jpg|png|webp);base64,[A-Za-z0-9+/]+=*$/;
const FRAMES = /^data:video\/jpeg;base64,[A-Za-z0-9+/]+=*(,[A-Za-z0-9+/]+=*)*$/;

function wrongPart(
  dialect: Dialect,
  { type, text, image_url: image, video_url: video }: BodyPart,
): string | undefined {
  if (type === 'text') return typeof text === 'string' ? undefined : 'invalid message format';
  if (type === 'image_url') return image && IMAGE.test(image.url) ? undefined : 'invalid image input';
  if (type === 'video_url' && dialect === 'vllm')
    return video && FRAMES.test(video.url) ? undefined : 'invalid video input';
  return 'unsupported content[].type';
}

/** The answer in events of a few characters each, and what follows them. */
export function chunksOf(dialect: Dialect, body: Body, answer: string): { events: string[]; end: string } {
  const eol = dialect === 'other' ? '\r\n' : '\n';
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: body.model };
  const wantsUsage = body.stream_options?.include_usage === true;
  const event = (value: object) => `data: ${JSON.stringify({ ...head, ...value })}${eol}${eol}`;
  const choice = (delta: object, finish: string | null, more: object = {}) =>
    event({
      choices: [{ index: 0, delta, finish_reason: finish, ...own(dialect), ...more }],
      ...(dialect === 'openai' && wantsUsage ? { usage: null } : {}),
    });
  const pieces = [...answer].reduce<string[]>((all, c, i) => {
    if (i % 5 === 0) all.push('');
    all[all.length - 1] += c;
    return all;
  }, []);
  const limit = body.max_tokens ?? body.max_completion_tokens ?? Infinity;
  const given = pieces.slice(0, limit);
  const events = [choice({ role: 'assistant', content: '' }, null)];
  for (const piece of given) events.push(choice({ content: piece }, null, logprobsOf(dialect, body, piece)));
  events.push(
    choice(dialect === 'openai' ? {} : { content: '' }, given.length < pieces.length ? 'length' : 'stop'),
  );
  const usage = {
    prompt_tokens: 1000 + body.messages.length,
    completion_tokens: given.length,
    total_tokens: 0,
  };
  if (wantsUsage || dialect === 'openrouter') events.push(event({ choices: [], usage }));
  if (dialect === 'openrouter') events.splice(1, 0, ': OPENROUTER PROCESSING\n\n');
  if (dialect === 'other') events.splice(1, 0, ': ping - 2025-01-01\r\n\r\n');
  return { events, end: `data: [DONE]${eol}${eol}` };
}

function own(dialect: Dialect): object {
  if (dialect === 'vllm') return { logprobs: null, stop_reason: null, token_ids: null };
  if (dialect === 'sglang') return { logprobs: null, matched_stop: null };
  if (dialect === 'openrouter') return { native_finish_reason: null };
  return {};
}

function logprobsOf(dialect: Dialect, body: Body, token: string): object {
  if (!body.logprobs || dialect === 'lmstudio') return {};
  const bytes = [...Buffer.from(token)];
  // The likeliest tokens; the one that was taken need not be among them.
  const top = [
    { token: 'B', bytes: [66], logprob: -0.5 },
    { token: 'A', bytes: [65], logprob: -1 },
  ];
  return {
    logprobs: { content: [{ token, bytes, logprob: -2, top_logprobs: top.slice(0, body.top_logprobs) }] },
  };
}
