import { arr, num, obj, optional, str } from './decode';
import { conceptNumbers, type ConceptClass, type ConceptLevel, type ModelConcepts } from './modelManifest';

/**
 * One thing that a judge is sure enough of to say about a clip. It is the judge's word, not a measurement:
 * how often that word was right goes with it.
 */
export interface SaidConcept {
  /** `light_key`, `saturation`: the model's own name for it. */
  id: string;
  /** The class's value; of a level `low` or `high`. */
  value: string;
  /** Of a class: the judge's probability of that value. */
  p?: number;
  /** Of a class: share of clips with known values that were named rightly, and what naming the commonest gets. */
  accuracy?: number;
  chance?: number;
  /** Of a level: the amount, in the model's own unit. */
  amount?: number;
  /** Of a level: rank correlation with known amounts. */
  rho?: number;
}

/** What a judge says of both clips, in the order of its model's concepts. */
export interface PairConcepts {
  A: SaidConcept[];
  B: SaidConcept[];
}

/** When a concept is said at all. */
export const SAID = {
  /** Least probability of a class's value. */
  probability: 0.6,
  /** A class must have been named rightly more often than by chance by at least this share. */
  aboveChance: 0.1,
  /** Least rank correlation of a level with known amounts. */
  rho: 0.5,
} as const;

/** Largest distance of a class's probabilities from a sum of 1. */
const SUM_TOLERANCE = 1e-2;

/** Where each class's probabilities and each level's number stand in an encoding. */
function partsOf(encoding: ArrayLike<number>, concepts: ModelConcepts) {
  const tail = Array.from(encoding).slice(concepts.from);
  let at = 0;
  const classes = concepts.classes.map((concept) => ({
    concept,
    p: tail.slice(at, (at += concept.values.length)),
  }));
  const levels = concepts.levels.map((concept) => ({ concept, amount: tail[at++] ?? NaN }));
  return { classes, levels };
}

/** Whether an encoding ends as its manifest says: every class's numbers are probabilities. */
export function holdsConcepts(encoding: ArrayLike<number>, concepts: ModelConcepts): boolean {
  if (encoding.length !== concepts.from + conceptNumbers(concepts)) return false;
  return partsOf(encoding, concepts).classes.every(({ p }) => {
    const sum = p.reduce((x, y) => x + y, 0);
    return p.every((v) => v >= -1e-6) && Math.abs(sum - 1) <= SUM_TOLERANCE;
  });
}

/** To 4 decimals, never -0: the record is JSON. */
const round = (value: number) => Math.round(value * 1e4) / 1e4 + 0;

function saidClass({ id, values, accuracy, chance }: ConceptClass, p: readonly number[]): SaidConcept[] {
  if (accuracy === undefined || accuracy < (chance ?? 1 / values.length) + SAID.aboveChance) return [];
  const most = p.reduce((best, v, i) => (v > (p[best] ?? 0) ? i : best), 0);
  const [value, sure] = [values[most], p[most] ?? 0];
  if (value === undefined || !(sure >= SAID.probability)) return [];
  return [{ id, value, p: round(sure), accuracy, ...(chance === undefined ? {} : { chance }) }];
}

function saidLevel({ id, rho, low, high }: ConceptLevel, amount: number): SaidConcept[] {
  if (rho === undefined || rho < SAID.rho) return [];
  const value = amount <= low ? 'low' : amount >= high ? 'high' : undefined;
  return value === undefined ? [] : [{ id, value, amount: round(amount), rho }];
}

/**
 * What a judge says of one clip: of its classes the values it is sure of, of its levels the remarkable ones, and
 * neither where nobody measured how often that is right.
 */
export function saidConcepts(encoding: ArrayLike<number>, concepts: ModelConcepts): SaidConcept[] {
  const { classes, levels } = partsOf(encoding, concepts);
  return [
    ...classes.flatMap(({ concept, p }) => saidClass(concept, p)),
    ...levels.flatMap(({ concept, amount }) => saidLevel(concept, amount)),
  ];
}

export function mirrorConcepts({ A, B }: PairConcepts): PairConcepts {
  return { A: B, B: A };
}

function decodeSaid(value: unknown, at: string): SaidConcept {
  const o = obj(value, at);
  const known = (['p', 'accuracy', 'chance', 'amount', 'rho'] as const).flatMap((key) => {
    const v = optional(o[key], (x) => num(x, `${at}.${key}`));
    return v === undefined ? [] : [[key, v] as const];
  });
  return { id: str(o.id, `${at}.id`), value: str(o.value, `${at}.value`), ...Object.fromEntries(known) };
}

export function decodePairConcepts(value: unknown, at: string): PairConcepts {
  const o = obj(value, at);
  const side = (key: 'A' | 'B') =>
    arr(o[key], `${at}.${key}`).map((v, i) => decodeSaid(v, `${at}.${key}[${i}]`));
  return { A: side('A'), B: side('B') };
}
