import type { CardMemory } from '../gpu/memory';
import { GRAPHS, type Dtype, type Graph, type Variant, type Variants } from './layout';

/** Where the work is done, as far as the choice of files goes; `card`: a graphics device whose memory is known. */
export type Place = 'processor' | 'graphics' | 'card';

/**
 * Number formats in the order in which they are wanted. A processor computes in float32 and keeps half floats twice;
 * a graphics device is at home with half floats, and takes whole ones rather than four bits where they are known to fit.
 */
const WANTED: Record<Place, readonly Dtype[]> = {
  processor: ['fp32', 'q8', 'int8', 'uint8', 'q4', 'bnb4', 'fp16', 'q4f16'],
  graphics: ['fp16', 'q4f16', 'fp32', 'q4', 'q8', 'int8', 'uint8', 'bnb4'],
  card: ['fp16', 'fp32', 'q4f16', 'q4', 'q8', 'int8', 'uint8', 'bnb4'],
};
/** Memory of a loaded file against its size on disk: the runtime repacks weights. */
const LOADED = 1.3;
/** The same of half floats on a processor, which are turned into whole ones. */
const LOADED_HALF = 2.6;
/** What may be taken of the memory that is free. */
const SHARE = 0.85;

/** Sizes of a model that its use of memory follows from, as config.json names them. */
export interface ModelSizes {
  layers: number;
  hidden: number;
  intermediate: number;
  heads: number;
  kvHeads: number;
  vocabulary: number;
  visionHeads: number;
  visionWidth: number;
}

/** Bytes that an answer takes beside the weights: cache, activations and attention of prompt and frames, in float32. */
export function workBytes(sizes: ModelSizes, tokens: number, patchesOfSlice: number): number {
  const { layers, hidden, intermediate, heads, kvHeads, vocabulary, visionHeads, visionWidth } = sizes;
  const cache = 2 * layers * kvHeads * (hidden / heads) * tokens;
  // Scores and their softmax are alive together.
  const text = 2 * heads * tokens ** 2 + tokens * (4 * hidden + 3 * intermediate) + 2 * vocabulary;
  const vision = 2 * visionHeads * patchesOfSlice ** 2 + 12 * patchesOfSlice * visionWidth;
  return 4 * (2 * cache + Math.max(text, vision));
}

/** The files of one plan, and what they and the work take. */
export interface FileChoice {
  dtypes: Record<Graph, Dtype>;
  bytes: number;
}

/**
 * All sensible choices of one variant per graph, the best first; each needs less memory than the one before.
 * @param work bytes beside the weights, from {@link workBytes}
 */
export function choices(variants: Variants, place: Place, work: number): FileChoice[] {
  const order = WANTED[place];
  const plans: FileChoice[] = [];
  for (const from of order.keys()) {
    const picked = GRAPHS.map((graph) => pick(variants[graph], order.slice(from)));
    if (picked.some((variant) => !variant)) continue;
    const chosen = picked as Variant[];
    const bytes = work + chosen.reduce((sum, variant) => sum + loadedBytes(variant, place), 0);
    const dtypes = Object.fromEntries(GRAPHS.map((graph, i) => [graph, chosen[i]!.dtype]));
    if (plans.length === 0 || bytes < plans.at(-1)!.bytes)
      plans.push({ dtypes: dtypes as Record<Graph, Dtype>, bytes });
  }
  return plans;
}

/** The first wanted format that is there, or the smallest file where none of them is. */
function pick(variants: readonly Variant[], wanted: readonly Dtype[]): Variant | undefined {
  for (const dtype of wanted) {
    const found = variants.find((variant) => variant.dtype === dtype);
    if (found) return found;
  }
  return [...variants].sort((a, b) => a.bytes - b.bytes)[0];
}

function loadedBytes({ dtype, bytes }: Variant, place: Place): number {
  const isHalf = dtype === 'fp16' || dtype === 'q4f16';
  return bytes * (isHalf && place === 'processor' ? LOADED_HALF : LOADED);
}

/**
 * Steps down from a run that was too much for the machine's memory: fewer frames, then also smaller files.
 * `undefined` past the last: nothing is left to try.
 */
export function rung(lean: number): { everySecondFrame: boolean; smallerFiles: boolean } | undefined {
  return lean > 2 ? undefined : { everySecondFrame: lean >= 1, smallerFiles: lean >= 2 };
}

/**
 * The choice for a machine with `free` bytes (undefined: unknown) after `lean` deaths of memory;
 * `short`: the least that would do, where nothing fits.
 */
export function chooseFiles(
  plans: readonly FileChoice[],
  free: number | undefined,
  smallerFiles: boolean,
): { choice: FileChoice } | { short: number } {
  const fitting = plans.filter(({ bytes }) => free === undefined || bytes <= free * SHARE);
  const choice = smallerFiles ? fitting.at(-1) : fitting[0];
  return choice ? { choice } : { short: (plans.at(-1)?.bytes ?? 0) / SHARE };
}

/**
 * The choice for a graphics device. Which of several cards is taken is the runtime's affair: the one with the least memory
 * that holds anything is reckoned with; `free`: of the one with most, where none does. Without cards nothing is known.
 */
export function chooseOnCard(
  variants: Variants,
  work: number,
  cards: readonly CardMemory[],
  smallerFiles: boolean,
): { choice: FileChoice } | { short: number; free: number } {
  const usual = choices(variants, 'graphics', work);
  // Where halves are not there of all graphs, whole floats beside them are worth the memory.
  const more = cards.length === 0 ? [] : choices(variants, 'card', work);
  const plans = [...usual, ...more].sort((a, b) => b.bytes - a.bytes);
  const ascending = cards.map(({ free }) => free).sort((a, b) => a - b);
  let short = 0;
  for (const free of cards.length === 0 ? [undefined] : ascending) {
    const found = chooseFiles(plans, free, smallerFiles);
    if ('choice' in found) return found;
    ({ short } = found);
  }
  return { short, free: ascending.at(-1) ?? 0 };
}
