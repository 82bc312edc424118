import { asPrompt } from '../../sweep/grid/promptTexts';
import type { LabelledPair, LabelledPairs } from '../pairs';
import { belowRoot, isUrl, placeUrls, urlParts } from './paths';

/** What a value in a file of labels means. */
export type Label = 'A' | 'tie' | 'B' | 'bothBad' | 'invalid';

/** A value and the column that it stands in. */
export interface Cell {
  column: string;
  value: unknown;
}

export interface Opinion {
  aspect: string;
  cell: Cell;
  /** What each value of the file means; any other is named and left out. */
  labels: Readonly<Record<string, Label>>;
  /** People's choice between two clips where nothing else is said. */
  labelKind?: string;
}

/** Two clips and all that one row says of them. */
export interface Pairing {
  a: Cell;
  b: Cell;
  prompt?: unknown;
  models?: readonly [unknown, unknown];
  /** Where something other than the prompt tells what belongs together. */
  group?: string;
  opinions: readonly Opinion[];
}

export const HUMAN_PAIRWISE = 'human_pairwise';
const PLACES_NAMED = 5;

/** Gathers the pairs of one file, and what a person should know of what was left out. */
export class Collector {
  private readonly pairs: LabelledPair[] = [];
  private readonly told = new Set<string>();
  private readonly left = new Map<string, string[]>();
  private readonly invalid = new Map<string, number>();
  private readonly urls = new Map<string, string[]>();
  private bothBad = 0;

  constructor(private readonly source: string) {}

  /** A sentence for the notes, once. */
  tell(sentence: string): void {
    this.told.add(sentence);
  }

  leaveOut(at: string, why: string): void {
    const places = this.left.get(why);
    if (places) places.push(at);
    else this.left.set(why, [at]);
  }

  /** Each opinion of the row becomes a pair; one without a usable label is named and left out. */
  pair(at: string, { a, b, prompt, models, group, opinions }: Pairing): void {
    const [pathA, pathB] = [this.path(at, a), this.path(at, b)];
    if (pathA === undefined || pathB === undefined) return;
    if (pathA === pathB) return this.leaveOut(at, 'both sides are the same clip');
    const text = typeof prompt === 'string' ? asPrompt(prompt) : undefined;
    const named = models?.map(nameOf);
    const common = {
      ...{ a: pathA, b: pathB, source: this.source },
      group: group ?? groupOf(text, pathA, pathB),
      ...(text === undefined ? {} : { prompt: text }),
      ...(named?.[0] && named[1] ? { models: [named[0], named[1]] as [string, string] } : {}),
    };
    for (const { aspect, cell, labels, labelKind = HUMAN_PAIRWISE } of opinions) {
      const preferred = this.label(at, cell, labels);
      if (preferred !== undefined) this.pairs.push({ ...common, preferred, aspect, labelKind });
    }
  }

  finish(): LabelledPairs {
    const labels = counted(this.pairs.length, 'label');
    const placed = this.placeUrls();
    const notes = [`Read as ${this.source}: ${labels}.`, ...this.told, ...placed];
    if (this.bothBad > 0)
      notes.push(`${counted(this.bothBad, 'tie')} among them: people called both clips bad.`);
    const invalid = [...this.invalid].map(([column, count]) => `${column} ${count}`).join(', ');
    if (invalid !== '') notes.push(`Marked as invalid in the file and left out: ${invalid}.`);
    for (const [why, places] of this.left) notes.push(`Left out, as ${why}: ${placesText(places)}.`);
    return { pairs: this.pairs, notes };
  }

  /** A clip's path below the root; a URL stays as it is until all are known. Undefined where it was left out. */
  path(at: string, { column, value }: Cell): string | undefined {
    const text = typeof value === 'string' ? value.trim() : '';
    const url = isUrl(text);
    const parts = url ? urlParts(text) : undefined;
    if (url && parts) this.urls.set(text, parts);
    const path = url ? parts && text : belowRoot(text);
    if (path === undefined)
      this.leaveOut(at, text === '' ? `${column} is missing` : `${column} is no path below the root`);
    return path;
  }

  private label(
    at: string,
    cell: Cell,
    labels: Readonly<Record<string, Label>>,
  ): LabelledPair['preferred'] | undefined {
    const text = typeof cell.value === 'string' ? cell.value.trim() : cell.value;
    const label = typeof text === 'string' && Object.hasOwn(labels, text) ? labels[text] : undefined;
    if (label === undefined) {
      const missing = text === undefined || text === null || text === '';
      const known = Object.keys(labels).join(', ');
      const wrong = `${cell.column} is ${valueText(text)}, none of ${known}`;
      this.leaveOut(at, missing ? `${cell.column} is missing` : wrong);
    }
    if (label === 'invalid') this.invalid.set(cell.column, (this.invalid.get(cell.column) ?? 0) + 1);
    if (label === 'bothBad') this.bothBad++;
    return label === 'bothBad' ? 'tie' : label === 'invalid' ? undefined : label;
  }

  private placeUrls(): string[] {
    if (this.urls.size === 0) return [];
    const { paths, parts } = placeUrls(this.urls);
    for (const pair of this.pairs) {
      pair.a = paths.get(pair.a) ?? pair.a;
      pair.b = paths.get(pair.b) ?? pair.b;
    }
    const [example] = paths.values();
    const by = parts === 1 ? "the file's name" : `the last ${parts} parts`;
    return [`The file has URLs: each clip is looked for under the root by ${by} of its URL, as ${example}.`];
  }
}

/** `1 label`, `3 labels`. */
export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function placesText(places: readonly string[]): string {
  const named = places.slice(0, PLACES_NAMED).join(', ');
  return places.length > PLACES_NAMED ? `${named} and ${places.length - PLACES_NAMED} more` : named;
}

/** A value in a sentence: quoted, and cut where it is long. */
export function valueText(value: unknown): string {
  const text = typeof value === 'object' ? 'a list or an object' : `"${String(value)}"`;
  return text.length > 42 ? `${text.slice(0, 40)}…"` : text;
}

/** A number however the file writes it; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'bigint' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const nameOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/** What the bootstrap draws whole: the prompt however it is spaced and capitalised, else the two files' names. */
function groupOf(prompt: string | undefined, a: string, b: string): string {
  return prompt === undefined ? [stemOf(a), stemOf(b)].sort().join(' | ') : promptKey(prompt);
}

export const promptKey = (prompt: string) =>
  prompt.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** The file's name without folders and extension. */
export function stemOf(path: string): string {
  const plain = isUrl(path) ? path.replace(/[?#].*$/s, '') : path;
  return plain.slice(plain.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
