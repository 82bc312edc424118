import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { summaryOf, type Grid, type GridSummary, type TreeFile } from '../../../core/sweep/grid';
import { promptFiles, withPrompts } from '../../../core/sweep/grid/prompts';
import { recognise } from '../../../core/sweep/grid/recognise';
import type { SweepTarget } from '../../../protocol/sweep';
import { readTree } from '../../sweep/tree';

/** A side file larger than this is no list of prompts. */
const MOST_PROMPT_BYTES = 4 << 20;
/** Of all side files: they are in memory together. */
const MOST_BYTES = 256 << 20;

export interface Look {
  grid: Grid | null;
  message?: string;
  grids: GridSummary[];
  files: { total: number; videos: number };
  /** Folders that could not be read, relative to the root. */
  unreadable: readonly string[];
  /** Milliseconds that the look took. */
  ms: number;
}

/** What lies in a folder now; changes nothing. */
export async function lookThrough(
  { layout, root }: SweepTarget,
  signal?: AbortSignal,
  onProgress?: (files: number) => void,
): Promise<Look> {
  const from = performance.now();
  const options = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  const { files, total, unreadable } = await readTree(root, options);
  const { grids, message } = recognise(files, layout);
  const chosen = grids.find(({ id }) => id === layout.grid) ?? grids[0];
  return {
    grid: chosen ? await promptsFor(root, chosen, files) : null,
    ...(message === undefined ? {} : { message }),
    grids: grids.map(summaryOf),
    files: { total, videos: files.filter((f) => f.size > 0 || f.mtimeMs > 0).length },
    unreadable,
    ms: performance.now() - from,
  };
}

async function promptsFor(root: string, grid: Grid, files: readonly TreeFile[]): Promise<Grid> {
  const texts = new Map<string, string>();
  let room = MOST_BYTES;
  for (const path of promptFiles(grid, files)) {
    const text = await readText(join(root, path), Math.min(MOST_PROMPT_BYTES, room));
    if (text === undefined) continue;
    texts.set(path, text);
    room -= text.length;
  }
  return withPrompts(grid, texts, parse);
}

async function readText(path: string, most: number): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > most) return undefined;
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
