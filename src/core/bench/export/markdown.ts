import { escapeMarkdown } from '../../markdown';
import type { Block, Section } from './sections';

/** Longer lists are cut, and say so: the JSON has all. */
const MOST_LISTED = 100;

export function cut(items: readonly string[]): string[] {
  const more = items.length > MOST_LISTED ? [`and ${items.length - MOST_LISTED} more`] : [];
  return [...items.slice(0, MOST_LISTED), ...more];
}

/** A laid out report; everything in it is text, and renders as itself. */
export function reportMarkdown(
  title: string,
  opening: readonly Block[],
  sections: readonly Section[],
): string {
  const parts = [
    `# ${escapeMarkdown(title)}`,
    ...opening.map(markdownBlock),
    ...sections.flatMap((section) => [
      `## ${escapeMarkdown(section.title)}`,
      ...section.blocks.map(markdownBlock),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function markdownBlock(block: Block): string {
  if ('text' in block) return escapeMarkdown(block.text);
  if ('items' in block)
    return cut(block.items)
      .map((item) => `- ${escapeMarkdown(item)}`)
      .join('\n');
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(block.heads), `|${block.heads.map(() => ' --- |').join('')}`, ...block.rows.map(line)].join(
    '\n',
  );
}
