import { part, sizeIn, textPart, type Family, type Picture } from './family';
import { PAD, patches, qwenSight, slices, tokensOf } from './qwenVl';

const [START, END] = ['<|vision_start|>', '<|vision_end|>'];

/**
 * Qwen3-VL: each temporal slice of a moving picture is a picture of its own, after the time of its middle. The original
 * does so for videos; that it counts their tokens under another name changes nothing of what the model sees.
 */
export const qwen3Vl: Family = ({ name, config, preprocessor }) => {
  const text = textPart(name, config);
  const sight = qwenSight(name, config, text, preprocessor);
  const hidden = sizeIn(name, text, 'hidden_size');
  const deeper = part(config, 'vision_config').deepstack_visual_indexes;
  return {
    ...sight,
    mark: START + PAD + END,
    look: async (library, images, { frames: shown }, frames): Promise<Picture> => {
      const all = await patches(library, images, frames);
      const each = [...slices(library, all)];
      const inputs = sight.join(library, each);
      const words = each.map((slice, i) => {
        const [first, second = first] = shown.slice(2 * i, 2 * i + 2);
        const stamp = `<${((first!.time + second!.time) / 2).toFixed(1)} seconds>`;
        // Nothing is said of a lone frame but what the prompt says.
        return (frames.length > 1 ? stamp : '') + START + PAD.repeat(tokensOf(images, slice)) + END;
      });
      return { inputs, words: words.join('') };
    },
    doubt: (width) =>
      Array.isArray(deeper) && deeper.length > 0 && width === hidden
        ? "its ONNX files leave out the features of lesser depth (DeepStack) that the original adds to the text's first layers"
        : undefined,
  };
};
