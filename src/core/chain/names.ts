import type { Side } from '../pair';

/** Where a clip stands in a question; the model never hears which of the two is A. */
export type Place = 'first' | 'second';

/**
 * What the clips are called towards a model. Single letters that are words of no language in common use: "A", "I" or
 * "1" in a reason may mean something else, these can be turned back into the sides.
 */
export const NAMES: Readonly<Record<Place, string>> = { first: 'P', second: 'Q' };

/** Which side a question shows first. */
export interface Order {
  first: Side;
}

export function sideAt(place: Place, order: Order): Side {
  if (place === 'first') return order.first;
  return order.first === 'A' ? 'B' : 'A';
}

export const orderName = ({ first }: Order): 'ab' | 'ba' => (first === 'A' ? 'ab' : 'ba');
