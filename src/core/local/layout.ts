/** The graphs of a vision-language model in the Hugging Face layout, under `onnx/`. */
export const GRAPHS = ['embed_tokens', 'vision_encoder', 'decoder_model_merged'] as const;
export type Graph = (typeof GRAPHS)[number];

/** Number formats of weights by what a file's name ends with, as transformers.js names both; the best first. */
const SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;
export type Dtype = keyof typeof SUFFIXES;
export const DTYPES = Object.keys(SUFFIXES) as Dtype[];

export interface SizedFile {
  /** Relative to the model's folder, with `/`. */
  path: string;
  bytes: number;
}

/** One graph in one number format: its file first, then the files of weights beside it. */
export interface Variant {
  dtype: Dtype;
  files: SizedFile[];
  bytes: number;
}

export type Variants = Record<Graph, Variant[]>;

/** Files that a model is read by, beside its graphs; those in the first list must be there. */
export const NEEDED_FILES = [
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
] as const;
export const OPTIONAL_FILES = [
  'generation_config.json',
  'chat_template.jinja',
  'chat_template.json',
  'LICENSE',
  'README.md',
] as const;

/** The variants of each graph among a folder's files. */
export function variantsOf(files: readonly SizedFile[]): Variants {
  const found = (graph: Graph) => DTYPES.flatMap((dtype) => variant(files, graph, dtype) ?? []);
  return Object.fromEntries(GRAPHS.map((graph) => [graph, found(graph)])) as Variants;
}

function variant(files: readonly SizedFile[], graph: Graph, dtype: Dtype): Variant | undefined {
  const name = `onnx/${graph}${SUFFIXES[dtype]}.onnx`;
  const main = files.find(({ path }) => path === name);
  if (!main) return undefined;
  const weights = files
    .filter(({ path }) => path.startsWith(`${name}_data`) && /^(_\d+)?$/.test(path.slice(name.length + 5)))
    .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
  const all = [main, ...weights];
  return { dtype, files: all, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What a folder lacks to be a model that can be run; empty where it lacks nothing. */
export function missingFrom(files: readonly SizedFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const variants = variantsOf(files);
  const graphs = GRAPHS.filter((graph) => variants[graph].length === 0).map((graph) => `onnx/${graph}.onnx`);
  return [...NEEDED_FILES.filter((name) => !paths.has(name)), ...graphs];
}
