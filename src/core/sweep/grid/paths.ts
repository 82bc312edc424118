import type { TreeFile } from '../grid';

/** A clip's path taken apart once: all recognisers read this. */
export interface Clip {
  file: TreeFile;
  /** Folders from the root down. */
  dirs: readonly string[];
  /** With extension. */
  name: string;
  /** Without. */
  stem: string;
  /** Lower case, without the dot. */
  ext: string;
}

export function clipOf(file: TreeFile): Clip {
  const dirs = file.path.split('/');
  const name = dirs.pop() ?? '';
  const dot = name.lastIndexOf('.');
  return { file, dirs, name, stem: name.slice(0, dot), ext: name.slice(dot + 1).toLowerCase() };
}

/** The folder that holds a path; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

const collator = new Intl.Collator('en', { numeric: true });

/** "step 2" before "step 10"; equal only where the texts are. */
export function natural(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Groups in the order of their first member. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const k = key(item);
    const group = groups.get(k);
    if (group) group.push(item);
    else groups.set(k, [item]);
  }
  return groups;
}

/** One line without control characters, for labels. */
export function oneLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}
