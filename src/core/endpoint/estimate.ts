import type { EndpointConfig } from './config';

/** What one pair asks of a carrier. */
export interface PairLoad {
  /** Requests for one pair: orders times samples. */
  requests: number;
  /** Frames in one request, of both clips. */
  frames: number;
  /** Size of a frame as it is sent, in pixels. */
  width: number;
  height: number;
  /** Characters of all words of one request. */
  promptCharacters: number;
  /** Tokens of one answer, as they are expected or were counted before. */
  answerTokens: number;
}

export interface RequestEstimate {
  requests: number;
  frames: number;
  tokens: { prompt: number; completion: number };
  /** Pictures as they leave, roughly: JPEG in base64. */
  bytes: number;
  /** In the currency of the setting; absent unless every endpoint has a price. */
  cost?: number;
}

/**
 * A picture is about one token for 28 by 28 pixels: so it is in Qwen2-VL and Qwen2.5-VL (patches of 14, two by two in
 * one token); other models differ, some take a fixed number for each picture.
 */
const PIXELS_PER_TOKEN = 28 * 28;
/** English prose; JSON and other languages take more tokens. */
const CHARACTERS_PER_TOKEN = 4;
/** A JPEG of moderate quality in base64. */
const BYTES_PER_PIXEL = 0.3;

/** What a run of `pairs` pairs will ask for, before it begins; retries are not in it. */
export function estimateRequests(
  pairs: number,
  load: PairLoad,
  endpoints: readonly EndpointConfig[],
): RequestEstimate {
  const requests = pairs * load.requests;
  const frames = requests * load.frames;
  const pixels = load.width * load.height;
  const framePrompt = load.frames * Math.ceil(pixels / PIXELS_PER_TOKEN);
  const words = Math.ceil(load.promptCharacters / CHARACTERS_PER_TOKEN);
  const tokens = { prompt: requests * (framePrompt + words), completion: requests * load.answerTokens };
  const cost = costOf(tokens, endpoints);
  return {
    requests,
    frames,
    tokens,
    bytes: Math.round(frames * pixels * BYTES_PER_PIXEL),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** Each endpoint takes its share by weight. */
function costOf(
  tokens: { prompt: number; completion: number },
  endpoints: readonly EndpointConfig[],
): number | undefined {
  const weights = endpoints.reduce((sum, { weight }) => sum + weight, 0);
  let cost = 0;
  for (const { price, weight } of endpoints) {
    if (!price) return undefined;
    const share = weight / weights / 1e6;
    cost += share * (tokens.prompt * price.prompt + tokens.completion * price.completion);
  }
  return endpoints.length === 0 ? undefined : cost;
}
