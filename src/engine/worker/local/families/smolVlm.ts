import { plain } from '../../../../core/local/conversation';
import { numberWord } from '../../../../core/local/numberWord';
import { refusedModel } from '../../../local/folder';
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
} from './family';

const IMAGE = '<image>';
const AROUND = '<fake_token_around_image>';
/** What config.json may leave out, as the original fills it in. */
const USUAL_TEXT = { num_attention_heads: 32 };
const USUAL_VISION = { hidden_size: 1152, num_attention_heads: 16 };
/** Marks that are no `<|...|>`. */
const MARKS = /<((?:image|video|fake_token_around_image|global-img|row_\d+_col_\d+|end_of_utterance)>)/g;

/** SmolVLM and Idefics3, on which it is built: each frame a square of one size, not cut up, as the original does with videos. */
export const smolVlm: Family = ({ name, config, preprocessor }) => {
  if (typeof config.image_token_index !== 'number')
    needNumbers(name, config, 'at its top level', 'image_token_id');
  const text = { ...USUAL_TEXT, ...textPart(name, config) };
  const vision = { ...USUAL_VISION, ...part(config, 'vision_config') };
  const side = sideOf(name, preprocessor);
  const patches = Math.floor(side / sizeIn(name, vision, 'patch_size')) ** 2;
  const tokens = patches / sizeIn(name, config, 'scale_factor') ** 2;
  if (!Number.isInteger(tokens))
    throw refusedModel(name, `${patches} patches of a frame cannot be merged by its scale_factor.`);
  const words = AROUND + '<global-img>' + IMAGE.repeat(tokens) + AROUND;
  return {
    sizes: {
      ...textSizes(name, text),
      visionHeads: sizeIn(name, vision, 'num_attention_heads'),
      visionWidth: sizeIn(name, vision, 'hidden_size'),
    },
    patches,
    mark: IMAGE,
    onlyParts: true,
    plain: (said) => plain(said).replace(MARKS, '< $1'),
    fit: () => ({ width: side, height: side }),
    look: async (library, images, shot, frames) => {
      // It would scale a frame up only to scale it down to what it is.
      images.do_resize = false;
      const seen = await images(rawImages(library, frames), { do_image_splitting: false });
      const { pixel_values, pixel_attention_mask } = seen;
      return {
        inputs: { pixel_values: pixel_values!, pixel_attention_mask: pixel_attention_mask! },
        words: frames.length === 1 ? words : asVideo(shot.frames, words),
      };
    },
    join: (library, shots) => ({
      pixel_values: joined(library, shots, 'pixel_values', 1),
      pixel_attention_mask: joined(library, shots, 'pixel_attention_mask', 1),
    }),
    *pieces(_, { pixel_values, pixel_attention_mask }) {
      for (let i = 0; i < pixel_values!.dims[1]!; i++)
        yield {
          pixel_values: pixel_values!.slice(null, [i, i + 1]),
          pixel_attention_mask: pixel_attention_mask!.slice(null, [i, i + 1]),
        };
    },
  };
};

/** The words with which the original shows a video; its length is the last frame's time, as there where it is not known. */
function asVideo(frames: readonly { time: number }[], words: string): string {
  const last = Math.floor(frames.at(-1)!.time);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(last / 60);
  const length = `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(last % 60)}`;
  const each = frames.map(
    ({ time }) => `\nFrame from ${two(Math.floor(time / 60))}:${two(Math.floor(time % 60))}:${words}`,
  );
  const intro = `You are provided the following series of ${numberWord(frames.length)} frames from a ${length} [H:MM:SS] video.\n`;
  return `${intro}${each.join('')}\n\n`;
}

/** Pixels along a side of the square that every frame becomes. */
function sideOf(name: string, preprocessor: Json): number {
  const most = isJson(preprocessor.max_image_size) ? preprocessor.max_image_size.longest_edge : undefined;
  if (typeof most !== 'number' || most <= 0)
    throw refusedModel(name, '"preprocessor_config.json" has no max_image_size with a longest_edge.');
  return most;
}
