import { fitFrame, type FrameLimits } from '../../../../core/local/frameSize';
import { plain } from '../../../../core/local/conversation';
import { toNumbers, type ImageProcessor, type Library, type VisionInputs } from '../library';
import {
  isJson,
  joined,
  needNumbers,
  part,
  rawImages,
  sizeIn,
  textPart,
  textSizes,
  type Family,
  type Json,
  type Picture,
  type Sight,
} from './family';
import type { CarrierFrame } from '../../../carrier';

/** Pixels of a frame at most: 256 tokens of a model of two by two patches of 14 pixels. Its own limit may be far higher. */
const MOST_PIXELS = 448 * 448;
const USUAL = { patch: 14, merge: 2, least: 56 * 56 };

export const PAD = '<|image_pad|>';

/** Qwen2-VL: a flat config.json. */
export const qwen2Vl: Family = ({ name, config, preprocessor }) => {
  needNumbers(name, config, 'at its top level', 'num_hidden_layers', 'num_key_value_heads');
  return qwenSight(name, config, { ...config, ...part(config, 'text_config') }, preprocessor);
};

/** Qwen2.5-VL: the same to look at, with a part of config.json for the text. */
export const qwen25Vl: Family = ({ name, config, preprocessor }) =>
  qwenSight(name, config, textPart(name, config), preprocessor);

/** What the Qwen-VL have in common: frames in pairs, of any shape, cut into patches that are merged two by two. */
export function qwenSight(name: string, config: Json, text: Json, preprocessor: Json): Sight {
  // A mark that is missing silently gives wrong positions.
  needNumbers(name, config, 'at its top level', 'image_token_id', 'vision_start_token_id');
  const vision = part(config, 'vision_config');
  const limits = limitsOf(preprocessor);
  return {
    sizes: {
      ...textSizes(name, text),
      visionHeads: sizeIn(name, vision, 'num_heads'),
      visionWidth: sizeIn(name, vision, 'embed_dim', 'hidden_size'),
    },
    patches: limits.most / (limits.factor / 2) ** 2,
    mark: PAD,
    onlyParts: false,
    plain,
    fit: (width, height) => fitFrame(width, height, limits),
    look: async (library, images, _, frames) => {
      const inputs = await patches(library, images, frames);
      return { inputs, words: PAD.repeat(tokensOf(images, inputs)) };
    },
    join: (library, shots) => ({
      pixel_values: joined(library, shots, 'pixel_values', 0),
      image_grid_thw: joined(library, shots, 'image_grid_thw', 0),
    }),
    pieces: slices,
  };
}

/** Two frames make a temporal slice; a last odd one is shown twice. */
export async function patches(
  library: Library,
  images: ImageProcessor,
  frames: readonly CarrierFrame[],
): Promise<Picture['inputs']> {
  const even = frames.length > 1 && frames.length % 2 === 1 ? [...frames, frames.at(-1)!] : frames;
  const { pixel_values, image_grid_thw } = await images(rawImages(library, even));
  return { pixel_values: pixel_values!, image_grid_thw: image_grid_thw! };
}

/** Tokens that a model makes of patches: their grid's, merged. */
export function tokensOf(images: ImageProcessor, { image_grid_thw }: VisionInputs): number {
  const patches = toNumbers(image_grid_thw!).reduce((a, b) => a * b, 1);
  return patches / (images.config.merge_size ?? USUAL.merge) ** 2;
}

/**
 * One temporal slice at a time. Slices do not see each other in the original; exports drop or mix those after the first,
 * and one by one they need a fraction of the memory.
 */
export function* slices(
  library: Library,
  { pixel_values, image_grid_thw }: VisionInputs,
): Generator<VisionInputs> {
  const grid = toNumbers(image_grid_thw!);
  let from = 0;
  for (let row = 0; row < grid.length; row += 3) {
    const [count = 0, height = 0, width = 0] = grid.slice(row, row + 3);
    const shape = new library.Tensor('int64', [1n, BigInt(height), BigInt(width)], [1, 3]);
    for (let i = 0; i < count; i++, from += height * width)
      yield { pixel_values: pixel_values!.slice([from, from + height * width]), image_grid_thw: shape };
  }
}

/** The limits of a frame, from preprocessor_config.json. */
function limitsOf(preprocessor: Json): FrameLimits {
  const size = isJson(preprocessor.size) ? preprocessor.size : {};
  const number = (value: unknown, other: unknown, fallback: number): number =>
    typeof value === 'number' ? value : typeof other === 'number' ? other : fallback;
  const factor =
    number(preprocessor.patch_size, undefined, USUAL.patch) *
    number(preprocessor.merge_size, undefined, USUAL.merge);
  const least = number(preprocessor.min_pixels, size.shortest_edge, USUAL.least);
  const most = number(preprocessor.max_pixels, size.longest_edge, MOST_PIXELS);
  return { factor, least, most: Math.max(least, Math.min(most, MOST_PIXELS)) };
}
