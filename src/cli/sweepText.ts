import type { RequestEstimate } from '../core/endpoint/estimate';
import { plainLine } from '../core/markdown';
import { holesOf, type Grid } from '../core/sweep/grid';
import {
  agreementTexts,
  bestText,
  count,
  fallsText,
  fewPromptsText,
  holeText,
  judgeLine,
  labelOf,
  notJudgedText,
  rankedColumns,
  recognisedText,
  regressionText,
  SERIES_NAMES,
  strengthText,
  testsText,
  unrankedText,
} from '../core/sweep/reportWords';
import { rateText } from '../core/sweep/rateText';
import { isJudgedIn, type SweepStatistics } from '../core/sweep/statistics';
import { SERIES, type Series } from '../core/sweep/table';
import type { SweepProgress, SweepScan, SweepState } from '../protocol/sweep';

/** Longer lists are cut in a terminal, and say so. */
const MOST_LISTED = 20;

export function listed(items: readonly string[], indent = '  '): string[] {
  const more = items.length > MOST_LISTED ? [`and ${items.length - MOST_LISTED} more`] : [];
  return [...items.slice(0, MOST_LISTED), ...more].map((item) => `${indent}${plainLine(item)}`);
}

/** Columns of text, the first flush left, two spaces apart. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => [...row[i]!].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}

/** The grid as it was recognised, before anything runs. */
/** What is put to a vision-language model, before it is. */
export function asksText({ requests, frames, tokens, cost }: RequestEstimate): string {
  const money = cost === undefined ? '' : `, about ${cost.toFixed(2)} at the prices of the endpoints`;
  return (
    `The judge is asked ${count(requests, 'question')} with ${frames} frames: ` +
    `about ${tokens.prompt} tokens in and ${tokens.completion} out${money}.`
  );
}

export function scanText({ grid, grids, cost }: SweepScan & { grid: Grid }): string {
  const cells = grid.columns.map((c, i) => [
    plainLine(c.label),
    count(grid.clips.filter(({ column }) => column === i).length, 'clip'),
    `id ${plainLine(c.id)}`,
  ]);
  const others = grids.filter(({ id }) => id !== grid.id);
  const lines = [
    ...gridLines(grid),
    ...(grid.pattern === undefined ? [] : [`Pattern: ${plainLine(grid.pattern)}`]),
    '',
    ...aligned(cells).map((line) => `  ${line}`),
    ...(others.length > 0 ? ['', 'Also found, by --grid:'] : []),
    ...listed(others.map((g) => `${JSON.stringify(g.id)}  ${plainLine(g.title)}`)),
    '',
    `To do: ${cost.clips.total - cost.clips.encoded} of ${count(cost.clips.total, 'clip')} to encode, ` +
      `${cost.pairs.total - cost.pairs.judged} of ${count(cost.pairs.total, 'pair')} to judge` +
      `${cost.seconds === undefined ? '' : `, about ${durationText(cost.seconds)}`}.`,
    ...(cost.asks ? [asksText(cost.asks)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function gridLines(grid: Grid): string[] {
  return [plainLine(grid.title), `${recognisedText(grid)}.`, ...grid.notes.map((note) => plainLine(note))];
}

export function progressText({ stage, ...step }: SweepProgress): string {
  const words = {
    scanning: 'looking',
    working: 'judging',
    following: 'following another run',
    watching: 'watching',
  };
  return pacedText(words[stage], step);
}

/** How far work on many clips is, how fast it goes, and when it ends. */
export function pacedText(
  doing: string,
  { clips, pairs, rate, secondsLeft }: Omit<SweepProgress, 'stage'>,
): string {
  const parts = [
    `${doing}: ${clips.done} of ${clips.total} clips`,
    `${pairs.done} of ${pairs.total} pairs`,
    ...(rate === undefined ? [] : [`${rate.toFixed(1)} clips/s`]),
    ...(secondsLeft === undefined ? [] : [`${durationText(secondsLeft)} left`]),
  ];
  return parts.join(', ');
}

export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A sweep for a terminal: the facts of the report. */
export function sweepText(grid: Grid, state: SweepState): string {
  const { statistics, broken, agreement, kept, pairs } = state;
  const few = pairs.total > 0 ? fewPromptsText(grid) : undefined;
  const holes = holesOf(grid);
  const lines = [
    ...gridLines(grid),
    `Judge: ${plainLine(judgeLine(state.judge, state.device))}`,
    '',
    ...(statistics
      ? statisticsLines(grid, statistics)
      : [
          pairs.total > 0
            ? 'No pair is judged yet, so there are no statistics.'
            : 'There is no pair of samples to judge.',
        ]),
    ...(few ? ['', few] : []),
    ...(holes.length > 0 ? ['', `Holes: ${holes.length}`] : []),
    ...listed(holes.map((hole) => holeText(grid, hole))),
    ...(broken.length > 0 ? ['', `Broken clips, left out of all numbers: ${broken.length}`] : []),
    ...listed(broken.map(({ clip, problem }) => `${grid.clips[clip]?.path ?? ''}: ${problem.message}`)),
    ...(agreement ? ['', 'Votes:', ...listed(agreementTexts(agreement))] : []),
    '',
    kept.dir === null ? 'No record is kept.' : `The record is in ${plainLine(kept.dir)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function statisticsLines(grid: Grid, statistics: SweepStatistics): string[] {
  const ranked = rankedColumns(statistics);
  const unranked = unrankedText(statistics);
  const falls = fallsText(grid, statistics);
  const silent = notJudgedText(statistics);
  const regressions = statistics.regressions.flatMap((r) => [
    `  ${plainLine(regressionText(grid, r))}`,
    ...listed(
      r.worse.map((row) => grid.rows[row]?.label ?? `prompt ${row + 1}`),
      '    ',
    ),
  ]);
  return [
    `Win rates against ${plainLine(labelOf(grid, statistics.baseline))}`,
    ...ratesTable(grid, statistics, 'againstBaseline'),
    ...(grid.columns.length > 2
      ? ['', 'Win rates against the column before', ...ratesTable(grid, statistics, 'againstPrevious')]
      : []),
    ...(ranked.length > 0 ? ['', 'Ranking (Davidson strength, log scale)'] : []),
    ...aligned(
      ranked.map(({ column, strength }, i) => [
        `  ${i + 1}.`,
        plainLine(labelOf(grid, column)),
        strengthText(strength),
      ]),
    ),
    ...(unranked ? ['', unranked] : []),
    '',
    plainLine(bestText(grid, statistics, 'overall')),
    testsText(statistics),
    ...(falls ? [plainLine(falls)] : []),
    ...(silent ? [silent] : []),
    ...regressions,
  ];
}

function ratesTable(
  grid: Grid,
  statistics: SweepStatistics,
  which: 'againstBaseline' | 'againstPrevious',
): string[] {
  const isBaseline = (column: number, s: Series) =>
    which === 'againstBaseline' && column === statistics.baseline && isJudgedIn(statistics, s);
  const rows = grid.columns.map((c, i) => [
    plainLine(c.label),
    ...SERIES.map((s) => (isBaseline(i, s) ? 'baseline' : rateText(statistics.series[s][which][i]))),
  ]);
  return aligned([['', ...SERIES.map((s) => SERIES_NAMES[s])], ...rows]);
}
