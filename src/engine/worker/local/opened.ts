import { availableMemory } from './free';
import { join } from 'node:path';
import {
  choices,
  chooseFiles,
  workBytes,
  type FileChoice,
  type ModelSizes,
} from '../../../core/local/memory';
import type { Dtype, Graph } from '../../../core/local/layout';
import { variantsOf } from '../../../core/local/layout';
import type { LocalModelRecord } from '../../../core/local/record';
import type { FrameLimits } from '../../../core/local/frameSize';
import { problem, ProblemError } from '../../../core/problem';
import type { Device } from '../../../protocol/engine';
import { readFamily } from '../../local/folder';
import { readJson } from '../../local/json';
import type { Log } from '../../ports';
import { devicesToTry, firstLine, sessionOptions } from '../runtime';
import {
  loadLibrary,
  type ImageInputs,
  type ImageProcessor,
  type Library,
  type Model,
  type Tensor,
  type Tokenizer,
} from './library';
import { limitsOf, refuseUnmarked, sizesOf } from './sizes';
import { verify, type HashOf } from './verified';

/** Tokens of a prompt and its answer that are reckoned with before the first one is known. */
const USUAL_TOKENS = 4096;

export interface OpenSettings {
  record: LocalModelRecord;
  device: Device;
  /** Without the formats that fitted best: the machine's memory did not do for them. */
  smallerFiles: boolean;
  hashOf: HashOf;
  log?: Log | undefined;
  signal?: AbortSignal | undefined;
  /** Bytes free for a model on the processor; asked of the system unless told. */
  free?: (() => number) | undefined;
}

/** A model that is ready to be asked. */
export interface OpenModel {
  library: Library;
  model: Model;
  tokenizer: Tokenizer;
  images: ImageProcessor;
  limits: FrameLimits;
  /** The device and the number formats, in words for a verdict. */
  device: string;
  /** Ends the encoding of frames between two slices. */
  stopWhen: (signal: AbortSignal | undefined) => void;
}

/** Opens a model on the first device that takes it, in the best number formats that fit into memory. */
export async function openModel(settings: OpenSettings): Promise<OpenModel> {
  const { record, device, log } = settings;
  const { config } = await readFamily(record.folder, record.name);
  refuseUnmarked(record.name, config);
  const sizes = sizesOf(record.name, config);
  const limits = limitsOf(await readJson(join(record.folder, 'preprocessor_config.json'), record.name));
  let last: unknown;
  for (const place of await devicesToTry(device)) {
    try {
      return await openOn(place, settings, sizes, limits);
    } catch (error) {
      if (ProblemError.is(error) && error.problem.code !== 'runtime') throw error;
      log?.(
        'warn',
        `The local model "${record.name}" does not run on ${place.provider}: ${firstLine(error)}.`,
      );
      last = error;
    }
  }
  if (isMemory(last)) throw last;
  throw problem('runtime', `The local model "${record.name}" could not be loaded: ${firstLine(last)}.`);
}

async function openOn(
  { provider, name }: { provider: string; name: string },
  settings: OpenSettings,
  sizes: ModelSizes,
  limits: FrameLimits,
): Promise<OpenModel> {
  const { record, log, hashOf, signal } = settings;
  const choice = choose(provider === 'cpu', settings, sizes, limits);
  await verify(record, choice.dtypes, hashOf, signal);
  signal?.throwIfAborted();
  const library = loadLibrary();
  const formats = describe(choice.dtypes);
  log?.('debug', `opening ${record.name} on ${provider}: ${formats}`, provider);
  try {
    const [tokenizer, images, model] = await Promise.all([
      library.AutoTokenizer.from_pretrained(record.folder),
      library.AutoImageProcessor.from_pretrained(record.folder),
      library.AutoModelForImageTextToText.from_pretrained(record.folder, {
        device: name,
        dtype: choice.dtypes,
        session_options: sessionOptions(),
      }),
    ]);
    const stopWhen = encodeBySlices(library, model);
    return { library, model, tokenizer, images, limits, device: `${provider}, ${formats}`, stopWhen };
  } finally {
    log?.('debug', `opened or refused by ${provider}`, null);
  }
}

function choose(
  isProcessor: boolean,
  { record, smallerFiles, free = availableMemory }: OpenSettings,
  sizes: ModelSizes,
  limits: FrameLimits,
): FileChoice {
  const patches = limits.most / (limits.factor / 2) ** 2;
  const work = workBytes(sizes, USUAL_TOKENS, patches);
  const plans = choices(variantsOf(record.files), isProcessor ? 'processor' : 'graphics', work);
  const found = chooseFiles(plans, isProcessor ? free() : undefined, smallerFiles);
  if ('choice' in found) return found.choice;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw problem(
    'outOfMemory',
    `The local model "${record.name}" needs about ${gigabytes(found.short)} GB of free memory, ${gigabytes(free())} GB are free.`,
    'Close other programs, or choose a smaller model or smaller files of it (AesRM: Manage Models…).',
  );
}

function describe(dtypes: Record<Graph, Dtype>): string {
  return [...new Set(Object.values(dtypes))].join(' and ');
}

/**
 * Lets the vision tower see one temporal slice at a time. Slices do not see each other in the original; exports drop or
 * mix those after the first, and one by one they need a fraction of the memory.
 */
function encodeBySlices(library: Library, model: Model): (signal: AbortSignal | undefined) => void {
  const encode = model.encode_image.bind(model);
  let stop: AbortSignal | undefined;
  model.encode_image = async ({ pixel_values, image_grid_thw }: ImageInputs): Promise<Tensor> => {
    const grid = Array.from(image_grid_thw.data as BigInt64Array, Number);
    const features: Tensor[] = [];
    let from = 0;
    for (let row = 0; row < grid.length; row += 3) {
      const [slices = 0, height = 0, width = 0] = grid.slice(row, row + 3);
      const shape = new library.Tensor('int64', [1n, BigInt(height), BigInt(width)], [1, 3]);
      for (let i = 0; i < slices; i++, from += height * width) {
        stop?.throwIfAborted();
        const patches = pixel_values.slice([from, from + height * width]);
        features.push(await encode({ pixel_values: patches, image_grid_thw: shape }));
      }
    }
    return library.cat(features, 0);
  };
  return (signal) => (stop = signal);
}

/** Whether a runtime's error says that memory could not be had. */
export function isMemory(error: unknown): boolean {
  if (ProblemError.is(error)) return error.problem.code === 'outOfMemory';
  return /bad_?alloc|bad allocation|out of memory|failed to allocate|not enough memory/i.test(String(error));
}
