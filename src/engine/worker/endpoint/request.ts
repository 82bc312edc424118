import type { ChatMessage, ChatRequest } from '../../../core/chain/chat';
import type { EndpointConfig } from '../../../core/endpoint/config';
import type { Rules } from './dialects';
import type { EncodedFrames, FramePart } from './frames';

type Part = Record<string, unknown>;

/** The most that OpenAI and, unless told otherwise, vLLM give. */
const MOST_LOGPROBS = 20;

/** The body of one request, as this server takes it. What it does not take is left out. */
export async function buildBody(
  request: ChatRequest,
  frames: EncodedFrames,
  { model, frames: way, picture }: EndpointConfig,
  rules: Rules,
): Promise<string> {
  const asVideo = way === 'video' && rules.video;
  const messages = [];
  for (const message of request.messages) {
    const parts = asVideo ? videoParts(message, frames) : imageParts(message, frames, picture);
    messages.push({ role: message.role, content: contentOf(await Promise.all(parts)) });
  }
  const wantsSchema = request.schema !== undefined && rules.schema;
  return JSON.stringify({
    model,
    messages,
    stream: true,
    ...(rules.usage && { stream_options: { include_usage: true } }),
    [rules.limit]: Math.max(rules.least, request.maxTokens),
    temperature: request.temperature,
    ...(request.seed !== undefined && rules.seed && { seed: request.seed }),
    ...(wantsSchema && { response_format: schemaFormat(request.schema!) }),
    ...(request.topLogprobs !== undefined &&
      rules.logprobs && { logprobs: true, top_logprobs: Math.min(request.topLogprobs, MOST_LOGPROBS) }),
    // Else the request may go to a provider that ignores the schema.
    ...(wantsSchema && rules.routes && { provider: { require_parameters: true } }),
  });
}

/** Words alone are a plain string: every server takes that, for every role. */
function contentOf(parts: Part[]): unknown {
  const isPlain = parts.every((part) => part.type === 'text');
  return isPlain ? parts.map((part) => part.text).join('') : parts;
}

function imageParts(
  { content }: ChatMessage,
  frames: EncodedFrames,
  picture: 'jpeg' | 'png',
): Promise<Part>[] {
  return content.map(async (part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : {
          type: 'image_url',
          image_url: { url: `data:image/${picture};base64,${await frames.get(part, picture)}` },
        },
  );
}

/** The frames of a clip stand together where its first one stood; the words keep their order. */
function videoParts({ content }: ChatMessage, frames: EncodedFrames): Promise<Part>[] {
  const isFirst = (part: FramePart) =>
    part === content.find((other) => other.type === 'frame' && other.side === part.side);
  return content
    .filter((part) => part.type === 'text' || isFirst(part))
    .map(async (part) => {
      if (part.type === 'text') return { type: 'text', text: part.text };
      const clip = content.filter(
        (other): other is FramePart => other.type === 'frame' && other.side === part.side,
      );
      const pictures = await Promise.all(clip.map((frame) => frames.get(frame, 'jpeg')));
      return { type: 'video_url', video_url: { url: `data:video/jpeg;base64,${pictures.join(',')}` } };
    });
}

function schemaFormat(schema: Readonly<Record<string, unknown>>): unknown {
  return { type: 'json_schema', json_schema: { name: 'answer', strict: isStrict(schema), schema } };
}

/** OpenAI holds a model strictly to a schema only where every object is closed and all of it is required. */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const { properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (typeof properties === 'object' && properties !== null) {
    const names = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || Object.keys(properties).some((name) => !names.includes(name)))
      return false;
  }
  return Object.values(schema).every(isStrict);
}
