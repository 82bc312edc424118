import assert from 'node:assert/strict';
import { missingFrom, variantsOf, type SizedFile } from '../../../../src/core/local/layout';
import { choices, chooseFiles, chooseOnCard, rung, workBytes } from '../../../../src/core/local/memory';

const GB = 1e9;
const file = (path: string, bytes: number): SizedFile => ({ path, bytes });

/** Sizes as of a model of two billion parameters. */
const FILES = [
  ...['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'].map((p) =>
    file(p, 1000),
  ),
  file('onnx/embed_tokens.onnx', 0.9 * GB),
  file('onnx/embed_tokens_fp16.onnx', 0.45 * GB),
  file('onnx/vision_encoder.onnx', 1e6),
  file('onnx/vision_encoder.onnx_data', 2.6 * GB),
  file('onnx/vision_encoder_fp16.onnx', 1.3 * GB),
  file('onnx/vision_encoder_q4.onnx', 0.4 * GB),
  file('onnx/decoder_model_merged.onnx', 1e6),
  file('onnx/decoder_model_merged.onnx_data', 2 * GB),
  file('onnx/decoder_model_merged.onnx_data_1', 4 * GB),
  file('onnx/decoder_model_merged_q4.onnx', GB),
  file('onnx/decoder_model_merged_q4f16.onnx', 0.9 * GB),
  file('onnx/decoder_model_merged_q4.onnx.bak', GB),
];
const SIZES = {
  ...{ layers: 28, hidden: 1536, intermediate: 8960, heads: 12, kvHeads: 2, vocabulary: 151936 },
  ...{ visionHeads: 16, visionWidth: 1280 },
};

describe('the files of a local model', () => {
  it('are told by graph and number format, with the weights beside them', () => {
    const variants = variantsOf(FILES);
    const [whole, ...others] = variants.decoder_model_merged;
    assert.equal(whole!.dtype, 'fp32');
    assert.equal(whole!.bytes, 6 * GB + 1e6);
    assert.equal(whole!.files.length, 3);
    assert.deepEqual(
      others.map(({ dtype }) => dtype),
      ['q4', 'q4f16'],
    );
    assert.deepEqual(missingFrom(FILES), []);
    const without = FILES.filter(({ path }) => !/vision|tokenizer\.json/.test(path));
    assert.deepEqual(missingFrom(without), ['tokenizer.json', 'onnx/vision_encoder.onnx']);
  });

  it('are chosen the best first, each choice needing less memory than the one before', () => {
    for (const place of ['processor', 'graphics'] as const) {
      const plans = choices(variantsOf(FILES), place, GB);
      assert.ok(plans.length >= 2);
      plans.slice(1).forEach(({ bytes }, i) => assert.ok(bytes < plans[i]!.bytes));
    }
    const [onProcessor] = choices(variantsOf(FILES), 'processor', 0);
    assert.deepEqual(onProcessor!.dtypes, {
      embed_tokens: 'fp32',
      vision_encoder: 'fp32',
      decoder_model_merged: 'fp32',
    });
    const [onGraphics] = choices(variantsOf(FILES), 'graphics', 0);
    assert.deepEqual(onGraphics!.dtypes, {
      embed_tokens: 'fp16',
      vision_encoder: 'fp16',
      decoder_model_merged: 'q4f16',
    });
  });

  it('fit into the memory that is free, or it is said how much is short', () => {
    const plans = choices(variantsOf(FILES), 'processor', GB);
    const at = (free: number | undefined, smaller = false) => chooseFiles(plans, free, smaller);
    assert.deepEqual(at(32 * GB), { choice: plans[0] });
    assert.deepEqual(at(undefined), { choice: plans[0] });
    assert.deepEqual(at(32 * GB, true), { choice: plans.at(-1) });
    assert.deepEqual(at(8 * GB), { choice: plans.at(-1) });
    const none = at(GB);
    assert.ok('short' in none && none.short > plans.at(-1)!.bytes);
    for (const free of [2, 4, 8, 16, 24].map((n) => n * GB)) {
      const found = at(free);
      if ('choice' in found) assert.ok(found.choice.bytes <= free);
    }
  });

  it('on a graphics card are the best that its free memory holds', () => {
    const variants = variantsOf(FILES);
    const card = (free: number) => ({ total: 24 * GB, free: free * GB });
    const at = (...free: number[]) => {
      const found = chooseOnCard(variants, GB, free.map(card), false);
      return 'choice' in found ? Object.values(found.choice.dtypes).join() : found;
    };
    const halves = 'fp16,fp16,q4f16';
    // Files take 1.3 times their size, work 1 GB, and of what is free 0.85 are taken.
    assert.equal(at(24), 'fp16,fp16,fp32');
    assert.equal(at(13), halves);
    assert.equal(at(5.3), halves);
    assert.equal(at(5), 'fp16,q4,q4');
    assert.deepEqual(at(), halves, 'where nothing is known, the halves');
    const none = at(2);
    assert.ok(typeof none === 'object' && none.short > 3 * GB && none.free === 2 * GB);
    assert.equal(at(24, 5), 'fp16,q4,q4', 'of two cards that with less memory');
    assert.equal(at(6, 2), halves, 'unless it holds nothing');
    const both = at(1, 2);
    assert.ok(typeof both === 'object' && both.free === 2 * GB);
    const smaller = chooseOnCard(variants, GB, [card(24)], true);
    assert.ok('choice' in smaller && smaller.choice.dtypes.vision_encoder === 'q4');
  });

  it('on a card are whole floats rather than four bits, where there are no halves and they are known to fit', () => {
    const variants = variantsOf(
      ['embed_tokens', 'vision_encoder', 'decoder_model_merged'].flatMap((graph) => [
        file(`onnx/${graph}.onnx`, 4 * GB),
        file(`onnx/${graph}_q4f16.onnx`, GB),
      ]),
    );
    const at = (...free: number[]) => {
      const cards = free.map((n) => ({ total: 24 * GB, free: n * GB }));
      const found = chooseOnCard(variants, GB, cards, false);
      return 'choice' in found && found.choice.dtypes.decoder_model_merged;
    };
    assert.deepEqual([at(24), at(12), at()], ['fp32', 'q4f16', 'q4f16']);
  });

  it('need more memory for more tokens and larger frames', () => {
    const least = workBytes(SIZES, 1000, 256);
    assert.ok(workBytes(SIZES, 4000, 256) > 4 * least);
    assert.ok(workBytes(SIZES, 1000, 4096) > least);
    // Some gigabytes at most with the usual prompt: weights, not work, decide.
    assert.ok(workBytes(SIZES, 4096, 1024) < 4 * GB);
  });

  it('are given up step by step', () => {
    assert.deepEqual(rung(0), { everySecondFrame: false, smallerFiles: false });
    assert.deepEqual(rung(1), { everySecondFrame: true, smallerFiles: false });
    assert.deepEqual(rung(2), { everySecondFrame: true, smallerFiles: true });
    assert.equal(rung(3), undefined);
  });
});
