import { RUBRIC_VERSION } from '../../rubric';
import type { SweepDocument } from '../document';
import { holesOf } from '../grid';
import { rateText } from '../rateText';
import {
  agreementTexts,
  bestText,
  count,
  fallsText,
  fewPromptsText,
  judgeLine,
  holeText,
  labelOf,
  notJudgedText,
  pairingText,
  rankedColumns,
  recognisedText,
  regressionText,
  SERIES_NAMES,
  strengthText,
  testsText,
  unrankedText,
} from '../reportWords';
import { isJudgedIn, type SweepStatistics } from '../statistics';
import { SERIES } from '../table';
import { curve } from './htmlCurve';
import { marksTables } from './htmlMarks';
import { esc, REPORT_STYLE, table, tag } from './htmlText';

export interface ReportExtras {
  /** A still as a `data:` URI by index of the grid's clips. */
  thumbnails?: ReadonlyMap<number, string>;
}

const CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/** Longer lists are cut, and say so: the JSON export has all. */
const MOST_LISTED = 100;
/** More holes than this are folded away. */
const FOLDED = 12;

const p = (text: string, name = '') => tag('p', esc(text), name === '' ? '' : `class="${name}"`);

function list(items: readonly string[]): string {
  const more = items.length > MOST_LISTED ? [`and ${items.length - MOST_LISTED} more`] : [];
  const shown = [...items.slice(0, MOST_LISTED), ...more];
  return tag('ul', shown.map((item) => tag('li', esc(item))).join(''));
}

/** One self-contained page: no script, nothing loaded, light and dark. */
export function* sweepHtml(doc: SweepDocument, extras: ReportExtras): Generator<string> {
  // The folder's own name: where it lies is nobody's business that the report is sent to.
  const title = `Sweep of ${(doc.name || doc.root).split(/[\\/]/).findLast((part) => part !== '') ?? doc.root}`;
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${esc(title)}</title>
<style>${REPORT_STYLE}</style></head><body>\n`;
  yield* opening(doc, title);
  if (doc.statistics) {
    yield* numbers(doc, doc.statistics);
    yield* regressions(doc, doc.statistics);
  } else yield p('Nothing is judged yet: there are no statistics.', 'note');
  yield `<h2>Per prompt</h2>${p('+ better, − worse, = tie, · not judged, empty: no clip; outlined: a clip is broken. Seeds are averaged.', 'dim')}`;
  yield* marksTables(doc, extras.thumbnails);
  yield* missing(doc);
  if (doc.agreement)
    yield `<h2>Agreement with votes</h2>${agreementTexts(doc.agreement)
      .map((s) => p(s))
      .join('')}`;
  yield* method(doc);
  yield '</body></html>\n';
}

function* opening(doc: SweepDocument, title: string): Generator<string> {
  yield `<header><h1>${esc(title)}</h1>${p(`${doc.grid.title} ${recognisedText(doc.grid)}.`, 'dim')}`;
  yield p(`Judge: ${judgeLine(doc.judge, doc.judge.device)}`, 'dim');
  yield p(`As of ${doc.at.slice(0, 16).replace('T', ' ')} UTC.`, 'dim');
  if (doc.judge.kind === 'compact')
    yield p(
      "The verdicts are a small model's, not people's, and not those of AesRM's weights. Look at the clips before you ship a checkpoint.",
      'note',
    );
  yield '</header>';
  const few = fewPromptsText(doc.grid);
  if (few) yield p(few, 'note');
  if (doc.statistics) yield p(bestText(doc.grid, doc.statistics, 'overall'), 'best');
}

function* numbers({ grid }: SweepDocument, statistics: SweepStatistics): Generator<string> {
  const judged = SERIES.filter((s) => isJudgedIn(statistics, s));
  yield `<h2>Win rates</h2><div class="charts">${judged.map((s) => curve(grid, statistics, s)).join('\n')}</div>`;
  const silent = notJudgedText(statistics);
  if (silent) yield p(silent);
  const names = SERIES.map((s) => SERIES_NAMES[s]);
  const columns = grid.columns.map((c, i) => ({ label: esc(c.label), i }));
  const rates = (which: 'againstBaseline' | 'againstPrevious') =>
    columns.map(({ label, i }) => [
      label,
      ...SERIES.map((s) =>
        which === 'againstBaseline' && i === statistics.baseline && judged.includes(s)
          ? 'baseline'
          : esc(rateText(statistics.series[s][which][i])),
      ),
    ]);
  const against = (name: string) => [name, ...names];
  yield `<h3>Against ${esc(labelOf(grid, statistics.baseline))}</h3>${table(against('Column'), rates('againstBaseline'))}`;
  if (grid.columns.length > 2)
    yield `<h3>Against the column before</h3>${table(against('Column'), rates('againstPrevious'))}`;
  const ranked = rankedColumns(statistics);
  if (ranked.length > 0) {
    const rows = ranked.map(({ column }) => [
      esc(labelOf(grid, column)),
      ...SERIES.map((s) => esc(strengthText(statistics.series[s].ranking?.strengths[column]))),
    ]);
    yield `<h2>Ranking</h2>${p('Davidson strengths, log scale, mean 0; the strongest overall first.', 'dim')}${table(against('Column'), rows)}`;
  }
  const unranked = unrankedText(statistics);
  if (unranked) yield `<h2>Ranking</h2>${p(unranked)}`;
  const others = judged.filter((s) => s !== 'overall');
  if (others.length > 0)
    yield `<h3>Best by dimension</h3>${list(others.map((s) => `${SERIES_NAMES[s]}: ${bestText(grid, statistics, s)}`))}`;
}

function* regressions({ grid }: SweepDocument, statistics: SweepStatistics): Generator<string> {
  const falls = fallsText(grid, statistics);
  yield `<h2>Regressions</h2>${p(testsText(statistics))}${falls ? p(falls) : ''}`;
  for (const r of statistics.regressions) {
    yield `<h3>${esc(regressionText(grid, r))}</h3>${p('Prompts that got worse, the largest loss first:', 'dim')}`;
    yield list(r.worse.map((row) => grid.rows[row]?.label ?? `prompt ${row + 1}`));
  }
}

function* missing(doc: SweepDocument): Generator<string> {
  const { grid, broken } = doc;
  const holes = holesOf(grid);
  if (broken.length > 0) {
    yield `<h2>Broken clips</h2>${p('Left out of all numbers.', 'dim')}`;
    yield list(broken.map(({ clip, problem }) => `${grid.clips[clip]?.path ?? ''}: ${problem.message}`));
  }
  if (holes.length === 0) return;
  const where = holes.map((hole) => holeText(grid, hole));
  yield `<h2>Holes</h2>${p(`${count(holes.length, 'sample')} missing that other columns have.`, 'dim')}`;
  yield where.length > FOLDED ? `<details><summary>Which</summary>${list(where)}</details>` : list(where);
}

function* method(doc: SweepDocument): Generator<string> {
  const { statistics, grid } = doc;
  const notes = [
    `Judged: ${pairingText(doc.pairing)}, within one prompt and seed; ${count(doc.pairs.count, 'pair')}. Frame plan ${doc.plan}, rubric ${RUBRIC_VERSION}.`,
    'Win rate: the share of prompts won; a tie counts half, seeds are averaged within a prompt. Intervals are 95%, over prompts.',
    'Regressions: one-sided sign test over prompts between a column and the one before it, Holm over all tests made.',
    ...(statistics
      ? [`Statistics: ${statistics.method}, ${statistics.replicates} bootstrap replicates over prompts.`]
      : []),
    ...grid.notes,
  ];
  yield `<h2>Method</h2>${list(notes)}`;
}
