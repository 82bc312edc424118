import type { Column, Grid, TreeFile } from '../grid';
import { BENCHMARKS } from './benchmarks';
import { buildGrid, rowOfIndex, rowOfText, type Placed } from './build';
import { columnOf, epochColumn, lastColumn, stepColumn } from './columns';
import type { Convention, Groups } from './convention';
import { generalGrids } from './general';
import { INFERENCE } from './inference';
import { groupBy, natural, oneLine, type Clip } from './paths';
import { TRAINERS } from './trainers';

/** In the order in which a name is tried: what has more of a signature first. */
const CONVENTIONS: readonly Convention[] = [
  ...TRAINERS,
  ...BENCHMARKS.slice(0, -1),
  ...INFERENCE,
  ...BENCHMARKS.slice(-1),
];

interface Match {
  convention: Convention;
  clip: Clip;
  groups: Groups;
  /** The folder of the run, for one grid each. */
  run: string;
}

/** Grids of the conventions that tools have, one per run and kind of column, and one over runs on the same prompts. */
export function toolGrids(clips: readonly Clip[], files: readonly TreeFile[]): Grid[] {
  const grids: Grid[] = [];
  for (const matches of groupBy(matched(clips, files), ({ convention }) => convention.id).values()) {
    const [trained, placed] = [
      matches.filter(({ convention }) => convention.columnIn === undefined),
      matches.filter(({ convention }) => convention.columnIn !== undefined),
    ];
    grids.push(...runsOf(trained), ...byFolder(placed));
  }
  return grids;
}

function matched(clips: readonly Clip[], files: readonly TreeFile[]): Match[] {
  const paths = new Set(files.map(({ path }) => path));
  const above = foldersOf(files);
  const found = clips.flatMap((clip) => matchOf(clip, paths, above) ?? []);
  const doubtful = groupBy(
    found.filter(({ convention }) => convention.enough),
    ({ convention }) => convention.id,
  );
  const refused = new Set(
    [...doubtful.values()]
      .filter(([first, ...rest]) => !first!.convention.enough!([first!, ...rest].map(({ clip }) => clip)))
      .map(([first]) => first!.convention.id),
  );
  return found.filter(({ convention }) => !refused.has(convention.id));
}

/** For each condition on files above, the folders that fulfil it. */
function foldersOf(files: readonly TreeFile[]): Map<RegExp, Set<string>> {
  const conditions = CONVENTIONS.flatMap(({ above }) => above ?? []);
  const folders = new Map(conditions.map((condition) => [condition, new Set<string>()]));
  for (const { path } of files) {
    if (!/\.(?:txt|json)$/.test(path)) continue;
    const parts = path.split('/');
    for (const deep of [1, 2]) {
      const end = parts.slice(-deep).join('/');
      for (const condition of conditions)
        if (condition.test(end)) folders.get(condition)!.add(parts.slice(0, -deep).join('/'));
    }
  }
  return folders;
}

function matchOf(clip: Clip, paths: ReadonlySet<string>, above: ReadonlyMap<RegExp, ReadonlySet<string>>) {
  const folder = clip.dirs.join('/');
  for (const convention of CONVENTIONS) {
    const inName = convention.file.exec(clip.name);
    if (!inName) continue;
    const inDir = convention.dir?.exec(folder);
    if (convention.dir && !inDir) continue;
    if (convention.beside && !paths.has([...clip.dirs, clip.stem + convention.beside].join('/'))) continue;
    if (convention.above && !hasAbove(clip.dirs, above.get(convention.above)!)) continue;
    const run = clip.dirs.slice(0, clip.dirs.length - (convention.deep ?? 0)).join('/');
    return { convention, clip, groups: { ...inDir?.groups, ...inName.groups }, run };
  }
  return undefined;
}

function hasAbove(dirs: readonly string[], folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  return dirs.some((_, i) => folders.has(dirs.slice(0, i + 1).join('/'))) || folders.has('');
}

/** Grids of names that tell the checkpoint: steps and epochs apart, each with the first and last ones. */
function runsOf(matches: readonly Match[]): Grid[] {
  const grids: Grid[] = [];
  const variants = groupBy(matches, ({ groups }) => groups['variant'] ?? '');
  for (const [variant, of] of variants)
    for (const kind of ['step', 'epoch'] as const) {
      const other = kind === 'step' ? 'epoch' : 'step';
      const columns = of.map((match) => ({ match, column: columnFor(match) }));
      const use = columns.filter(({ column }) => column.kind !== other);
      if (!use.some(({ column }) => column.kind === kind) && kind === 'epoch') continue;
      const parts = [variants.size > 1 ? variant : '', kind === 'epoch' ? 'epochs' : '']
        .filter(Boolean)
        .join(', ');
      grids.push(...gridsPerRun(use, parts));
    }
  return grids;
}

interface InColumn {
  match: Match;
  column: Column;
}

function gridsPerRun(all: readonly InColumn[], part: string): Grid[] {
  const runs = [...groupBy(all, ({ match }) => match.run)].filter(([, of]) => of.length > 1);
  const grids = runs
    .map(([run, of]) => gridOf(rowsFor(of), runs.length > 1 ? run || 'top' : '', part))
    .sort((a, b) => b.clips.length - a.clips.length);
  if (runs.length < 2) return grids;
  const names = shortNames(runs.map(([run]) => run));
  const rows = runs.map(([, of]) => rowsFor(of));
  if (!shareRows(rows)) return grids;
  const across = rows.flatMap((of) =>
    of.map((place) => {
      const run = names.get(place.run)!;
      const column = {
        ...place.column,
        id: `${run}/${place.column.id}`,
        label: `${run} · ${place.column.label}`,
      };
      return { ...place, column: { ...column, kind: 'name' as const } };
    }),
  );
  return [...grids, gridOf(across, 'all runs', part)];
}

function shareRows(runs: readonly (readonly Placed[])[]): boolean {
  const [first, ...rest] = runs.map((of) => new Set(of.map(({ row }) => row)));
  return rest.some((rows) => [...rows].some((row) => first!.has(row)));
}

/** Runs by the parts of their paths that differ. */
function shortNames(runs: readonly string[]): Map<string, string> {
  const parts = runs.map((run) => run.split('/'));
  const [first] = parts;
  let [head, tail] = [0, 0];
  const shortest = Math.min(...parts.map(({ length }) => length));
  while (head < shortest && parts.every((p) => p[head] === first![head])) head++;
  while (tail < shortest - head && parts.every((p) => p.at(-1 - tail) === first!.at(-1 - tail))) tail++;
  return new Map(
    runs.map((run, i) => [run, parts[i]!.slice(head, parts[i]!.length - tail).join('/') || 'top']),
  );
}

interface PlacedMatch extends Placed {
  run: string;
  match: Match;
}

function gridOf(placed: readonly PlacedMatch[], run: string, part: string): Grid {
  const { convention } = placed[0]!.match;
  const texts = new Map(placed.map(({ row, match }) => [row, match.groups]));
  const where =
    run === 'all runs' ? ' in several runs' : placed[0]!.run === '' ? '' : ` in ${placed[0]!.run}`;
  return buildGrid(
    {
      id: [convention.id, run, part].filter(Boolean).join(': '),
      title: `Samples of ${convention.tool}${where}${part === '' ? '' : ` (${part})`}.`,
      row: (key) => rowFor(key, texts.get(key) ?? {}),
      ...(convention.note === undefined ? {} : { notes: [convention.note] }),
    },
    placed,
  );
}

function rowFor(key: string, { short, text, idx }: Groups) {
  if (short !== undefined) return { id: key, label: oneLine(key.replaceAll('_', ' ')) };
  if (text !== undefined) return rowOfText(key, text);
  return idx !== undefined && /^\d+$/.test(key) ? rowOfIndex(key) : { id: key, label: `prompt ${key}` };
}

function columnFor({ convention, groups }: Match): Column {
  const phase = convention.phase ?? groups['phase'];
  if (phase === 'base') return { id: 'base', label: 'base', kind: 'base' };
  if (phase === 'final' || phase === 'test') return lastColumn(phase);
  if (groups['model'] !== undefined) return columnOf(groups['model']);
  const { step, epoch, side } = groups;
  if (step === undefined && epoch === undefined)
    return { id: phase ?? 'all', label: phase ?? 'all', kind: 'name' };
  const column = step === undefined ? epochColumn(Number(epoch)) : stepColumn(Number(step));
  return side === undefined
    ? column
    : { ...column, id: `${column.id}-${side}`, label: `${column.label} ${side}` };
}

/** Clips of one run with their rows: texts that two prompts share are told apart by process or order. */
function rowsFor(all: readonly InColumn[]): PlacedMatch[] {
  const placed = all.map(({ match, column }): PlacedMatch => {
    const taken = takenOf(match.groups);
    return {
      clip: match.clip,
      column,
      row: rowKey(match),
      seed: match.groups['seed'] ?? '',
      ...(taken === undefined ? {} : { taken }),
      run: match.run,
      match,
    };
  });
  for (const of of groupBy(placed, ({ row }) => row).values()) tellApart(of);
  return placed;
}

function rowKey({ convention, groups }: Match): string {
  const { idx, text, hash, rank, short, variant } = groups;
  if (convention.ordered) return variant ?? 'clip';
  if (short !== undefined) return Number(idx) === 0 ? short : `${short} ${Number(idx)}`;
  const number = idx === undefined ? undefined : String(Number(idx));
  const parts = [convention.ranked ? rank : undefined, number, text, hash];
  return parts.filter((part) => part !== undefined).join('-');
}

/** Digits of a time token, as one number that orders takes. */
function takenOf({ taken }: Groups): number | undefined {
  return taken === undefined ? undefined : Number(taken.replace(/\D/g, ''));
}

/** Several clips of one text in every column are several prompts, in the order in which they were made. */
function tellApart(of: readonly PlacedMatch[]): void {
  const [first] = of;
  const { idx, hash, text } = first!.match.groups;
  const ordered = first!.match.convention.ordered ?? false;
  if (!ordered && (idx !== undefined || hash !== undefined || text === undefined)) return;
  const cells = [...groupBy(of, ({ column, seed }) => `${column.id}\n${seed}`).values()];
  const fewest = Math.min(...cells.map(({ length }) => length));
  if (!ordered && (fewest < 2 || cells.length < 2)) return;
  for (const cell of cells) {
    cell.sort(byMaking);
    for (const [i, place] of cell.entries()) {
      // Earlier takes beyond what every column has stay with the first: the newest of them counts.
      const n = ordered ? i : Math.max(0, i - (cell.length - fewest));
      if (n > 0) place.row = `${place.row} ${n + 1}`;
    }
  }
}

function byMaking(a: PlacedMatch, b: PlacedMatch): number {
  return (
    (a.taken ?? a.clip.file.mtimeMs) - (b.taken ?? b.clip.file.mtimeMs) || natural(a.clip.name, b.clip.name)
  );
}

/** Grids of names without a checkpoint: by folder, or by what varies; a single folder makes a single column. */
function byFolder(matches: readonly Match[]): Grid[] {
  const grids: Grid[] = [];
  const variants = groupBy(matches, ({ groups }) => groups['variant'] ?? '');
  for (const [variant, of] of variants) {
    if (of.length < 2) continue;
    const { id, tool, columnIn, note } = of[0]!.convention;
    const names = new Map(of.map((match) => [match.clip, match]));
    const found = generalGrids(
      of.map(({ clip }) => clip),
      {
        id: variants.size > 1 ? `${id}: ${variant}` : id,
        title: `Clips of ${tool}`,
        notes: note === undefined ? [] : [note],
        folders: columnIn === 'folder',
        read: (clip) => read(names.get(clip)!),
      },
    );
    grids.push(
      ...(found.length > 0 ? found : gridsPerRun(of.map(oneFolder), variants.size > 1 ? variant : '')),
    );
  }
  return grids;
}

/** What a name says besides the checkpoint. Folders that belong to the name are taken off. */
function read(match: Match) {
  const { convention, clip, groups } = match;
  const taken = takenOf(groups);
  return {
    dirs: clip.dirs.slice(0, clip.dirs.length - (convention.deep ?? 0)),
    stem: groups['any'] ?? (rowKey(match) || 'clip'),
    seed: groups['seed'] ?? '',
    ...(groups['text'] === undefined ? {} : { text: groups['text'] }),
    ...(taken === undefined ? {} : { taken }),
  };
}

function oneFolder(match: Match): InColumn {
  const name = match.groups['model'] ?? match.run.split('/').at(-1) ?? '';
  return { match, column: columnOf(name === '' ? 'clips' : name) };
}
