import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { dirname } from 'node:path/posix';
import { isVideoName } from '../../core/pair';
import { cancelled, problem } from '../../core/problem';
import type { TreeFile } from '../../core/sweep/grid';
import { isIndexFile, isPromptFolder, mayHoldPrompts } from '../../core/sweep/grid/prompts';

export interface Tree {
  /** Videos, and the few other files that may hold their prompts (of these only the path is known). */
  files: TreeFile[];
  /** All files that were seen, of whatever kind. */
  total: number;
  /** Folders that could not be read, relative to the root. */
  unreadable: string[];
}

const SKIPPED = new Set([
  ...[
    '.git',
    '.hg',
    '.svn',
    '.aesrm',
    'node_modules',
    '__pycache__',
    '.venv',
    '.cache',
    '.ipynb_checkpoints',
  ],
  ...['.Trash', '.Trashes', '$RECYCLE.BIN', '@eaDir', 'lost+found'],
]);
/** Reads in flight at once: enough to hide latency, few enough for the process's file handles. */
const AT_ONCE = 32;
/** Side files kept in all. */
const MOST_SIDE_FILES = 20_000;

interface Walk {
  signal: AbortSignal | undefined;
  onProgress: ((files: number) => void) | undefined;
  /** Real paths of folders entered through links, and of those on the way: no folder is read twice. */
  entered: Set<string>;
  folders: string[];
  videos: string[];
  sides: string[];
  links: string[];
  total: number;
  unreadable: string[];
}

/** Walks a folder. Folders that cannot be read are told, a folder or file that vanishes meanwhile is left out. */
export async function readTree(
  root: string,
  options: { signal?: AbortSignal; onProgress?: (files: number) => void } = {},
): Promise<Tree> {
  const walk: Walk = {
    signal: options.signal,
    onProgress: options.onProgress,
    entered: new Set([await realRoot(root)]),
    folders: [''],
    videos: [],
    sides: [],
    links: [],
    total: 0,
    unreadable: [],
  };
  while (walk.folders.length > 0 || walk.links.length > 0) {
    if (walk.folders.length > 0)
      await eachOf(walk, walk.folders.splice(0), (folder) => readFolder(root, walk, folder));
    else await followLinks(root, walk);
  }
  const videos = await statVideos(root, walk);
  const sides = keptSides(walk).map((path): TreeFile => ({ path, size: 0, mtimeMs: 0 }));
  return { files: [...videos, ...sides], total: walk.total, unreadable: walk.unreadable.sort() };
}

/** The folder itself, behind links. Refuses what is missing, no folder, or not to be read. */
export async function realRoot(root: string): Promise<string> {
  let found: Stats;
  try {
    found = await stat(root);
    if (!found.isDirectory()) throw problem('fileMissing', `"${basename(root)}" is not a folder.`);
    return await realpath(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw problem(
        'fileMissing',
        `The folder ${root} does not exist.`,
        'It may have been renamed or deleted.',
      );
    if (code === 'EACCES' || code === 'EPERM') throw unreadableRoot(root);
    throw error;
  }
}

function unreadableRoot(root: string) {
  return problem('unreadable', `The folder ${root} may not be read.`, 'Check its permissions.');
}

async function eachOf(
  walk: Walk,
  items: readonly string[],
  run: (item: string) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      if (walk.signal?.aborted) throw cancelled();
      await run(items[next++]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
}

async function readFolder(root: string, walk: Walk, folder: string): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (folder === '')
      throw code === 'ENOENT'
        ? problem('fileMissing', `The folder ${root} does not exist.`)
        : unreadableRoot(root);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') walk.unreadable.push(folder);
    return;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) walk.folders.push(path);
    } else if (entry.isSymbolicLink()) walk.links.push(path);
    else if (entry.isFile()) sawFile(walk, path, entry.name);
  }
  walk.onProgress?.(walk.total);
}

function sawFile(walk: Walk, path: string, name: string): void {
  walk.total++;
  if (isVideoName(name)) walk.videos.push(path);
  else if (mayHoldPrompts(name)) walk.sides.push(path);
}

/** Enters each linked folder once, and none that lies in the tree itself or that leads back up. */
async function followLinks(root: string, walk: Walk): Promise<void> {
  const own = [...walk.entered];
  for (const path of walk.links.splice(0).sort()) {
    if (walk.signal?.aborted) throw cancelled();
    const at = join(root, path);
    const found = await stat(at).catch(() => undefined);
    if (!found) continue;
    const name = basename(path);
    const real = await realpath(at).catch(() => undefined);
    if (real === undefined || SKIPPED.has(name)) continue;
    const inside = own.some((dir) => real === dir || real.startsWith(dir + sep));
    const above = own.some((dir) => dir.startsWith(real + sep));
    if (inside || above || walk.entered.has(real)) continue;
    walk.entered.add(real);
    if (found.isDirectory()) walk.folders.push(path);
    else if (found.isFile()) sawFile(walk, path, name);
  }
}

async function statVideos(root: string, walk: Walk): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  await eachOf(walk, walk.videos, async (path) => {
    const found = await stat(join(root, path)).catch(() => undefined);
    if (found?.isFile()) files.push({ path, size: found.size, mtimeMs: found.mtimeMs });
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Among any number of texts and records, those that can belong to a clip or to a run. */
function keptSides({ sides, videos }: Walk): string[] {
  const withVideos = new Set(videos.map((path) => dirname(path)));
  const kept = sides.filter((path) => {
    const [folder, name] = [dirname(path), basename(path)];
    return isIndexFile(name) || withVideos.has(folder) || isPromptFolder(basename(folder));
  });
  // Those of a run before those of a clip each: where there are too many, the lists of prompts are not lost.
  const [lists, others] = [
    kept.filter((path) => isIndexFile(basename(path))),
    kept.filter((path) => !isIndexFile(basename(path))),
  ];
  return [...lists.sort(), ...others.sort()].slice(0, MOST_SIDE_FILES);
}
