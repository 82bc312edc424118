import type { SweepDocument } from '../document';
import { cellOf } from '../grid';
import { labelOf } from '../reportWords';
import { clipFinder, signOf } from './cells';
import { esc } from './htmlText';

/** With pictures of more characters than this all are left out: the report must stay one that can be mailed. */
export const MOST_PICTURES = 4_000_000;
/** Column names stand upright in a grid wider than this. */
const WIDE = 8;

/** Mean sign per cell against the baseline, seeds averaged; NaN where nothing was judged. */
function meanSigns({ grid, pairs }: SweepDocument, baseline: number): Float32Array {
  const cells = grid.columns.length * grid.rows.length;
  const [sums, counts] = [new Float32Array(cells), new Float32Array(cells)];
  for (let i = 0; i < pairs.count; i++) {
    const [earlier, later] = [pairs.earlier[i]!, pairs.later[i]!];
    if (earlier !== baseline && later !== baseline) continue;
    const cell = cellOf(grid, earlier === baseline ? later : earlier, pairs.row[i]!);
    sums[cell]! += signOf(pairs, i, 'overall') * (earlier === baseline ? 1 : -1);
    counts[cell]! += 1;
  }
  return sums.map((sum, cell) => (counts[cell] === 0 ? NaN : sum / counts[cell]!));
}

/** The grid of prompts and columns with the verdict of every cell, and stills where there are any and room for them. */
export function marksTable(doc: SweepDocument, thumbnails: ReadonlyMap<number, string> = new Map()): string {
  const { grid } = doc;
  const baseline = grid.columns.findIndex((c) => c.id === doc.baseline);
  const signs = meanSigns(doc, baseline);
  const clipAt = clipFinder(doc);
  const broken = new Set(doc.broken.map(({ clip }) => clip));
  const size = [...thumbnails.values()].reduce((sum, uri) => sum + uri.length, 0);
  const picture = (clip: number | undefined) => {
    const uri = clip === undefined || size > MOST_PICTURES ? undefined : thumbnails.get(clip);
    return uri !== undefined && /^data:image\/(jpeg|png|webp);base64,[A-Za-z0-9+/=]+$/.test(uri)
      ? `<img alt="" src="${uri}">`
      : '';
  };
  const cell = (column: number, row: number) => {
    const clips = grid.seeds.flatMap((_, seed) => clipAt(column, row, seed) ?? []);
    const [kind, mark] = clips.length === 0 ? ['h', ' '] : markFor(signs[cellOf(grid, column, row)]!);
    const base = column === baseline && clips.length > 0 ? ['h', 'base'] : [kind, mark];
    const names = [base[0], ...(clips.some((c) => broken.has(c)) ? ['b'] : [])].join(' ');
    return `<td class="${names}">${picture(clips[0])}${base[1]}</td>`;
  };
  const heads = grid.columns.map((_, c) => `<th scope="col"><span>${esc(labelOf(grid, c))}</span></th>`);
  const body = grid.rows.map(({ label }, row) => {
    const short = label.length > 60 ? `${label.slice(0, 59)}…` : label;
    const cells = grid.columns.map((_, column) => cell(column, row)).join('');
    return `<tr><th scope="row" title="${esc(label)}">${esc(short)}</th>${cells}</tr>`;
  });
  const name = grid.columns.length > WIDE ? 'marks tall' : 'marks';
  return `<div class="scroll"><table class="${name}"><thead><tr><th scope="col">Prompt</th>${heads.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function markFor(sign: number): [kind: string, mark: string] {
  if (Number.isNaN(sign)) return ['h', '·'];
  if (sign === 0) return ['t', '='];
  return sign > 0 ? ['u', '+'] : ['d', '−'];
}
