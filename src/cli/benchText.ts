import { benchOpening, benchSections, benchTitle, type Block } from '../core/bench/export/sections';
import type { BenchReport } from '../core/bench/report';
import { plainLine } from '../core/markdown';
import { aligned, listed } from './sweepText';

/** A benchmark for a terminal: the report without what a file is for. */
export function benchText(report: BenchReport): string {
  const sections = benchSections(report).filter(({ detail }) => !detail);
  const lines = [
    benchTitle(report),
    ...benchOpening(report).flatMap(linesOf),
    ...sections.flatMap(({ title, blocks }) => ['', plainLine(title), ...blocks.flatMap(linesOf)]),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(block: Block): string[] {
  if ('text' in block) return [plainLine(block.text)];
  if ('items' in block) return listed(block.items);
  return aligned([block.heads, ...block.rows].map((row) => row.map(plainLine))).map((line) => `  ${line}`);
}
