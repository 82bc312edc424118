import assert from 'node:assert/strict';
import type { Grid, TreeFile } from '../../../../src/core/sweep/grid';
import { recognise } from '../../../../src/core/sweep/grid/recognise';

/** Files of a made-up tree, each a second newer than the one before. */
export function files(...paths: readonly (string | readonly string[])[]): TreeFile[] {
  return paths.flat().map((path, i) => ({ path, size: 1000 + i, mtimeMs: 1_700_000_000_000 + i * 1000 }));
}

/** Every combination, the last list varying fastest. */
export function product(...lists: readonly (readonly (string | number)[])[]): string[][] {
  return lists.reduce<string[][]>(
    (all, list) => all.flatMap((before) => list.map((item) => [...before, String(item)])),
    [[]],
  );
}

export const pad = (n: number | string, digits: number) => String(n).padStart(digits, '0');

export function grids(...paths: readonly (string | readonly string[])[]): Grid[] {
  return recognise(files(...paths)).grids;
}

/** What a person sees of a grid. */
export function shape(grid: Grid | undefined) {
  return {
    id: grid?.id,
    columns: grid?.columns.map(({ label }) => label),
    rows: grid?.rows.map(({ label }) => label),
    seeds: grid?.seeds,
    clips: grid?.clips.length,
  };
}

export function leftovers(grid: Grid | undefined): Record<string, string> {
  return Object.fromEntries((grid?.leftovers ?? []).map(({ path, why }) => [path, why]));
}

/** Trees as the tools leave them: clips among weights, configurations, previews and pictures. */
export interface Leaving {
  what: string;
  clips: string[];
  /** Files beside that are no samples; of these, videos that have to be set aside as auxiliary. */
  others: string[];
  auxiliary?: string[];
  id: string;
  columns: string[];
  rows: string[];
  seeds?: string[];
}

/** A test for each: the likeliest grid, and what was set aside. */
export function itReads(leavings: readonly Leaving[]): void {
  for (const { what, clips, others, auxiliary = [], id, columns, rows, seeds = [''] } of leavings)
    it(what, () => {
      const [grid] = grids(clips, auxiliary, others);
      assert.deepEqual(shape(grid), { id, columns, rows, seeds, clips: clips.length });
      const aside = Object.entries(leftovers(grid)).filter(([, why]) => why === 'auxiliary');
      assert.deepEqual(aside.map(([path]) => path).sort(), [...auxiliary].sort());
    });
}
