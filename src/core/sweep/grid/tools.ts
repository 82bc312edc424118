import type { Column, Grid, TreeFile } from '../grid';
import { BENCHMARKS } from './benchmarks';
import { buildGrid, type Placed } from './build';
import { columnOf, epochColumn, lastColumn, stepColumn } from './columns';
import type { Convention } from './convention';
import { generalGrids } from './general';
import { INFERENCE } from './inference';
import { groupBy, type Clip } from './paths';
import { withRecords } from './records';
import { counted, type Seen } from './seen';
import {
  rowFor,
  rowKey,
  rowsFor,
  seedOf,
  takenOf,
  type InColumn,
  type Match,
  type PlacedMatch,
} from './toolRows';
import { TRAINERS } from './trainers';

/** In the order in which a name is tried: what has more of a signature first. */
const CONVENTIONS: readonly Convention[] = [
  ...TRAINERS,
  ...BENCHMARKS.slice(0, -1),
  ...INFERENCE,
  ...BENCHMARKS.slice(-1),
];

/** Grids of the conventions that tools have, one per run and kind of column, and one over runs on the same prompts. */
export function toolGrids(
  clips: readonly Clip[],
  files: readonly TreeFile[],
  texts: ReadonlyMap<string, string>,
): Grid[] {
  const grids: Grid[] = [];
  const all = withRecords(matched(clips, files), texts);
  for (const matches of groupBy(all, ({ convention }) => convention.id).values()) {
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

function gridOf(placed: readonly PlacedMatch[], run: string, part: string): Grid {
  const { convention } = placed[0]!.match;
  const matches = new Map(placed.map(({ row, match }) => [row, match]));
  const where =
    run === 'all runs' ? ' in several runs' : placed[0]!.run === '' ? '' : ` in ${placed[0]!.run}`;
  return buildGrid(
    {
      id: [convention.id, run, part].filter(Boolean).join(': '),
      title: `Samples of ${convention.tool}${where}${part === '' ? '' : ` (${part})`}.`,
      row: (key) => rowFor(key, matches.get(key)!),
      ...(convention.note === undefined ? {} : { notes: [convention.note] }),
    },
    placed,
  );
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

/** Grids of names without a checkpoint: by folder, or by what varies; a single folder makes a single column. */
function byFolder(matches: readonly Match[]): Grid[] {
  const grids: Grid[] = [];
  const variants = groupBy(matches, ({ groups }) => groups['variant'] ?? '');
  for (const [variant, of] of variants) {
    if (of.length < 2) continue;
    const { id, tool, columnIn, note } = of[0]!.convention;
    const names = new Map(of.map((match) => [match.clip, match]));
    const models = new Set(of.map(({ groups }) => groups['model']));
    numberNameless(of);
    const found = generalGrids(
      of.map(({ clip }) => clip),
      {
        id: variants.size > 1 ? `${id}: ${variant}` : id,
        title: `Clips of ${tool}`,
        notes: note === undefined ? [] : [note],
        folders: columnIn === 'folder',
        read: (clip) => read(names.get(clip)!, models.size > 1),
      },
    );
    grids.push(
      ...(found.length > 0 ? found : gridsPerRun(of.map(oneFolder), variants.size > 1 ? variant : '')),
    );
  }
  return grids;
}

/** Names of a seed and a time alone: of several in a folder, each is another prompt, in the order of making. */
function numberNameless(matches: readonly Match[]): void {
  const nameless = matches.filter((match) => rowKey(match) === '');
  const cells = groupBy(nameless, ({ clip, groups }) => `${clip.dirs.join('/')}\n${seedOf(groups)}`);
  if (![...cells.values()].some(({ length }) => length > 1)) return;
  for (const cell of cells.values()) {
    cell.sort((a, b) => takenOf(a.groups)! - takenOf(b.groups)!);
    for (const [i, match] of cell.entries()) match.groups = { ...match.groups, idx: String(i + 1) };
  }
}

/** What a name says besides the checkpoint. Folders that belong to the name are taken off, a model in it becomes one. */
function read({ convention, clip, groups, ...match }: Match, isModelTold: boolean): Omit<Seen, 'clip'> {
  const dirs = clip.dirs.slice(0, clip.dirs.length - (convention.deep ?? 0));
  const { any, tail, text, model } = groups;
  if (any !== undefined)
    return tail === undefined ? { dirs, stem: any, seed: '' } : counted({ ...clip, dirs }, any, tail);
  const taken = takenOf(groups);
  return {
    dirs: isModelTold && model !== undefined ? [...dirs, model] : dirs,
    stem: rowKey({ convention, clip, groups, ...match }) || 'clip',
    seed: seedOf(groups),
    ...(text === undefined ? {} : { text }),
    ...(taken === undefined ? {} : { taken }),
  };
}

function oneFolder(match: Match): InColumn {
  const name = match.groups['model'] ?? match.run.split('/').at(-1) ?? '';
  return { match, column: columnOf(name === '' ? 'clips' : name) };
}
