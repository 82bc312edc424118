import { ranOn } from '../ranOn';
import type { JudgeInfo } from '../verdict';
import { holesOf, type Column, type Grid } from './grid';
import { percentText, rateText } from './rateText';
import {
  isJudgedIn,
  LEAST_PROMPTS,
  uncertainFalls,
  type Regression,
  type Strength,
  type SweepStatistics,
} from './statistics';
import type { Pairing, Series } from './table';
import type { VoteAgreement } from './statistics';

/** What the terminal and the report say of a sweep, in words; laying out and escaping is theirs. */

export const SERIES_NAMES: Record<Series, string> = {
  overall: 'Overall',
  VA: 'Visual Aesthetics',
  VF: 'Visual Fidelity',
  VP: 'Visual Plausibility',
};

/** "1 prompt", "2 prompts". */
export function count(n: number, what: string, many = `${what}s`): string {
  return `${n} ${n === 1 ? what : many}`;
}

/** "0.42 (0.10 to 0.80)". */
export function strengthText(strength: Strength | null | undefined): string {
  if (!strength) return '–';
  const [low, high] = strength.interval?.map((v) => v.toFixed(2)) ?? [];
  return `${strength.value.toFixed(2)}${low === undefined ? '' : ` (${low} to ${high})`}`;
}

export function recognisedText(grid: Grid): string {
  const holes = holesOf(grid).length;
  const parts = [
    count(grid.columns.length, 'column'),
    count(grid.rows.length, 'prompt'),
    ...(grid.seeds.length > 1 ? [count(grid.seeds.length, 'seed')] : []),
    count(grid.clips.length, 'clip'),
    count(holes, 'hole'),
    ...(grid.leftovers.length > 0 ? [`${count(grid.leftovers.length, 'video')} outside the grid`] : []),
  ];
  return parts.join(', ');
}

/** A sample that other columns have: "step 200: a cat, seed 7". */
export function holeText(grid: Grid, { column, row, seed }: ReturnType<typeof holesOf>[number]): string {
  const name = grid.seeds.length > 1 ? `, seed ${grid.seeds[seed]}` : '';
  return `${labelOf(grid, column)}: ${grid.rows[row]!.label}${name}`;
}

const PAIRING_TEXT: Record<Pairing, string> = {
  all: 'every two columns',
  adjacent: 'each column with the one before it',
  baseline: 'each column with the baseline',
};

export function pairingText(pairing: Pairing): string {
  return PAIRING_TEXT[pairing];
}

/** Whose word it is, and whose it is not. */
export function judgeLine(judge: JudgeInfo, device = ''): string {
  const { name, version, hash, kind } = judge;
  const where = ranOn(judge, device);
  const on = where === '' ? '' : `, on ${where}`;
  const whose =
    kind === 'compact' ? " A small model made for this project; these are not AesRM's weights." : '';
  return `${name} ${version} (${hash.slice(0, 12)})${on}.${whose}`;
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What the judge says nothing on in any pair; undefined where it says something on all. */
export function notJudgedText({ notJudged = [] }: SweepStatistics): string | undefined {
  if (notJudged.length === 0) return undefined;
  return `Not judged, as this judge was asked: ${listed(notJudged.map((s) => SERIES_NAMES[s]))}.`;
}

/** The best column of one series, or why none is named. */
export function bestText(grid: Grid, statistics: SweepStatistics, series: Series): string {
  if (!isJudgedIn(statistics, series)) return 'Not judged.';
  const { best } = statistics.series[series];
  if (!best || best.columns.length === 0)
    return `No column is called the best: that takes at least ${LEAST_PROMPTS} prompts judged in common.`;
  const names = best.columns.map((column) => labelOf(grid, column));
  const basis = best.by === 'ranking' ? 'by the ranking' : 'by the win rate against the baseline';
  const thin = thinText(best.thin.map((column) => labelOf(grid, column)));
  if (names.length === 1) return `The best is ${names[0]}, ${basis}.${thin}`;
  if (names.length === grid.columns.length)
    return `No clear winner: none of the ${count(names.length, 'column')} stands out, ${basis}.`;
  return `No clear winner: ${listed(names)} cannot be told apart, ${basis}.${thin}`;
}

const thinText = (names: readonly string[]) =>
  names.length === 0
    ? ''
    : ` Not compared, being judged on fewer than ${LEAST_PROMPTS} prompts: ${listed(names)}.`;

export function labelOf(grid: Grid, column: number): string {
  return grid.columns[column]?.label ?? `column ${column + 1}`;
}

/** One sentence, without the prompts. */
export function regressionText(grid: Grid, r: Regression): string {
  const prompts = r.worse.length + r.better.length + r.ties;
  return (
    `${SERIES_NAMES[r.of]}: ${labelOf(grid, r.column)} lost to ${labelOf(grid, r.previous)} ` +
    `on ${r.worse.length} of ${count(prompts, 'prompt')}, won on ${r.better.length}, tied on ${r.ties} ` +
    `(p ${pText(r.p)}, after Holm p ${pText(r.adjusted)}${detectableText(r.detectable)}).`
  );
}

function detectableText(share: number | null): string {
  return share === null
    ? "; at Holm's strictest level no loss, however large, is found on so few prompts without a tie"
    : `; a loss on ${percentText(share)} of the prompts without a tie is found 4 times out of 5`;
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}

/** What was tested for regressions and how small a change that could have found. */
export function testsText({ tests, regressions }: SweepStatistics): string {
  if (tests.made === 0) return 'No test for regressions could be made.';
  const { length } = regressions;
  const found =
    length === 0
      ? 'No regression was found'
      : `${count(length, 'regression')} ${length === 1 ? 'was' : 'were'} found`;
  const power =
    tests.detectable === null
      ? 'with so few prompts at least half of them could not have found any loss, however large'
      : `half of them would have found, 4 times out of 5, a loss on ${percentText(tests.detectable)} of the prompts without a tie`;
  return `${found} in ${count(tests.made, 'test')}; ${power}.`;
}

/** What fell without proof; undefined where nothing did. */
export function fallsText(grid: Grid, statistics: SweepStatistics): string | undefined {
  const falls = uncertainFalls(statistics).map(
    ({ of, column, rate }) => `${labelOf(grid, column)} in ${SERIES_NAMES[of]}, ${rateText(rate)}`,
  );
  if (falls.length === 0) return undefined;
  return `Worse than the column before, perhaps by chance among ${count(statistics.tests.made, 'test')}: ${falls.join('; ')}.`;
}

/** Said where the sweep is too small for intervals; undefined otherwise. */
export function fewPromptsText(grid: Grid): string | undefined {
  if (grid.rows.length >= LEAST_PROMPTS) return undefined;
  return `With ${count(grid.rows.length, 'prompt')} no intervals are shown and no best column is named: that takes ${LEAST_PROMPTS}. Read the shares as a description of these clips, not of the run.`;
}

/** Sentences on how far people agree with the judge and with each other; people's own apart. */
export function agreementTexts(agreement: VoteAgreement): string[] {
  const { alpha, shared } = agreement;
  const interval = alpha?.interval ? ` (${alpha.interval.map((v) => v.toFixed(2)).join(' to ')})` : '';
  const people =
    agreement.annotators.length < 2
      ? []
      : [
          alpha
            ? `Among people: Krippendorff's alpha ${alpha.value.toFixed(2)}${interval} on ${count(shared, 'shared pair')}.`
            : shared === 0
              ? 'Among people: no shared pairs, so nothing can be said.'
              : `Among people: the same answer throughout, on ${count(shared, 'shared pair')}; Krippendorff's alpha is not defined then.`,
        ];
  const judge = agreement.judge.map(
    ({ by, pairs, agreement: rate }) =>
      `${by === null ? 'All votes' : by} and the judge: the same on ${rateText(rate)} of ${count(pairs, 'decided pair')}.`,
  );
  const repeats = agreement.repeats.map(
    ({ by, pairs, same }) => `${by}, asked again: the same answer on ${same} of ${count(pairs, 'pair')}.`,
  );
  return [...people, ...judge, ...repeats];
}

/** Why the columns have no ranking; undefined where they have one or nothing is judged. */
export function unrankedText({ pairing, pairs, unjudged, series }: SweepStatistics): string | undefined {
  if (pairs === 0 || series.overall.ranking) return undefined;
  if (pairing !== 'all') return 'No ranking: it needs every two columns to be compared.';
  if (unjudged > 0) return `No ranking yet; pairs still to be judged: ${unjudged}.`;
  return 'No ranking: some columns have no prompts in common with the others, not even through a third.';
}

/** Columns that carry the ranking, the strongest first. */
export function rankedColumns(statistics: SweepStatistics): { column: number; strength: Strength }[] {
  const strengths = statistics.series.overall.ranking?.strengths ?? [];
  return strengths
    .flatMap((strength, column) => (strength ? [{ column, strength }] : []))
    .sort((x, y) => y.strength.value - x.strength.value);
}

/**
 * The column that a person means: its id, its label, or the number in it. Undefined where none or several fit.
 */
export function findColumn(columns: readonly Column[], asked: string): Column | undefined {
  const text = asked.trim().toLowerCase();
  const exact = columns.find((c) => c.id === asked) ?? columns.find((c) => c.label.toLowerCase() === text);
  if (exact) return exact;
  const number = text === '' ? NaN : Number(text);
  const fitting = columns.filter((c) => c.id.toLowerCase() === text || c.value === number);
  return fitting.length === 1 ? fitting[0] : undefined;
}
