import { load } from '../runtime';

/** The part of transformers.js that is used; this file alone knows the library. */
export interface Tensor {
  readonly dims: number[];
  readonly data: Float32Array | BigInt64Array;
  slice(...ranges: ([number, number] | null)[]): Tensor;
}

export interface Tokenizer {
  (text: string, options: { add_special_tokens: boolean }): { input_ids: Tensor; attention_mask: Tensor };
  chat_template: unknown;
  apply_chat_template(messages: unknown, options: { tokenize: false; add_generation_prompt: true }): string;
  decode(ids: readonly number[], options: { skip_special_tokens: boolean }): string;
}

/** What a vision tower takes, by the names of its inputs. */
export type VisionInputs = Record<string, Tensor>;

export interface ImageProcessor {
  (images: unknown[], options?: { do_image_splitting: boolean }): Promise<Partial<VisionInputs>>;
  do_resize: boolean;
  config: { merge_size?: number };
}

export interface Model {
  config: Record<string, unknown>;
  generation_config?: Record<string, unknown> | null;
  encode_image(inputs: VisionInputs): Promise<Tensor>;
  generate(options: Record<string, unknown>): Promise<Tensor>;
  dispose(): Promise<unknown>;
}

interface Interruption {
  interrupt(): void;
}

interface ListOf<T> {
  push(item: T): void;
}
/** Changes the scores of the next token, `[1, vocabulary]`, in place and gives them back. */
export type ScoresStep = (ids: bigint[][], scores: Tensor) => Tensor;

export interface Library {
  env: {
    allowRemoteModels: boolean;
    useBrowserCache: boolean;
    useFSCache: boolean;
    logLevel: number;
    fetch: (input: unknown) => Promise<never>;
  };
  LogLevel: { NONE: number };
  AutoTokenizer: { from_pretrained(dir: string): Promise<Tokenizer> };
  AutoImageProcessor: { from_pretrained(dir: string): Promise<ImageProcessor> };
  AutoModelForImageTextToText: {
    from_pretrained(dir: string, options: Record<string, unknown>): Promise<Model>;
  };
  RawImage: new (data: Uint8ClampedArray, width: number, height: number, channels: 3) => unknown;
  Tensor: new (type: 'int64', data: bigint[], dims: number[]) => Tensor;
  cat(tensors: Tensor[], dim: number): Tensor;
  InterruptableStoppingCriteria: new () => Interruption;
  LogitsProcessorList: new () => ListOf<ScoresStep>;
}

export const toNumbers = (tensor: Tensor): number[] => Array.from(tensor.data as BigInt64Array, Number);

let library: Library | undefined;

/** transformers.js, loaded at first use, over the worker's own ONNX Runtime and without any way to the network. */
export function loadLibrary(): Library {
  if (library) return library;
  (globalThis as Record<symbol, unknown>)[Symbol.for('aesrm.onnxruntime')] = load();
  const loaded = require('@huggingface/transformers') as Library;
  Object.assign(loaded.env, { allowRemoteModels: false, useBrowserCache: false, useFSCache: false });
  // Its errors print whole tensors; they are told in our own words.
  loaded.env.logLevel = loaded.LogLevel.NONE;
  loaded.env.fetch = (input) => Promise.reject(new Error(`nothing is fetched (${String(input)})`));
  return (library = loaded);
}
