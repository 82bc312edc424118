import { availableMemory } from './free';
import { join } from 'node:path';
import type { CardMemory } from '../../../core/gpu/memory';
import { choices, chooseFiles, chooseOnCard, workBytes, type FileChoice } from '../../../core/local/memory';
import type { Dtype, Graph } from '../../../core/local/layout';
import { variantsOf } from '../../../core/local/layout';
import type { LocalModelRecord } from '../../../core/local/record';
import { problem, ProblemError } from '../../../core/problem';
import type { Device } from '../../../protocol/engine';
import { readFamily } from '../../local/folder';
import { readJson } from '../../local/json';
import type { Log } from '../../ports';
import { devicesToTry, firstLine, sessionOptions } from '../runtime';
import { SIGHTS } from './families';
import type { Sight } from './families/family';
import {
  loadLibrary,
  type ImageProcessor,
  type Library,
  type Model,
  type Tensor,
  type Tokenizer,
  type VisionInputs,
} from './library';
import { templateOf } from './template';
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
  /** The graphics cards that a provider may run on, so far as their memory is known. */
  cards: (provider: string) => Promise<readonly CardMemory[]>;
}

/** A model that is ready to be asked. */
export interface OpenModel {
  library: Library;
  model: Model;
  tokenizer: Tokenizer;
  images: ImageProcessor;
  sight: Sight;
  /** The device and the number formats, in words for a verdict. */
  device: string;
  /** Ends the encoding of frames between two pieces. */
  stopWhen: (signal: AbortSignal | undefined) => void;
}

/** Opens a model on the first device that takes it, in the best number formats that fit into memory. */
export async function openModel(settings: OpenSettings): Promise<OpenModel> {
  const { record, device, log } = settings;
  const { folder, name } = record;
  const { family, config } = await readFamily(folder, name);
  const preprocessor = await readJson(join(folder, 'preprocessor_config.json'), name);
  const sight = SIGHTS[family]({ name, config, preprocessor });
  let last: unknown;
  /** Why no graphics card was taken, where memory is why. */
  let tooSmall = '';
  for (const place of await devicesToTry(device)) {
    try {
      const found = await choose(place.provider, settings, sight);
      if ('tooSmall' in found) {
        tooSmall = ` (not on ${place.provider}: ${found.tooSmall})`;
        log?.(
          'warn',
          `The local model "${record.name}" does not fit on ${place.provider}: ${found.tooSmall}.`,
        );
        continue;
      }
      const opened = await openOn(place, found.choice, settings, sight);
      return place.provider === 'cpu' ? { ...opened, device: `${opened.device}${tooSmall}` } : opened;
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
  choice: FileChoice,
  { record, log, hashOf, signal }: OpenSettings,
  sight: Sight,
): Promise<OpenModel> {
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
    tokenizer.chat_template ??= await templateOf(record);
    const stopWhen = encodeByPieces(library, model, sight, (doubt) =>
      log?.('warn', `The local model "${record.name}" sees less than its original: ${doubt}.`),
    );
    return { library, model, tokenizer, images, sight, device: `${provider}, ${formats}`, stopWhen };
  } finally {
    log?.('debug', `opened or refused by ${provider}`, null);
  }
}

/** The files for a provider, or why no graphics card holds them. */
async function choose(
  provider: string,
  settings: OpenSettings,
  { sizes, patches }: Sight,
): Promise<{ choice: FileChoice } | { tooSmall: string }> {
  const { record, smallerFiles, cards, signal } = settings;
  const variants = variantsOf(record.files);
  const work = workBytes(sizes, USUAL_TOKENS, patches);
  if (provider === 'cpu') return { choice: onProcessor(choices(variants, 'processor', work), settings) };
  const known = await cards(provider);
  signal?.throwIfAborted();
  const found = chooseOnCard(variants, work, known, smallerFiles);
  if ('choice' in found) return found;
  const [needed, most] = [found.short, found.free].map(gigabytes);
  return { tooSmall: `about ${needed} GB of memory are needed there, ${most} GB are free` };
}

/** Throws where its memory does not do. */
function onProcessor(
  plans: readonly FileChoice[],
  { record, smallerFiles, free = availableMemory }: OpenSettings,
): FileChoice {
  const found = chooseFiles(plans, free(), smallerFiles);
  if ('choice' in found) return found.choice;
  throw problem(
    'outOfMemory',
    `The local model "${record.name}" needs about ${gigabytes(found.short)} GB of free memory, ${gigabytes(free())} GB are free.`,
    'Close other programs, or choose a smaller model or smaller files of it (AesRM: Manage Models…).',
  );
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);

function describe(dtypes: Record<Graph, Dtype>): string {
  return [...new Set(Object.values(dtypes))].join(' and ');
}

/** Lets the vision tower see one piece at a time, so that a question can be cancelled between two. */
function encodeByPieces(
  library: Library,
  model: Model,
  sight: Sight,
  onDoubt: (doubt: string) => void,
): (signal: AbortSignal | undefined) => void {
  const encode = model.encode_image.bind(model);
  let stop: AbortSignal | undefined;
  let doubted = false;
  model.encode_image = async (inputs: VisionInputs): Promise<Tensor> => {
    const features: Tensor[] = [];
    for (const piece of sight.pieces(library, inputs)) {
      stop?.throwIfAborted();
      features.push(await encode(piece));
    }
    const doubt = sight.doubt?.(features[0]!.dims.at(-1)!);
    if (doubt !== undefined && !doubted) onDoubt(doubt);
    doubted = true;
    return library.cat(features, 0);
  };
  return (signal) => (stop = signal);
}

/** Whether a runtime's error says that memory could not be had. */
export function isMemory(error: unknown): boolean {
  if (ProblemError.is(error)) return error.problem.code === 'outOfMemory';
  return /bad_?alloc|bad allocation|out of memory|failed to allocate|not enough memory/i.test(String(error));
}
