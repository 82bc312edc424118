import type { Choice, Side } from '../pair';
import { NAMES, sideAt, type Order, type Place } from './names';
import type { Node } from './lenientJson';

/** What a word of an answer means: a place, that there is no difference, or both. */
type Meaning = Place | 'tie' | 'both';

const NAMED: readonly (readonly [Meaning, readonly string[]])[] = [
  ['first', [NAMES.first.toLowerCase(), 'first', '1st', '1', '+1']],
  ['second', [NAMES.second.toLowerCase(), 'second', '2nd', '2', '-1']],
  ['tie', ['tie', 'tied', 't', '0', 'equal', 'equally', 'same', 'draw', 'neither', 'none', 'no difference']],
  ['both', ['both', `${NAMES.first} and ${NAMES.second}`.toLowerCase()]],
];
const MEANINGS = new Map<string, Meaning>(
  NAMED.flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const)),
);

/** "Clip P is better." and "the first video" as "p" and "first"; anything longer stays what it is. */
function meaningOf(text: string): Meaning | undefined {
  const words = text
    .slice(0, 80)
    .toLowerCase()
    .replace(/[−–]/g, '-')
    .replace(/[^\p{L}\p{N}+-]+/gu, ' ')
    .trim()
    .replace(/^(the )?(clips?|videos?) /, '')
    .replace(/^the /, '')
    .replace(/ (clips?|videos?)$/, '')
    .replace(/ (is |are )?(slightly |clearly |much )?(better|wins|the winner|superior)( overall)?$/, '')
    .replace(/ (clips?|videos?)$/, '');
  return MEANINGS.get(words);
}

/** Which side an answer calls better; undefined for what cannot be one. Scores count from the first clip. */
export function choiceOf(node: Node | undefined, order: Order): Choice | undefined {
  if (node?.kind !== 'scalar') return undefined;
  const { value } = node;
  if (value === 0) return 'tie';
  if (value === 1) return order.first;
  if (value === -1) return sideAt('second', order);
  const meaning = typeof value === 'string' ? meaningOf(value) : undefined;
  if (meaning === undefined) return undefined;
  return meaning === 'tie' || meaning === 'both' ? 'tie' : sideAt(meaning, order);
}

/** Which side a place of evidence is on. */
export function evidenceSide(node: Node | undefined, order: Order): Side | 'both' | undefined {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  const meaning = meaningOf(node.value);
  if (meaning === 'both') return 'both';
  return meaning === 'first' || meaning === 'second' ? sideAt(meaning, order) : undefined;
}
