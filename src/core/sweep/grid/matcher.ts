/**
 * A piece of a pattern: text as it stands, or any run of characters of one path segment, the shortest that fits, kept
 * under a name. A name that comes again stands for the same text.
 */
export type Piece = { text: string } | { name: string | undefined; least: 0 | 1 };

export interface Matched {
  /** What was matched, by name; undefined where nothing fits. */
  groups: Record<string, string> | undefined;
  /** Steps that it took. */
  steps: number;
}

/**
 * So many steps are tried for one path. A pattern without repeated names needs at most its length times the path's;
 * one that repeats names may need more, and then fits nothing.
 */
export const MOST_STEPS = 30_000;

/** Matches a path from a position to its end, upper and lower case alike, in a bounded number of steps. */
export function matchPieces(pieces: readonly Piece[], path: string, from = 0): Matched {
  const lower = path.toLowerCase();
  // Letters that change their length with their case are compared as they are.
  const search: Search = {
    pieces,
    path,
    text: lower.length === path.length ? lower : path,
    groups: {},
    failed: new Map(),
    repeats: repeated(pieces),
    steps: 0,
  };
  const found = fits(search, 0, from);
  return { groups: found ? search.groups : undefined, steps: search.steps };
}

interface Search {
  pieces: readonly Piece[];
  path: string;
  text: string;
  groups: Record<string, string>;
  /**
   * By piece and end of a path segment, the first position from which nothing fits: nothing does from a later one.
   * Kept only while no repeated name has a text.
   */
  failed: Map<number, number>;
  repeats: ReadonlySet<string>;
  steps: number;
}

function repeated(pieces: readonly Piece[]): Set<string> {
  const names = pieces.flatMap((piece) => ('name' in piece ? (piece.name ?? []) : []));
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}

function fits(search: Search, index: number, at: number): boolean {
  const piece = search.pieces[index];
  if (!piece) return at === search.path.length;
  if (search.steps >= MOST_STEPS) return false;
  search.steps++;
  if ('text' in piece) return fitsText(search, piece.text, index, at);
  const { name } = piece;
  if (name !== undefined && Object.hasOwn(search.groups, name))
    return fitsText(search, search.groups[name]!, index, at);
  const slash = search.path.indexOf('/', at);
  const last = slash < 0 ? search.path.length : slash;
  const key = index * (search.path.length + 1) + last;
  if (at >= (search.failed.get(key) ?? Infinity)) return false;
  const isFixed = name !== undefined && search.repeats.has(name);
  for (let end = at + piece.least; end <= last && search.steps < MOST_STEPS; end++) {
    search.steps++;
    if (isFixed) search.groups[name] = search.path.slice(at, end);
    if (fits(search, index + 1, end)) {
      if (name !== undefined) search.groups[name] = search.path.slice(at, end);
      return true;
    }
    if (isFixed) delete search.groups[name];
  }
  if (!Object.keys(search.groups).some((known) => search.repeats.has(known))) search.failed.set(key, at);
  return false;
}

function fitsText(search: Search, text: string, index: number, at: number): boolean {
  const wanted = text.toLowerCase();
  const has = search.text.startsWith(wanted.length === text.length ? wanted : text, at);
  return has && fits(search, index + 1, at + text.length);
}
