import type { Column, ColumnKind } from '../grid';
import { natural, oneLine } from './paths';

const BASE =
  /^(?:base(?:line)?(?:[-_ ]?model)?|pre-?trained|original|untrained|init(?:ial)?|vanilla|no[-_ ]?lora)$/i;
const LAST = /^(?:(?:final|best|ema|last|latest)(?:[-_ ]|$))+(?:model|ckpt|checkpoint|weights)?$/i;
const WORDS = 'global[-_ ]?steps?|steps?|iterations?|iters?|checkpoints?|ckpts?|epochs?|ep|gs|it';
/** "step-100", "ckpt_2", "epoch=3", "run1-step100"; the last one of a text counts. */
const LABELLED = new RegExp(`^(.*?[^a-z])??(${WORDS})[-_ =.]?(\\d+)$`, 'i');
/** "200_step" */
const BEHIND = new RegExp(`^(\\d+)[-_ ]?(${WORDS})$`, 'i');
const PLAIN = /^(\d+)(k?)$/i;

/** What a text says about the checkpoint that it names. */
export function columnOf(text: string): Column {
  const label = oneLine(text);
  if (BASE.test(text)) return { id: text, label, kind: 'base' };
  if (LAST.test(text)) return { id: text, label, kind: 'last' };
  const labelled = LABELLED.exec(text);
  if (labelled && !labelled[1]) return numbered(kindOf(labelled[2]!), Number(labelled[3]), text);
  const behind = BEHIND.exec(text);
  if (behind) return numbered(kindOf(behind[2]!), Number(behind[1]), text);
  const plain = PLAIN.exec(text);
  if (plain) return { id: text, label, kind: 'step', value: Number(plain[1]) * (plain[2] ? 1000 : 1) };
  if (labelled) return { id: text, label, kind: 'name', value: Number(labelled[3]) };
  return { id: text, label, kind: 'name' };
}

/** Whether a text names a checkpoint by a word and a number, or is one of the words for a first or last one. */
export function namesCheckpoint(text: string): boolean {
  return BASE.test(text) || LAST.test(text) || LABELLED.test(text) || BEHIND.test(text);
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
    (a.kind === 'name' ? 0 : (a.value ?? 0) - (b.value ?? 0)) ||
    natural(a.id, b.id)
  );
}
