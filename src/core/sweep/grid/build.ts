import type { Column, Grid, GridClip, Leftover, Row } from '../grid';
import { compareColumns } from './columns';
import { natural, oneLine, type Clip } from './paths';

/** Where one clip belongs. */
export interface Placed {
  clip: Clip;
  column: Column;
  /** Stable over scans: what its row is known by. */
  row: string;
  seed: string;
  /** Time token of the name: the larger is the newer take. Without one the file's time counts. */
  taken?: number;
}

export interface Plan {
  id: string;
  title: string;
  pattern?: string;
  notes?: string[];
  /** Rows as people see them. */
  row: (key: string) => Row;
}

/** The grid of placed clips: of several takes of one cell the newest stays. Leftovers are the superseded ones. */
export function buildGrid(plan: Plan, placed: readonly Placed[]): Grid {
  const columns = [...new Map(placed.map(({ column }) => [column.id, column])).values()].sort(compareColumns);
  const rows = [...new Set(placed.map(({ row }) => row))].sort(natural);
  const seeds = [...new Set(placed.map(({ seed }) => seed))].sort(natural);
  const at = (list: readonly string[]) => new Map(list.map((key, index) => [key, index]));
  const [columnAt, rowAt, seedAt] = [at(columns.map(({ id }) => id)), at(rows), at(seeds)];
  const cells = new Map<number, { place: Placed; clip: GridClip }>();
  const leftovers: Leftover[] = [];
  for (const place of placed) {
    const [column, row] = [columnAt.get(place.column.id)!, rowAt.get(place.row)!];
    const seed = seedAt.get(place.seed)!;
    const cell = (row * columns.length + column) * seeds.length + seed;
    const before = cells.get(cell);
    const loser = before && (isNewer(place, before.place) ? before.place : place);
    if (loser) leftovers.push({ path: loser.clip.file.path, why: 'superseded' });
    if (loser !== place) cells.set(cell, { place, clip: { ...place.clip.file, column, row, seed } });
  }
  const notes = [...(plan.notes ?? [])];
  if (leftovers.length > 0) notes.push(supersededNote(leftovers.length));
  return {
    id: plan.id,
    title: plan.title,
    ...(plan.pattern === undefined ? {} : { pattern: plan.pattern }),
    columns,
    rows: rows.map((key) => plan.row(key)),
    seeds,
    clips: [...cells.values()]
      .map(({ clip }) => clip)
      .sort((a, b) => a.row - b.row || a.column - b.column || a.seed - b.seed),
    leftovers,
    notes,
  };
}

function isNewer(a: Placed, b: Placed): boolean {
  const [x, y] =
    a.taken !== undefined && b.taken !== undefined
      ? [a.taken, b.taken]
      : [a.clip.file.mtimeMs, b.clip.file.mtimeMs];
  return x > y || (x === y && a.clip.file.path > b.clip.file.path);
}

function supersededNote(n: number): string {
  return n === 1
    ? 'One clip is an older take of a cell that has a newer one; the newest counts.'
    : `${n} clips are older takes of cells that have a newer one; the newest counts.`;
}

const NUMBERED = /^(?:prompt|video|sample|clip|idx|index|p)?[-_ #]?0*(\d+)$/i;
const WORDS = /[\p{L}\p{N}]+/gu;
/** As many words make a name more likely a prompt than an identifier. */
const PROMPT_WORDS = 4;

/** Characters of a label; a tooltip or an export has the whole. */
const LONGEST_LABEL = 400;

/** A prompt as the name of its row: one line, cut where it is very long. */
export function labelOf(prompt: string): string {
  const line = oneLine(prompt);
  return line.length <= LONGEST_LABEL
    ? line
    : `${line.slice(0, LONGEST_LABEL).replace(/\p{Surrogate}$/u, '')}…`;
}

/** A row known by a text of a file or folder name. */
export function rowOfText(key: string, text = key): Row {
  const number = NUMBERED.exec(text);
  if (number) return { id: key, label: `prompt ${number[1]}` };
  const label = oneLine(text);
  const words = oneLine(/\s/.test(label) ? label : label.replace(/[-_+]+/g, ' '));
  if ((words.match(WORDS)?.length ?? 0) < PROMPT_WORDS) return { id: key, label };
  return { id: key, label: words, prompt: words, promptFrom: 'name' };
}

export function rowOfIndex(key: string): Row {
  return { id: key, label: `prompt ${Number(key)}` };
}
