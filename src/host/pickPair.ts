import { isVideoName, VIDEO_EXTENSIONS } from '../core/pair';

/** A video that can be picked. */
export interface VideoFile {
  /** URI as a string. */
  uri: string;
  name: string;
  /** As the window shows it, relative to the workspace where it can be. */
  folder: string;
  bytes: number;
  mtimeMs: number;
}

/** Letters of either case, since globs know no flag for it. */
const anyCase = (ext: string) => ext.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

export const VIDEO_GLOB = `**/*.{${VIDEO_EXTENSIONS.map(anyCase).join(',')}}`;
export const SKIPPED_GLOB = '**/{node_modules,.aesrm}/**';

export function newestFirst(files: readonly VideoFile[]): VideoFile[] {
  return [...files].sort((x, y) => y.mtimeMs - x.mtimeMs || (x.uri < y.uri ? -1 : 1));
}

export type Selection<T> = { pair: [T, T] } | { refused: 'notTwo' | 'notVideos' };

/**
 * The two clips of an Explorer selection: the command is given the item under the pointer and the whole selection,
 * and from a keybinding or the palette neither.
 */
export function pairFromSelection<T>(
  clicked: unknown,
  selected: unknown,
  isUri: (value: unknown) => value is T,
  pathOf: (uri: T) => string,
): Selection<T> {
  const list = Array.isArray(selected) ? selected.filter(isUri) : isUri(clicked) ? [clicked] : [];
  const unique = [...new Map(list.map((uri) => [pathOf(uri), uri])).values()];
  const [first, second] = unique;
  if (first === undefined || second === undefined || unique.length !== 2) return { refused: 'notTwo' };
  if (!unique.every((uri) => isVideoName(pathOf(uri)))) return { refused: 'notVideos' };
  return { pair: [first, second] };
}

export interface Age {
  count: number;
  unit: 'now' | 'minute' | 'hour' | 'day' | 'month' | 'year';
}

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

export function ageOf(mtimeMs: number, nowMs: number): Age {
  const seconds = (nowMs - mtimeMs) / 1000;
  for (const [unit, length] of UNITS)
    if (seconds >= length) return { count: Math.floor(seconds / length), unit };
  return { count: 0, unit: 'now' };
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1e3)} KB`;
  if (bytes < 999_500_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Samples of different checkpoints often share their file name: then the folders come first, and the name once. */
export function pairTitle(a: { name: string; folder: string }, b: { name: string; folder: string }): string {
  const last = (folder: string) => folder.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  if (a.name !== b.name) return `${a.name} ↔ ${b.name}`;
  if (last(a.folder) !== last(b.folder)) return `${last(a.folder)} ↔ ${last(b.folder)}: ${a.name}`;
  return `${a.folder} ↔ ${b.folder}: ${a.name}`;
}
