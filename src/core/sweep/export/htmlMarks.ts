import type { SweepDocument } from '../document';
import { cellOf } from '../grid';
import { labelOf } from '../reportWords';
import { markOf, type Mark, type Marks } from '../marks';
import { sweepMarks } from '../stats/marks';
import { clipFinder } from './cells';
import { esc } from './htmlText';

/** With pictures of more characters than this all are left out: the report must stay one that can be mailed. */
export const MOST_PICTURES = 4_000_000;
/** Column names stand upright in a grid wider than this. */
const WIDE = 8;

/**
 * The verdict of every cell against the baseline and against the column before it, one table each; the first that is
 * shown has the stills.
 */
export function* marksTables(doc: SweepDocument, thumbnails: Stills = new Map()): Generator<string> {
  const { grid, pairs, pairing } = doc;
  const baseline = grid.columns.findIndex((c) => c.id === doc.baseline);
  const marks = sweepMarks({
    columns: grid.columns.length,
    rows: grid.rows.length,
    seeds: grid.seeds.length,
    table: pairs,
    unjudged: 0,
    baseline,
    pairing,
  });
  const against = `Overall, each column against ${labelOf(grid, baseline)}, the baseline`;
  // Of two columns both tables would say the same, and a pairing asks for the pairs of one of them only.
  const before = grid.columns.length > 2 && pairing !== 'baseline';
  const base = !before || pairing !== 'adjacent';
  if (base)
    yield marksTable(doc, {
      caption: against,
      marks: marks.baseline,
      reference: { column: baseline, word: 'baseline' },
      thumbnails,
    });
  if (before)
    yield marksTable(doc, {
      caption: 'Overall, each column against the one before it',
      marks: marks.previous,
      reference: { column: 0, word: 'first' },
      thumbnails: base ? new Map() : thumbnails,
    });
}

/** `data:` URIs by clip. */
type Stills = ReadonlyMap<number, string>;

interface MarksTable {
  caption: string;
  marks: Marks;
  /** The column that the others are measured against or that has none before it, and what stands in it. */
  reference: { column: number; word: string };
  thumbnails: Stills;
}

/** The grid of prompts and columns, with stills where there are any and room for them. */
function marksTable(doc: SweepDocument, { caption, marks, reference, thumbnails }: MarksTable): string {
  const { grid } = doc;
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
    const [kind, mark] =
      clips.length === 0 ? ['h', ' '] : markFor(markOf(marks, cellOf(grid, column, row), 'overall'));
    const said = column === reference.column && clips.length > 0 ? ['h', reference.word] : [kind, mark];
    const names = [said[0], ...(clips.some((c) => broken.has(c)) ? ['b'] : [])].join(' ');
    return `<td class="${names}">${picture(clips[0])}${said[1]}</td>`;
  };
  const heads = grid.columns.map((_, c) => `<th scope="col"><span>${esc(labelOf(grid, c))}</span></th>`);
  const body = grid.rows.map(({ label }, row) => {
    const short = label.length > 60 ? `${label.slice(0, 59)}…` : label;
    const cells = grid.columns.map((_, column) => cell(column, row)).join('');
    return `<tr><th scope="row" title="${esc(label)}">${esc(short)}</th>${cells}</tr>`;
  });
  const name = grid.columns.length > WIDE ? 'marks tall' : 'marks';
  return `<div class="scroll"><table class="${name}"><caption>${esc(caption)}</caption><thead><tr><th scope="col">Prompt</th>${heads.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function markFor(sign: Mark): [kind: string, mark: string] {
  if (sign === null) return ['h', '·'];
  if (sign === 0) return ['t', '='];
  return sign > 0 ? ['u', '+'] : ['d', '−'];
}
