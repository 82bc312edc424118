import type { Column, ColumnKind } from '../grid';
import { natural, oneLine } from './paths';

const BASE =
  /^(?:base(?:line)?(?:[-_ ]?model)?|pre-?trained|original|untrained|init(?:ial)?|vanilla|no[-_ ]?lora)$/i;
const LAST_WORD = '(?:final|best|ema|last|latest)';
const LAST = new RegExp(`^(?:${LAST_WORD}(?:[-_ ]|$))+(?:model|ckpt|checkpoint|weights)?$`, 'i');
/** "step-2000-ema", "best_step_1200" */
const LAST_PART = new RegExp(`^${LAST_WORD}[-_ .]|[-_ .]${LAST_WORD}$`, 'i');
const WORDS = 'global[-_ ]?steps?|steps?|iterations?|iters?|checkpoints?|ckpts?|epochs?|ep|gs|it';
const NUMBER = '\\d+|\\d+(?:\\.\\d+)?k';
/** "step-100", "ckpt_2", "epoch=3", "step5k", "run1-step100"; the last one of a text counts. */
const LABELLED = new RegExp(`^(.*?[^a-z])??(${WORDS})[-_ =.]?(${NUMBER})$`, 'i');
/** "epoch=3-step=500": steps go through all epochs. */
const STEP_OF_EPOCH = /^ep(?:och)?[-_=]?\d+[-_ ](?:global[-_ ]?)?steps?[-_=]?(\d+)$/i;
/** "200_step" */
const BEHIND = new RegExp(`^(${NUMBER})[-_ ]?(${WORDS})$`, 'i');
const PLAIN = new RegExp(`^(?:${NUMBER})$`, 'i');
const SHORT_STEP = /^s(\d{2,})$/i;
const THOUSANDS = /^\d+(?:\.\d+)?k$/i;
/** Weights that name the folder of their samples. */
export const WEIGHTS = /\.(?:safetensors|ckpt|pth?|bin|gguf)$/i;

/** What a text says about the checkpoint that it names. */
export function columnOf(id: string): Column {
  const text = id.replace(WEIGHTS, '');
  const label = oneLine(id);
  if (BASE.test(text)) return { id, label, kind: 'base' };
  if (LAST.test(text)) return { id, label, kind: 'last' };
  const labelled = LABELLED.exec(text);
  if (labelled && !labelled[1]) return numbered(kindOf(labelled[2]!), numberIn(labelled[3]!), id);
  const step = STEP_OF_EPOCH.exec(text) ?? SHORT_STEP.exec(text);
  if (step) return numbered('step', Number(step[1]), id);
  const behind = BEHIND.exec(text);
  if (behind) return numbered(kindOf(behind[2]!), numberIn(behind[1]!), id);
  if (PLAIN.test(text)) return { id, label, kind: 'step', value: numberIn(text) };
  if (LAST_PART.test(text)) {
    const n = /(\d+)\D*$/.exec(text)?.[1];
    return { id, label, kind: 'last', ...(n === undefined ? {} : { value: Number(n) }) };
  }
  if (labelled) return { id, label, kind: 'name', value: numberIn(labelled[3]!) };
  return { id, label, kind: 'name' };
}

const NUMBERED = /^(.*?)(?<![\d.])(\d+(?:\.\d+)?k?)(\D*)$/i;
/** Numbers behind these are no steps. */
const SETTING =
  /(?:^|[^a-z])(?:cfg|guidance|gs|shift|scale|strength|seed|lr|fps|nfe|rank|alpha|[vpr])[-_ =]?$/i;

/** "1.5k" is 1500. */
function numberIn(text: string): number {
  return THOUSANDS.test(text) ? Math.round(Number(text.slice(0, -1)) * 1000) : Number(text);
}

/**
 * Columns of texts that belong together. What all texts share besides a number says nothing ("run1-step100"); a text
 * that is the start of all others is the end of the run (the weights without a number are its last).
 */
export function columnsOf(values: readonly string[]): Map<string, Column> {
  const columns = new Map(values.map((value) => [value, columnOf(value)]));
  const unnamed = values.find(
    (value) => values.length > 2 && values.every((other) => other === value || isNumberedFrom(value, other)),
  );
  if (unnamed !== undefined && columns.get(unnamed)!.kind === 'name')
    columns.set(unnamed, { id: unnamed, label: oneLine(unnamed), kind: 'last' });
  const numbered = values.filter((value) => value !== unnamed);
  const split = numbered.map((value) => NUMBERED.exec(value));
  const [first] = split;
  const alike =
    numbered.length > 1 && split.every((parts) => parts && parts[1] === first![1] && parts[3] === first![3]);
  if (!alike || (first![1] === '' && first![3] === '') || SETTING.test(first![1]!)) return columns;
  for (const [value, before, number] of split as RegExpExecArray[]) {
    const column = columns.get(value)!;
    const n = numberIn(number!);
    if (column.kind === 'step' || column.kind === 'epoch' || !Number.isInteger(n)) continue;
    const kind = /epoch[^a-z]*$/i.test(before!) ? 'epoch' : 'step';
    const bare = /(?:step|epoch|ckpt|checkpoint|iter)s?[-_ =]?$/i.test(before!);
    columns.set(value, { ...column, kind, value: n, label: bare ? `${kind} ${n}` : column.label });
  }
  return columns;
}

function isNumberedFrom(start: string, text: string): boolean {
  return text.startsWith(start) && /^[-_.]?[a-z]*[-_ =]?\d+$/i.test(text.slice(start.length));
}

/** Whether a text names a checkpoint by a word and a number, or is one of the words for a first or last one. */
export function namesCheckpoint(text: string): boolean {
  return [BASE, LAST, LABELLED, BEHIND, THOUSANDS, STEP_OF_EPOCH].some((pattern) => pattern.test(text));
}

export function stepColumn(value: number): Column {
  return numbered('step', value, `step-${value}`);
}

export function epochColumn(value: number): Column {
  return numbered('epoch', value, `epoch-${value}`);
}

export function lastColumn(id: string): Column {
  return { id, label: id, kind: 'last' };
}

function numbered(kind: ColumnKind, value: number, id: string): Column {
  return { id, label: `${kind} ${value}`, kind, value };
}

function kindOf(word: string): ColumnKind {
  return /^ep/i.test(word) ? 'epoch' : 'step';
}

const ORDER: Record<ColumnKind, number> = { base: 0, step: 1, epoch: 1, name: 2, last: 3 };

/** Base, numbers ascending, names, last. */
export function compareColumns(a: Column, b: Column): number {
  return (
    ORDER[a.kind] - ORDER[b.kind] ||
    (a.kind === 'last' ? lastRank(a) - lastRank(b) : 0) ||
    (a.kind === 'name' ? 0 : (a.value ?? 0) - (b.value ?? 0)) ||
    byDecimals(a.id, b.id) ||
    natural(a.id, b.id)
  );
}

/** Weights that were chosen, then those of the end, then averaged ones. */
function lastRank({ id }: Column): number {
  if (/ema/i.test(id)) return 2;
  return /best/i.test(id) ? 0 : 1;
}

const PARTS = /\d+(?:\.\d+)?(?:e-?\d+)?|\D+/gi;

/** "cfg7.5" before "cfg12", "lr1e-5" before "lr1e-4". */
function byDecimals(a: string, b: string): number {
  const [x, y] = [a.match(PARTS) ?? [], b.match(PARTS) ?? []];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [m, n] = [Number(x[i]), Number(y[i])];
    const order = Number.isNaN(m) || Number.isNaN(n) ? natural(x[i]!, y[i]!) : m - n;
    if (order !== 0) return order;
  }
  return x.length - y.length;
}
