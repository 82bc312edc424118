import type { FrameLimits } from '../../../core/local/frameSize';
import type { ModelSizes } from '../../../core/local/memory';
import { refusedModel } from '../../local/folder';

/** Pixels of a frame at most: 256 tokens of a model of two by two patches of 14 pixels. Its own limit may be far higher. */
const MOST_PIXELS = 448 * 448;
const QWEN = { patch: 14, merge: 2, least: 56 * 56 };

type Json = Record<string, unknown>;

/** What config.json says of a Qwen model's sizes, flat or with a part for the text. */
export function sizesOf(name: string, config: Json): ModelSizes {
  const text = { ...config, ...(isJson(config.text_config) ? config.text_config : {}) };
  const vision = isJson(config.vision_config) ? config.vision_config : {};
  const size = (from: Json, ...keys: string[]): number => {
    const found = keys.map((key) => from[key]).find((value) => typeof value === 'number' && value > 0);
    if (found === undefined) throw refusedModel(name, `"config.json" has no ${keys[0]}.`);
    return found as number;
  };
  const heads = size(text, 'num_attention_heads');
  return {
    layers: size(text, 'num_hidden_layers'),
    hidden: size(text, 'hidden_size'),
    intermediate: size(text, 'intermediate_size'),
    heads,
    kvHeads: typeof text.num_key_value_heads === 'number' ? text.num_key_value_heads : heads,
    vocabulary: size(text, 'vocab_size'),
    visionHeads: size(vision, 'num_heads'),
    visionWidth: size(vision, 'embed_dim', 'hidden_size'),
  };
}

/** The limits of a frame, from preprocessor_config.json. */
export function limitsOf(preprocessor: Json): FrameLimits {
  const size = isJson(preprocessor.size) ? preprocessor.size : {};
  const number = (value: unknown, other: unknown, fallback: number): number =>
    typeof value === 'number' ? value : typeof other === 'number' ? other : fallback;
  const factor =
    number(preprocessor.patch_size, undefined, QWEN.patch) *
    number(preprocessor.merge_size, undefined, QWEN.merge);
  const least = number(preprocessor.min_pixels, size.shortest_edge, QWEN.least);
  const most = number(preprocessor.max_pixels, size.longest_edge, MOST_PIXELS);
  return { factor, least, most: Math.max(least, Math.min(most, MOST_PIXELS)) };
}

/** Refuses what silently gives wrong answers: marks that the model needs and config.json does not name. */
export function refuseUnmarked(name: string, config: Json): void {
  for (const key of ['image_token_id', 'vision_start_token_id', 'num_hidden_layers', 'num_key_value_heads'])
    if (typeof config[key] !== 'number')
      throw refusedModel(name, `"config.json" has no ${key} at its top level.`);
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
