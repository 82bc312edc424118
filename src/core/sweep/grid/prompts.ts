import type { Grid, TreeFile } from '../grid';

/** Files beside a grid's clips that may hold its prompts, as paths relative to the root. */
export function promptFiles(_grid: Grid, _files: readonly TreeFile[]): string[] {
  return [];
}

/** A grid whose rows have the prompts found in texts of side files (by path). */
export function withPrompts(grid: Grid, _texts: ReadonlyMap<string, string>): Grid {
  return grid;
}

/** The prompt that a generator wrote into a container's tags. */
export function promptFromTags(_tags: Record<string, string>): string | undefined {
  return undefined;
}

/** Whether a name may be a side file at all. */
export function mayHoldPrompts(name: string): boolean {
  return /\.(?:txt|jsonl?|ya?ml|toml|csv)$/i.test(name);
}
