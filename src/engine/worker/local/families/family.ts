import type { Shot } from '../../../../core/local/conversation';
import type { Size } from '../../../../core/local/frameSize';
import type { ModelSizes } from '../../../../core/local/memory';
import type { CarrierFrame } from '../../../carrier';
import { refusedModel } from '../../../local/folder';
import type { ImageProcessor, Library, Tensor, VisionInputs } from '../library';

export type Json = Record<string, unknown>;

/** What a family is told of one model: its name, and the small files that say how it is built. */
export interface ModelFiles {
  name: string;
  /** config.json. */
  config: Json;
  /** preprocessor_config.json. */
  preprocessor: Json;
}

/** One shot as a model sees it, and what stands for it in the prompt. */
export interface Picture {
  inputs: VisionInputs;
  words: string;
}

/** What is to be known of one model beyond the course of a question: how it is shown frames. */
export interface Sight {
  sizes: ModelSizes;
  /** Patches that the vision tower sees at once, at most. */
  patches: number;
  /** What the model's chat template writes for a picture; a picture's words take its place. */
  mark: string;
  /** The template takes nothing but lists of parts; others want words alone as one string. */
  onlyParts: boolean;
  /** A prompt's words without marks of the model's own language. */
  plain: (text: string) => string;
  /** The size in which a frame is shown. */
  fit: (width: number, height: number) => Size;
  /** Prepares frames of that size with the model's own image processor. */
  look: (
    library: Library,
    images: ImageProcessor,
    shot: Shot,
    frames: readonly CarrierFrame[],
  ) => Promise<Picture>;
  /** All shots of a question as the model takes them. */
  join: (library: Library, shots: readonly VisionInputs[]) => VisionInputs;
  /** The parts of these that the vision tower may see one by one, in order: they do not see each other. */
  pieces: (library: Library, inputs: VisionInputs) => Iterable<VisionInputs>;
  /** What is wrong with features of such a width, if something is; a sentence for the log. */
  doubt?: (width: number) => string | undefined;
}

/** Learns how a model is shown frames; refuses one that would silently answer wrongly. */
export type Family = (files: ModelFiles) => Sight;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const part = (config: Json, key: string): Json => (isJson(config[key]) ? config[key] : {});

/** The first positive number under one of these keys. */
export function sizeIn(name: string, from: Json, ...keys: string[]): number {
  const found = keys.map((key) => from[key]).find((value) => typeof value === 'number' && value > 0);
  if (found === undefined) throw refusedModel(name, `"config.json" has no ${keys[0]}.`);
  return found as number;
}

/** The numbers that config.json must name in so many words, as transformers.js looks for them there. */
export function needNumbers(name: string, from: Json, where: string, ...keys: string[]): void {
  for (const key of keys)
    if (typeof from[key] !== 'number') throw refusedModel(name, `"config.json" has no ${key} ${where}.`);
}

/** The part of config.json for the text, of a family whose cache transformers.js sizes by it. */
export function textPart(name: string, config: Json): Json {
  const text = part(config, 'text_config');
  if (typeof text.model_type !== 'string')
    throw refusedModel(name, '"config.json" has no text_config with a model_type.');
  needNumbers(name, text, 'in its text_config', 'num_hidden_layers', 'num_key_value_heads');
  return text;
}

export function textSizes(name: string, text: Json): Omit<ModelSizes, 'visionHeads' | 'visionWidth'> {
  const heads = sizeIn(name, text, 'num_attention_heads');
  return {
    layers: sizeIn(name, text, 'num_hidden_layers'),
    hidden: sizeIn(name, text, 'hidden_size'),
    intermediate: sizeIn(name, text, 'intermediate_size'),
    heads,
    kvHeads: typeof text.num_key_value_heads === 'number' ? text.num_key_value_heads : heads,
    vocabulary: sizeIn(name, text, 'vocab_size'),
  };
}

/** Frames as the library's own pictures. */
export function rawImages(library: Library, frames: readonly CarrierFrame[]): unknown[] {
  return frames.map(
    ({ rgb, width, height }) => new library.RawImage(new Uint8ClampedArray(rgb), width, height, 3),
  );
}

export const joined = (library: Library, shots: readonly VisionInputs[], key: string, dim: number): Tensor =>
  library.cat(
    shots.map((inputs) => inputs[key]!),
    dim,
  );
