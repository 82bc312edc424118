import { count } from '../../sweep/reportWords';
import type { BenchMacro, BenchReport } from '../report';
import { isDistinguishable, LEAST_GROUPS, type Estimate } from '../stats/bootstrap';

/** What a report says in words and figures; laying out and escaping is the formats'. */

const percent = (share: number) => (100 * share).toFixed(1);

/** "61.3% (58.0–64.6)"; without the interval where there is none. */
export function shareText(estimate: Estimate | null): string {
  if (!estimate) return '–';
  const [low, high] = estimate.interval ?? [];
  const within = low === undefined || high === undefined ? '' : ` (${percent(low)}–${percent(high)})`;
  return `${percent(estimate.value)}%${within}`;
}

const signed = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${percent(Math.abs(share))}`;

/** "+3.1 (−0.4 to +6.6): not distinguishable", in percentage points. */
export function differenceText(estimate: Estimate | null): string {
  if (!estimate) return '–';
  const { value, interval } = estimate;
  if (!interval) return `${signed(value)} (too few groups for an interval)`;
  const within = `${signed(value)} (${signed(interval[0])} to ${signed(interval[1])})`;
  if (!isDistinguishable(estimate)) return `${within}: not distinguishable`;
  return `${within}: ${value > 0 ? 'better' : 'worse'}`;
}

/** A share of decisive labels beside a coin's. */
export function againstChance(estimate: Estimate | null): string {
  if (!estimate) return 'only ties';
  const { value, interval } = estimate;
  if (!interval) return `fewer than ${LEAST_GROUPS} groups`;
  const from = { value: value - 0.5, interval: [interval[0] - 0.5, interval[1] - 0.5] as [number, number] };
  if (!isDistinguishable(from)) return 'not distinguishable';
  return value > 0.5 ? 'better' : 'worse';
}

/** Whose word a kind of label is. */
export function kindText(kind: string): string {
  if (kind.startsWith('human')) return `${kind}: people's labels`;
  if (kind === 'method_claim') return `${kind}: what a source claims of its own method, nobody's label`;
  if (kind === 'degradation') return `${kind}: one clip is known to be worse, nobody was asked`;
  if (kind === 'judge') return `${kind}: the word of another judge, nobody's label`;
  return kind;
}

/** `VA (12), motion_quality (3)`. */
function notJudgedNames(aspects: BenchReport['aspects']): string {
  return aspects
    .flatMap(({ aspect, notJudged }) => (notJudged ? [`${aspect} (${notJudged})`] : []))
    .join(', ');
}

export function countsText({ counts, aspects, problems }: BenchReport): string {
  const { labels, used, noneOfOurs, withoutClip, notJudged, clips } = counts;
  const left = [
    ...(noneOfOurs > 0 ? [`${noneOfOurs} speak of what no verdict does`] : []),
    ...(withoutClip > 0 ? [`${withoutClip} have a clip that is missing or cannot be read`] : []),
    ...(notJudged > 0
      ? [
          `not judged: ${count(notJudged, 'label')}, of what the judge says nothing on: ${notJudgedNames(aspects)}`,
        ]
      : []),
  ];
  const out = left.length > 0 ? ` Left out: ${left.join('; ')}.` : '';
  const broken = problems.length > 0 ? `, ${count(problems.length, 'clip')} could not be` : '';
  return `The figures rest on ${used} of ${count(labels, 'label')}; ${count(clips, 'clip')} were read${broken}.${out}`;
}

export function positionTexts({ position, judge }: BenchReport): string[] {
  const { pairs, unanswered, verdicts, changed, changes, first } = position;
  const out =
    unanswered > 0
      ? [`Left out: ${count(unanswered, 'pair')} of clips on which the judge gave no verdict in one order.`]
      : [];
  if (pairs === 0) return out;
  const design = judge.capabilities.symmetric
    ? 'The judge is symmetric by design; it was measured all the same.'
    : 'The judge is not symmetric by design: what counts is the mean of both orders.';
  const share = changed === 0 ? '' : `, ${shareText(changes)}`;
  const swapped = `${design} ${count(pairs, 'pair')} of clips were judged in both orders: ${changed} of ${count(verdicts, 'verdict')} changed when the sides were swapped${share}.`;
  if (!first) return [swapped, 'All verdicts were ties.', ...out];
  return [
    swapped,
    changed === 0
      ? 'The side named first is preferred exactly as often as the other.'
      : `Of the decisive verdicts in both orders ${shareText(first)} were for the side named first; 50% is no preference.`,
    ...out,
  ];
}

/** "kling (212), pika (98)". */
export function sourcesText(sources: BenchMacro['sources'], averaged: boolean): string {
  const found = sources.filter((one) => one.averaged === averaged);
  return found.map(({ source, decisive }) => `${source} (${decisive})`).join(', ') || '–';
}

export function thresholdText(threshold: number): string {
  return threshold === 0 ? '0' : threshold.toFixed(3);
}
