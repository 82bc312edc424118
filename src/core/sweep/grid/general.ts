import type { Column, Grid } from '../grid';
import { buildGrid, rowOfText, type Placed } from './build';
import { candidatesFor, MOST_LIKELY, scored, type Cut, type Scored } from './candidates';
import { columnOf } from './columns';
import { groupBy, type Clip } from './paths';

/** Seeds named as such are taken out of a path first: they never tell columns or rows apart. */
const SEED = /(^|[-_ .,/([])seed[-_ =:]?(\d+)[)\]]?/i;
/** Fewer clips than these in rows of several columns are chance. */
const ENOUGH = 2;
const MOST_GRIDS = 6;

/** A clip's path as far as it still has to be explained. */
export interface Seen {
  clip: Clip;
  dirs: readonly string[];
  stem: string;
  seed: string;
  /** The prompt's words, where a tool's name tells them. */
  text?: string;
  taken?: number;
}

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
  read: withoutSeed,
};

/** Grids of a tree by the positions in its paths that vary independently of the rest. */
export function generalGrids(clips: readonly Clip[], by: NamedBy = UNKNOWN): Grid[] {
  const grids: Grid[] = [];
  let left = clips.map((clip): Seen => ({ clip, ...by.read(clip) }));
  while (grids.length < MOST_GRIDS && left.length >= ENOUGH) {
    const best = bestPosition(left, by.folders);
    if (!best) break;
    const found = gridsAt(best, { ...by, id: grids.length === 0 ? by.id : `${by.id} ${grids.length + 1}` });
    if (found.length === 0) break;
    grids.push(...found);
    const used = new Set(found.flatMap((grid) => [...grid.clips, ...grid.leftovers].map(({ path }) => path)));
    left = left.filter(({ clip }) => !used.has(clip.file.path));
  }
  return grids;
}

function withoutSeed({ dirs, stem }: Clip): Omit<Seen, 'clip'> {
  const inName = SEED.exec(stem);
  if (inName) return { dirs, stem: cutOut(stem, inName), seed: inName[2]! };
  for (const [i, dir] of dirs.entries()) {
    const found = SEED.exec(dir);
    if (!found) continue;
    const rest = cutOut(dir, found);
    return {
      dirs: [...dirs.slice(0, i), ...(rest === '' ? [] : [rest]), ...dirs.slice(i + 1)],
      stem,
      seed: found[2]!,
    };
  }
  return { dirs, stem, seed: '' };
}

function cutOut(text: string, found: RegExpExecArray): string {
  return (
    text.slice(0, found.index) +
    text.slice(found.index + found[0].length).replace(found.index === 0 ? /^[-_ .]+/ : /^$/, '')
  );
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
  const cuts = known(position.cuts);
  const runs = groupBy(cuts, ({ before }) => before);
  const shared = runs.size === 1 ? 'nothing' : relation([...runs.values()]);
  if (runs.size === 1 || shared === 'columns') return [gridOf(by, '', cuts)];
  const one = [...runs]
    .filter(([, of]) => new Set(of.map(({ value }) => value)).size > 1)
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([run, of]) => gridOf(by, run || 'top', of));
  if (shared === 'nothing') return one;
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

/** Numbers behind a text that all of them share ("run1-step100") order the columns like bare ones. */
function columnsOf(values: readonly string[]): Map<string, Column> {
  const columns = new Map(values.map((value) => [value, columnOf(value)]));
  const split = values.map((value) => /^(.*?)(\d+)$/.exec(value));
  const [first] = split;
  const shared = first !== null && first !== undefined && split.every((parts) => parts?.[1] === first[1]);
  if (!shared || first[1] === '') return columns;
  for (const [value, column] of columns)
    if (column.kind === 'name') {
      const n = Number(value.slice(first[1]!.length));
      const kind = /epoch[^a-z]*$/i.test(first[1]!) ? 'epoch' : 'step';
      const bare = /(?:step|epoch|ckpt|checkpoint|iter)s?[-_ =]?$/i.test(first[1]!);
      columns.set(value, { ...column, kind, value: n, label: bare ? `${kind} ${n}` : column.label });
    }
  return columns;
}

/** "{text}-0", "{text}-1" under several texts: the number is a repeat, which a seed made. Undefined where it is not. */
function repeats(
  rows: readonly string[],
): ((row: string) => { row: string; seed: string } | undefined) | undefined {
  const split = (row: string) => /^([\s\S]*\p{L}[\s\S]*?)[-_ ](\d{1,3})$/u.exec(row);
  const takes = new Map<string, Set<string>>();
  for (const row of new Set(rows)) {
    const found = split(row);
    if (!found) return undefined;
    const of = takes.get(found[1]!);
    if (of) of.add(found[2]!);
    else takes.set(found[1]!, new Set([found[2]!]));
  }
  const numbers = new Set([...takes.values()].flatMap((of) => [...of]));
  const cells = [...takes.values()].reduce((sum, { size }) => sum + size, 0);
  if (takes.size < 2 || numbers.size < 2 || cells < 0.8 * takes.size * numbers.size) return undefined;
  return (row) => {
    const found = split(row);
    return found ? { row: found[1]!, seed: found[2]! } : undefined;
  };
}
