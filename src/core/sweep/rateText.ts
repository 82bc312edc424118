import type { Rate } from './statistics';

/** `58%`. */
export function percentText(share: number): string {
  return `${Math.round(100 * share)}%`;
}

/** `58% (51–65%)`, the same in the tree, on the page, in the report and in a terminal; `–` where there is none. */
export function rateText(rate: Rate | null | undefined): string {
  if (!rate) return '–';
  if (!rate.interval) return percentText(rate.value);
  const [low, high] = rate.interval;
  return `${percentText(rate.value)} (${Math.round(100 * low)}–${percentText(high)})`;
}
