import { esc, REPORT_STYLE, table, tag } from '../../sweep/export/htmlText';
import type { BenchFormat } from '../formats';
import type { BenchDocument } from '../report';
import { cut, reportMarkdown } from './markdown';
import { reliabilityDiagram } from './reliability';
import { benchOpening, benchSections, benchTitle, type Block } from './sections';

export function exportBench(format: BenchFormat, document: BenchDocument): string {
  if (format === 'json') return `${JSON.stringify(document)}\n`;
  if (format === 'html') return benchHtml(document);
  return reportMarkdown(benchTitle(document), benchOpening(document), benchSections(document));
}

const CSP = "default-src 'none'; style-src 'unsafe-inline'";
/** Wide tables wrap before they scroll. */
const WRAPPED = 'th,td{white-space:normal}thead th{vertical-align:bottom}.n{white-space:nowrap}';

/** An interval stays in one line. */
const cellHtml = (text: string) => esc(text).replace(/\([^()]*\)/g, '<span class="n">$&</span>');

function htmlBlock(block: Block): string {
  if ('text' in block) return tag('p', esc(block.text));
  if ('items' in block)
    return tag(
      'ul',
      cut(block.items)
        .map((item) => tag('li', esc(item)))
        .join(''),
    );
  const drawn = block.bins ? reliabilityDiagram(block.bins) : '';
  const rows = table(
    block.heads.map(esc),
    block.rows.map((row) => row.map(cellHtml)),
  );
  return drawn === '' ? rows : `<div class="charts">${drawn}${rows}</div>`;
}

/** One self-contained page: no script, nothing loaded, light and dark. */
function benchHtml(document: BenchDocument): string {
  const title = esc(benchTitle(document));
  const body = [
    `<header><h1>${title}</h1>${benchOpening(document).map(htmlBlock).join('')}</header>`,
    ...benchSections(document).map(
      (section) => `<h2>${esc(section.title)}</h2>${section.blocks.map(htmlBlock).join('\n')}`,
    ),
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<style>${REPORT_STYLE}${WRAPPED}</style></head><body>\n${body.join('\n')}\n</body></html>\n`;
}
