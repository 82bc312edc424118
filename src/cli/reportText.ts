import type { Block, Section } from '../core/bench/export/sections';
import { plainLine } from '../core/markdown';
import { aligned, listed } from './sweepText';

/** A laid out report for a terminal: without what a file is for. */
export function reportText(title: string, opening: readonly Block[], sections: readonly Section[]): string {
  const shown = sections.filter(({ detail }) => !detail);
  const lines = [
    plainLine(title),
    ...opening.flatMap(linesOf),
    ...shown.flatMap((section) => ['', plainLine(section.title), ...section.blocks.flatMap(linesOf)]),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(block: Block): string[] {
  if ('text' in block) return [plainLine(block.text)];
  if ('items' in block) return listed(block.items);
  return aligned([block.heads, ...block.rows].map((row) => row.map(plainLine))).map((line) => `  ${line}`);
}
