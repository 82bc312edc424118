import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cancelled } from '../../../core/problem';
import { summaryOf, type Grid, type GridSummary } from '../../../core/sweep/grid';
import { promptFiles, withPrompts } from '../../../core/sweep/grid/prompts';
import { filesToRead, recognise } from '../../../core/sweep/grid/recognise';
import type { SweepTarget } from '../../../protocol/sweep';
import { readTree } from '../../sweep/tree';

/** A side file larger than this is no list of prompts. */
const MOST_PROMPT_BYTES = 4 << 20;
/** Of all side files: they are in memory together. */
const MOST_BYTES = 256 << 20;
/** Reads in flight: enough to hide latency. */
const AT_ONCE = 16;

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
  const { grids, message } = recognise(files, layout, await readTexts(root, filesToRead(files), signal));
  const chosen = grids.find(({ id }) => id === layout.grid) ?? grids[0];
  return {
    grid: chosen
      ? withPrompts(chosen, await readTexts(root, promptFiles(chosen, files), signal), parse)
      : null,
    ...(message === undefined ? {} : { message }),
    grids: grids.map(summaryOf),
    files: { total, videos: files.filter((f) => f.size > 0 || f.mtimeMs > 0).length },
    unreadable,
    ms: performance.now() - from,
  };
}

async function readTexts(
  root: string,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let [next, room] = [0, MOST_BYTES];
  const lane = async () => {
    while (next < paths.length) {
      if (signal?.aborted) throw cancelled();
      const path = paths[next++]!;
      const text = await readText(join(root, path), Math.min(MOST_PROMPT_BYTES, room));
      if (text === undefined) continue;
      texts.set(path, text);
      room -= text.length;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return texts;
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
