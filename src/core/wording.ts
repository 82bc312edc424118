import { MEASURES, type MeasureId } from './measures';

/** A number with the digits that a reader can use: 0.04, 0.4, 5.1, 12, 340. */
export function sensible(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 10 ? 0 : size >= 0.095 || size === 0 ? 1 : 2;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? '0' : text;
}

/** A measure's value with its unit: "6.0%", "4.1 bit", "1.2% of width"; a share of frames in percent. */
export function amount(measure: MeasureId, value: number): string {
  if (measure === 'repeat') return `${sensible(100 * value)}%`;
  const { unit } = MEASURES[measure];
  const space = unit === '' || unit.startsWith('%') ? '' : ' ';
  return `${sensible(value)}${space}${unit}`;
}

/** A ratio before "A's": "40% of", "2.1 times". */
export function percent(ratio: number): string {
  return ratio >= 1.95 ? `${sensible(ratio)} times` : `${Math.round(100 * ratio)}% of`;
}

/** "0.71"; a probability that is not quite certain never reads as 1.00, nor one above nothing as 0.00. */
export function probability(p: number): string {
  if (p < 1 && p > 0.994) return '>0.99';
  if (p > 0 && p < 0.006) return '<0.01';
  return p.toFixed(2);
}

/** A time within a clip, seconds: "1.2 s"; from a minute on, "1:05.2". */
export function atSecond(t: number): string {
  const tenths = Math.round(t * 10);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return `${Math.floor(tenths / 600)}:${seconds}`;
}

interface Place {
  start: number;
  end: number;
  whole?: boolean;
}

/** "throughout", "around 1.0 s", "between 1.2 s and 2.0 s". */
export function momentOf({ start, end, whole }: Place): string {
  if (whole) return 'throughout';
  if (end - start <= 0.3 + 1e-6 || atSecond(start) === atSecond(end))
    return `around ${atSecond((start + end) / 2)}`;
  return `between ${atSecond(start)} and ${atSecond(end)}`;
}

/** Several places in one phrase: "around 0.5 s, and between 1.2 s and 2.0 s". */
export function momentsOf(places: readonly Place[]): string {
  return places.map(momentOf).join(', and ');
}

/** A place in a table: "whole clip", "1.2–2.0 s", "1:05.2–1:07.0". */
export function spanOf({ start, end, whole }: Place): string {
  if (whole) return 'whole clip';
  const [from, to] = [atSecond(start), atSecond(end)];
  if (from === to) return from;
  return from.endsWith(' s') && to.endsWith(' s') ? `${from.slice(0, -2)}–${to}` : `${from}–${to}`;
}
