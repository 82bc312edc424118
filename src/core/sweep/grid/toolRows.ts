import { labelOf, rowOfIndex, rowOfText, type Placed } from './build';
import type { Column, Row } from '../grid';
import type { Convention, Groups } from './convention';
import type { ClipRecord } from './records';
import { groupBy, natural, oneLine, type Clip } from './paths';

/** A clip whose name a convention explains. */
export interface Match {
  convention: Convention;
  clip: Clip;
  groups: Groups;
  /** The folder of the run, for one grid each. */
  run: string;
  record?: ClipRecord;
}

export interface InColumn {
  match: Match;
  column: Column;
}

export interface PlacedMatch extends Placed {
  run: string;
  match: Match;
}

export function rowFor(key: string, match: Match) {
  const { short, text, idx } = match.groups;
  if (match.record) return rowOfRecord(key, match.record);
  if (match.convention.ordered) return { id: key, label: orderedLabel(key) };
  if (short !== undefined) return { id: key, label: oneLine(key.replaceAll('_', ' ')) };
  if (text !== undefined) return rowOfText(key, text);
  return idx !== undefined && /^\d+$/.test(key) ? rowOfIndex(key) : { id: key, label: `prompt ${key}` };
}

function rowOfRecord(id: string, { prompt, from }: ClipRecord): Row {
  return { id, label: labelOf(prompt), prompt, promptFrom: from };
}

function orderedLabel(key: string): string {
  const number = /^clip(?: (\d+))?$/.exec(key);
  return number ? `prompt ${number[1] ?? 1}` : oneLine(key);
}

/** Clips of one run with their rows: texts that two prompts share are told apart by process or order. */
export function rowsFor(all: readonly InColumn[]): PlacedMatch[] {
  const placed = all.map(({ match, column }): PlacedMatch => {
    const taken = takenOf(match.groups);
    return {
      clip: match.clip,
      column,
      row: rowKey(match),
      seed: seedOf(match.groups),
      ...(taken === undefined ? {} : { taken }),
      run: match.run,
      match,
    };
  });
  for (const of of groupBy(placed, ({ row }) => row).values()) tellApart(of);
  return placed;
}

export function rowKey({ convention, groups }: Match): string {
  const { idx, text, hash, rank, short, variant } = groups;
  if (convention.ordered) return variant ?? 'clip';
  if (short !== undefined) return Number(idx) === 0 ? short : `${short} ${Number(idx)}`;
  const number = idx === undefined ? undefined : String(Number(idx));
  const parts = [convention.ranked ? rank : undefined, number, text, hash];
  if (groups['any'] !== undefined) return [groups['any'], groups['tail']].filter(Boolean).join('_');
  return parts.filter((part) => part !== undefined).join('-');
}

export function seedOf({ seed = '', take = '0' }: Groups): string {
  return Number(take) === 0 ? seed : `${take}-${seed}`;
}

/** Digits of a time token, as one number that orders takes. */
export function takenOf({ taken }: Groups): number | undefined {
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
