import type { Column, Grid } from '../grid';
import { buildGrid, rowOfText, type Placed } from './build';
import { candidatesFor, MOST_LIKELY, scored, type Cut, type Scored } from './candidates';
import { columnsOf } from './columns';
import { groupBy, type Clip } from './paths';
import { seenIn, withoutDays, type Seen } from './seen';

/** Fewer clips than these in rows of several columns are chance. */
const ENOUGH = 2;
const MOST_GRIDS = 6;
/** So much better must a tree be explained without its days. */
const DAYS_IN_DOUBT = 1.1;

/** Of a tool whose names tell everything but the checkpoint. */
export interface NamedBy {
  id: string;
  title: string;
  notes: string[];
  /** The checkpoint is a folder, never a part of the name. */
  folders: boolean;
  read: (clip: Clip) => Omit<Seen, 'clip'>;
}

const UNKNOWN: NamedBy = {
  id: 'general',
  title: '',
  notes: [],
  folders: false,
  read: seenIn,
};

/** Grids of a tree by the positions in its paths that vary independently of the rest. */
export function generalGrids(clips: readonly Clip[], by: NamedBy = UNKNOWN): Grid[] {
  const grids: Grid[] = [];
  let left = clips.map((clip): Seen => ({ clip, ...by.read(clip) }));
  while (grids.length < MOST_GRIDS && left.length >= ENOUGH) {
    const best = withOrWithoutDays(left, by.folders);
    if (!best) break;
    const found = gridsAt(best, by);
    if (found.length === 0) break;
    grids.push(...found.map((grid) => ({ ...grid, id: freeId(grid.id, grids) })));
    const used = new Set(found.flatMap((grid) => [...grid.clips, ...grid.leftovers].map(({ path }) => path)));
    left = left.filter(({ clip }) => !used.has(clip.file.path));
  }
  return grids;
}

function freeId(id: string, grids: readonly Grid[]): string {
  const taken = new Set(grids.map((grid) => grid.id));
  let free = id;
  for (let n = 2; taken.has(free); n++) free = `${id} ${n}`;
  return free;
}

/** Days in paths may be runs that hold checkpoints, or nothing but the days on which each was sampled. */
function withOrWithoutDays(seen: readonly Seen[], folders: boolean): Scored | undefined {
  const best = bestPosition(seen, folders);
  const dayless = seen.map((each) => ({ ...each, ...withoutDays(each) }));
  if (dayless.every(({ dirs, stem }, i) => dirs.length === seen[i]!.dirs.length && stem === seen[i]!.stem))
    return best;
  const other = bestPosition(dayless, folders);
  return other && other.score > (best?.score ?? 0) * DAYS_IN_DOUBT ? other : best;
}

function bestPosition(seen: readonly Seen[], folders: boolean): Scored | undefined {
  let best: Scored | undefined;
  for (const candidate of candidatesFor(seen, folders)) {
    if (best && best.score >= candidate.prior * MOST_LIKELY * seen.length) continue;
    const found = scored(candidate, seen);
    if (found.explained >= ENOUGH && found.score > (best?.score ?? 0)) best = found;
  }
  return best;
}

/** One grid per run where several runs share a position, and one over all of them. */
function gridsAt(position: Scored, by: NamedBy): Grid[] {
  const all = known(position.cuts);
  const kinds = new Map(
    [...columnsOf([...new Set(all.map(({ value }) => value))])].map(([v, c]) => [v, c.kind]),
  );
  const [steps, epochs] = (['step', 'epoch'] as const).map((kind) =>
    all.filter(({ value }) => kinds.get(value) === kind),
  );
  if (steps!.length === 0 || epochs!.length === 0) return gridsOf(all, by);
  const rest = all.filter(({ value }) => !['step', 'epoch'].includes(kinds.get(value)!));
  return [
    ...gridsOf([...rest, ...steps!], by),
    ...gridsOf([...rest, ...epochs!], { ...by, id: `${by.id}: epochs` }),
  ];
}

function gridsOf(cuts: readonly Cut[], by: NamedBy): Grid[] {
  const runs = groupBy(cuts, ({ before }) => before);
  const shared = runs.size === 1 ? 'nothing' : relation([...runs.values()]);
  if (runs.size === 1 || shared === 'columns') return [gridOf(by, '', cuts)];
  const one = [...runs]
    .filter(([, of]) => new Set(of.map(({ value }) => value)).size > 1)
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([run, of]) => gridOf(by, run || 'top', of));
  // Runs that have nothing to do with each other: the next may be explained by another position.
  if (shared === 'nothing') return one.slice(0, 1);
  const across = cuts.map((cut) => ({ ...cut, value: `${cut.before} · ${cut.value}`, before: '' }));
  return [...one, gridOf(by, 'all runs', across, cuts)];
}

/** Without clips that share neither their column nor their row with another column: they lie there by chance. */
function known(cuts: readonly Cut[]): Cut[] {
  const rest = ({ before, behind }: Cut) => `${before}\n${behind}`;
  const column = ({ before, value }: Cut) => `${before}\n${value}`;
  const rows = new Set<string>();
  for (const [row, of] of groupBy(cuts, rest))
    if (of.some(({ value }) => value !== of[0]!.value)) rows.add(row);
  const columns = new Set(cuts.filter((cut) => rows.has(rest(cut))).map(column));
  return cuts.filter((cut) => rows.has(rest(cut)) || columns.has(column(cut)));
}

/**
 * What the folders above a position are: `rows` where runs were made on the same prompts, `columns` where they are
 * a part of the prompt (its index, a category), `nothing` where they have nothing to do with each other.
 */
function relation(runs: readonly (readonly Cut[])[]): 'rows' | 'columns' | 'nothing' {
  const rows = runs.map((of) => new Set(of.map(({ behind }) => behind)));
  const columns = runs.map((of) => new Set(of.map(({ value }) => value)));
  const alike = overlap(columns) > 0.5;
  if (rows.every((of) => of.size === 1) && alike) return 'columns';
  if (overlap(rows) > 0.5) return 'rows';
  return alike ? 'columns' : 'nothing';
}

/** Share of the members of sets that some other set has too. */
function overlap(sets: readonly ReadonlySet<string>[]): number {
  const times = new Map<string, number>();
  for (const set of sets) for (const member of set) times.set(member, (times.get(member) ?? 0) + 1);
  const all = sets.reduce((sum, { size }) => sum + size, 0);
  return [...times.values()].reduce((sum, n) => sum + (n > 1 ? n : 0), 0) / all;
}

function gridOf(by: NamedBy, run: string, cuts: readonly Cut[], named: readonly Cut[] = cuts): Grid {
  const befores = new Set(cuts.map(({ before }) => before));
  const rowOf = ({ before, behind }: Cut) =>
    befores.size === 1 || before === '' ? behind : `${before}/${behind}`;
  const columns = columnsOf([...new Set(cuts.map(({ value }) => value))]);
  const counted = by === UNKNOWN || !by.folders ? repeats(cuts.map(rowOf)) : undefined;
  const texts = new Map<string, string>();
  const placed = cuts.map((cut): Placed => {
    const row = rowOf(cut);
    const repeat = cut.seen.seed === '' ? counted?.(row) : undefined;
    if (cut.seen.text !== undefined) texts.set(row, cut.seen.text);
    return {
      clip: cut.seen.clip,
      column: columns.get(cut.value)!,
      row: repeat?.row ?? row,
      seed: repeat?.seed ?? cut.seen.seed,
      ...(cut.seen.taken === undefined ? {} : { taken: cut.seen.taken }),
    };
  });
  const shared = sharedFolders(placed.map(({ row }) => row));
  const folders = [...new Set(named.map(({ before }) => before))];
  const where = folders.length > 1 || folders[0] === '' ? '' : ` in ${folders[0]}`;
  const what =
    by.title === '' ? `${wordFor([...columns.values()])} recognised by what varies in the names` : by.title;
  return buildGrid(
    {
      id: run === '' ? by.id : `${by.id}: ${run}`,
      title: `${what}${where}.`,
      row: (key) => rowOfText(key, texts.get(key) ?? withoutHole(key.slice(shared)).replace(/\/$/, '')),
      notes: by.notes,
    },
    placed,
  );
}

/** Length of the folders that all rows begin with: they tell nothing. */
function sharedFolders(rows: readonly string[]): number {
  const first = rows[0] ?? '';
  let length = first.lastIndexOf('/') + 1;
  while (length > 0 && !rows.every((row) => row.startsWith(first.slice(0, length))))
    length = first.lastIndexOf('/', length - 2) + 1;
  return length;
}

function wordFor(columns: readonly Column[]): string {
  if (columns.some(({ kind }) => kind === 'epoch')) return 'Epochs';
  return columns.some(({ kind }) => kind === 'step') ? 'Steps' : 'Folders or models';
}

/** A row's name without the place that its checkpoint stood at. */
function withoutHole(key: string): string {
  return (
    key.replace(/[-_ .]*\*[-_ .]*/g, (hole, at: number) =>
      at === 0 || at + hole.length === key.length ? '' : ' ',
    ) || key
  );
}

/** A text and the number of a repeat or seed: "{text}-0", or "42/{text}" where seeds are folders. */
const REPEATS = [
  /^(?<text>[\s\S]+)[-_ ](?<n>\d{1,10})$/u,
  /^(?<above>[\s\S]*\/)?(?<n>\d+)\/(?<text>[^/]+)$/u,
];

interface Repeat {
  row: string;
  seed: string;
}

/** Rows that are texts and numbers in nearly every combination: the number is a repeat, which a seed made. Undefined where it is not. */
function repeats(rows: readonly string[]): ((row: string) => Repeat | undefined) | undefined {
  const all = new Set(rows);
  for (const pattern of REPEATS) {
    const split = (row: string): Repeat | undefined => {
      const { text, n, above = '' } = pattern.exec(row)?.groups ?? {};
      return text === undefined || !/\p{L}/u.test(text) ? undefined : { row: above + text, seed: n! };
    };
    const found = [...all].flatMap((row) => split(row) ?? []);
    const [texts, seeds] = [new Set(found.map(({ row }) => row)), new Set(found.map(({ seed }) => seed))];
    if (found.length < all.size || texts.size < 2 || seeds.size < 2) continue;
    if (found.length >= 0.8 * texts.size * seeds.size) return split;
  }
  return undefined;
}
